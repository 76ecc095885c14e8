package knowledge

import (
	"math/bits"

	"docent/knowledge/encoder"
)

// The features of a section as the answer to a question. All are absolute: they do not depend on the other sections.
const (
	fLexical    = iota // BM25F, as a share of the most that the question could reach
	fCovered           // share of the question's information that stands somewhere in the section
	fSentence          // the same in the best sentence of the body
	fHeading           // overlap with the heading or an alias, both ways
	fAsk               // overlap with the nearest example question, both ways
	fPhrase            // share of the question's pairs of neighbouring words that are neighbours here
	fHasHeading        // 1 or 0: whether the section has a heading,
	fHasAsk            // other names or example questions,
	fHasBody           // and sentences
	fMeanBest          // similarity in meaning: the nearest sentence of the body
	fMeanWhole         // ... the section as a whole
	fMeanAsk           // ... the nearest of aliases and example questions
	fMeanHead          // ... the heading
	fMeanTop           // ... the mean of the nearest three units
	fPieces            // how well the question's word pieces are supported by the text, on average
	fPieceMass         // the same, by how much each tells
	fPieceNear         // the same by a few neighbouring sentences
	fPieceAny          // the same by the text, the other names or the example questions
	featureCount
)

type features [featureCount]float32

// A candidate is a section that may answer.
type candidate struct {
	doc      int32
	f        features
	score    float64
	mask     uint64  // the words of the question that it has
	best     int32   // its unit that is nearest to the question
	sentence int32   // its sentence that answers best, or -1
	lacking  float64 // how little its least supported piece of the question is, by how much that tells
}

// scratch is the working memory of one search. It is kept for the next.
type scratch struct {
	score   []float32 // by doc
	touched []int32
	mark    []uint8 // by term: 1 + index of the question's word
	cands   []candidate
	sims    []float32 // by unit: similarity in meaning
	whole   []float32 // by doc
	reading *reading  // whose words are marked
	query   []float32
	heard   *Heard          // what is known of the texts of this exchange, or nil
	own     encoder.Pieces  // of the question, where heard is nil
	pieces  *encoder.Pieces // of the question
	telling []asked         // those of them that count
	blocks  []float32       // of a section's text: how well each stretch supports the question
	some    []float32
	ints    []int32
	outside float64   // nearness to questions that articles seldom answer
	notHere float64   // nearness to questions that the article says it does not answer
	nearest []float32 // by doc: its best unit
	order   []int32
	batch   batch
	signals []signal
	places  []int   // of words in the question
	hits    []int32 // where a section has words of the question
	all     []int32
}

// lexical adds up BM25F over the postings of a reading for the docs in [from, to).
func (x *index) lexical(r *reading, from, to int32, s *scratch) {
	if len(s.score) < len(x.docs) {
		s.score = make([]float32, len(x.docs))
	}
	for _, d := range s.touched {
		s.score[d] = 0
	}
	s.touched = s.touched[:0]
	for _, i := range s.tellingFirst(r.words) {
		w := &r.words[i]
		list := within(x.post[w.id], from, to)
		weight := float32(w.idf)
		for _, p := range list {
			if s.score[p.doc] == 0 {
				s.touched = append(s.touched, p.doc)
			}
			s.score[p.doc] += float32(weight * p.impact)
		}
	}
}

// tellingFirst returns the places of the words that some section has, those that tell most first: the sections that they
// lead to are the best, and the sooner those are known, the less has to be moved to choose the best.
func (s *scratch) tellingFirst(words []word) []int {
	s.places = s.places[:0]
	for i := range words {
		if words[i].id < 0 {
			continue
		}
		at := len(s.places)
		s.places = append(s.places, i)
		for ; at > 0 && words[s.places[at-1]].idf < words[i].idf; at-- {
			s.places[at] = s.places[at-1]
		}
		s.places[at] = i
	}
	return s.places
}

// within cuts a list of postings to the docs in [from, to).
func within(list []posting, from, to int32) []posting {
	if n := len(list); n == 0 || list[0].doc >= from && list[n-1].doc < to {
		return list
	}
	return list[lowerBound(list, from):lowerBound(list, to)]
}

func lowerBound(list []posting, d int32) int {
	i, j := 0, len(list)
	for i < j {
		if m := (i + j) / 2; list[m].doc < d {
			i = m + 1
		} else {
			j = m
		}
	}
	return i
}

// markWords notes the question's words by term, so that a pass over a section's terms finds them; unmarkWords takes
// the notes back.
func (x *index) markWords(r *reading, s *scratch) {
	s.reading = r
	if len(s.mark) < len(x.idf) {
		s.mark = make([]uint8, len(x.idf))
	}
	for i, w := range r.words {
		if w.id >= 0 {
			s.mark[w.id] = uint8(i) + 1
		}
	}
}

func (x *index) unmarkWords(r *reading, s *scratch) {
	s.reading = nil
	for _, w := range r.words {
		if w.id >= 0 {
			s.mark[w.id] = 0
		}
	}
}

