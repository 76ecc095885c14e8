//go:build !purego

package encoder

// hasKernels is always true: every 64-bit ARM processor has the instructions that the kernels use.
func hasKernels() bool { return true }
