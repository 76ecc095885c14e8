//go:build (amd64 || arm64) && !purego

package encoder

// mulPanel multiplies four rows of x (in whole numbers, in of them a row) by a panel of sixteen columns, or by two panels where
// the processor is wide, and writes sum*scale*rowScale+bias. Strides are lengths of rows. in is a multiple of eight.
//
//go:noescape
func mulPanel(w *int8, x *int16, in int, scale, bias, rowScale, dst *float32, dstStride int)

// mulFloats is product with vector instructions.
//
//go:noescape
func mulFloats(dst *float32, dstStride int, a *float32, aStride int, b *float32, bStride, n int)

// dotKernel is the dot product of n values, a multiple of 32.
//
//go:noescape
func dotKernel(a, b *int8, n int) int32
