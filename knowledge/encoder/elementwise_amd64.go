//go:build !purego

package encoder

// hasElementwise tells whether the functions below may be called.
func hasElementwise() bool { return hasKernels() }

// expKernel replaces each of n values v (a multiple of eight) by exp(v-top).
//
//go:noescape
func expKernel(p *float32, n int, top float32)

// maxAbsKernel is the largest absolute value of n, a multiple of sixteen.
//
//go:noescape
func maxAbsKernel(x *float32, n int) float32

// roundKernel writes x*inv, rounded, to q: n values, a multiple of sixteen.
//
//go:noescape
func roundKernel(q *int16, x *float32, n int, inv float32)

// softsignKernel is Softsign for n values, a multiple of eight.
//
//go:noescape
func softsignKernel(x *float32, n int)

// geluKernel is gelu for n values, a multiple of eight.
//
//go:noescape
func geluKernel(table, x *float32, n int)
