package knowledge

import (
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode"

	"docent/knowledge/packed"
	"docent/knowledge/text"
)

// A builder reads the sections of an index. Then it makes the parts of the index, each once, in the order of its methods.
type builder struct {
	lex   *text.Lexicon
	stem  *text.Stemmer
	words []string // scratch

	forms  map[string]int32 // word form -> its number
	form   []string         // by number
	counts []int32          // by form
	ids    []int32          // by form: 1 + its term, or 0 for a stop word
	stems  map[string]int32 // stem -> term
	firsts []int32          // by term: its first form
	share  []float64        // by term

	flat    []int32   // the terms of all units in order
	units   []rawUnit // of all docs
	docs    []rawDoc
	meanLen [kinds]float64
	df      []int32 // by term
	scratch []byte
}

// A rawUnit is a unit. Those of the article come last, and are not kept.
type rawUnit struct {
	from, to   int32 // its terms in flat
	begin, end int32 // of a sentence: its text, in that of the section; of another: begin is which of its kind it is
	kind       kind
}

// A rawDoc says where the units and terms of a section begin, and how many terms its heading has. Those of its body are
// from the position body to names.
type rawDoc struct {
	units, flat      int32
	head, body, rest int32
	shape            uint16
}

func newBuilder(lex *text.Lexicon, language string) *builder {
	return &builder{lex: lex, stem: text.NewStemmer(language), forms: map[string]int32{}, stems: map[string]int32{}}
}

func (b *builder) addSection(s *Section) {
	d := rawDoc{units: int32(len(b.units)), flat: int32(len(b.flat))}
	b.addName(kindHeading, 0, s.Heading)
	d.head = int32(len(b.flat)) - d.flat
	for i, a := range s.Aliases {
		b.addName(kindAlias, i, a)
	}
	for i, a := range s.Ask {
		b.addName(kindAsk, i, a)
	}
	d.body = int32(len(b.flat)) - d.flat
	b.addBody(s.Text)
	d.rest = int32(len(b.flat)) - d.flat
	b.addName(kindArticle, 0, s.Article.Title)
	for i, a := range s.Article.Aliases {
		b.addName(kindArticle, i, a)
	}
	b.docs = append(b.docs, d)
}

func (b *builder) addName(k kind, place int, s string) {
	if from := int32(len(b.flat)); b.addTerms(s) > 0 {
		b.units = append(b.units, rawUnit{from: from, to: int32(len(b.flat)), kind: k, begin: int32(place)})
		b.meanLen[k] += float64(int32(len(b.flat)) - from)
	}
}

func (b *builder) addBody(body string) {
	end := 0
	for _, s := range sentences(body) {
		rest := body[end:]
		begin := end + len(rest) - len(strings.TrimLeftFunc(rest, unicode.IsSpace))
		end = begin + len(s)
		from := int32(len(b.flat))
		if n := b.addTerms(s); n > 0 {
			b.meanLen[kindBody] += float64(n)
			b.units = append(b.units, rawUnit{from: from, to: int32(len(b.flat)), kind: kindBody, begin: int32(begin), end: int32(end)})
		}
	}
}

// addTerms appends the terms of s to flat and returns how many they are. It leaves stop words out.
func (b *builder) addTerms(s string) int {
	before := len(b.flat)
	b.words = text.Words(b.words[:0], text.Fold(s))
	for _, w := range b.words {
		f, ok := b.forms[w]
		if !ok {
			f = b.addForm(strings.Clone(w)) // else the map would keep the whole sentence
		}
		b.counts[f]++
		if id := b.ids[f]; id > 0 {
			b.flat = append(b.flat, id-1)
		}
	}
	return len(b.flat) - before
}

func (b *builder) addForm(w string) int32 {
	f := int32(len(b.form))
	b.forms[w] = f
	b.form, b.counts = append(b.form, w), append(b.counts, 0)
	if text.Stop(w) {
		b.ids = append(b.ids, 0)
		return f
	}
	stem := b.stem.Stem(w)
	id, ok := b.stems[stem]
	if !ok {
		id = int32(len(b.firsts))
		b.stems[stem] = id
		b.firsts, b.share = append(b.firsts, f), append(b.share, 0)
	}
	if r, known := b.lex.Rarity(w); known {
		b.share[id] += math.Exp(-r)
	}
	b.ids = append(b.ids, id+1)
	return f
}

