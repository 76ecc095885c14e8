package main

import (
	"math"
	"math/rand/v2"

	"docent/knowledge"
)

// The shape of what is fitted, and how: several networks from different starts, put together into one, because one
// alone depends on its start.
const (
	units  = 8  // that bend, in each
	starts = 3  // networks
	rounds = 40 // each of which takes `draws` questions
	draws  = 4000
	batch  = 64
	speed  = 0.01
)

// A learner is a network under way, with the moments of its descent (Adam).
type learner struct {
	inputs  int
	p, g    []float64 // parameters and gradient: hidden rows, out, direct, bias
	m, v    []float64
	t       int
	decay   float64
	hidden  []float64 // outputs of the units, and what they were made of
	mean    []float64
	scale   []float64
	scratch []float64
}

func newLearner(inputs int, decay float64, mean, scale []float64, rnd *rand.Rand) *learner {
	n := units*(inputs+1) + units + inputs + 1
	l := &learner{inputs: inputs, decay: decay, mean: mean, scale: scale, p: make([]float64, n), g: make([]float64, n), m: make([]float64, n),
		v: make([]float64, n), hidden: make([]float64, units), scratch: make([]float64, inputs)}
	for i := range units * (inputs + 1) {
		if i%(inputs+1) < inputs {
			l.p[i] = 0.3 * rnd.NormFloat64()
		}
	}
	for i := range units {
		l.p[l.out()+i] = 0.1 * rnd.NormFloat64()
	}
	return l
}

// Where the parameters lie.
func (l *learner) out() int    { return units * (l.inputs + 1) }
func (l *learner) direct() int { return l.out() + units }
func (l *learner) bias() int   { return l.direct() + l.inputs }

// value is the network's number for inputs that are at scale.
func (l *learner) value(x []float64) float64 {
	sum := l.p[l.bias()]
	for i, v := range x {
		sum += l.p[l.direct()+i] * v
	}
	for k := range units {
		row := l.p[k*(l.inputs+1):][:l.inputs+1]
		z := row[l.inputs]
		for i, v := range x {
			z += row[i] * v
		}
		l.hidden[k] = z
		sum += l.p[l.out()+k] * z / (1 + math.Abs(z))
	}
	return sum
}

// push adds the gradient of a value whose own gradient is d. It follows a call of value with the same inputs.
func (l *learner) push(x []float64, d float64) {
	l.g[l.bias()] += d
	for i, v := range x {
		l.g[l.direct()+i] += d * v
	}
	for k, z := range l.hidden {
		a := 1 + math.Abs(z)
		l.g[l.out()+k] += d * z / a
		row, e := l.g[k*(l.inputs+1):][:l.inputs+1], d*l.p[l.out()+k]/(a*a)
		row[l.inputs] += e
		for i, v := range x {
			row[i] += e * v
		}
	}
}

// step goes down the gradient of a batch.
func (l *learner) step(n int, rate float64) {
	l.t++
	for i, g := range l.g {
		g /= float64(n)
		if i != l.bias() {
			g += l.decay * l.p[i]
		}
		l.m[i] = 0.9*l.m[i] + 0.1*g
		l.v[i] = 0.999*l.v[i] + 0.001*g*g
		l.p[i] -= rate * (l.m[i] / (1 - math.Pow(0.9, float64(l.t)))) / (math.Sqrt(l.v[i]/(1-math.Pow(0.999, float64(l.t)))) + 1e-8)
	}
	clear(l.g)
}

// together makes one network that gives the mean of the learners' values.
func together(all []*learner) knowledge.Network {
	first := all[0]
	n := knowledge.Network{Direct: make([]float64, first.inputs)}
	for i := range first.inputs {
		n.Mean, n.Scale = append(n.Mean, short(first.mean[i])), append(n.Scale, max(1e-6, short(first.scale[i])))
	}
	share := 1 / float64(len(all))
	for _, l := range all {
		for k := range units {
			row := make([]float64, l.inputs+1)
			for i := range row {
				row[i] = short(l.p[k*(l.inputs+1)+i])
			}
			n.Hidden, n.Out = append(n.Hidden, row), append(n.Out, short(share*l.p[l.out()+k]))
		}
		for i := range n.Direct {
			n.Direct[i] += share * l.p[l.direct()+i]
		}
		n.Bias += share * l.p[l.bias()]
	}
	for i := range n.Direct {
		n.Direct[i] = short(n.Direct[i])
	}
	n.Bias = short(n.Bias)
	return n
}

// short keeps five digits: more would only make the file longer.
func short(v float64) float64 {
	if v == 0 {
		return 0
	}
	unit := math.Pow(10, 4-math.Floor(math.Log10(math.Abs(v))))
	return math.Round(v*unit) / unit
}

// moments gives the mean and the standard deviation of each input. An input that never changes has deviation 1.
func moments(rows [][]float64) (mean, scale []float64) {
	n := len(rows[0])
	mean, scale = make([]float64, n), make([]float64, n)
	for _, r := range rows {
		for i, v := range r {
			mean[i] += v / float64(len(rows))
		}
	}
	for _, r := range rows {
		for i, v := range r {
			scale[i] += (v - mean[i]) * (v - mean[i]) / float64(len(rows))
		}
	}
	for i, v := range scale {
		if scale[i] = math.Sqrt(v); scale[i] < 1e-6 {
			scale[i] = 1
		}
	}
	return mean, scale
}
