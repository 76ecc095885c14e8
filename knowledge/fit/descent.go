package main

import "math"

// adam minimises a function of n parameters by gradient descent with momentum. Grad fills the gradient at a point.
func adam(start []float64, steps int, rate float64, grad func(x, g []float64)) []float64 {
	x := append([]float64(nil), start...)
	g, m, v := make([]float64, len(x)), make([]float64, len(x)), make([]float64, len(x))
	for t := 1; t <= steps; t++ {
		clear(g)
		grad(x, g)
		for i := range x {
			m[i] = 0.9*m[i] + 0.1*g[i]
			v[i] = 0.999*v[i] + 0.001*g[i]*g[i]
			x[i] -= rate * (m[i] / (1 - math.Pow(0.9, float64(t)))) / (math.Sqrt(v[i]/(1-math.Pow(0.999, float64(t)))) + 1e-9)
		}
	}
	for i := range x {
		x[i] = math.Round(x[i]*1e4) / 1e4
	}
	return x
}

// fitRank fits the ranker: the relevant section should have the greatest score (softmax over the candidates). Only the
// first used features count, and none counts against a section.
func fitRank(examples []example, used, all int) []float64 {
	w := adam(make([]float64, used), 400, 0.05, func(x, g []float64) {
		for i := range g {
			g[i] = 2e-4 * x[i]
		}
		for _, e := range examples {
			if e.inside {
				rankGradient(e, x, g)
			}
		}
	})
	return append(w, make([]float64, all-used)...)
}

func rankGradient(e example, x, g []float64) {
	p := make([]float64, len(e.seen))
	top, total, good := math.Inf(-1), 0.0, 0.0
	for i, s := range e.seen {
		for k := range x {
			p[i] += x[k] * s.Features[k]
		}
		top = max(top, p[i])
	}
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		total += p[i]
		if e.right[i] {
			good += p[i]
		}
	}
	if good == 0 {
		return
	}
	for i, s := range e.seen {
		d := p[i] / total
		if e.right[i] {
			d -= p[i] / good
		}
		for k := range x {
			g[k] += e.weight * d * s.Features[k]
		}
	}
}

// fitVerdict fits the probability that a candidate answers, on the first three candidates of every question.
func fitVerdict(examples []example, n int) []float64 {
	return adam(make([]float64, n), 1500, 0.03, func(x, g []float64) {
		for i := range g {
			g[i] = 1e-4 * x[i]
		}
		for _, e := range examples {
			for i, s := range e.seen {
				if s.Signals == nil {
					break
				}
				z, y := 0.0, 0.0
				for k := range x {
					z += x[k] * s.Signals[k]
				}
				if e.right[i] {
					y = 1
				}
				share := e.weight
				if i > 0 {
					share *= 0.3
				}
				for k := range x {
					g[k] += share * (1/(1+math.Exp(-z)) - y) * s.Signals[k]
				}
			}
		}
	})
}
