package encoder

import (
	"math/rand/v2"
	"testing"
)

func TestQuantizeVector(t *testing.T) {
	m := load(t)
	a, b := m.Embed(nil, "a cat sat on the mat"), m.Embed(nil, "the kitten is on the rug")
	qa, sa := Quantize(a)
	qb, sb := Quantize(b)
	got := float64(float32(Dot(qa, qb)) * sa * sb)
	if want := cosine(a, b); got < want-.01 || got > want+.01 {
		t.Errorf("cosine %.4f from whole numbers, %.4f from floats", got, want)
	}
	if q, s := Quantize(make([]float32, 5)); s != 0 || len(q) != 5 {
		t.Errorf("zeros: %v, scale %v", q, s)
	}
}

func TestDot(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for _, n := range []int{0, 1, 31, 32, 33, 63, 64, 100, Dim, 4096} {
		a, b := make([]int8, n), make([]int8, n)
		for i := range a {
			a[i], b[i] = int8(rng.IntN(256)-128), int8(rng.IntN(256)-128)
		}
		if got, want := Dot(a, b), dotPortable(a, b); got != want {
			t.Errorf("%d values: %d, want %d", n, got, want)
		}
		for i := range a {
			a[i], b[i] = -128, -128
		}
		if got, want := Dot(a, b), int32(n)*128*128; got != want {
			t.Errorf("%d extreme values: %d, want %d", n, got, want)
		}
	}
	rows := []int8{1, 2, 3, 4, 5, 6}
	dst := make([]int32, 3)
	Dots(dst, []int8{10, -1}, rows)
	if dst[0] != 8 || dst[1] != 26 || dst[2] != 44 {
		t.Errorf("Dots: %v", dst)
	}
}
