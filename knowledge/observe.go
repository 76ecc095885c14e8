package knowledge

import (
	"encoding/json"
	"slices"
)

// An Observation is what the matcher saw of one section, for fitting its weights.
type Observation struct {
	Ref      Ref
	Features []float64 // of the ranker
	Signals  []float64 // of the probability; only for the first three
}

// Observe returns what the matcher sees of each section that it looks at, best first.
func (b *Base) Observe(q Query) []Observation {
	sr := b.now.Load().search
	from, to := sr.scope(q.Article)
	if from == to {
		return nil
	}
	w := sr.worker()
	defer func() {
		w.forget()
		sr.pool.Put(w)
	}()
	o := sr.understand(w, q.Text, from, to)
	slices.SortFunc(o.cands, func(a, b candidate) int {
		if a.before(&b) {
			return -1
		}
		return 1
	})
	out := make([]Observation, len(o.cands))
	for i := range o.cands {
		out[i].Ref = sr.x.sections[o.cands[i].doc].Ref
		for _, v := range o.cands[i].f {
			out[i].Features = append(out[i].Features, float64(v))
		}
		if i < 3 {
			g := o.signalOf(i)
			out[i].Signals = g[:]
		}
	}
	return out
}

// Weights are the fitted numbers of the matcher, as they are kept in weights.json.
type Weights struct {
	Words   Model   `json:"words"`   // without an encoder
	Meaning Model   `json:"meaning"` // with one
	Sure    float64 `json:"sure"`
	Unsure  float64 `json:"unsure"`
}

// A Model is a pair of networks: one orders sections by their features, one judges a section by its signals.
type Model struct {
	Rank    Network `json:"rank"`
	Answers Network `json:"answers"`
}

// A Network is a weighted sum of its inputs and of units that bend: see type network.
type Network network

// FittedWeights returns the weights that the program carries.
func FittedWeights() (Weights, error) {
	var w Weights
	return w, json.Unmarshal(weightsFile, &w)
}

// SetWeights makes b use other weights than the program carries. It is for fitting, before b is used.
func (b *Base) SetWeights(w Weights) error {
	data, err := json.Marshal(w)
	if err != nil {
		return err
	}
	if b.model, err = readWeights(data); err == nil {
		b.now.Load().search.model = b.model
	}
	return err
}
