package knowledge

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"docent/knowledge/text"
)

// prose makes sentences of words, some of which are rare, some stop words, and some no words at all.
func prose(r *rand.Rand, sentences int) string {
	var b strings.Builder
	for range sentences {
		for range 1 + r.IntN(14) {
			n := int(r.ExpFloat64() * 40)
			switch {
			case n%7 == 0:
				b.WriteString("the ")
			case n%11 == 0:
				fmt.Fprintf(&b, "Wörter%d ", n)
			default:
				fmt.Fprintf(&b, "w%cx%d ", 'a'+n%26, n)
			}
		}
		b.WriteString([]string{"end. ", "!!! ", "ends?\n\n", ". — … "}[r.IntN(4)])
	}
	return b.String()
}

// someSections makes articles with names, example questions, empty and long sections.
func someSections(r *rand.Rand, n int) []*Section {
	var out []*Section
	for len(out) < n {
		a := &Article{ID: fmt.Sprint("a", len(out)), Language: "en", Title: prose(r, r.IntN(2)), Aliases: []string{"", prose(r, 1)}[r.IntN(2):]}
		for range 1 + r.IntN(20) {
			s := &Section{Ref: Ref{a.ID, fmt.Sprint(len(out))}, Article: a, Heading: prose(r, r.IntN(2)), Text: prose(r, r.IntN(7))}
			for range r.IntN(3) {
				s.Aliases, s.Ask = append(s.Aliases, prose(r, r.IntN(2))), append(s.Ask, prose(r, 1))
			}
			if r.IntN(20) == 0 {
				s.Text = prose(r, 300)
			}
			a.Sections = append(a.Sections, s)
			out = append(out, s)
		}
	}
	return out
}

// A plainUnit is a unit as the text has it, and plainSection the units of a section, those of the article last.
type plainUnit struct {
	kind  kind
	text  string
	terms []int32
}

func plainSection(x *index, s *Section) []plainUnit {
	var out []plainUnit
	stem := text.NewStemmer("en")
	add := func(k kind, all ...string) {
		for _, t := range all {
			u := plainUnit{kind: k, text: t}
			for _, w := range text.Words(nil, text.Fold(t)) {
				if id := x.lookup(w, stem).id; id >= 0 {
					u.terms = append(u.terms, id)
				}
			}
			if len(u.terms) > 0 {
				out = append(out, u)
			}
		}
	}
	add(kindHeading, s.Heading)
	add(kindAlias, s.Aliases...)
	add(kindAsk, s.Ask...)
	add(kindBody, sentences(s.Text)...)
	add(kindArticle, s.Article.Title)
	add(kindArticle, s.Article.Aliases...)
	return out
}

// FuzzIndex holds that the packed index says of each section what a plain reading of it does: its units, their texts and
// places, which terms stand where, and how much each counts.
func FuzzIndex(f *testing.F) {
	lex, err := text.English()
	if err != nil {
		f.Fatal(err)
	}
	for seed, n := range []uint16{0, 1, 8, 70, 400} {
		f.Add(uint64(seed), n)
	}
	f.Fuzz(func(t *testing.T, seed uint64, n uint16) {
		r := rand.New(rand.NewPCG(seed, 1))
		sections := someSections(r, int(n)%500)
		x := newIndex(lex, sections)
		plain := make([][]plainUnit, len(sections))
		var mean [kinds]float64
		for d, s := range sections {
			plain[d] = plainSection(x, s)
			for _, u := range plain[d] {
				mean[u.kind] += float64(len(u.terms))
			}
			sameUnits(t, x, int32(d), plain[d])
		}
		for k := range mean {
			mean[k] = max(1, mean[k]/float64(max(1, len(sections))))
		}
		from := int32(r.IntN(len(sections) + 1))
		to := from + int32(r.IntN(len(sections)+1-int(from)))
		samePostings(t, x, plain, &mean, 0, int32(len(sections)))
		samePostings(t, x, plain, &mean, from, to)
	})
}

