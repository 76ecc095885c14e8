package encoder

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestExp(t *testing.T) {
	for x := 0.0; x > -86; x -= .00137 {
		got, want := float64(exp(float32(x))), math.Exp(float64(float32(x)))
		if math.Abs(got-want) > 3e-7*want {
			t.Fatalf("exp(%v) = %v, want %v", x, got, want)
		}
	}
	if exp(-88) != 0 || exp(float32(math.Inf(-1))) != 0 || exp(0) != 1 {
		t.Error("exp at its ends")
	}
}

func TestGELU(t *testing.T) {
	table := geluTable()
	for x := -8.0; x < 8; x += .00071 {
		v := []float32{float32(x)}
		want := x * .5 * math.Erfc(-x/math.Sqrt2)
		if gelu(table, v, false); math.Abs(float64(v[0])-want) > 4e-6 {
			t.Fatalf("gelu(%v) = %v, want %v", x, v[0], want)
		}
	}
}

func TestQuantizeRow(t *testing.T) {
	x := make([]float32, Dim)
	q := make([]int16, Dim)
	if s := quantize(q, x, false); s != 0 {
		t.Errorf("zeros: scale %v", s)
	}
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range x {
		x[i] = float32(rng.NormFloat64())
	}
	x[7] = -40
	s := quantize(q, x, false)
	for i, v := range x {
		if d := math.Abs(float64(v - float32(q[i])*s)); d > .5001*float64(s) {
			t.Errorf("%v became %v*%v", v, q[i], s)
		}
	}
	if q[7] != -maxInt {
		t.Errorf("the largest became %d", q[7])
	}
}

// The sums of the products of whole numbers must fit in 32 bits, even the largest.
func TestNoOverflow(t *testing.T) {
	if inner*127*maxInt > math.MaxInt32 {
		t.Fatal("inner*127*maxInt does not fit")
	}
	const out = 2 * panel
	l := linear{in: inner, out: out, scale: make([]float32, out), bias: make([]float32, out), w: make([]int8, inner*out)}
	for i := range l.w {
		l.w[i] = 127
	}
	for i := range l.scale {
		l.scale[i] = 1
	}
	x := make([]float32, 4*inner)
	for i := range x {
		x[i] = 1
		if i/inner%2 == 1 {
			x[i] = -1
		}
	}
	for _, portable := range []bool{false, true} {
		m := &Model{portable: portable}
		s := &scratch{}
		s.grow(4)
		dst := make([]float32, 4*out)
		m.multiply(s, dst, x, &l, 4)
		for i, v := range dst {
			want := float32(inner * 127)
			if i/out%2 == 1 {
				want = -want
			}
			if math.Abs(float64(v-want)) > 1 {
				t.Fatalf("portable %v: sum %d is %v, want %v", portable, i, v, want)
			}
		}
	}
}

func TestSoftsign(t *testing.T) {
	x := []float32{0, 1, -1, 3, -7, 1e-20, 1e20, -1e20, 0.5, -0.25, 8}
	plain := slices.Clone(x)
	softsign(plain, false)
	Softsign(x)
	want := []float32{0, 0.5, -0.5, 0.75, -0.875, 1e-20, 1, -1, 0.5 / 1.5, -0.25 / 1.25, 8.0 / 9}
	if !slices.Equal(x, want) || !slices.Equal(plain, want) {
		t.Errorf("%v and %v, want %v", x, plain, want)
	}
}

// The vector forms must give the same bits as the plain ones.
func TestElementwise(t *testing.T) {
	if !hasElementwise() {
		t.Skip("no vector forms on this processor")
	}
	rng := rand.New(rand.NewPCG(7, 8))
	table := geluTable()
	for _, size := range []float64{1e-25, 1e-3, 1, 4, 30, 1000} {
		x := make([]float32, 1536)
		for i := range x {
			x[i] = float32(rng.NormFloat64() * size)
		}
		x[0], x[1], x[2], x[3] = -6, 6, 0, float32(math.Copysign(0, -1))
		a, b := make([]int16, len(x)), make([]int16, len(x))
		if sa, sb := quantize(a, x, false), quantize(b, x, true); sa != sb || !slices.Equal(a, b) {
			t.Errorf("size %v: quantize differs", size)
		}
		for n := 1; n < 40; n++ {
			p, q := slices.Clone(x), slices.Clone(x)
			softmax(p, n, false)
			softmax(q, n, true)
			if !sameBits(p[:n], q[:n]) {
				t.Fatalf("size %v: softmax of %d differs", size, n)
			}
		}
		p, q := slices.Clone(x), slices.Clone(x)
		gelu(table, p, false)
		gelu(table, q, true)
		if !sameBits(p, q) {
			t.Errorf("size %v: gelu differs", size)
		}
	}
}

func sameBits(a, b []float32) bool {
	return slices.EqualFunc(a, b, func(x, y float32) bool { return math.Float32bits(x) == math.Float32bits(y) })
}
