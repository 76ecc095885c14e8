package encoder

// kernels and elementwise tell which of the processor's vector instructions to use.
func (m *Model) kernels() bool     { return hasKernels() && !m.portable }
func (m *Model) elementwise() bool { return hasElementwise() && !m.portable }

// multiply writes x·l, for n rows of x, to dst. Each row is turned into whole numbers first; the products are exact.
func (m *Model) multiply(s *scratch, dst, x []float32, l *linear, n int) {
	for t := range n {
		s.scale[t] = quantize(s.q[t*l.in:][:l.in], x[t*l.in:][:l.in], m.elementwise())
	}
	if !m.kernels() {
		s.pack(l.in, n)
	}
	step := panel
	if m.kernels() && wide {
		step = 2 * panel // l.out is a multiple of it
	}
	for c := 0; c < l.out; c += step {
		w := l.w[c*l.in:][:step*l.in]
		for t := 0; t < n; t += 4 {
			if m.kernels() {
				mulPanel(&w[0], &s.q[t*l.in], l.in, &l.scale[c], &l.bias[c], &s.scale[t], &dst[t*l.out+c], l.out)
				continue
			}
			s.mulPanel(dst[t*l.out+c:], l, c, t)
		}
	}
}

func (m *Model) product(dst []float32, dstStride int, a []float32, aStride int, b []float32, bStride, n int) {
	product(m.kernels(), dst, dstStride, a, aStride, b, bStride, n)
}

// Product writes four rows of a times sixteen columns of b to dst. b has n rows; the strides are the lengths of rows.
// Each sum starts at zero and goes from the first row of b to the last, so that it is the same on every machine.
func Product(dst []float32, dstStride int, a []float32, aStride int, b []float32, bStride, n int) {
	product(hasKernels(), dst, dstStride, a, aStride, b, bStride, n)
}

func product(kernels bool, dst []float32, dstStride int, a []float32, aStride int, b []float32, bStride, n int) {
	_, _, _ = dst[3*dstStride+panel-1], a[3*aStride+n-1], b[(n-1)*bStride+panel-1]
	if kernels {
		mulFloats(&dst[0], dstStride, &a[0], aStride, &b[0], bStride, n)
		return
	}
	for r := range 4 {
		var acc [panel]float32
		for k, v := range a[r*aStride:][:n] {
			row := b[k*bStride:][:panel]
			for c := range acc {
				acc[c] += float32(v * row[c])
			}
		}
		copy(dst[r*dstStride:], acc[:])
	}
}

// pack puts rows of whole numbers together, two and two: one 64-bit multiplication by a weight then serves both. The
// sums of both fit in 32 bits, so they can be told apart at the end.
func (s *scratch) pack(in, n int) {
	rows := roundUp(n, 4)
	if len(s.pairs) < rows/2*in {
		s.pairs = make([]int64, rows/2*inner)
	}
	for t := 0; t < rows; t += 2 {
		a, b, p := s.q[t*in:][:in], s.q[(t+1)*in:][:in], s.pairs[t/2*in:][:in]
		for i := range p {
			p[i] = int64(a[i]) + int64(b[i])<<32
		}
	}
}

// mulPanel is the portable form of the kernel of the same name: four rows from row t times the sixteen columns from
// column c.
func (s *scratch) mulPanel(dst []float32, l *linear, c, t int) {
	in := l.in
	p, q := s.pairs[t/2*in:][:in], s.pairs[(t/2+1)*in:][:in]
	w := l.w[c*in:][:panel*in]
	for j := range panel {
		var a, b int64
		k := 2 * j
		for i := 0; i+1 < len(p) && i+1 < len(q) && k+1 < len(w); i += 2 {
			w0, w1 := int64(w[k]), int64(w[k+1])
			a += p[i]*w0 + p[i+1]*w1
			b += q[i]*w0 + q[i+1]*w1
			k += 2 * panel
		}
		scale, bias := l.scale[c+j], l.bias[c+j]
		for r, v := range [4]int32{int32(a), int32((a - int64(int32(a))) >> 32), int32(b), int32((b - int64(int32(b))) >> 32)} {
			dst[r*l.out+j] = float32(float32(float32(v)*scale)*s.scale[t+r]) + bias
		}
	}
}
