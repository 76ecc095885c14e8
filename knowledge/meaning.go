package knowledge

import (
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"docent/internal/markup"
	"docent/knowledge/encoder"
)

// vectors are the meanings of a base's units and sections, as bytes.
type vectors struct {
	enc     *encoder.Model
	unit    []int8    // by unit, encoder.Dim values each
	unitBy  []float32 // scale of each
	kind    []kind    // of each
	first   []int32   // by doc, and one more: its first unit
	whole   []int8    // by doc
	wholeBy []float32
	outside []int8 // the questions that articles seldom answer
	outBy   []float32
	notHere map[string]rowBlock // by article: the questions that it says it does not answer
	pieces  pieces
}

// A rowBlock is a number of vectors.
type rowBlock struct {
	rows []int8
	by   []float32
}

// sentences returns the sentences of a section's text.
func sentences(s string) []string { return markup.Sentences(s) }

// embed computes the vectors of an index on all cores.
func embed(enc *encoder.Model, c *contents, kept *cache) *vectors {
	x := c.search.x
	e := &embedder{enc: enc, kept: kept}
	v := &vectors{enc: enc, notHere: map[string]rowBlock{}, pieces: pieces{docs: map[int32][]int32{}}}
	for d, section := range x.sections {
		v.first = append(v.first, int32(len(v.kind)))
		for r := x.units(int32(d)); r.next(); {
			u := x.unit(int32(d), r.i)
			e.want(u.text(section), u.kind == kindAlias || u.kind == kindAsk)
			v.kind = append(v.kind, u.kind)
		}
	}
	v.first = append(v.first, int32(len(v.kind)))
	windows := make([]int, len(x.sections))
	for i, section := range x.sections {
		for _, w := range passages(enc, section) {
			e.want(w, true)
			windows[i]++
		}
	}
	for _, q := range outside {
		e.want(q, false)
	}
	for _, a := range c.articles {
		for _, q := range notCovered(a) {
			e.want(q, false)
		}
	}
	e.run()
	e.fill(v, c, windows)
	return v
}

// fill puts what was computed in its places, in the order in which it was wanted.
func (e *embedder) fill(v *vectors, c *contents, windows []int) {
	units := e.take(len(v.kind))
	v.unit, v.unitBy = join(units)
	for i := range windows {
		from := len(v.pieces.ids)
		body := e.take(windows[i])
		for k := range body {
			v.pieces.add(e.enc, &body[k].pieces)
		}
		q, by := middle(body)
		v.whole, v.wholeBy = append(v.whole, q...), append(v.wholeBy, by)
		names := len(v.pieces.ids)
		for u := v.first[i]; u < v.first[i+1]; u++ {
			v.pieces.add(e.enc, &units[u].pieces)
		}
		v.pieces.close(from, names)
	}
	v.outside, v.outBy = join(e.take(len(outside)))
	for _, a := range c.articles {
		rows, by := join(e.take(len(notCovered(a))))
		v.notHere[a.ID] = rowBlock{rows, by}
	}
}

// passages cuts a section's text, its heading in front, into pieces that the encoder reads whole.
func passages(enc *encoder.Model, s *Section) []string {
	text := s.Heading + ". " + s.Text
	if enc.Tokens(text) < encoder.MaxPassage {
		return []string{text}
	}
	var out []string
	now := s.Heading + "."
	for _, sentence := range sentences(s.Text) {
		if longer := now + " " + sentence; enc.Tokens(longer) < encoder.MaxPassage {
			now = longer
			continue
		}
		out = append(out, now)
		now = s.Heading + ". " + sentence
	}
	return append(out, now)
}

// middle is the vector between those of the parts of a section.
func middle(parts []embedding) ([]int8, float32) {
	if len(parts) == 1 {
		return parts[0].vec, parts[0].by
	}
	sum := make([]float32, encoder.Dim)
	length := 0.0
	for i := range sum {
		for _, p := range parts {
			sum[i] += float32(float32(p.vec[i]) * p.by)
		}
		length += float64(float64(sum[i]) * float64(sum[i]))
	}
	for i := range sum {
		sum[i] = float32(float64(sum[i]) / math.Sqrt(max(length, 1e-20)))
	}
	return encoder.Quantize(sum)
}

func join(all []embedding) (rows []int8, by []float32) {
	rows, by = make([]int8, len(all)*encoder.Dim), make([]float32, len(all))
	for i, e := range all {
		copy(rows[i*encoder.Dim:], e.vec)
		by[i] = e.by
	}
	return rows, by
}

// An embedder finds the vectors of many texts: those that were kept, and the others by computing them on all cores.
type embedder struct {
	enc   *encoder.Model
	kept  *cache
	texts []string
	done  []embedding
}