// overlap fills the features of a candidate that come from words.
func (x *index) overlap(c *candidate, r *reading, s *scratch) {
	d := &x.docs[c.doc]
	if r.mass == 0 || d.from == d.to {
		return
	}
	if x.units[d.from].kind != kindArticle {
		c.best = d.from
	}
	var pairs uint64
	most := float32(0)
	hits := s.find(x.flat, x.units[d.from].from, x.units[d.to-1].to)
	for i := d.from; len(hits) > 0; i++ {
		u := &x.units[i]
		if u.kind == kindArticle {
			break // those are last
		}
		var mask uint64
		for last := int32(-1); len(hits) > 0 && hits[0] < u.to; hits = hits[1:] {
			at := hits[0]
			t := x.flat[at]
			mask |= 1 << (s.mark[t] - 1)
			if at == last+1 && at > u.from {
				pairs |= r.pair(x.flat[last], t)
			}
			last = at
		}
		if mask == 0 {
			continue
		}
		if both := x.unitOverlap(c, i, mask, r); both > most {
			most, c.best = both, i
		}
	}
	c.f[fLexical] = s.score[c.doc] / float32(r.mass)
	c.f[fCovered] = float32(r.weigh(c.mask) / r.mass)
	if n := len(r.bigrams); n > 0 {
		c.f[fPhrase] = float32(bits.OnesCount64(pairs)) / float32(min(n, 64))
	}
}

// find returns where in flat[from:to] a marked term stands. The slice is the scratch's. There is no branch to predict:
// most terms of a section are not in the question, but a few anywhere are.
func (s *scratch) find(flat []int32, from, to int32) []int32 {
	if len(s.hits) < int(to-from) {
		s.hits = make([]int32, 2*(to-from))
	}
	hits, mark, n := s.hits, s.mark, 0
	for i, t := range flat[from:to] {
		hits[n] = from + int32(i)
		if mark[t] != 0 {
			n++
		}
	}
	return hits[:n]
}

// pair returns the bits of the question's pairs of neighbours that are a and b.
func (r *reading) pair(a, b int32) uint64 {
	var pairs uint64
	for i, p := range r.bigrams[:min(len(r.bigrams), 64)] {
		if p[0] == a && p[1] == b {
			pairs |= 1 << i
		}
	}
	return pairs
}

// unitOverlap notes what one unit of a candidate shares with the question, the words of the mask, and returns the
// overlap both ways.
func (x *index) unitOverlap(c *candidate, i int32, mask uint64, r *reading) float32 {
	u := &x.units[i]
	c.mask |= mask
	common := r.weigh(mask)
	both := float32(2*common) / (float32(r.mass) + u.mass)
	switch u.kind {
	case kindBody:
		if v := float32(common / r.mass); v > c.f[fSentence] {
			c.f[fSentence], c.sentence = v, i
		}
	case kindHeading, kindAlias:
		c.f[fHeading] = max(c.f[fHeading], both)
	case kindAsk:
		c.f[fAsk] = max(c.f[fAsk], both)
	}
	return both
}

// weigh returns the information in the words of the mask.
func (r *reading) weigh(mask uint64) float64 {
	sum := 0.0
	for ; mask != 0; mask &= mask - 1 {
		sum += r.words[bits.TrailingZeros64(mask)].idf
	}
	return sum
}

// similar fills the features of a candidate that come from meaning.
func (x *index) similar(c *candidate, s *scratch) {
	if len(s.sims) == 0 {
		return
	}
	d := &x.docs[c.doc]
	body, ask, head, lead := noSimilarity, noSimilarity, noSimilarity, float32(-9)
	var top [3]float32
	best := noSimilarity
	for i := d.from; i < d.to; i++ {
		v := s.sims[i]
		switch x.units[i].kind {
		case kindArticle:
			continue
		case kindBody:
			// The sentence that answers shares words and meaning.
			if l := v + x.shared(c, i, s); l > lead {
				lead, c.sentence = l, i
			}
			body = max(body, v)
		case kindHeading:
			head = max(head, v)
		default:
			ask = max(ask, v)
		}
		if v > best {
			best, c.best = v, i
		}
		for k := range top {
			if v > top[k] {
				copy(top[k+1:], top[k:2])
				top[k] = v
				break
			}
		}
	}
	whole := s.whole[c.doc]
	c.f[fHasBody], c.f[fHasAsk], c.f[fHasHeading] = has(body), has(ask), has(head)
	c.f[fMeanWhole] = whole
	c.f[fMeanBest] = known(body, whole)
	c.f[fMeanHead] = known(head, whole)
	c.f[fMeanAsk] = known(ask, max(c.f[fMeanBest], c.f[fMeanHead]))
	c.f[fMeanTop] = (top[0] + top[1] + top[2]) / 3
}

// shared is the share of the question's information in a unit, by the marked words.
func (x *index) shared(c *candidate, i int32, s *scratch) float32 {
	if s.reading == nil || s.reading.mass == 0 {
		return 0
	}
	var mask uint64
	for _, t := range x.flat[x.units[i].from:x.units[i].to] {
		if k := s.mark[t]; k > 0 {
			mask |= 1 << (k - 1)
		}
	}
	return float32(s.reading.weigh(mask) / s.reading.mass)
}

// noSimilarity stands for a similarity with nothing.
const noSimilarity = float32(-2)

// known returns v, or the fallback when the section has no such unit.
func known(v, fallback float32) float32 {
	if v == noSimilarity {
		return fallback
	}
	return v
}

func has(v float32) float32 {
	if v == noSimilarity {
		return 0
	}
	return 1
}
