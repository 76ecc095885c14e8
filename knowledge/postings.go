package knowledge

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"docent/knowledge/packed"
)

// Lists are the postings of all terms: for each term, the sections that have it, how much it counts in each, and where
// in each it stands. Most often a term stands in a section once, in its heading or in its body. How much it counts then
// depends on nothing but the lengths of the two, and it takes a dozen bits.
//
// A list is the number of such sections, doubled, plus one if there are others behind them. Of those the number is next, and
// the bits of a size. Sections come in blocks of blockSize. A block is a byte with the bits of a gap, then, when another
// block follows, the sum of the gaps; then, packed, for each section the gap to the one before (less one) and the term's
// position in it. The blocks of the others have, in place of a position, how many bytes the positions take. Behind them
// are the impacts and then the positions: the gap to the one before, doubled, plus one if another follows; none is 0.
type lists struct {
	data   []byte      // see packed.Pad
	at     packed.Ints // by term: where its list begins
	bits   int         // of a position in a block
	shape  []uint16    // by doc: its place in shapes
	shapes []shape
}

// A shape is what all sections with headings of one length and bodies of one length have in common.
type shape struct {
	head int32      // the number of terms in the heading, which are first in a section
	once [2]float32 // the impact of a term that stands once, in the body and in the heading
}

// impact returns the impact of a term that stands once in a section, at a position.
func (h *shape) impact(position uint32) float32 {
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

// A cursor reads a list: the sections in which the term stands once, then the others.
type cursor struct {
	l      *lists
	at     int   // in the data
	left   int   // sections in the blocks that are left of the present part
	low    int   // bits of a position, or of a size
	last   int32 // the section that was read last
	others int   // sections in the next part,
	next   int   // and its low
}

// Postings are lists as they are read: sections, and by section the position or, where a term stands otherwise than once,
// where the positions are in the data.
type postings struct {
	docs   []int32
	places []uint32
	most   int // that were there since they were forgotten
}

// begin empties the postings for the next reading of a question.
func (p *postings) begin() {
	p.most = max(p.most, len(p.docs))
	p.docs, p.places = p.docs[:0], p.places[:0]
}

// forget wipes what was read.
func (p *postings) forget() {
	p.begin()
	clear(p.docs[:p.most])
	clear(p.places[:p.most])
	p.most = 0
}

// A found is a list among postings: from from to mid the sections in which the term stands once, then to to the others,
// whose impacts begin at a place in the data.
type found struct{ from, mid, to, impacts int32 }

// df is the number of sections.
func (f *found) df() int { return int(f.to - f.from) }

// list returns a cursor on the list of a term.
func (l *lists) list(term int32) cursor {
	c := cursor{l: l, at: int(l.at.At(int(term))), low: l.bits, last: -1}
	n := c.number()
	c.left = n >> 1
	if n&1 != 0 {
		c.others = c.number()
		c.next = c.number()
	}
	return c
}

// number reads a number of any size.
func (c *cursor) number() int {
	var v int
	v, c.at = number(c.l.data, c.at)
	return v
}

// read appends the sections in [from, to) that have a term to p.
func (l *lists) read(p *postings, term, from, to int32) found {
	c := l.list(term)
	var f found
	f.from = int32(len(p.docs))
	for c.skip(from); c.left > 0 && c.last+1 < to; {
		c.readBlock(p)
	}
	p.cut(f.from, from, to)
	f.mid = int32(len(p.docs))
	f.to = f.mid
	if c.others > 0 {
		c.readOthers(p, &f, from, to)
	}
	return f
}

func (c *cursor) readOthers(p *postings, f *found, from, to int32) {
	c.pass()
	c.left, c.low, c.last = c.others, c.next, -1
	for c.left > 0 && c.last+1 < to {
		c.readBlock(p)
	}
	c.pass()
	place := uint32(c.at + c.others*impactSize)
	for i, size := range p.places[f.mid:] {
		p.places[int(f.mid)+i] = place
		place += size
	}
	f.impacts = int32(c.at + p.cut(f.mid, from, to)*impactSize)
	f.to = int32(len(p.docs))
}

// cut leaves out what is not in [from, to), from a place on, and returns how much of that was before.
func (p *postings) cut(at, from, to int32) int {
	docs := p.docs[at:]
	n := len(docs)
	if n == 0 || docs[0] >= from && docs[n-1] < to {
		return 0
	}
	p.most = max(p.most, len(p.docs))
	first, _ := slices.BinarySearch(docs, from)
	past, _ := slices.BinarySearch(docs, to)
	n = copy(docs, docs[first:past])
	copy(p.places[at:], p.places[int(at)+first:int(at)+past])
	p.docs, p.places = p.docs[:int(at)+n], p.places[:int(at)+n]
	return first
}

// skip goes over the blocks that end before a doc. It stops in front of the last one, whose end is not known.
func (c *cursor) skip(d int32) {
	for c.left > blockSize {
		from := c.at
		width := int(c.l.data[c.at]) + c.low
		c.at++
		end := c.last + int32(c.number())
		if end >= d {
			c.at = from
			return
		}
		c.at += packed.Size(blockSize, width)
		c.left -= blockSize
		c.last = end
	}
}

// pass goes over what is left of the present part.
func (c *cursor) pass() {
	c.skip(math.MaxInt32)
	if c.left > 0 {
		c.at += 1 + packed.Size(c.left, int(c.l.data[c.at])+c.low)
		c.left = 0
	}
}

func (c *cursor) readBlock(p *postings) {
	width := int(c.l.data[c.at]) + c.low
	c.at++
	n := c.left
	if n > blockSize {
		n = blockSize
		c.number()
	}
	end := len(p.docs) + n
	p.docs, p.places = slices.Grow(p.docs, n)[:end], slices.Grow(p.places, n)[:end]
	c.last = unpack(p.docs[end-n:], p.places[end-n:], c.l.data[c.at:], width, c.low, c.last)
	c.at += packed.Size(n, width)
	c.left -= n
}

// unpack reads the sections behind the last one, and the positions in them. Where a word of memory has four, they are read
// together.
func unpack(docs []int32, places []uint32, data []byte, width, low int, last int32) int32 {
	mask, place, shift, step := packed.Mask(width), packed.Mask(low), low&63, width&63
	bit, i := 0, 0
	places = places[:len(docs)]
	if 4*width <= packed.MaxWidth {
		for ; i+4 <= len(docs); i += 4 {
			v := binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7)
			d, p := docs[i:i+4:i+4], places[i:i+4:i+4]
			a, b, c, e := v&mask, v>>step&mask, v>>(2*step&63)&mask, v>>(3*step&63)&mask
			d[0] = last + 1 + int32(a>>shift)
			d[1] = d[0] + 1 + int32(b>>shift)
			d[2] = d[1] + 1 + int32(c>>shift)
			d[3] = d[2] + 1 + int32(e>>shift)
			p[0], p[1], p[2], p[3] = uint32(a&place), uint32(b&place), uint32(c&place), uint32(e&place)
			last = d[3]
			bit += 4 * width
		}
	}
	for ; i < len(docs); i++ {
		v := binary.LittleEndian.Uint64(data[bit>>3:]) >> (bit & 7) & mask
		last += 1 + int32(v>>shift)
		docs[i], places[i] = last, uint32(v&place)
		bit += width
	}
	return last
}

