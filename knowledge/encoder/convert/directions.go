package main

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"docent/knowledge/encoder"
)

// The text from which the directions are found: so many lines of so many words, drawn from the model's own vocabulary.
// No other text is needed, and none would serve every subject.
const (
	lines     = 3000
	lineWords = 12
	seed      = 1
)

// directions gives the mean of the vectors of word pieces, and the short directions in which they differ most (their
// first principal components), as a matrix of dim rows. Products are converted before they are added, so that the
// result is the same on processors that could fuse the two.
func directions(model []byte, vocab []string) (mean, basis []float32, err error) {
	m, err := encoder.Parse(model)
	if err != nil {
		return nil, nil, err
	}
	sum, square := make([]float64, dim), make([]float64, dim*dim)
	n := 0.0
	for _, line := range randomLines(vocab) {
		for _, v := range m.States(line) {
			n++
			for i, a := range v {
				sum[i] += float64(a)
				for j, b := range v[:i+1] {
					square[i*dim+j] += float64(float64(a) * float64(b))
				}
			}
		}
	}
	for i := range dim {
		for j := range i + 1 {
			square[i*dim+j] = square[i*dim+j]/n - float64(sum[i]/n*(sum[j]/n))
			square[j*dim+i] = square[i*dim+j]
		}
	}
	values, vectors := eigen(square, dim)
	order := make([]int, dim)
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if values[a] > values[b] {
			return -1
		}
		return 1
	})
	for i := range dim {
		mean = append(mean, float32(sum[i]/n))
		for _, k := range order[:short] {
			basis = append(basis, float32(vectors[i*dim+k]))
		}
	}
	return mean, basis, nil
}

func randomLines(vocab []string) []string {
	var words []string
	for _, w := range vocab {
		if len(w) > 2 && strings.Trim(w, "abcdefghijklmnopqrstuvwxyz") == "" {
			words = append(words, w)
		}
	}
	rnd := rand.New(rand.NewPCG(seed, seed))
	out := make([]string, lines)
	for i := range out {
		var line []string
		for range lineWords {
			line = append(line, words[rnd.IntN(len(words))])
		}
		out[i] = strings.Join(line, " ")
	}
	return out
}

// eigen gives the eigenvalues of a symmetric matrix of n rows and, in the columns of a matrix, its eigenvectors, by
// Jacobi's rotations. It destroys a.
func eigen(a []float64, n int) (values, vectors []float64) {
	v := make([]float64, n*n)
	for i := range n {
		v[i*n+i] = 1
	}
	for range 12 {
		for p := range n {
			for q := p + 1; q < n; q++ {
				if math.Abs(a[p*n+q]) > 1e-14 {
					rotate(a, v, n, p, q)
				}
			}
		}
	}
	for i := range n {
		values = append(values, a[i*n+i])
	}
	return values, v
}

// rotate makes a[p][q] zero.
func rotate(a, v []float64, n, p, q int) {
	theta := (a[q*n+q] - a[p*n+p]) / (2 * a[p*n+q])
	t := 1 / (math.Abs(theta) + math.Sqrt(float64(theta*theta)+1))
	if theta < 0 {
		t = -t
	}
	c := 1 / math.Sqrt(float64(t*t)+1)
	s := t * c
	for k := range n {
		x, y := a[k*n+p], a[k*n+q]
		a[k*n+p], a[k*n+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
	for k := range n {
		x, y := a[p*n+k], a[q*n+k]
		a[p*n+k], a[q*n+k] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
		x, y = v[k*n+p], v[k*n+q]
		v[k*n+p], v[k*n+q] = float64(c*x)-float64(s*y), float64(s*x)+float64(c*y)
	}
}
