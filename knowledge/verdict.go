package knowledge

import (
	"math"
	"math/bits"
)

// The signals of a candidate, from which the probability that it answers is computed: its features, and these.
const (
	sMissing  = featureCount + iota // the weightiest word of the question that the section lacks, as a share of the weightiest
	sForeign                        // share of the question's information in words that no section of the scope has
	sLength                         // logarithm of the number of telling words
	sOutside                        // nearness to a question that articles seldom answer, beyond the nearness to the section
	sNotHere                        // the same for the questions that the article says it does not answer
	sSections                       // logarithm of the number of sections in scope
	sLacking                        // how little the least supported telling word piece of the question is
	sScore                          // its rank score
	sMargin                         // its rank score less that of the best other candidate
	sShare                          // its share of all candidates' scores (softmax)
	sAgree                          // whether no other candidate is better by words alone
	sAnywhere                       // the best support that any candidate gives to the question's word pieces
	sNearest                        // the greatest of its similarities in meaning
	signalCount
)

type signal [signalCount]float64

// signalOf computes the signals of candidate i of an outcome.
func (o *outcome) signalOf(i int) signal {
	var g signal
	c := &o.cands[i]
	for k, v := range c.f {
		g[k] = float64(v)
	}
	g[sNearest] = float64(max(c.f[fMeanBest], c.f[fMeanWhole], c.f[fMeanAsk], c.f[fMeanHead]))
	g[sMissing], g[sForeign] = o.lacks(c)/o.weightiest, o.foreign
	g[sLength], g[sSections] = o.length, o.sections
	if o.outside > -1 {
		g[sOutside] = o.outside - g[sNearest]
	}
	if c.notHere > -1 {
		g[sNotHere] = c.notHere - g[sNearest]
	}
	g[sLacking] = c.lacking
	g[sScore] = c.score
	g[sMargin] = c.score - rival(o.cands, i)
	if c.f[fLexical] >= o.lexical {
		g[sAgree] = 1
	}
	g[sAnywhere] = float64(o.anywhere)
	g[sShare] = math.Exp(c.score-o.cands[0].score) / o.total
	return g
}

// survey notes what the signals say of all candidates together, and of the question among so many sections.
func (o *outcome) survey(sections int) {
	for i := range o.cands {
		c := &o.cands[i]
		o.lexical = max(o.lexical, c.f[fLexical])
		o.anywhere = max(o.anywhere, c.f[fPieceAny])
		o.total += math.Exp(c.score - o.cands[0].score)
	}
	o.weightiest = 1e-9
	for i := range o.reading.words {
		w := &o.reading.words[i]
		o.weightiest = max(o.weightiest, w.idf)
		if !w.here {
			o.foreign += w.idf
		}
	}
	o.foreign /= max(o.reading.mass, 1e-9)
	o.length, o.sections = math.Log1p(float64(len(o.reading.words))), math.Log(float64(sections))
}

// rival returns the score of the best candidate other than i, or much less when there is none.
func rival(cands []candidate, i int) float64 {
	const far = 10
	j := 0
	if i == 0 {
		j = 1
	}
	if j >= len(cands) {
		return cands[i].score - far
	}
	return max(cands[j].score, cands[i].score-far)
}

// lacks returns the idf of the weightiest word of the question that a section lacks.
func (o *outcome) lacks(c *candidate) float64 {
	most := 0.0
	for i := range o.reading.words {
		if c.mask&(1<<i) == 0 {
			most = max(most, o.reading.words[i].idf)
		}
	}
	return most
}

// judge returns the logits of the probabilities that the first n candidates answer, and leaves their signals in w.
func (sr *searcher) judge(w *worker, o *outcome, n int) []float32 {
	net := &sr.model.model(o.meaning).Answers
	w.batch.begin(net, n)
	w.signals = w.signals[:0]
	for i := range n {
		w.signals = append(w.signals, o.signalOf(i))
		for k, v := range w.signals[i] {
			w.batch.set(i, k, float32(v))
		}
	}
	return w.batch.run(net)
}

// result turns an outcome into what callers see.
func (sr *searcher) result(w *worker, o *outcome) Result {
	r := Result{Repairs: o.reading.repairs}
	cands := o.cands[:min(len(o.cands), maxMatches)]
	if len(cands) == 0 {
		return r
	}
	logits := sr.judge(w, o, len(cands))
	r.Matches = make([]Match, len(cands))
	most := 0
	for i := range cands {
		most += min(maxWhy, bits.OnesCount64(cands[i].mask)+1) + len(r.Repairs)
	}
	why := make([]Evidence, 0, most) // of all matches
	for i := range cands {
		c := &cands[i]
		m := &r.Matches[i]
		m.Section = sr.x.sections[c.doc]
		m.Ref = m.Section.Ref
		m.Score = probability(&w.signals[i], logits[i])
		m.Lead = sr.lead(c)
		from := len(why)
		if why = sr.why(why, w, &o.reading, c); len(why) > from {
			m.Why = why[from:len(why):len(why)]
		}
	}
	descend(r.Matches)
	if len(r.Matches) > 0 {
		r.Verdict = sr.model.verdict(r.Matches[0].Score)
	}
	return r
}
