package knowledge

import (
	"slices"
	"sort"
)

// maxWhy is the number of reasons in a Match.
const maxWhy = 5

// why lists the reasons for a candidate, strongest first: the words that it shares with the question, the example
// question or sentence that comes nearest, and what was read as something else.
func (sr *searcher) why(r *reading, c *candidate) []Evidence {
	var out []Evidence
	for i, w := range r.words {
		if c.mask&(1<<i) != 0 && r.mass > 0 {
			out = append(out, Evidence{Kind: "word", Detail: w.form, Weight: round(w.idf / r.mass)})
		}
	}
	if k, v := sr.nearestKind(c), max(c.f[fMeanBest], c.f[fMeanAsk], c.f[fMeanHead], c.f[fMeanWhole]); k != "" && v > 0.3 {
		out = append(out, Evidence{Kind: k, Detail: sr.x.unitText[c.best], Weight: round(min(1, float64(v)))})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].Weight > out[j].Weight })
	out = out[:min(len(out), maxWhy)]
	for _, p := range r.repairs {
		out = append(out, Evidence{Kind: "repaired", Detail: p.From + " -> " + p.To})
	}
	return slices.Clip(out)
}

func (sr *searcher) nearestKind(c *candidate) string {
	if c.best < 0 {
		return ""
	}
	switch sr.x.units[c.best].kind {
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
	return sr.x.unitText[c.sentence]
}