// terms makes the terms. They keep their numbers; forms get those that a Vocabulary gives them.
func (b *builder) terms() *terms {
	forms, order := text.NewVocabulary(b.lex, b.form, b.counts)
	t := &terms{lex: b.lex, forms: forms, share: make([]float32, len(b.share))}
	for i, s := range b.share {
		t.share[i] = float32(s)
	}
	t.ids = packed.Pack(len(order), func(i int) uint64 { return uint64(b.ids[order[i]]) })
	now := make([]uint32, len(order)) // by the form's old number
	for i, old := range order {
		now[old] = uint32(i)
	}
	hashes := make([]uint32, len(b.firsts))
	for stem, id := range b.stems {
		hashes[id] = packed.Hash(stem)
	}
	t.stems = packed.NewTable(len(b.firsts), func(i int) (uint32, uint32) { return hashes[i], now[b.firsts[i]] })
	b.forms, b.form, b.ids, b.stems, b.firsts = nil, nil, nil, nil, nil // no longer needed
	return t
}

// weigh computes what depends on all sections: mean lengths, shapes, and how many sections have each term.
func (b *builder) weigh() {
	for k := range b.meanLen {
		b.meanLen[k] = max(1, b.meanLen[k]/float64(max(1, len(b.docs))))
	}
	b.df = make([]int32, len(b.share))
	last := make([]int32, len(b.share)) // 1 + the last doc that has the term
	for i := range b.docs {
		for _, t := range b.flat[b.docs[i].flat:b.flatEnd(i)] {
			if last[t] != int32(i)+1 {
				last[t] = int32(i) + 1
				b.df[t]++
			}
		}
	}
}

func (b *builder) flatEnd(i int) int32 {
	if i+1 < len(b.docs) {
		return b.docs[i+1].flat
	}
	return int32(len(b.flat))
}

// unitsOf returns the units of a doc.
func (b *builder) unitsOf(i int) []rawUnit {
	if i+1 < len(b.docs) {
		return b.units[b.docs[i].units:b.docs[i+1].units]
	}
	return b.units[b.docs[i].units:]
}

// packUnits makes the units, without those of the article, which nothing asks for.
func (b *builder) packUnits() ([]byte, packed.Ints) {
	idf := make([]float32, len(b.df))
	for t := range idf {
		idf[t] = float32(inverse(int(b.df[t]), len(b.docs), float64(float32(b.share[t]))))
	}
	var data []byte
	at := make([]int32, len(b.docs))
	for i := range b.docs {
		at[i] = int32(len(data))
		units := b.unitsOf(i)
		own := len(units)
		for own > 0 && units[own-1].kind == kindArticle {
			own--
		}
		data = b.appendUnits(data, units[:own], idf)
	}
	return slices.Clone(data), packed.Pack(len(at), func(i int) uint64 { return uint64(at[i]) })
}

func (b *builder) appendUnits(dst []byte, units []rawUnit, idf []float32) []byte {
	names := 0
	for names < len(units) && units[names].kind != kindBody {
		names++
	}
	counts, last := b.scratch[:0], int32(-1)
	for _, u := range units {
		count := uint64(u.to-u.from) << 1
		if u.kind == kindBody {
			if u.begin != last+1 {
				count |= 1
			}
			last = u.end
		}
		counts = binary.AppendUvarint(counts, count)
	}
	b.scratch = counts
	dst = binary.AppendUvarint(dst, uint64(names))
	dst = append(binary.AppendUvarint(dst, uint64(len(counts))), counts...)
	for _, u := range units[:names] {
		dst = binary.AppendUvarint(dst, uint64(u.begin<<kindBits|int32(u.kind)))
		dst = binary.LittleEndian.AppendUint32(dst, math.Float32bits(mass(b.flat[u.from:u.to], idf)))
	}
	last = -1
	for _, u := range units[names:] {
		if u.begin != last+1 {
			dst = binary.AppendUvarint(dst, uint64(u.begin-max(last, 0)))
		}
		dst = binary.AppendUvarint(dst, uint64(u.end-u.begin))
		last = u.end
	}
	return dst
}

// mass is the sum of the idf of distinct terms.
func mass(terms []int32, idf []float32) float32 {
	sum := float32(0)
	for i, t := range terms {
		if !slices.Contains(terms[:i], t) {
			sum += idf[t]
		}
	}
	return sum
}
