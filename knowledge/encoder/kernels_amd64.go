//go:build !purego

package encoder

import "golang.org/x/sys/cpu"

// hasKernels tells whether the processor has the instructions that the kernels use.
func hasKernels() bool { return cpu.X86.HasAVX2 }

// wide tells the kernels to use AVX-512, which does the same work in fewer steps. Only a test changes it, which must not
// run beside others.
var wide = hasKernels() && cpu.X86.HasAVX512 && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VNNI
