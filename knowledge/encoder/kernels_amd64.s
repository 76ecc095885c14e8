//go:build !purego

#include "textflag.h"

// STEP adds one pair of inputs (x at off of each row) times the weights in Y8 and Y9 to the four rows' sums.
#define STEP(off) \
	VPBROADCASTD off(R8), Y10; \
	VPBROADCASTD off(R9), Y11; \
	VPBROADCASTD off(R10), Y12; \
	VPBROADCASTD off(R11), Y13; \
	VPMADDWD Y8, Y10, Y14; \
	VPMADDWD Y9, Y10, Y15; \
	VPADDD Y14, Y0, Y0; \
	VPADDD Y15, Y1, Y1; \
	VPMADDWD Y8, Y11, Y14; \
	VPMADDWD Y9, Y11, Y15; \
	VPADDD Y14, Y2, Y2; \
	VPADDD Y15, Y3, Y3; \
	VPMADDWD Y8, Y12, Y14; \
	VPMADDWD Y9, Y12, Y15; \
	VPADDD Y14, Y4, Y4; \
	VPADDD Y15, Y5, Y5; \
	VPMADDWD Y8, Y13, Y14; \
	VPMADDWD Y9, Y13, Y15; \
	VPADDD Y14, Y6, Y6; \
	VPADDD Y15, Y7, Y7

// FINISH writes sum*scale*rowScale+bias for one row and goes on to the next.
#define FINISH(lo, hi, off) \
	VBROADCASTSS off(DX), Y12; \
	VCVTDQ2PS lo, lo; \
	VCVTDQ2PS hi, hi; \
	VMULPS Y8, lo, lo; \
	VMULPS Y9, hi, hi; \
	VMULPS Y12, lo, lo; \
	VMULPS Y12, hi, hi; \
	VADDPS Y10, lo, lo; \
	VADDPS Y11, hi, hi; \
	VMOVUPS lo, (DI); \
	VMOVUPS hi, 32(DI); \
	ADDQ R12, DI

// func mulPanel(w *int8, x *int16, in int, scale, bias, rowScale, dst *float32, dstStride int)
TEXT ·mulPanel(SB), NOSPLIT, $0-64
	MOVQ w+0(FP), SI
	MOVQ x+8(FP), R8
	MOVQ in+16(FP), CX
	LEAQ (R8)(CX*2), R9
	LEAQ (R9)(CX*2), R10
	LEAQ (R10)(CX*2), R11
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1
	VPXOR Y2, Y2, Y2
	VPXOR Y3, Y3, Y3
	VPXOR Y4, Y4, Y4
	VPXOR Y5, Y5, Y5
	VPXOR Y6, Y6, Y6
	VPXOR Y7, Y7, Y7

panel:
	VPMOVSXBW (SI), Y8
	VPMOVSXBW 16(SI), Y9
	STEP(0)
	VPMOVSXBW 32(SI), Y8
	VPMOVSXBW 48(SI), Y9
	STEP(4)
	ADDQ $64, SI
	ADDQ $8, R8
	ADDQ $8, R9
	ADDQ $8, R10
	ADDQ $8, R11
	SUBQ $4, CX
	JNE panel

	MOVQ scale+24(FP), AX
	MOVQ bias+32(FP), BX
	MOVQ rowScale+40(FP), DX
	MOVQ dst+48(FP), DI
	MOVQ dstStride+56(FP), R12
	SHLQ $2, R12
	VMOVUPS (AX), Y8
	VMOVUPS 32(AX), Y9
	VMOVUPS (BX), Y10
	VMOVUPS 32(BX), Y11
	FINISH(Y0, Y1, 0)
	FINISH(Y2, Y3, 4)
	FINISH(Y4, Y5, 8)
	FINISH(Y6, Y7, 12)
	VZEROUPPER
	RET

// FSTEP adds one row's value times the sixteen values of b in Y8 and Y9. The product is rounded before it is added.
#define FSTEP(row, lo, hi) \
	VBROADCASTSS (row), Y10; \
	VMULPS Y8, Y10, Y11; \
	VMULPS Y9, Y10, Y12; \
	VADDPS Y11, lo, lo; \
	VADDPS Y12, hi, hi; \
	ADDQ $4, row

// func mulFloats(dst *float32, dstStride int, a *float32, aStride int, b *float32, bStride, n int)
TEXT ·mulFloats(SB), NOSPLIT, $0-56
	MOVQ dst+0(FP), DI
	MOVQ dstStride+8(FP), R12
	MOVQ a+16(FP), R8
	MOVQ aStride+24(FP), AX
	MOVQ b+32(FP), SI
	MOVQ bStride+40(FP), BX
	MOVQ n+48(FP), CX
	SHLQ $2, R12
	SHLQ $2, BX
	LEAQ (R8)(AX*4), R9
	LEAQ (R9)(AX*4), R10
	LEAQ (R10)(AX*4), R11
	VXORPS Y0, Y0, Y0
	VXORPS Y1, Y1, Y1
	VXORPS Y2, Y2, Y2
	VXORPS Y3, Y3, Y3
	VXORPS Y4, Y4, Y4
	VXORPS Y5, Y5, Y5
	VXORPS Y6, Y6, Y6
	VXORPS Y7, Y7, Y7

floats:
	VMOVUPS (SI), Y8
	VMOVUPS 32(SI), Y9
	FSTEP(R8, Y0, Y1)
	FSTEP(R9, Y2, Y3)
	FSTEP(R10, Y4, Y5)
	FSTEP(R11, Y6, Y7)
	ADDQ BX, SI
	DECQ CX
	JNE floats

	VMOVUPS Y0, (DI)
	VMOVUPS Y1, 32(DI)
	ADDQ R12, DI
	VMOVUPS Y2, (DI)
	VMOVUPS Y3, 32(DI)
	ADDQ R12, DI
	VMOVUPS Y4, (DI)
	VMOVUPS Y5, 32(DI)
	ADDQ R12, DI
	VMOVUPS Y6, (DI)
	VMOVUPS Y7, 32(DI)
	VZEROUPPER
	RET

// func dotKernel(a, b *int8, n int) int32
TEXT ·dotKernel(SB), NOSPLIT, $0-28
	MOVQ a+0(FP), SI
	MOVQ b+8(FP), DI
	MOVQ n+16(FP), CX
	VPXOR Y0, Y0, Y0
	VPXOR Y1, Y1, Y1

dot:
	VPMOVSXBW (SI), Y2
	VPMOVSXBW (DI), Y3
	VPMOVSXBW 16(SI), Y4
	VPMOVSXBW 16(DI), Y5
	VPMADDWD Y3, Y2, Y2
	VPMADDWD Y5, Y4, Y4
	VPADDD Y2, Y0, Y0
	VPADDD Y4, Y1, Y1
	ADDQ $32, SI
	ADDQ $32, DI
	SUBQ $32, CX
	JNE dot

	VPADDD Y1, Y0, Y0
	VEXTRACTI128 $1, Y0, X1
	VPADDD X1, X0, X0
	VPSHUFD $0x4E, X0, X1
	VPADDD X1, X0, X0
	VPSHUFD $0xB1, X0, X1
	VPADDD X1, X0, X0
	VMOVD X0, AX
	MOVL AX, ret+24(FP)
	VZEROUPPER
	RET
