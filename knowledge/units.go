package knowledge

import (
	"encoding/binary"
	"math"
)

// kind says which part of a section a unit of text is.
type kind uint8

const (
	kindBody kind = iota
	kindHeading
	kindAlias
	kindAsk
	kindArticle // the article's title and aliases
	kinds       = iota
)

// A unit is a sentence of the body, the heading, an alias or an example question. Units without terms are none.
type unit struct {
	kind       kind
	place      int     // of a name: which alias or example question
	mass       float32 // of a name: sum of the idf of its distinct terms
	begin, end int     // of a sentence: its text, in that of the section
}

// The units of a section are kept as bytes: how many names (heading, aliases, example questions) it has, and how many
// bytes the next part takes; for each unit, names first, the number of its terms, doubled, plus one for a sentence that
// does not begin where it is expected to; for each name its kind and place, and its mass; and for each sentence how far it
// begins behind the end of the one before, if that is not one byte (of the first: none), and its length.

// A unitReader reads the units of a section, one after the other.
type unitReader struct {
	i        int32 // the number of the present unit
	from, to int32 // the positions of its terms in the section

	data       []byte
	at, counts int // in data: the number of the next unit's terms, the end of those
	names      int32
}

// units returns a reader of a section's units. Next must be called before the first.
func (x *index) units(d int32) unitReader {
	r := unitReader{i: -1, data: x.unitData[x.unitAt.At(int(d)):]}
	names, n := number(r.data, 0)
	size, n := number(r.data, n)
	r.names, r.at, r.counts = int32(names), n, n+size
	return r
}

// next goes on to a unit and reports whether there was one.
func (r *unitReader) next() bool {
	if r.at == r.counts {
		return false
	}
	v := int(r.data[r.at])
	if v < 0x80 {
		r.at++
	} else {
		v, r.at = number(r.data, r.at)
	}
	r.i++
	r.from, r.to = r.to, r.to+int32(v>>1)
	return true
}

// name returns the present unit, which is a name.
func (r *unitReader) name() unit {
	at := r.counts
	for i := int32(0); ; i++ {
		k, next := number(r.data, at)
		if i == r.i {
			mass := math.Float32frombits(binary.LittleEndian.Uint32(r.data[next:]))
			return unit{kind: kind(k & (1<<kindBits - 1)), place: k >> kindBits, mass: mass}
		}
		at = next + 4
	}
}

const kindBits = 2

// unit returns a unit by its number in a section.
func (x *index) unit(d, i int32) unit {
	r := x.units(d)
	counts := r.at
	if i < r.names {
		r.i = i
		return r.name()
	}
	at := r.counts
	for range r.names {
		_, at = number(r.data, at)
		at += 4
	}
	u := unit{kind: kindBody, end: -1}
	for k := int32(0); k <= i; k++ {
		var count, length int
		if count, counts = number(r.data, counts); k < r.names {
			continue
		}
		u.begin = u.end + 1
		if count&1 != 0 {
			u.begin, at = number(r.data, at)
			u.begin += max(u.end, 0)
		}
		length, at = number(r.data, at)
		u.end = u.begin + length
	}
	return u
}

// number reads a number of any size and returns where the next begins.
func number(data []byte, at int) (int, int) {
	if v := data[at]; v < 0x80 {
		return int(v), at + 1
	}
	v, n := binary.Uvarint(data[at:])
	return int(v), at + n
}

// text returns what a unit of a section says, as it was written.
func (u *unit) text(s *Section) string {
	switch u.kind {
	case kindHeading:
		return s.Heading
	case kindAlias:
		return s.Aliases[u.place]
	case kindAsk:
		return s.Ask[u.place]
	}
	return s.Text[u.begin:u.end]
}
