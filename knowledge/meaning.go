package knowledge

import (
	"runtime"
	"sync"

	"docent/internal/markup"
	"docent/knowledge/encoder"
)

// vectors are the meanings of a base's units and sections, as bytes.
type vectors struct {
	enc     *encoder.Model
	unit    []int8    // by unit, encoder.Dim values each
	unitBy  []float32 // scale of each
	whole   []int8    // by doc
	wholeBy []float32
	outside []int8 // the questions that articles seldom answer
	outBy   []float32
	notHere map[string]block // by article: the questions that it says it does not answer
}

// A block is a number of vectors.
type block struct {
	rows []int8
	by   []float32
}

// sentences returns the sentences of a section's text.
func sentences(s string) []string { return markup.Sentences(s) }

// embed computes the vectors of an index on all cores.
func embed(enc *encoder.Model, c *contents) *vectors {
	x := c.search.x
	texts := append([]string(nil), x.unitText...)
	for i, u := range x.units {
		if u.kind == kindArticle {
			texts[i] = "" // says nothing of its section, and is never compared
		}
	}
	for i := range x.docs {
		s := x.docs[i].section
		texts = append(texts, s.Heading+". "+s.Text)
	}
	texts = append(texts, outside[:]...)
	for _, a := range c.articles {
		texts = append(texts, a.NotCovered...)
	}
	all := encodeAll(enc, texts)
	v := &vectors{enc: enc, notHere: map[string]block{}}
	take := func(n int) block {
		b := block{rows: all.rows[:n*encoder.Dim], by: all.by[:n]}
		all.rows, all.by = all.rows[n*encoder.Dim:], all.by[n:]
		return b
	}
	units, whole, out := take(len(x.units)), take(len(x.docs)), take(len(outside))
	v.unit, v.unitBy, v.whole, v.wholeBy, v.outside, v.outBy = units.rows, units.by, whole.rows, whole.by, out.rows, out.by
	for _, a := range c.articles {
		v.notHere[a.ID] = take(len(a.NotCovered))
	}
	return v
}

// encodeAll returns the vectors of texts; that of an empty one is zero.
func encodeAll(enc *encoder.Model, texts []string) block {
	b := block{rows: make([]int8, len(texts)*encoder.Dim), by: make([]float32, len(texts))}
	var wg sync.WaitGroup
	n := runtime.GOMAXPROCS(0)
	for w := range n {
		wg.Go(func() {
			var buf []float32
			for i := w; i < len(texts); i += n {
				if texts[i] == "" {
					continue
				}
				buf = enc.EmbedPassage(buf[:0], texts[i])
				q, by := encoder.Quantize(buf)
				copy(b.rows[i*encoder.Dim:], q)
				b.by[i] = by
			}
		})
	}
	wg.Wait()
	return b
}

// compare fills the similarities of a text with the docs in [from, to).
func (v *vectors) compare(x *index, asked string, from, to int32, s *scratch) {
	s.query = v.enc.Embed(s.query[:0], asked)
	q, by := encoder.Quantize(s.query)
	s.sims = resize(s.sims, len(x.units))
	s.whole = resize(s.whole, len(x.docs))
	s.nearest = resize(s.nearest, len(x.docs))
	first, last := x.docs[from].from, x.docs[to-1].to
	s.dots(s.sims[first:last], q, by, v.unit[int(first)*encoder.Dim:int(last)*encoder.Dim], v.unitBy[first:last])
	s.dots(s.whole[from:to], q, by, v.whole[int(from)*encoder.Dim:int(to)*encoder.Dim], v.wholeBy[from:to])
	for d := from; d < to; d++ {
		s.nearest[d] = -1
		for u := x.docs[d].from; u < x.docs[d].to; u++ {
			if x.units[u].kind != kindArticle {
				s.nearest[d] = max(s.nearest[d], s.sims[u])
			}
		}
	}
	s.outside = s.greatest(q, by, block{v.outside, v.outBy})
	s.notHere = s.greatest(q, by, v.notHere[x.docs[from].section.Ref.Article])
	if x.docs[from].section.Ref.Article != x.docs[to-1].section.Ref.Article {
		for _, b := range v.notHere {
			s.notHere = max(s.notHere, s.greatest(q, by, b))
		}
	}
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
func (s *scratch) greatest(q []int8, by float32, b block) float64 {
	best := noSimilarity
	s.some = resize(s.some, len(b.by))
	s.dots(s.some, q, by, b.rows, b.by)
	for _, v := range s.some {
		best = max(best, float64(v))
	}
	return best
}

// noSimilarity stands for a similarity with nothing.
const noSimilarity = -2.0

func resize(s []float32, n int) []float32 {
	if cap(s) < n {
		return make([]float32, n)
	}
	return s[:n]
}
