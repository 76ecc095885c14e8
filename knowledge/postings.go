package knowledge

import (
	"encoding/binary"
	"math"
	"math/bits"

	"docent/knowledge/packed"
)

// Lists are the postings of all terms: for each term, the sections that have it, how much it counts in each, and where
// in each it stands. Most often a term stands in a section once, in its heading or in its body. How much it counts then
// depends on nothing but the lengths of the two, and it takes a dozen bits.
//
// A list is the number of such sections, doubled, plus one if there are others behind them. The number of those is next.
// Sections come in blocks of blockSize. A block is a byte with the bits of a gap, then, when another block follows, the
// sum of the gaps; then, packed, for each section the gap to the one before (less one) and the term's position in it.
// Each of the others is the gap, the impact, the number of bytes that its positions take, and the gaps between these.
type lists struct {
	data   []byte      // padded for packed.Read
	at     packed.Ints // by term: where its list begins
	bits   int         // of a position in a block
	shape  []uint16    // by doc: its place in shapes
	shapes []shape
	most   float32 // the greatest impact
}

// A shape is what all sections with headings of one length and bodies of one length have in common.
type shape struct {
	head int32      // the number of terms in the heading, which are first in a section
	once [2]float32 // the impact of a term that stands once, in the body and in the heading
}

// once returns the impact of a term that stands once in a section, at a position.
func (l *lists) once(d int32, position uint32) float32 {
	h := &l.shapes[l.shape[d]]
	part := 0
	if int32(position) < h.head {
		part = 1
	}
	return h.once[part]
}

// maxPositionBits is the number of bits of the greatest position in a block.
const maxPositionBits = 12

// blockSize is the number of sections in a block.
const blockSize = 64

// A block is a part of a list as it is read.
type block struct {
	n      int
	others bool // whether a term stands in these sections otherwise than once
	docs   [blockSize]int32
	where  [blockSize]uint32  // the position or, of others, where the positions are in the data
	impact [blockSize]float32 // only of others
	raw    [blockSize]uint64  // scratch
}

// A cursor reads a list.
type cursor struct {
	l      *lists
	at     int   // in the data
	once   int   // sections left in blocks
	others int   // and behind them
	last   int32 // the section that was read last
}

// list returns a cursor on the list of a term.
func (l *lists) list(term int32) cursor {
	c := cursor{l: l, at: int(l.at.At(int(term))), last: -1}
	n := c.number()
	c.once = n >> 1
	if n&1 != 0 {
		c.others = c.number()
	}
	return c
}

// number reads a number of any size.
func (c *cursor) number() int {
	var v int
	v, c.at = number(c.l.data, c.at)
	return v
}

// left returns the number of sections that are not read yet.
func (c *cursor) left() int { return c.once + c.others }

// next reads a block and reports whether there was one. The docs of a block ascend; those of others begin anew.
func (c *cursor) next(b *block) bool {
	switch {
	case c.once > 0:
		c.readBlock(b)
	case c.others > 0:
		c.readOthers(b)
	default:
		return false
	}
	return true
}

// skip goes over the blocks that end before a doc. It stops in front of the last one, whose end is not known.
func (c *cursor) skip(d int32) {
	for c.once > blockSize {
		from := c.at
		width := int(c.l.data[c.at]) + c.l.bits
		c.at++
		end := c.last + int32(c.number())
		if end >= d {
			c.at = from
			return
		}
		c.at += packed.Size(blockSize, width)
		c.once -= blockSize
		c.last = end
	}
}

func (c *cursor) readBlock(b *block) {
	width := int(c.l.data[c.at]) + c.l.bits
	c.at++
	b.n, b.others = c.once, false
	if c.once > blockSize {
		b.n = blockSize
		c.number()
	}
	packed.ReadAll(b.raw[:b.n], c.l.data[c.at:], width)
	d, shift, place := c.last, c.l.bits&63, packed.Mask(c.l.bits)
	docs, where := b.docs[:b.n], b.where[:b.n]
	for i, v := range b.raw[:b.n] {
		d += int32(v>>shift) + 1
		docs[i], where[i] = d, uint32(v&place)
	}
	c.at += packed.Size(b.n, width)
	c.last = d
	if c.once -= b.n; c.once == 0 {
		c.last = -1
	}
}

func (c *cursor) readOthers(b *block) {
	b.n, b.others = min(c.others, blockSize), true
	for i := range b.n {
		c.last += int32(c.number()) + 1
		b.docs[i] = c.last
		b.impact[i] = math.Float32frombits(binary.LittleEndian.Uint32(c.l.data[c.at:]))
		c.at += 4
		b.where[i] = uint32(c.at)
		size := c.number()
		c.at += size
	}
	c.others -= b.n
}

// positions appends the positions that stand at a place in the data.
func (l *lists) positions(dst []int32, at uint32) []int32 {
	c := cursor{l: l, at: int(at)}
	last := int32(-1)
	for end := c.number() + c.at; c.at < end; {
		last += int32(c.number()) + 1
		dst = append(dst, last)
	}
	return dst
}

// nextWithin reads a block and cuts it to the docs in [from, to), which may leave nothing of it.
func (c *cursor) nextWithin(b *block, from, to int32) bool {
	if c.last+1 >= to {
		c.skip(math.MaxInt32)
	} else if c.last+1 < from {
		c.skip(from)
	}
	if !c.next(b) {
		return false
	}
	if b.docs[0] < from || b.docs[b.n-1] >= to {
		b.cut(from, to)
	}
	return true
}

func (b *block) cut(from, to int32) {
	n := 0
	for i, d := range b.docs[:b.n] {
		if d >= from && d < to {
			b.docs[n], b.where[n], b.impact[n] = d, b.where[i], b.impact[i]
			n++
		}
	}
	b.n = n
}

// count returns the number of docs in [from, to) that have a term.
func (x *index) count(term, from, to int32, b *block) int {
	c := x.lists.list(term)
	if from == 0 && int(to) == len(x.sections) {
		return c.left()
	}
	n := 0
	for c.nextWithin(b, from, to) {
		n += b.n
	}
	return n
}

// appendBlocks appends sections in which a term stands once.
func (l *lists) appendBlocks(dst []byte, docs, places []int32) []byte {
	last := int32(-1)
	for len(docs) > 0 {
		n := min(len(docs), blockSize)
		gap := func(i int) uint64 {
			if i == 0 {
				return uint64(docs[0] - last - 1)
			}
			return uint64(docs[i] - docs[i-1] - 1)
		}
		all := uint64(0)
		for i := range n {
			all |= gap(i)
		}
		width := bits.Len64(all)
		dst = append(dst, byte(width))
		if n < len(docs) {
			dst = binary.AppendUvarint(dst, uint64(docs[n-1]-last))
		}
		dst = packed.Append(dst, n, width+l.bits, func(i int) uint64 { return gap(i)<<l.bits | uint64(places[i]) })
		last = docs[n-1]
		docs, places = docs[n:], places[n:]
	}
	return dst
}

// appendOther appends a section in which a term stands otherwise, gap sections behind the one before.
func appendOther(dst []byte, gap int32, impact float32, places []int32) []byte {
	dst = binary.AppendUvarint(dst, uint64(gap-1))
	dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(impact))
	size, last := 0, int32(-1)
	for _, p := range places {
		size += (bits.Len32(uint32(p-last-1)|1) + 6) / 7
		last = p
	}
	dst = binary.AppendUvarint(dst, uint64(size))
	last = -1
	for _, p := range places {
		dst = binary.AppendUvarint(dst, uint64(p-last-1))
		last = p
	}
	return dst
}
