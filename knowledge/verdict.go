package knowledge

import (
	"math"
)

// The signals of a candidate, from which the probability that it answers is computed.
const (
	sOne       = iota // constant
	sScore            // its rank score
	sMargin           // its rank score less that of the best other candidate
	sLexical          // features of the candidate
	sCovered          //
	sSentence         //
	sShort            // best overlap with heading, alias or example question
	sMeanBest         //
	sMeanWhole        //
	sMeanShort        //
	sMeanAny          // the greatest of the three
	sMissing          // the weightiest word of the question that the section lacks, as a share of the weightiest
	sForeign          // share of the question's information in words that no section of the scope has
	sLength           // logarithm of the number of telling words
	sOutside          // nearness to a question that articles seldom answer, beyond the nearness to the section
	sNotHere          // the same for the questions that the article says it does not answer
	sSections         // logarithm of the number of sections in scope
	sAgree            // whether the candidate is also the best by words alone
	signalCount
)

type signal [signalCount]float64

// signalOf computes the signals of candidate i of an outcome.
func (sr *searcher) signalOf(o *outcome, i int, from, to int32) signal {
	var g signal
	c := &o.cands[i]
	g[sOne] = 1
	g[sScore] = c.score
	g[sMargin] = c.score - rival(o.cands, i)
	g[sLexical] = float64(c.f[fLexical])
	g[sCovered] = float64(c.f[fCovered])
	g[sSentence] = float64(c.f[fSentence])
	g[sShort] = float64(max(c.f[fHeading], c.f[fAsk]))
	g[sMeanBest] = float64(c.f[fMeanBest])
	g[sMeanWhole] = float64(c.f[fMeanWhole])
	g[sMeanShort] = float64(c.f[fMeanShort])
	g[sMeanAny] = float64(max(c.f[fMeanBest], c.f[fMeanWhole], c.f[fMeanShort]))
	g[sMissing], g[sForeign] = sr.missing(o, c, from, to)
	g[sLength] = math.Log1p(float64(len(o.reading.words)))
	g[sSections] = math.Log(float64(to - from))
	if o.outside > -1 {
		g[sOutside] = o.outside - g[sMeanAny]
	}
	if o.notHere > -1 {
		g[sNotHere] = o.notHere - g[sMeanAny]
	}
	g[sAgree] = 1
	for j := range o.cands {
		if o.cands[j].f[fLexical] > c.f[fLexical] {
			g[sAgree] = 0
		}
	}
	return g
}

// rival returns the score of the best candidate other than i.
func rival(cands []candidate, i int) float64 {
	j := 0
	if i == 0 {
		j = 1
	}
	if j >= len(cands) {
		return cands[i].score - 10
	}
	return cands[j].score
}

// missing looks at what the section does not say: the weightiest word of the question that it lacks, and the share of
// the question in words that stand nowhere in scope.
func (sr *searcher) missing(o *outcome, c *candidate, from, to int32) (lacks, foreign float64) {
	weightiest := 1e-9
	for i, w := range o.reading.words {
		weightiest = max(weightiest, w.idf)
		if c.mask&(1<<i) == 0 {
			lacks = max(lacks, w.idf)
		}
		if w.id < 0 || len(within(sr.x.post[w.id], from, to)) == 0 {
			foreign += w.idf
		}
	}
	return lacks / weightiest, foreign / max(o.reading.mass, 1e-9)
}

// result turns an outcome into what callers see.
func (sr *searcher) result(o *outcome, from, to int32) Result {
	r := Result{Repairs: o.reading.repairs}
	for i := range o.cands[:min(len(o.cands), maxMatches)] {
		c := &o.cands[i]
		g := sr.signalOf(o, i, from, to)
		r.Matches = append(r.Matches, Match{
			Ref:     sr.x.docs[c.doc].section.Ref,
			Section: sr.x.docs[c.doc].section,
			Score:   sr.model.probability(&g, o.meaning),
			Lead:    sr.lead(c),
			Why:     sr.why(&o.reading, c),
		})
	}
	for i := 1; i < len(r.Matches); i++ { // the order is the ranker's
		r.Matches[i].Score = min(r.Matches[i].Score, r.Matches[i-1].Score)
	}
	if len(r.Matches) > 0 {
		r.Verdict = sr.model.verdict(r.Matches[0].Score)
	}
	return r
}
