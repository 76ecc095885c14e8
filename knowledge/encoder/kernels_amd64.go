//go:build !purego

package encoder

import "golang.org/x/sys/cpu"

// hasKernels tells whether the processor has the instructions that the kernels use.
func hasKernels() bool { return cpu.X86.HasAVX2 }
