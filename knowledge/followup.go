package knowledge

import (
	"math"
	"slices"

	"docent/knowledge/text"
)

// maxEarlier is the number of earlier questions that a question is read with.
const maxEarlier = 2

// earlierWeight is how much a reading together with one, and with two earlier questions counts beside the question
// alone. Flatness makes the readings' shares less extreme. A section of an article that the question before was about
// counts for more, up to sameArticle. From the probability standsAlone on, a question needs no other. All were chosen on the
// open half of mtrag_un.
var earlierWeight = [maxEarlier]float64{0.5, 0.2}

const (
	flatness    = 2
	sameArticle = 0.4
	standsAlone = 0.95
)

// followUp answers a question in the light of those before it: "and for migraines?" The question is read alone and
// together with them, and the sections are ordered by what all readings say. A question that is clear by itself and refers
// to nothing keeps its own answer. For one that brings a subject of its own, the others only change the order.
// Alone is spent when the worker reads the next question.
func (sr *searcher) followUp(w *worker, q Query, alone outcome, from, to int32) Result {
	own := sr.result(w, &alone)
	if own.Verdict == Sure && own.Matches[0].Score >= standsAlone && !text.Refers(q.Text) {
		return own
	}
	b := ballot{byRef: map[Ref]int{}, order: alone.newTopic()}
	b.add(&own, shares(&alone), 1)
	together := q.Text
	for i := range min(maxEarlier, len(q.History)) {
		together = q.History[len(q.History)-1-i] + " " + together
		if len(together) > MaxQuestion {
			break
		}
		o := sr.understand(w, together, from, to)
		r := sr.result(w, &o)
		b.add(&r, shares(&o), earlierWeight[i])
	}
	if sr.x.sections[from].Ref.Article != sr.x.sections[to-1].Ref.Article {
		before := sr.understand(w, q.History[len(q.History)-1], from, to)
		b.favour(sr.articles(&before))
	}
	r := b.result()
	r.Repairs = own.Repairs // those of the earlier questions were told with their answers
	if len(r.Matches) > 0 {
		r.Verdict = sr.model.verdict(r.Matches[0].Score)
	}
	return r
}

// shares gives the candidates' shares of an outcome, in order.
func shares(o *outcome) []float64 {
	out := make([]float64, min(len(o.cands), maxMatches))
	total := 0.0
	for i := range out {
		out[i] = math.Exp((o.cands[i].score - o.cands[0].score) / flatness)
		total += out[i]
	}
	for i := range out {
		out[i] = round(out[i] / total)
	}
	return out
}

// A ballot adds up the shares that readings give to sections.
type ballot struct {
	matches []Match
	votes   []float64
	byRef   map[Ref]int
	order   bool // readings but the first only change the order: they make nothing more probable
}

func (b *ballot) add(r *Result, shares []float64, weight float64) {
	first := len(b.matches) == 0
	for i, m := range r.Matches {
		if b.order && !first {
			m.Score = 0
		}
		k, ok := b.byRef[m.Ref]
		if !ok {
			k = len(b.matches)
			b.byRef[m.Ref] = k
			b.matches, b.votes = append(b.matches, m), append(b.votes, 0)
		}
		b.votes[k] += float64(weight * shares[i])
		if m.Score > b.matches[k].Score {
			b.matches[k] = m // the reading that explains it best
		}
	}
}

// favour lifts the sections of articles by the articles' shares.
func (b *ballot) favour(articles map[string]float64) {
	for i := range b.votes {
		b.votes[i] *= 1 + float64(sameArticle*articles[b.matches[i].Ref.Article])
	}
}

// articles adds up the shares of an outcome by article.
func (sr *searcher) articles(o *outcome) map[string]float64 {
	out := map[string]float64{}
	for i, share := range shares(o) {
		out[sr.x.sections[o.cands[i].doc].Ref.Article] += share
	}
	return out
}

// result orders the sections by their votes. Those with the same keep the order in which they came.
func (b *ballot) result() Result {
	order := make([]int, len(b.matches))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, k int) int {
		switch {
		case b.votes[i] > b.votes[k]:
			return -1
		case b.votes[i] < b.votes[k]:
			return 1
		}
		return 0
	})
	var r Result
	for _, i := range order[:min(len(order), maxMatches)] {
		r.Matches = append(r.Matches, b.matches[i])
	}
	descend(r.Matches)
	return r
}

// descend makes no score greater than the one before it: the order is the ranker's.
func descend(ms []Match) {
	for i := 1; i < len(ms); i++ {
		ms[i].Score = min(ms[i].Score, ms[i-1].Score)
	}
}

// maxForeign is the share of a question in words that the articles do not have above which it is about something new.
const maxForeign = 0.3

// newTopic reports whether a question brings a subject of its own that the articles do not have: "how do I bake bread?"
// after an answer must not be read as more of the same.
func (o *outcome) newTopic() bool { return o.foreign > maxForeign }
