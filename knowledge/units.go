package knowledge

import (
	"encoding/binary"
	"math"
	"strings"
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
//
// A section's units are kept as bytes: the number of names (heading, aliases and example questions); for each its kind,
// its place among those of the section, the number of its terms and its mass; then for each sentence the number of its
// terms and how far its text ends behind that of the one before. Without terms such a stretch of text is only passed over.
type unit struct {
	i        int32 // its number in its section
	kind     kind
	from, to int32   // the positions of its terms in the section
	mass     float32 // of a name: sum of the idf of its distinct terms

	place      int // of a name: which alias or example question
	begin, end int // of a sentence: its text, in that of the section
}

// A unitReader reads the units of a section, one after the other.
type unitReader struct {
	unit
	rest  []byte
	names int
}

// units returns a reader of a section's units. Next must be called before the first.
func (x *index) units(d int32) unitReader {
	r := unitReader{rest: x.unitData[x.unitAt.At(int(d)):x.unitAt.At(int(d)+1)], unit: unit{i: -1}}
	r.names = r.number()
	return r
}

// next reads a unit and reports whether there was one.
func (r *unitReader) next() bool {
	r.from = r.to
	if r.names > 0 {
		r.names--
		k := r.number()
		r.kind, r.place = kind(k&(1<<kindBits-1)), k>>kindBits
		r.to += int32(r.number())
		r.mass = math.Float32frombits(binary.LittleEndian.Uint32(r.rest))
		r.rest = r.rest[4:]
		r.i++
		return true
	}
	for len(r.rest) > 0 {
		n := r.number()
		r.begin = r.end
		r.end += r.number()
		if n > 0 {
			r.kind, r.to = kindBody, r.from+int32(n)
			r.i++
			return true
		}
	}
	return false
}

const kindBits = 2

func (r *unitReader) number() int {
	if v := r.rest[0]; v < 0x80 {
		r.rest = r.rest[1:]
		return int(v)
	}
	v, n := binary.Uvarint(r.rest)
	r.rest = r.rest[n:]
	return int(v)
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
	return strings.TrimSpace(s.Text[u.begin:u.end])
}

// unit returns a unit by its number in a section.
func (x *index) unit(d, i int32) unit {
	r := x.units(d)
	for r.next() && r.i < i {
	}
	return r.unit
}

// appendNames, appendName and appendSentence write what a unitReader reads.
func appendNames(dst []byte, n int) []byte { return binary.AppendUvarint(dst, uint64(n)) }

func appendName(dst []byte, k kind, place, terms int, mass float32) []byte {
	dst = binary.AppendUvarint(dst, uint64(place<<kindBits|int(k)))
	dst = binary.AppendUvarint(dst, uint64(terms))
	return binary.LittleEndian.AppendUint32(dst, math.Float32bits(mass))
}

func appendSentence(dst []byte, terms, length int) []byte {
	return binary.AppendUvarint(binary.AppendUvarint(dst, uint64(terms)), uint64(length))
}
