//go:build !purego

#include "textflag.h"

// The assembler has no names for these instructions. d, n and m are register numbers, i the element of m.
#define SSHLL(n, d) WORD $(0x0F08A400 | (n)<<5 | (d))
#define SSHLL2(n, d) WORD $(0x4F08A400 | (n)<<5 | (d))
#define SMLAL(m, i, n, d) WORD $(0x0F402000 | ((i)>>2)<<11 | (((i)>>1)&1)<<21 | ((i)&1)<<20 | (m)<<16 | (n)<<5 | (d))
#define SMLAL2(m, i, n, d) WORD $(0x4F402000 | ((i)>>2)<<11 | (((i)>>1)&1)<<21 | ((i)&1)<<20 | (m)<<16 | (n)<<5 | (d))
#define SMULL(m, n, d) WORD $(0x0E20C000 | (m)<<16 | (n)<<5 | (d))
#define SMULL2(m, n, d) WORD $(0x4E20C000 | (m)<<16 | (n)<<5 | (d))
#define SADALP(n, d) WORD $(0x4E606800 | (n)<<5 | (d))
#define SCVTF(n, d) WORD $(0x4E21D800 | (n)<<5 | (d))
#define FMUL(m, n, d) WORD $(0x6E20DC00 | (m)<<16 | (n)<<5 | (d))
#define FADD(m, n, d) WORD $(0x4E20D400 | (m)<<16 | (n)<<5 | (d))

// ROW adds inputs i and i+1 of row m times the weights in V8 to V11 to the four sums from d.
#define ROW(m, i, d) \
	SMLAL(m, i, 8, (d)); \
	SMLAL2(m, i, 8, (d)+1); \
	SMLAL(m, i, 9, (d)+2); \
	SMLAL2(m, i, 9, (d)+3); \
	SMLAL(m, (i)+1, 10, (d)); \
	SMLAL2(m, (i)+1, 10, (d)+1); \
	SMLAL(m, (i)+1, 11, (d)+2); \
	SMLAL2(m, (i)+1, 11, (d)+3)

// PAIR loads the weights of two inputs, the first's to V8 and V9, the second's to V10 and V11, and does all rows.
#define PAIR(i) \
	VLD1.P 32(R0), [V4.B16, V5.B16]; \
	VUZP1 V5.B16, V4.B16, V6.B16; \
	VUZP2 V5.B16, V4.B16, V7.B16; \
	SSHLL(6, 8); \
	SSHLL2(6, 9); \
	SSHLL(7, 10); \
	SSHLL2(7, 11); \
	ROW(0, i, 16); \
	ROW(1, i, 20); \
	ROW(2, i, 24); \
	ROW(3, i, 28)

// FOUR makes sum*scale*rowScale+bias of four sums.
#define FOUR(scale, bias, d) \
	SCVTF(d, d); \
	FMUL(scale, d, d); \
	FMUL(8, d, d); \
	FADD(bias, d, d)

// FINISH does that for a row.
#define FINISH(d) \
	VLD1R.P 4(R5), [V8.S4]; \
	FOUR(0, 4, (d)); \
	FOUR(1, 5, (d)+1); \
	FOUR(2, 6, (d)+2); \
	FOUR(3, 7, (d)+3)

#define ZERO \
	VEOR V16.B16, V16.B16, V16.B16; \
	VEOR V17.B16, V17.B16, V17.B16; \
	VEOR V18.B16, V18.B16, V18.B16; \
	VEOR V19.B16, V19.B16, V19.B16; \
	VEOR V20.B16, V20.B16, V20.B16; \
	VEOR V21.B16, V21.B16, V21.B16; \
	VEOR V22.B16, V22.B16, V22.B16; \
	VEOR V23.B16, V23.B16, V23.B16; \
	VEOR V24.B16, V24.B16, V24.B16; \
	VEOR V25.B16, V25.B16, V25.B16; \
	VEOR V26.B16, V26.B16, V26.B16; \
	VEOR V27.B16, V27.B16, V27.B16; \
	VEOR V28.B16, V28.B16, V28.B16; \
	VEOR V29.B16, V29.B16, V29.B16; \
	VEOR V30.B16, V30.B16, V30.B16; \
	VEOR V31.B16, V31.B16, V31.B16

