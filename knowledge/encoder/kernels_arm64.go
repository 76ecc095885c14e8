//go:build !purego

package encoder

// hasKernels is always true: every 64-bit ARM processor has the instructions that the kernels use.
func hasKernels() bool { return true }

// wide is for processors whose kernels take two panels at once.
const wide = false
