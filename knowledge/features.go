package knowledge

import (
	"math/bits"
	"slices"

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
	row      int32   // its place in scratch.rows
	mask     uint64  // the words of the question that it has
	best     int32   // its unit that is nearest to the question in meaning, or -1
	sentence int32   // its sentence that answers best, or -1
	notHere  float64 // nearness of the question to those that its article says it does not answer
	lacking  float64 // how little its least supported piece of the question is, by how much that tells
}

// scratch is the working memory of one search. It is kept for the next.
type scratch struct {
	score   []float32 // by doc
	touched []int32
	cands   []candidate
	found   []found      // by word: its part of post
	post    postings     // of the words
	rows    []int32      // the candidates' docs, in order
	units   []unitReader // by row
	where   []uint32     // by row and word: where it has it (see elsewhere)
	masks   []uint64     // by unit of the present candidate: the words of the question that it has
	sims    []float32    // by unit: similarity in meaning
	whole   []float32    // by doc
	reading *reading     // whose words are looked for
	query   []float32
	heard   *Heard          // what is known of the texts of this exchange, or nil
	own     encoder.Pieces  // of the question, where heard is nil
	pieces  *encoder.Pieces // of the question
	telling []asked         // those of them that count
	blocks  []float32       // of a section's text: how well each stretch supports the question
	some    []float32
	ints    []int32
	outside float64   // nearness to questions that articles seldom answer
	vec     []int8    // of the question, as numbers,
	vecBy   float32   // and their scale
	article string    // of the present candidate,
	notHere float64   // and the question's nearness to those that it says it does not answer
	nearest []float32 // by doc: its best unit
	order   []int32
	batch   batch
	signals []signal
	places  []int    // of words in the question
	hits    []uint32 // where the present candidate has words of the question (see gather)
	spots   []int32
	all     []int32
}