// An embedding is the vector of a text; nil for an empty one. Pieces are filled where they are wanted.
type embedding struct {
	vec    []int8
	by     float32
	pieces encoder.Pieces
	wanted bool
}

func (e *embedder) want(text string, pieces bool) {
	e.texts = append(e.texts, text)
	e.done = append(e.done, embedding{wanted: pieces})
}

func (e *embedder) run() {
	var missing []int
	for i, t := range e.texts {
		if t == "" {
			continue
		}
		if known, ok := e.kept.get(t, e.done[i].wanted); ok {
			e.done[i] = known
		} else {
			missing = append(missing, i)
		}
	}
	var next atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			var buf []float32
			for n := next.Add(1) - 1; int(n) < len(missing); n = next.Add(1) - 1 {
				i := missing[n]
				buf = e.done[i].compute(e.enc, e.texts[i], buf[:0])
			}
		})
	}
	wg.Wait()
	for _, i := range missing {
		e.kept.put(e.texts[i], e.done[i].wanted, &e.done[i])
	}
}

func (d *embedding) compute(enc *encoder.Model, text string, buf []float32) []float32 {
	if d.wanted {
		buf = enc.EmbedPassagePieces(buf, &d.pieces, text)
	} else {
		buf = enc.EmbedPassage(buf, text)
	}
	d.vec, d.by = encoder.Quantize(buf)
	return buf
}

// take gives the next n.
func (e *embedder) take(n int) []embedding {
	out := e.done[:n]
	e.done = e.done[n:]
	return out
}

// begin makes room for what the units of a candidate share with the question.
func (v *vectors) begin(c *candidate, s *scratch) {
	s.masks = s.masks[:0]
	if len(s.sims) > 0 {
		n := int(v.first[c.doc+1] - v.first[c.doc])
		s.masks = slices.Grow(s.masks, n)[:n]
		clear(s.masks)
	}
}

// compare fills the similarities of a text with the docs in [from, to).
func (v *vectors) compare(x *index, asked string, from, to int32, s *scratch) {
	vec := s.hear(v.enc, asked)
	v.weighPieces(x.terms.lex, from, to, s)
	q, by := encoder.Quantize(vec)
	s.sims = resize(s.sims, len(v.kind))
	s.whole = resize(s.whole, len(x.sections))
	s.nearest = resize(s.nearest, len(x.sections))
	first, last := v.first[from], v.first[to]
	s.dots(s.sims[first:last], q, by, v.unit[int(first)*encoder.Dim:int(last)*encoder.Dim], v.unitBy[first:last])
	s.dots(s.whole[from:to], q, by, v.whole[int(from)*encoder.Dim:int(to)*encoder.Dim], v.wholeBy[from:to])
	for d := from; d < to; d++ {
		s.nearest[d] = -1
		for _, sim := range s.sims[v.first[d]:v.first[d+1]] {
			s.nearest[d] = max(s.nearest[d], sim)
		}
	}
	s.outside = s.greatest(q, by, rowBlock{v.outside, v.outBy})
	s.vec, s.vecBy = q, by
}

// exclude notes how near the question is to those that the candidate's article says it does not answer. What one article
// leaves out another may answer.
func (v *vectors) exclude(c *candidate, article string, s *scratch) {
	c.notHere = float64(noSimilarity)
	if len(s.sims) == 0 {
		return
	}
	if c.row == 0 || article != s.article { // an article's candidates come one after the other
		s.article, s.notHere = article, s.greatest(s.vec, s.vecBy, v.notHere[article])
	}
	c.notHere = s.notHere
}

// hear returns the vector of a text and leaves its word pieces in s.pieces.
func (s *scratch) hear(enc *encoder.Model, text string) []float32 {
	if s.heard == nil {
		s.query = enc.EmbedPieces(s.query[:0], &s.own, text)
		s.pieces = &s.own
		return s.query
	}
	vec, pieces := enc.Recall(&s.heard.memo, text)
	s.pieces = pieces
	return vec
}

// dots fills dst with the similarities of the query to rows.
func (s *scratch) dots(dst []float32, q []int8, by float32, rows []int8, rowBy []float32) {
	if cap(s.ints) < len(dst) {
		s.ints = make([]int32, len(dst))
	}
	ints := s.ints[:len(dst)]
	encoder.Dots(ints, q, rows)
	for i, n := range ints {
		dst[i] = float32(float32(n)*by) * rowBy[i]
	}
}

// greatest returns the greatest similarity to a vector of the block, or noSimilarity when it is empty.
func (s *scratch) greatest(q []int8, by float32, b rowBlock) float64 {
	best := float64(noSimilarity)
	s.some = resize(s.some, len(b.by))
	s.dots(s.some, q, by, b.rows, b.by)
	for _, v := range s.some {
		best = max(best, float64(v))
	}
	return best
}

func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
