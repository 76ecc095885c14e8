package knowledge

import (
	"encoding/binary"
	"math"
	"math/bits"
	"slices"

	"docent/knowledge/packed"
)

// An occurrence is a place where a term stands: a section, and a position in it.
type occurrence struct{ doc, place int32 }

// lists makes the postings.
func (b *builder) lists() lists {
	l := lists{bits: b.positionBits()}
	b.shapes(&l)
	all, begin := b.occurrences()
	b.flat = nil // no longer needed
	at := make([]int32, len(b.df))
	w := listWriter{b: b, l: &l}
	for t := range at {
		at[t] = int32(len(l.data))
		w.append(all[begin[t]:begin[t+1]])
	}
	l.data = slices.Clone(packed.Pad(l.data)) // without room to grow
	l.at = packed.Pack(len(at), func(i int) uint64 { return uint64(at[i]) })
	return l
}

// positionBits returns the number of bits that nearly all positions of headings and bodies fit in: a few that do not may
// rather take more.
func (b *builder) positionBits() int {
	const few = 64
	var ends [maxPositionBits + 1]int
	all := 0
	for _, d := range b.docs {
		all += int(d.rest)
		for n := range ends {
			ends[n] += int(min(d.rest, 1<<n))
		}
	}
	for n, fit := range ends {
		if all-fit <= all/few {
			return n
		}
	}
	return maxPositionBits
}

// shapes finds the shapes of all sections. Shape 0 is of sections that have none, as there are too many.
func (b *builder) shapes(l *lists) {
	l.shape = make([]uint16, len(b.docs))
	l.shapes = []shape{{}}
	known := map[[2]int32]uint16{}
	for i := range b.docs {
		d := &b.docs[i]
		key := [2]int32{d.head, d.rest - d.body}
		n, ok := known[key]
		if !ok && len(l.shapes) <= math.MaxUint16 {
			n = uint16(len(l.shapes))
			known[key] = n
			body := saturated(fieldWeight[kindBody] / b.norm(kindBody, float64(d.rest-d.body)))
			head := saturated(fieldWeight[kindHeading] / b.norm(kindHeading, float64(d.head)))
			l.shapes = append(l.shapes, shape{head: d.head, once: [2]float32{body, head}})
		}
		d.shape, l.shape[i] = n, n
	}
	l.shapes = slices.Clone(l.shapes)
}

// norm is what a term's occurrences in a part of a section are divided by when that part has so many terms.
func (b *builder) norm(k kind, length float64) float64 {
	return 1 - fieldNorm[k] + fieldNorm[k]*length/b.meanLen[k]
}

// saturated is the impact of a term of such a frequency, between 0 and 1: the more often, the less each time counts.
func saturated(f float64) float32 { return float32(f / (f + saturation)) }

// occurrences returns all occurrences by term, in order, and where those of each begin.
func (b *builder) occurrences() (all []occurrence, begin []int32) {
	begin = make([]int32, len(b.df)+1)
	for _, t := range b.flat {
		begin[t+1]++
	}
	for t := range b.df {
		begin[t+1] += begin[t]
	}
	all = make([]occurrence, len(b.flat))
	next := slices.Clone(begin)
	for i := range b.docs {
		from := b.docs[i].flat
		for k, t := range b.flat[from:b.flatEnd(i)] {
			all[next[t]] = occurrence{int32(i), int32(k)}
			next[t]++
		}
	}
	return all, begin
}

// A listWriter appends lists to the data. The slices are scratch.
type listWriter struct {
	b         *builder
	l         *lists
	docs      []int32 // that have the term once,
	places    []int32 // and where
	once      []byte
	others    []occurrence
	sizes     []int32 // of the positions of others, by section
	impacts   []byte
	positions []byte
}

// append appends the list of a term.
func (w *listWriter) append(all []occurrence) {
	w.docs, w.places, w.others = w.docs[:0], w.places[:0], w.others[:0]
	for i := 0; i < len(all); {
		n := same(all[i:])
		if n == 1 && w.plain(all[i]) {
			w.docs, w.places = append(w.docs, all[i].doc), append(w.places, all[i].place)
		} else {
			w.others = append(w.others, all[i:i+n]...)
		}
		i += n
	}
	head, data := uint64(len(w.docs))<<1, w.l.data
	if len(w.others) == 0 {
		w.l.data = appendBlocks(binary.AppendUvarint(data, head), w.docs, w.places, w.l.bits)
		return
	}
	once := appendBlocks(w.once[:0], w.docs, w.places, w.l.bits)
	w.once = once
	w.readOthers()
	low := bits.Len32(uint32(slices.Max(w.sizes)))
	data = binary.AppendUvarint(binary.AppendUvarint(data, head|1), uint64(len(w.docs)))
	data = append(append(data, byte(low)), once...)
	data = appendBlocks(data, w.docs, w.sizes, low)
	w.l.data = append(append(data, w.impacts...), w.positions...)
}

// same returns how many occurrences, from the first on, are in one section.
func same(all []occurrence) int {
	n := 1
	for n < len(all) && all[n].doc == all[0].doc {
		n++
	}
	return n
}

// plain reports whether a term that stands nowhere else in a section can be in a block.
func (w *listWriter) plain(o occurrence) bool {
	d := &w.b.docs[o.doc]
	return d.shape > 0 && o.place < 1<<w.l.bits && (o.place < d.head || o.place >= d.body && o.place < d.rest)
}

// readOthers makes docs those of the others, and what is kept of them.
func (w *listWriter) readOthers() {
	w.docs, w.sizes, w.impacts, w.positions = w.docs[:0], w.sizes[:0], w.impacts[:0], w.positions[:0]
	for rest := w.others; len(rest) > 0; {
		n := same(rest)
		d := rest[0].doc
		w.places = w.places[:0]
		for _, o := range rest[:n] {
			w.places = append(w.places, o.place)
		}
		impact := w.b.impact(d, w.places)
		own := len(w.places) // but for those in the article's names, which nothing asks for
		for own > 0 && w.places[own-1] >= w.b.docs[d].rest {
			own--
		}
		before := len(w.positions)
		w.positions = appendPositions(w.positions, w.places[:own])
		w.impacts = binary.LittleEndian.AppendUint32(w.impacts, math.Float32bits(impact))
		w.docs, w.sizes = append(w.docs, d), append(w.sizes, int32(len(w.positions)-before))
		rest = rest[n:]
	}
}

// impact says how much a term counts in a section where it stands at these places.
func (b *builder) impact(d int32, places []int32) float32 {
	var length [kinds]float64
	units := b.unitsOf(int(d))
	for _, u := range units {
		length[u.kind] += float64(u.to - u.from)
	}
	f := 0.0
	k := 0
	for _, p := range places {
		for units[k].to <= b.docs[d].flat+p {
			k++
		}
		kind := units[k].kind
		f += fieldWeight[kind] / b.norm(kind, length[kind])
	}
	return saturated(f)
}