// lexical adds up BM25F over the postings of a reading.
func (x *index) lexical(r *reading, s *scratch) {
	if len(s.score) < len(x.sections) {
		s.score = make([]float32, len(x.sections))
	}
	for _, d := range s.touched {
		s.score[d] = 0
	}
	s.touched = s.touched[:0]
	for _, i := range s.tellingFirst(r.words) {
		x.addWord(s.found[i], float32(r.words[i].idf), s)
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

// addWord adds a word to the scores of the docs that have it.
func (x *index) addWord(f found, weight float32, s *scratch) {
	s.touch(s.post.docs[f.from:f.to])
	score := s.score
	docs, places := s.post.docs[f.from:f.mid], s.post.places[f.from:f.mid]
	shape, shapes := x.lists.shape, x.lists.shapes
	for i, d := range docs {
		score[d] += float32(weight * shapes[shape[d]].impact(places[i]))
	}
	for i, d := range s.post.docs[f.mid:f.to] {
		score[d] += float32(weight * x.lists.other(f.impacts+int32(i)*impactSize))
	}
}

// touch notes the docs that have no score yet. There is no branch to predict: which those are is chance.
func (s *scratch) touch(docs []int32) {
	n := len(s.touched)
	touched := slices.Grow(s.touched, len(docs))[:n+len(docs)]
	for _, d := range docs {
		touched[n] = d
		if s.score[d] == 0 {
			n++
		}
	}
	s.touched = touched[:n]
}

// Of where a candidate has a word, zero says that it does not. Otherwise it is 1 + the position, or elsewhere and what
// postings have.
const elsewhere = 1 << 31

// locate finds where the candidates, which are in order, have the words of a reading.
func (x *index) locate(r *reading, s *scratch) {
	s.reading = r
	words := len(r.words)
	s.where = slices.Grow(s.where[:0], len(s.cands)*words)[:len(s.cands)*words]
	clear(s.where)
	s.rows, s.units = s.rows[:0], s.units[:0]
	for i := range s.cands {
		c := &s.cands[i]
		c.row = int32(i)
		s.rows, s.units = append(s.rows, c.doc), append(s.units, x.units(c.doc)) // many at once: memory is slow to answer
	}
	for i := range r.words {
		f := s.found[i]
		s.meet(f.from, f.mid, func(row, at int32) { s.where[int(row)*words+i] = s.post.places[at] + 1 })
		s.meet(f.mid, f.to, func(row, at int32) { s.where[int(row)*words+i] = s.post.places[at] | elsewhere })
	}
}

// meet calls f with the rows that are in a part of the postings, and where they are.
func (s *scratch) meet(from, to int32, f func(row, at int32)) {
	const long = 8 // times as long: looking for each row takes less than passing over all
	docs := s.post.docs[from:to]
	if len(docs) > long*len(s.rows) {
		for row, d := range s.rows {
			i, ok := slices.BinarySearch(docs, d)
			if docs = docs[i:]; ok {
				f(int32(row), to-int32(len(docs)))
			}
		}
		return
	}
	row := 0
	for i, d := range docs {
		for row < len(s.rows) && s.rows[row] < d {
			row++
		}
		if row == len(s.rows) {
			return
		}
		if s.rows[row] == d {
			f(int32(row), from+int32(i))
		}
	}
}

// wordBits is the number of bits of a word's place in a question: there are up to maxWords.
const wordBits = 6

// gather returns where a candidate has words of the question, in order: positions with the words behind them.
func (x *index) gather(c *candidate, s *scratch) []uint32 {
	s.hits = s.hits[:0]
	words := len(s.reading.words)
	for k, v := range s.where[int(c.row)*words:][:words] {
		switch {
		case v == 0:
		case v&elsewhere == 0:
			s.hits = append(s.hits, (v-1)<<wordBits|uint32(k))
		default:
			s.spots = x.lists.positions(s.spots[:0], v&^elsewhere)
			for _, p := range s.spots {
				s.hits = append(s.hits, uint32(p)<<wordBits|uint32(k))
			}
		}
	}
	slices.Sort(s.hits)
	return s.hits
}

// overlap fills the features of a candidate that come from words.
func (x *index) overlap(c *candidate, r *reading, s *scratch) {
	if r.mass == 0 {
		return
	}
	var pairs uint64
	hits := x.gather(c, s)
	for u := &s.units[c.row]; len(hits) > 0 && u.next(); {
		var mask uint64
		last, before := int32(-2), noTerm
		for ; len(hits) > 0 && int32(hits[0]>>wordBits) < u.to; hits = hits[1:] {
			at, word := int32(hits[0]>>wordBits), hits[0]&(1<<wordBits-1)
			mask |= 1 << word
			t := r.words[word].id
			if at == last+1 {
				pairs |= r.pair(before, t)
			}
			last, before = at, t
		}
		if mask != 0 {
			c.note(u, mask, r)
			if len(s.masks) > 0 {
				s.masks[u.i] = mask
			}
		}
	}
	c.f[fLexical] = s.score[c.doc] / float32(r.mass)
	c.f[fCovered] = float32(r.weigh(c.mask) / r.mass)
	if n := len(r.bigrams); n > 0 {
		c.f[fPhrase] = float32(bits.OnesCount64(pairs)) / float32(min(n, 64))
	}
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

// note notes what one unit of a candidate shares with the question: the words of the mask.
func (c *candidate) note(u *unitReader, mask uint64, r *reading) {
	c.mask |= mask
	common := r.weigh(mask)
	if u.i >= u.names {
		if v := float32(common / r.mass); v > c.f[fSentence] {
			c.f[fSentence], c.sentence = v, u.i
		}
		return
	}
	name := u.name()
	both := float32(2*common) / (float32(r.mass) + name.mass) // the overlap both ways
	if name.kind == kindAsk {
		c.f[fAsk] = max(c.f[fAsk], both)
	} else {
		c.f[fHeading] = max(c.f[fHeading], both)
	}
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
func (v *vectors) similar(c *candidate, s *scratch) {
	if len(s.sims) == 0 {
		return
	}
	body, ask, head, lead := noSimilarity, noSimilarity, noSimilarity, float32(-9)
	var top [3]float32
	best := noSimilarity
	from := v.first[c.doc]
	for i := range v.first[c.doc+1] - from {
		v, kind := s.sims[from+i], v.kind[from+i]
		switch kind {
		case kindBody:
			// The sentence that answers shares words and meaning.
			if l := v + s.shared(i); l > lead {
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

// shared is the share of the question's information in a unit of the present candidate.
func (s *scratch) shared(i int32) float32 {
	if s.reading.mass == 0 {
		return 0
	}
	return float32(s.reading.weigh(s.masks[i]) / s.reading.mass)
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