func sameUnits(t *testing.T, x *index, d int32, want []plainUnit) {
	t.Helper()
	place := int32(0)
	u := x.units(d)
	for i, p := range want {
		if p.kind == kindArticle {
			break // those are not kept
		}
		if !u.next() {
			t.Fatalf("section %d ends before unit %d", d, i)
		}
		got := x.unit(d, u.i)
		if got.kind != p.kind || got.text(x.sections[d]) != p.text || u.from != place || int(u.to-u.from) != len(p.terms) {
			t.Fatalf("section %d, unit %d: got kind %d, %q at %d to %d; want kind %d, %q, %d terms at %d",
				d, i, got.kind, got.text(x.sections[d]), u.from, u.to, p.kind, p.text, len(p.terms), place)
		}
		place = u.to
	}
	if u.next() {
		t.Fatalf("section %d has a unit more", d)
	}
}

// A standing is where and how much a term stands in a section.
type standing struct {
	places []int32
	impact float32
}

func samePostings(t *testing.T, x *index, plain [][]plainUnit, mean *[kinds]float64, from, to int32) {
	t.Helper()
	want := make([]map[int32]standing, len(x.terms.share)) // by term and section
	for d := from; d < to; d++ {
		for term, s := range standings(plain[d], mean) {
			if want[term] == nil {
				want[term] = map[int32]standing{}
			}
			want[term][d] = s
		}
	}
	for term := range want {
		p := postings{docs: []int32{-1}, places: []uint32{0}} // what is there already stays
		f := x.lists.read(&p, int32(term), from, to)
		if f.df() != len(want[term]) || f.from != 1 || int(f.to) != len(p.docs) || len(p.docs) != len(p.places) {
			t.Fatalf("term %d in [%d, %d): got %+v, want %d sections", term, from, to, f, len(want[term]))
		}
		for i := f.from; i < f.to; i++ {
			d := p.docs[i]
			got := standing{places: []int32{int32(p.places[i])}}
			if i < f.mid {
				got.impact = x.lists.shapes[x.lists.shape[d]].impact(p.places[i])
			} else {
				got = standing{x.lists.positions(nil, p.places[i]), x.lists.other(f.impacts + (i-f.mid)*impactSize)}
			}
			if w := want[term][d]; !slices.Equal(got.places, w.places) || got.impact != w.impact {
				t.Fatalf("term %d in section %d: got %+v, want %+v", term, d, got, w)
			}
		}
	}
}

// standings computes BM25F's saturated frequencies in the plain way.
func standings(units []plainUnit, mean *[kinds]float64) map[int32]standing {
	var length [kinds]float64
	for _, u := range units {
		length[u.kind] += float64(len(u.terms))
	}
	freq, places, place := map[int32]float64{}, map[int32][]int32{}, int32(0)
	for _, u := range units {
		norm := 1 - fieldNorm[u.kind] + fieldNorm[u.kind]*length[u.kind]/mean[u.kind]
		for _, term := range u.terms {
			freq[term] += fieldWeight[u.kind] / norm
			if u.kind != kindArticle {
				places[term] = append(places[term], place)
			}
			place++
		}
	}
	out := map[int32]standing{}
	for term, f := range freq {
		out[term] = standing{places[term], float32(f / (f + saturation))}
	}
	return out
}

// TestIndexIsSmall holds the memory that an index takes, without its sections.
func TestIndexIsSmall(t *testing.T) {
	if testing.Short() {
		t.Skip("the race detector, with which tests are short, takes memory of its own")
	}
	lex, err := text.English()
	if err != nil {
		t.Fatal(err)
	}
	const n = 3000
	r := rand.New(rand.NewPCG(1, 1))
	a := &Article{ID: "a", Language: "en"}
	for i := range n {
		s := &Section{Ref: Ref{"a", fmt.Sprint(i)}, Article: a, Heading: prose(r, 1), Text: prose(r, 5)}
		a.Sections = append(a.Sections, s)
	}
	words := 0
	for _, s := range a.Sections {
		words += len(text.Words(nil, text.Fold(s.Heading+" "+s.Text)))
	}
	before := inUse()
	x := newIndex(lex, a.Sections)
	after := inUse()
	runtime.KeepAlive(x)
	runtime.KeepAlive(a)
	const most = 3.2 // bytes a word, of which two are postings
	if got := float64(after-before) / float64(words); got > most {
		t.Errorf("%.2f bytes for each of %d words, want at most %v", got, words, most)
	}
}

func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
