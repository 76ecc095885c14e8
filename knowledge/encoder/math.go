package encoder

import "math"

// Every function here gives the same bits on every machine. A product that is added to something is converted to
// float32 first, which keeps the compiler from fusing the two.

// maxInt is the largest activation: inner*127*maxInt must fit in an int32.
const maxInt = 8191

// roundMagic added to a float32 of small size leaves the nearest whole number (ties to even) in the sum's low bits.
const roundMagic = 3 << 22

// quantize writes the row x as whole numbers up to ±maxInt to q and returns their scale.
func quantize(q []int16, x []float32, kernels bool) float32 {
	var most float32
	if kernels {
		most = maxAbsKernel(&x[0], len(x))
	} else {
		most = maxAbs(x)
	}
	q = q[:len(x)]
	if most < 1e-20 {
		clear(q)
		return 0
	}
	inv := maxInt / most
	if kernels {
		roundKernel(&q[0], &x[0], len(x), inv)
		return most / maxInt
	}
	for i, v := range x {
		q[i] = int16(math.Float32bits(float32(v*inv) + roundMagic))
	}
	return most / maxInt
}

func maxAbs(x []float32) float32 {
	var top uint32
	for _, v := range x {
		top = max(top, math.Float32bits(v)&^(1<<31))
	}
	return math.Float32frombits(top)
}

// sum adds up a row of Dim values in eight lanes.
func sum(x []float32) float32 {
	var a [8]float32
	x = x[:Dim]
	for i := 0; i < Dim; i += 8 {
		r := x[i : i+8 : i+8]
		a[0] += r[0]
		a[1] += r[1]
		a[2] += r[2]
		a[3] += r[3]
		a[4] += r[4]
		a[5] += r[5]
		a[6] += r[6]
		a[7] += r[7]
	}
	return ((a[0] + a[1]) + (a[2] + a[3])) + ((a[4] + a[5]) + (a[6] + a[7]))
}

// sumSquares adds up the squares of a row of Dim values in four lanes.
func sumSquares(x []float32) float32 {
	var a, b, c, d float32
	for i := 0; i+4 <= len(x); i += 4 {
		r := x[i : i+4 : i+4]
		a += float32(r[0] * r[0])
		b += float32(r[1] * r[1])
		c += float32(r[2] * r[2])
		d += float32(r[3] * r[3])
	}
	return (a + b) + (c + d)
}

// apply normalises a row in place: mean 0, variance 1, then the layer's weight and bias.
func (n *layerNorm) apply(x []float32) {
	x = x[:Dim]
	mean := sum(x) / Dim
	for i := range x {
		x[i] -= mean
	}
	inv := 1 / float32(math.Sqrt(float64(sumSquares(x)/Dim+1e-12)))
	w, b := n.weight[:Dim], n.bias[:Dim]
	for i, v := range x {
		x[i] = float32(float32(v*inv)*w[i]) + b[i]
	}
}

// Softsign replaces each value v of x by v/(1+|v|).
func Softsign(x []float32) { softsign(x, hasElementwise()) }

func softsign(x []float32, kernels bool) {
	if n := len(x) &^ 7; kernels && n > 0 {
		softsignKernel(&x[0], n)
		x = x[n:]
	}
	for i, v := range x {
		x[i] = v / (1 + math.Float32frombits(math.Float32bits(v)&^(1<<31)))
	}
}

// unit scales a row to length one.
func unit(x []float32) {
	length := float32(math.Sqrt(float64(sumSquares(x))))
	if length < 1e-20 {
		return
	}
	inv := 1 / length
	for i := range x {
		x[i] *= inv
	}
}

// softmax turns the first n scores into shares that add up to one. What comes after them, up to a multiple of eight,
// is overwritten.
func softmax(p []float32, n int, kernels bool) {
	top := p[0]
	for _, v := range p[:n] {
		top = max(top, v)
	}
	if kernels {
		expKernel(&p[0], roundUp(n, 8), top)
	} else {
		for i, v := range p[:n] {
			p[i] = exp(v - top)
		}
	}
	var a, b float32 // two lanes, the even and the odd
	i := 0
	for ; i+1 < n; i += 2 {
		a += p[i]
		b += p[i+1]
	}
	if i < n {
		a += p[i]
	}
	inv := 1 / (a + b)
	for i := range p[:n] {
		p[i] *= inv
	}
}

// exp is e to the x for x up to 0, to about 2e-7 of the value.
func exp(x float32) float32 {
	if x < -87 {
		return 0
	}
	n := float32(x*1.44269504) + roundMagic // the nearest power of two, in the low bits
	k := math.Float32bits(n) - math.Float32bits(roundMagic)
	n -= roundMagic
	r := x - float32(n*0.693359375) // ln 2 in two parts, the first of few bits, so that the product is exact
	r -= float32(n * -2.12194440e-4)
	y := float32(1.9875691500e-4*r) + 1.3981999507e-3
	y = float32(y*r) + 8.3334519073e-3
	y = float32(y*r) + 4.1665795894e-2
	y = float32(y*r) + 1.6666665459e-1
	y = float32(y*r) + 5.0000001201e-1
	y = float32(float32(y*r)*r) + r + 1
	return math.Float32frombits(math.Float32bits(y) + k<<23)
}

// The table of the GELU function, from -geluEnd to geluEnd; outside it is 0 or x.
const (
	geluEnd  = 6
	geluStep = 256 // entries for each 1.0
)

// geluTable holds x*Φ(x) and, beside each value, the step to the next.
func geluTable() []float32 {
	const n = 2 * geluEnd * geluStep
	v := make([]float64, n+1)
	for i := range v {
		x := float64(i-n/2) / geluStep
		v[i] = x * normalBelow(x)
	}
	t := make([]float32, 2*n)
	for i := range n {
		t[2*i], t[2*i+1] = float32(v[i]), float32(v[i+1]-v[i])
	}
	return t
}

// normalBelow is Φ(x), the share of the normal distribution below x, by the series
// 1/2 + φ(x)·(x + x³/3 + x⁵/(3·5) + …), whose terms all have one sign.
func normalBelow(x float64) float64 {
	if x < 0 {
		return 1 - normalBelow(-x)
	}
	term, total := x, x
	for i := 3.0; i < 200; i += 2 {
		term = float64(term*x) * x / i
		total += term
	}
	return 0.5 + float64(total*density(x))
}

// density is φ(x) = e^(-x²/2)/√(2π); the exponential is a series in x²/64 raised to the power of 32.
func density(x float64) float64 {
	z := float64(x*x) / 64
	term, e := 1.0, 1.0
	for i := 1.0; i < 30; i++ {
		term = float64(term*z) / i
		e += term
	}
	for range 5 {
		e *= e
	}
	return 0.39894228040143267794 / e
}

// gelu applies the GELU function to each value in place.
func gelu(table, x []float32, kernels bool) {
	const n = 2 * geluEnd * geluStep
	table = table[:2*n]
	if kernels {
		geluKernel(&table[0], &x[0], len(x))
		return
	}
	for i, v := range x {
		t := float32(v*geluStep) + geluEnd*geluStep
		switch {
		case t <= 0:
			x[i] = 0
		case t < n:
			k := uint32(int32(t))
			if k < n {
				x[i] = table[2*k] + float32((t-float32(int32(k)))*table[2*k+1])
			}
		}
	}
}
