package main

import (
	"math"
	"math/rand/v2"
	"slices"

	"docent/knowledge"
)

// fitRank fits the ranker: the relevant section should have the greatest score (softmax over the candidates).
func fitRank(examples []example) knowledge.Network {
	const decay = 0.005
	var rows [][]float64
	var use []example
	for _, e := range examples {
		if !e.inside || !slices.Contains(e.right, true) || e.rank == 0 {
			continue
		}
		use = append(use, e)
		for _, s := range e.seen {
			rows = append(rows, s.Features)
		}
	}
	mean, scale := moments(rows)
	toScale(rows, mean, scale)
	weight := func(i int) float64 { return use[i].rank }
	return fit(len(rows[0]), decay, mean, scale, len(use), weight, func(l *learner, i int) { rankGradient(l, &use[i]) })
}

func rankGradient(l *learner, e *example) {
	p := make([]float64, len(e.seen))
	top, total, good := math.Inf(-1), 0.0, 0.0
	for i, s := range e.seen {
		p[i] = l.value(s.Features)
		top = max(top, p[i])
	}
	for i := range p {
		p[i] = math.Exp(p[i] - top)
		total += p[i]
		if e.right[i] {
			good += p[i]
		}
	}
	for i, s := range e.seen {
		d := p[i] / total
		if e.right[i] {
			d -= p[i] / good
		}
		if math.Abs(d) > 1e-6 {
			l.value(s.Features)
			l.push(s.Features, d)
		}
	}
}

// fitAnswers fits the probability that a candidate answers, on the first three candidates of every question. The second
// and third count for less.
func fitAnswers(examples []example) knowledge.Network {
	const decay, later = 0.002, 0.3
	var rows [][]float64
	var right, weights []float64
	for _, e := range examples {
		for i, s := range e.seen {
			if s.Signals == nil || e.verdict == 0 {
				break
			}
			rows = append(rows, s.Signals)
			y, w := 0.0, e.verdict
			if e.right[i] {
				y = 1
			}
			if i > 0 {
				w *= later
			}
			right, weights = append(right, y), append(weights, w)
		}
	}
	mean, scale := moments(rows)
	toScale(rows, mean, scale)
	return fit(len(rows[0]), decay, mean, scale, len(rows), func(i int) float64 { return weights[i] }, func(l *learner, i int) {
		l.push(rows[i], 1/(1+math.Exp(-l.value(rows[i])))-right[i])
	})
}

func toScale(rows [][]float64, mean, scale []float64) {
	for _, r := range rows {
		for i := range r {
			r[i] = (r[i] - mean[i]) / scale[i]
		}
	}
}

// fit draws examples by weight, and lets gradient add what each says.
func fit(inputs int, decay float64, mean, scale []float64, n int, weight func(int) float64, gradient func(*learner, int)) knowledge.Network {
	upTo := make([]float64, n)
	total := 0.0
	for i := range upTo {
		total += weight(i)
		upTo[i] = total
	}
	var all []*learner
	for start := range uint64(starts) {
		rnd := rand.New(rand.NewPCG(start, 1))
		l := newLearner(inputs, decay, mean, scale, rnd)
		for round := range rounds {
			rate := speed*(1-float64(round)/rounds) + 1e-4
			for range draws / batch {
				for range batch {
					gradient(l, lowerBound(upTo, total*rnd.Float64()))
				}
				l.step(batch, rate)
			}
		}
		all = append(all, l)
	}
	return together(all)
}

func lowerBound(upTo []float64, v float64) int {
	i, j := 0, len(upTo)-1
	for i < j {
		if m := (i + j) / 2; upTo[m] < v {
			i = m + 1
		} else {
			j = m
		}
	}
	return i
}