// impactSize is the number of bytes of an impact.
const impactSize = 4

// other returns the impact that is kept at a place.
func (l *lists) other(at int32) float32 {
	return math.Float32frombits(binary.LittleEndian.Uint32(l.data[at:]))
}

// positions appends the positions that are kept at a place.
func (l *lists) positions(dst []int32, place uint32) []int32 {
	last, at := int32(-1), int(place)
	for {
		var v int
		if v, at = number(l.data, at); v == 0 {
			return dst
		}
		last += int32(v >> 1)
		dst = append(dst, last)
		if v&1 == 0 {
			return dst
		}
	}
}

// appendBlocks appends sections and what is in the low bits.
func appendBlocks(dst []byte, docs, lows []int32, low int) []byte {
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
		dst = packed.Append(dst, n, width+low, func(i int) uint64 { return gap(i)<<low | uint64(lows[i]) })
		last = docs[n-1]
		docs, lows = docs[n:], lows[n:]
	}
	return dst
}

// appendPositions appends what positions reads.
func appendPositions(dst []byte, places []int32) []byte {
	if len(places) == 0 {
		return append(dst, 0)
	}
	last := int32(-1)
	for i, p := range places {
		v := uint64(p-last) << 1
		if i < len(places)-1 {
			v |= 1
		}
		dst = binary.AppendUvarint(dst, v)
		last = p
	}
	return dst
}