// STORE writes the sums to four rows from R6 on, R7 bytes apart.
#define STORE \
	VST1 [V16.S4, V17.S4, V18.S4, V19.S4], (R6); \
	ADD R7, R6; \
	VST1 [V20.S4, V21.S4, V22.S4, V23.S4], (R6); \
	ADD R7, R6; \
	VST1 [V24.S4, V25.S4, V26.S4, V27.S4], (R6); \
	ADD R7, R6; \
	VST1 [V28.S4, V29.S4, V30.S4, V31.S4], (R6)

// func mulPanel(w *int8, x *int16, in int, scale, bias, rowScale, dst *float32, dstStride int)
TEXT ·mulPanel(SB), NOSPLIT, $0-64
	MOVD w+0(FP), R0
	MOVD x+8(FP), R1
	MOVD in+16(FP), R2
	ADD R2<<1, R1, R8
	ADD R2<<1, R8, R9
	ADD R2<<1, R9, R10
	ZERO

panel:
	VLD1.P 16(R1), [V0.H8]
	VLD1.P 16(R8), [V1.H8]
	VLD1.P 16(R9), [V2.H8]
	VLD1.P 16(R10), [V3.H8]
	PAIR(0)
	PAIR(2)
	PAIR(4)
	PAIR(6)
	SUBS $8, R2
	BNE panel

	MOVD scale+24(FP), R3
	MOVD bias+32(FP), R4
	MOVD rowScale+40(FP), R5
	MOVD dst+48(FP), R6
	MOVD dstStride+56(FP), R7
	LSL $2, R7
	VLD1 (R3), [V0.S4, V1.S4, V2.S4, V3.S4]
	VLD1 (R4), [V4.S4, V5.S4, V6.S4, V7.S4]
	FINISH(16)
	FINISH(20)
	FINISH(24)
	FINISH(28)
	STORE
	RET

// FROW adds one value of a row times the sixteen values in V0 to V3 to the four sums from d. The product is rounded
// before it is added.
#define FROW(row, d) \
	VLD1R.P 4(row), [V4.S4]; \
	FMUL(4, 0, 5); \
	FMUL(4, 1, 6); \
	FMUL(4, 2, 7); \
	FMUL(4, 3, 8); \
	FADD(5, (d), (d)); \
	FADD(6, (d)+1, (d)+1); \
	FADD(7, (d)+2, (d)+2); \
	FADD(8, (d)+3, (d)+3)

// func mulFloats(dst *float32, dstStride int, a *float32, aStride int, b *float32, bStride, n int)
TEXT ·mulFloats(SB), NOSPLIT, $0-56
	MOVD dst+0(FP), R6
	MOVD dstStride+8(FP), R7
	MOVD a+16(FP), R1
	MOVD aStride+24(FP), R2
	MOVD b+32(FP), R0
	MOVD bStride+40(FP), R3
	MOVD n+48(FP), R4
	LSL $2, R7
	LSL $2, R3
	ADD R2<<2, R1, R8
	ADD R2<<2, R8, R9
	ADD R2<<2, R9, R10
	ZERO

floats:
	VLD1 (R0), [V0.S4, V1.S4, V2.S4, V3.S4]
	ADD R3, R0
	FROW(R1, 16)
	FROW(R8, 20)
	FROW(R9, 24)
	FROW(R10, 28)
	SUBS $1, R4
	BNE floats
	STORE
	RET

// func dotKernel(a, b *int8, n int) int32
TEXT ·dotKernel(SB), NOSPLIT, $0-28
	MOVD a+0(FP), R0
	MOVD b+8(FP), R1
	MOVD n+16(FP), R2
	VEOR V16.B16, V16.B16, V16.B16
	VEOR V17.B16, V17.B16, V17.B16

dot:
	VLD1.P 32(R0), [V0.B16, V1.B16]
	VLD1.P 32(R1), [V2.B16, V3.B16]
	SMULL(2, 0, 4)
	SMULL2(2, 0, 5)
	SMULL(3, 1, 6)
	SMULL2(3, 1, 7)
	SADALP(4, 16)
	SADALP(5, 17)
	SADALP(6, 16)
	SADALP(7, 17)
	SUBS $32, R2
	BNE dot

	VADD V17.S4, V16.S4, V16.S4
	VADDV V16.S4, V16
	VMOV V16.S[0], R0
	MOVW R0, ret+24(FP)
	RET
