package knowledge

import (
	"cmp"
	"slices"
)

// maxWhy is the number of reasons in a Match.
const maxWhy = 5

// why appends the reasons for a candidate to dst, strongest first: the words that it shares with the question, the
// example question or sentence that comes nearest, and what was read as something else.
func (sr *searcher) why(dst []Evidence, w *worker, r *reading, c *candidate) []Evidence {
	out := w.reasons[:0]
	for i := range r.words {
		if c.mask&(1<<i) != 0 && r.mass > 0 {
			out = append(out, Evidence{Kind: "word", Detail: r.words[i].form, Weight: round(r.words[i].idf / r.mass)})
		}
	}
	if v := max(c.f[fMeanBest], c.f[fMeanAsk], c.f[fMeanHead], c.f[fMeanWhole]); c.best >= 0 && v > 0.3 {
		u := sr.x.unit(c.doc, c.best)
		out = append(out, Evidence{Kind: evidence(u.kind), Detail: u.text(sr.x.sections[c.doc]), Weight: round(min(1, float64(v)))})
	}
	slices.SortStableFunc(out, func(a, b Evidence) int { return cmp.Compare(b.Weight, a.Weight) })
	w.reasons = out
	dst = append(dst, out[:min(len(out), maxWhy)]...)
	for _, p := range r.repairs {
		dst = append(dst, Evidence{Kind: "repaired", Detail: p.From + " -> " + p.To})
	}
	return dst
}

// evidence names a reason that is the nearness to a unit.
func evidence(k kind) string {
	switch k {
	case kindHeading:
		return "heading"
	case kindAlias:
		return "alias"
	case kindAsk:
		return "example"
	}
	return "meaning"
}

// lead returns the sentence of the body that answers best.
func (sr *searcher) lead(c *candidate) string {
	if c.sentence < 0 {
		return ""
	}
	u := sr.x.unit(c.doc, c.sentence)
	return u.text(sr.x.sections[c.doc])
}
