package encoder

// scratch is the memory of one run through the network. Rows are padded to a multiple of four, since the kernels work
// on four rows at once; what the padding holds does not matter, as no row but its own is made from it.
type scratch struct {
	tok    tokScratch
	x      []float32 // rows of Dim: what goes from layer to layer
	y      []float32 // rows of Dim: what a layer adds
	wide   []float32 // rows of 3*Dim (queries, keys, values) or of inner
	keys   []float32 // the keys of a head, a column a row
	scores []float32 // of a head
	q      []int16   // rows of up to inner: activations as whole numbers
	scale  []float32 // of the rows of q
	pairs  []int64   // rows of q, two and two, for the portable kernel
}

// grow makes room for rows rows.
func (s *scratch) grow(rows int) {
	if len(s.x) >= rows*Dim {
		return
	}
	cols := roundUp(rows, panel)
	s.x, s.y = make([]float32, rows*Dim), make([]float32, rows*Dim)
	s.wide = make([]float32, rows*inner)
	s.keys = make([]float32, headDim*cols)
	s.scores = make([]float32, rows*cols)
	s.q, s.scale = make([]int16, rows*inner), make([]float32, rows)
}

func roundUp(n, to int) int { return (n + to - 1) / to * to }

// forward leaves the vectors of a text's word pieces in s.x, a row each.
func (m *Model) forward(s *scratch, ids []int32) {
	n := len(ids)
	s.grow(roundUp(n, 4))
	for t, id := range ids {
		m.lookUp(s.x[t*Dim:][:Dim], t, id)
	}
	for i := range m.layers {
		l := &m.layers[i]
		m.multiply(s, s.wide, s.x, &l.qkv, n)
		for h := range heads {
			m.attend(s, h, n)
		}
		m.multiply(s, s.wide, s.y, &l.att, n)
		addAndNorm(s.x, s.wide, &l.attNorm, n)
		m.multiply(s, s.wide, s.x, &l.up, n)
		gelu(m.gelu, s.wide[:n*inner], m.elementwise())
		m.multiply(s, s.y, s.wide, &l.down, n)
		addAndNorm(s.x, s.y, &l.outNorm, n)
	}
}

// mean writes the vector of a text of n word pieces to dst, after forward.
func (s *scratch) mean(n int, dst []float32) {
	clear(dst)
	for t := range n {
		for i, v := range s.x[t*Dim:][:Dim] {
			dst[i] += v
		}
	}
	unit(dst)
}

// lookUp writes the row of a word piece at a position.
func (m *Model) lookUp(x []float32, t int, id int32) {
	w, p, scale := m.words[int(id)*Dim:][:Dim], m.places[t*Dim:][:Dim], m.scales[id]
	for i := range x {
		x[i] = float32(float32(w[i])*scale) + p[i]
	}
	m.first.apply(x)
}

// addAndNorm adds y to x, row by row, and normalises the sum.
func addAndNorm(x, y []float32, by *layerNorm, n int) {
	for t := range n {
		row, add := x[t*Dim:][:Dim], y[t*Dim:][:Dim]
		for i, v := range add {
			row[i] += v
		}
		by.apply(row)
	}
}

// attend writes what head h takes from n rows (queries, keys and values in s.wide) to its columns of s.y. The queries
// are already divided by the square root of headDim: convert did that to their weights.
func (m *Model) attend(s *scratch, h, n int) {
	const width = 3 * Dim
	cols := roundUp(n, panel)
	at := h * headDim
	for j := range n {
		for z, v := range s.wide[j*width+Dim+at:][:headDim] {
			s.keys[z*cols+j] = v
		}
	}
	for t := 0; t < n; t += 4 {
		for c := 0; c < cols; c += panel {
			m.product(s.scores[t*cols+c:], cols, s.wide[t*width+at:], width, s.keys[c:], cols, headDim)
		}
		for i := t; i < min(t+4, n); i++ {
			softmax(s.scores[i*cols:][:cols], n, m.elementwise())
		}
		for c := 0; c < headDim; c += panel {
			m.product(s.y[t*Dim+at+c:], Dim, s.scores[t*cols:], cols, s.wide[2*Dim+at+c:], width, n)
		}
	}
}
