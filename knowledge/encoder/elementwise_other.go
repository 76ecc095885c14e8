//go:build !amd64 || purego

package encoder

func hasElementwise() bool { return false }

func expKernel(p *float32, n int, top float32) { panic("encoder: no kernel on this processor") }

func maxAbsKernel(x *float32, n int) float32 { panic("encoder: no kernel on this processor") }

func roundKernel(q *int16, x *float32, n int, inv float32) {
	panic("encoder: no kernel on this processor")
}

func geluKernel(table, x *float32, n int) { panic("encoder: no kernel on this processor") }

func softsignKernel(x *float32, n int) { panic("encoder: no kernel on this processor") }
