package knowledge

// followUp reads a question together with the one before it where alone it does not say enough: "and for migraines?" A
// question that stands alone keeps its own answer.
func (sr *searcher) followUp(w *worker, q Query, alone outcome, from, to int32) outcome {
	if len(alone.reading.words) > 3 && len(alone.cands) > 0 && sr.chance(&alone, from, to) >= sr.model.Sure {
		return alone
	}
	together := sr.understand(w, q.History[len(q.History)-1]+" "+q.Text, from, to)
	if len(together.cands) == 0 || sr.chance(&together, from, to) <= sr.chance(&alone, from, to) {
		return alone
	}
	return together
}

// chance is the probability that the first candidate answers.
func (sr *searcher) chance(o *outcome, from, to int32) float64 {
	if len(o.cands) == 0 {
		return 0
	}
	g := sr.signalOf(o, 0, from, to)
	return sr.model.probability(&g, o.meaning)
}
