package knowledge

import "math"

// A network turns what was measured into one number: a weighted sum of its inputs, and of the outputs of a layer of
// units that bend (x/(1+|x|)). There is nothing but sums, products and quotients in it, each rounded by itself, so that
// it gives the same number on every processor.
type network struct {
	Mean   []float64   `json:"mean"`   // of the inputs,
	Scale  []float64   `json:"scale"`  // and their standard deviations: each input is brought to a common scale first
	Hidden [][]float64 `json:"hidden"` // a row a unit: a weight an input, then the unit's bias
	Out    []float64   `json:"out"`    // a weight a unit
	Direct []float64   `json:"direct"` // a weight an input
	Bias   float64     `json:"bias"`
}

// maxInputs is the greatest number of inputs of a network.
const maxInputs = 32

// fits reports whether the network is whole and takes n inputs.
func (n *network) fits(inputs int) bool {
	ok := inputs <= maxInputs && len(n.Mean) == inputs && len(n.Scale) == inputs && len(n.Direct) == inputs && len(n.Out) == len(n.Hidden)
	for _, h := range n.Hidden {
		ok = ok && len(h) == inputs+1
	}
	for _, s := range n.Scale {
		ok = ok && s > 0
	}
	return ok
}

// value is the network's number for the inputs, which it brings to scale in place.
func (n *network) value(in []float64) float64 {
	sum := n.Bias
	for i := range in {
		in[i] = (in[i] - n.Mean[i]) / n.Scale[i]
		sum += float64(n.Direct[i] * in[i])
	}
	for k, h := range n.Hidden {
		x := h[len(in)]
		for i, v := range in {
			x += float64(h[i] * v)
		}
		sum += float64(n.Out[k] * bend(x))
	}
	return sum
}

func bend(x float64) float64 { return x / (1 + math.Abs(x)) }
