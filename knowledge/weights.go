package knowledge

import (
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"sync"
)

//go:embed weights.json
var weightsFile []byte

// weights are the fitted numbers of the matcher: see package knowledge/fit, which makes them.
type weights struct {
	Words   model   `json:"words"`   // without an encoder
	Meaning model   `json:"meaning"` // with one
	Sure    float64 `json:"sure"`    // probability from which the verdict is Sure
	Unsure  float64 `json:"unsure"`  // probability from which it is Unsure
}

// A model orders sections and judges the first.
type model struct {
	Rank    network `json:"rank"`    // features of a section -> its score: a greater one is a better answer
	Answers network `json:"answers"` // signals of a section -> the logit of the probability that it answers
}

// fittedWeights returns the built-in weights.
var fittedWeights = sync.OnceValues(func() (*weights, error) { return readWeights(weightsFile) })

func readWeights(b []byte) (*weights, error) {
	w := &weights{}
	err := json.Unmarshal(b, w)
	switch {
	case err != nil:
	case !(0 < w.Unsure && w.Unsure < w.Sure && w.Sure < 1):
		err = fmt.Errorf("thresholds %v and %v are out of order", w.Unsure, w.Sure)
	case !w.Words.fits() || !w.Meaning.fits():
		err = errors.New("a network has another shape")
	}
	if err != nil {
		return nil, fmt.Errorf("read the weights of the matcher: %w; the program is damaged: install it again", err)
	}
	for _, n := range []*network{&w.Words.Rank, &w.Words.Answers, &w.Meaning.Rank, &w.Meaning.Answers} {
		n.prepare()
	}
	return w, nil
}

func (m *model) fits() bool { return m.Rank.fits(featureCount) && m.Answers.fits(signalCount) }

func (w *weights) model(meaning bool) *model {
	if meaning {
		return &w.Meaning
	}
	return &w.Words
}

// probability returns the calibrated probability that a section with these signals answers, by the network's number.
func probability(g *signal, logit float32) float64 {
	return round((1 - ruledOut(g)) / (1 + math.Exp(-float64(logit))))
}

// ruledOut says how far the author's word that a question is not covered rules a section out, from 0 to 1: as soon as
// the question is nearer to an example of what is not covered than to anything in the section, and really near to it.
// Where the section supports every word of the question, it must be nearer still: "does it help with depression" is near
// to "does it help with eating disorders". Whatever is as good as the same question is ruled out.
func ruledOut(g *signal) float64 {
	const nearer, near, really = 0.1, 0.45, 0.2
	supported := nearer * within01((g[fPieceAny]-0.85)/0.1)
	notHere := g[sNotHere] + g[sNearest]
	ruled := within01((g[sNotHere]-supported)/nearer) * within01((notHere-near)/really)
	return max(ruled, within01(fartherThan(g[sNearest], notHere)-1.5))
}

// fartherThan is how many times farther than the second of two similarities the first is.
func fartherThan(first, second float64) float64 {
	const same = 0.02 // what a question mark changes
	return (1 - first) / (1 - min(1, second) + same)
}

func within01(v float64) float64 { return min(1, max(0, v)) }

// round keeps four decimals, so that the last bits of a platform's arithmetic never show.
func round(p float64) float64 { return math.Round(p*1e4) / 1e4 }

// verdict is the decision on a probability.
func (w *weights) verdict(p float64) Verdict {
	switch {
	case p >= w.Sure:
		return Sure
	case p >= w.Unsure:
		return Unsure
	}
	return None
}
