//go:build !(amd64 || arm64) || purego

package encoder

func hasKernels() bool { return false }

func mulPanel(w *int8, x *int16, in int, scale, bias, rowScale, dst *float32, dstStride int) {
	panic("encoder: no kernel on this processor")
}

func mulFloats(dst *float32, dstStride int, a *float32, aStride int, b *float32, bStride, n int) {
	panic("encoder: no kernel on this processor")
}

func dotKernel(a, b *int8, n int) int32 { return dotPortable(nil, nil) }

// wide is for processors whose kernels take two panels at once.
const wide = false
