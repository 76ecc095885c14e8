package knowledge

// followUp reads a question together with the one before it where alone it does not say enough: "and for migraines?" A
// question that stands alone keeps its own answer.
func (sr *searcher) followUp(w *worker, q Query, alone outcome, from, to int32) outcome {
	if len(alone.reading.words) > 3 && sr.chance(&alone, from, to) >= sr.model.Sure || sr.newTopic(&alone, from, to) {
		return alone
	}
	together := sr.understand(w, q.History[len(q.History)-1]+" "+q.Text, from, to)
	if len(together.cands) == 0 || sr.chance(&together, from, to) <= sr.chance(&alone, from, to) {
		return alone
	}
	together.reading.repairs = alone.reading.repairs // those of the earlier question were told with its answer
	return together
}

// maxForeign is the share of a question in words that the articles do not have above which it is about something new.
const maxForeign = 0.3

// newTopic reports whether a question brings a subject of its own that the articles do not have: "how do I bake bread?"
// after an answer must not be read as more of the same.
func (sr *searcher) newTopic(o *outcome, from, to int32) bool {
	if len(o.reading.words) == 0 {
		return false
	}
	_, foreign := sr.missing(o, &candidate{}, from, to)
	return foreign > maxForeign
}

// chance is the probability that the first candidate answers.
func (sr *searcher) chance(o *outcome, from, to int32) float64 {
	if len(o.cands) == 0 {
		return 0
	}
	g := sr.signalOf(o, 0, from, to)
	return sr.model.probability(&g, o.meaning)
}
