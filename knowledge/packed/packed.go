// Package packed keeps many small integers in little memory, and finds things by their hashes through them. It knows
// nothing of what the integers stand for.
package packed

import (
	"encoding/binary"
	"math/bits"
)

// window is the number of bytes that one integer is read from.
const window = 8

// MaxWidth is the number of bits of the largest integer that can be read at any bit of a byte.
const MaxWidth = 8*window - 7

// Ints are integers that all take as many bits as the largest needs. They are immutable.
type Ints struct {
	data  []byte // and a window more than they take, so that the last ones are read as all others are
	n     int
	width int
	mask  uint64
}

// Pack returns n integers, which at tells. None may be above 1<<MaxWidth - 1.
func Pack(n int, at func(i int) uint64) Ints {
	all := uint64(0)
	for i := range n {
		all |= at(i)
	}
	p := Ints{n: n, width: bits.Len64(all)}
	if p.width > MaxWidth {
		panic("packed: an integer is too large")
	}
	p.mask = Mask(p.width)
	p.data = make([]byte, Size(n, p.width)+window)
	for i := range n {
		put(p.data, i*p.width, at(i))
	}
	return p
}

// Len returns the number of integers.
func (p *Ints) Len() int { return p.n }

// At returns the integer at i.
func (p *Ints) At(i int) uint64 {
	bit := i * p.width
	return binary.LittleEndian.Uint64(p.data[bit>>3:]) >> (bit & 7) & p.mask
}

// Size returns the number of bytes that n integers of so many bits take.
func Size(n, width int) int { return (n*width + 7) / 8 }

// Append appends n integers of so many bits, which at tells, to dst and returns it. They begin at a whole byte.
func Append(dst []byte, n, width int, at func(i int) uint64) []byte {
	from := len(dst)
	size := Size(n, width)
	dst = append(dst, make([]byte, size+window)...)
	for i := range n {
		put(dst[from:], i*width, at(i))
	}
	return dst[:from+size]
}

// Pad appends what must follow the last integers that Append put into data, so that eight bytes can be read from the
// first of each.
func Pad(data []byte) []byte { return append(data, make([]byte, window)...) }

// Mask has as many low bits as are said.
func Mask(width int) uint64 { return 1<<(width&63) - 1 }

// put writes an integer where only zeros are yet.
func put(data []byte, bit int, v uint64) {
	b := data[bit>>3:]
	binary.LittleEndian.PutUint64(b, binary.LittleEndian.Uint64(b)|v<<(bit&7))
}
