package encoder

// Quantize gives a vector as whole numbers up to ±127 and their scale: vec[i] is about q[i]*scale. The cosine of two
// unit vectors is about Dot of their numbers times both scales. A vector of zeros has scale 0.
func Quantize(vec []float32) (q []int8, scale float32) {
	return appendQuantized(make([]int8, 0, len(vec)), vec)
}

// Dot is the exact dot product of two vectors of the same length, up to 100,000 values.
func Dot(a, b []int8) int32 {
	b = b[:len(a)]
	if n := len(a) &^ 31; hasKernels() && n > 0 {
		return dotKernel(&a[0], &b[0], n) + dotPortable(a[n:], b[n:])
	}
	return dotPortable(a, b)
}

// Dots writes the dot products of q with each row of rows, which lie end to end, to dst. There are len(dst) rows.
func Dots(dst []int32, q, rows []int8) {
	n := len(q)
	for i := range dst {
		dst[i] = Dot(q, rows[i*n:][:n])
	}
}

func dotPortable(a, b []int8) int32 {
	b = b[:len(a)]
	var sum int32
	for i, v := range a {
		sum += int32(v) * int32(b[i])
	}
	return sum
}
