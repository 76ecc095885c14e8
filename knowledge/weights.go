package knowledge

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"
	"sync"
)

//go:embed weights.json
var weightsFile []byte

// weights are the fitted numbers of the ranker and of the verdict: see package knowledge/fit, which makes them.
type weights struct {
	Words   linear  `json:"words"`   // ranker without an encoder
	Meaning linear  `json:"meaning"` // ranker with one
	Answers logit   `json:"answers"` // probability with an encoder
	Lexical logit   `json:"lexical"` // probability without one
	Sure    float64 `json:"sure"`    // probability from which the verdict is Sure
	Unsure  float64 `json:"unsure"`  // probability from which it is Unsure
}

type (
	linear [featureCount]float64
	logit  [signalCount]float64
)

// fittedWeights returns the built-in weights.
var fittedWeights = sync.OnceValues(func() (*weights, error) { return readWeights(weightsFile) })

func readWeights(b []byte) (*weights, error) {
	w := &weights{}
	if err := json.Unmarshal(b, w); err != nil {
		return nil, fmt.Errorf("read the weights of the matcher: %w; the program is damaged: install it again", err)
	}
	if !(0 < w.Unsure && w.Unsure < w.Sure && w.Sure < 1) {
		return nil, fmt.Errorf("read the weights of the matcher: thresholds %v and %v are out of order; the program is damaged: install it again", w.Unsure, w.Sure)
	}
	return w, nil
}

// rank returns the score of a section. A greater score is a better answer.
func (w *weights) rank(f *features, meaning bool) float64 {
	by := &w.Words
	if meaning {
		by = &w.Meaning
	}
	sum := 0.0
	for i, v := range f {
		sum += float64(by[i] * float64(v))
	}
	return sum
}

// probability returns the calibrated probability that a section with these signals answers.
func (w *weights) probability(g *signal, meaning bool) float64 {
	by := &w.Lexical
	if meaning {
		by = &w.Answers
	}
	sum := 0.0
	for i, v := range g {
		sum += float64(by[i] * v)
	}
	return round(1 / (1 + math.Exp(-sum)))
}

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
