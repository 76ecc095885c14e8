//go:build !purego

package encoder

import "golang.org/x/sys/cpu"

func hasKernels() bool { return cpu.X86.HasAVX2 }

// mulPanel multiplies four rows of x (in whole numbers, in of them a row) by a panel of sixteen columns and writes
// sum*scale*rowScale+bias. Strides are lengths of rows. in is a multiple of four.
//
//go:noescape
func mulPanel(w *int8, x *int16, in int, scale, bias, rowScale, dst *float32, dstStride int)

// mulFloats is product with AVX2.
//
//go:noescape
func mulFloats(dst *float32, dstStride int, a *float32, aStride int, b *float32, bStride, n int)

// dotKernel is the dot product of n values, a multiple of 32.
//
//go:noescape
func dotKernel(a, b *int8, n int) int32
