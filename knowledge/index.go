package knowledge

import (
	"math"
	"slices"

	"docent/knowledge/text"
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

// Weights and length normalisation of the fields in BM25F.
var (
	fieldWeight = [kinds]float64{kindBody: 1, kindHeading: 2.2, kindAlias: 1.6, kindAsk: 0.8, kindArticle: 0.4}
	fieldNorm   = [kinds]float64{kindBody: 0.6, kindHeading: 0.3, kindAlias: 0.3, kindAsk: 0.6, kindArticle: 0.3}
)

// saturation is BM25's k1.
const saturation = 1.2

// A unit is a sentence of the body, the heading, an alias or an example question.
type unit struct {
	from, to int32 // its terms in index.flat
	kind     kind
	mass     float32 // sum of the idf of its distinct terms
}

// A doc is a section in the index.
type doc struct {
	section  *Section
	from, to int32 // its units
}

// An index is an inverted index over sections, with the text of each section as terms beside it. It is immutable.
type index struct {
	terms    *terms
	speller  *text.Speller
	docs     []doc
	units    []unit
	unitText []string // what each unit says, as it was written
	flat     []int32  // the terms of all units in order
	idf      []float64
	post     [][]posting
	meanLen  [kinds]float64
	articles map[string][2]int32 // first and past-the-last doc of an article
	names    []string            // folded headings and aliases, and article titles on an article's first section
	named    []int32             // the docs that they name

	abbreviations map[string]string // folded, with what the sections say they stand for
}

// A posting says how much a term counts in a section: its saturated frequency, between 0 and 1.
type posting struct {
	doc    int32
	impact float32
}

// newIndex indexes sections, which are grouped by article.
func newIndex(lex *text.Lexicon, sections []*Section) *index {
	language := "en"
	if len(sections) > 0 {
		language = sections[0].Article.Language
	}
	x := &index{terms: newTerms(lex, language), articles: map[string][2]int32{}, abbreviations: map[string]string{}}
	for i, s := range sections {
		span, ok := x.articles[s.Ref.Article]
		if !ok {
			span[0] = int32(i)
		}
		span[1] = int32(i) + 1
		x.articles[s.Ref.Article] = span
		x.addUnits(s)
		abbreviations(x.abbreviations, s.Text)
	}
	// without room to grow
	x.docs, x.units = slices.Clone(x.docs), slices.Clone(x.units)
	x.unitText, x.flat = slices.Clone(x.unitText), slices.Clone(x.flat)
	x.weigh()
	x.speller = text.NewSpeller(lex, x.terms.counts)
	return x
}

func (x *index) addUnits(s *Section) {
	d := doc{section: s, from: int32(len(x.units))}
	x.addUnit(kindHeading, s.Heading)
	for _, a := range s.Aliases {
		x.addUnit(kindAlias, a)
	}
	for _, a := range s.Ask {
		x.addUnit(kindAsk, a)
	}
	for _, sentence := range sentences(s.Text) {
		x.addUnit(kindBody, sentence)
	}
	x.addUnit(kindArticle, s.Article.Title)
	for _, a := range s.Article.Aliases {
		x.addUnit(kindArticle, a)
	}
	d.to = int32(len(x.units))
	x.docs = append(x.docs, d)
	x.name(s.Heading)
	for _, a := range s.Aliases {
		x.name(a)
	}
	if s == s.Article.Sections[0] {
		x.name(s.Article.Title)
	}
}

// name notes a name of the last doc.
func (x *index) name(n string) {
	if n != "" {
		x.names = append(x.names, text.Fold(n))
		x.named = append(x.named, int32(len(x.docs)-1))
	}
}

func (x *index) addUnit(k kind, s string) {
	from := int32(len(x.flat))
	x.flat = x.terms.add(x.flat, s)
	if int32(len(x.flat)) == from {
		return
	}
	x.units = append(x.units, unit{from: from, to: int32(len(x.flat)), kind: k})
	x.unitText = append(x.unitText, s)
	x.meanLen[k] += float64(int32(len(x.flat)) - from)
}

// weigh computes what depends on all sections: idf, impacts and the mass of units.
func (x *index) weigh() {
	for k := range x.meanLen {
		x.meanLen[k] = max(1, x.meanLen[k]/float64(max(1, len(x.docs))))
	}
	x.idf = make([]float64, len(x.terms.share))
	x.makeLists()
	freq := make([]float64, len(x.terms.share))
	var order []int32
	for i := range x.docs {
		order = x.postings(int32(i), freq, order[:0])
	}
	for t := range x.idf {
		x.idf[t] = inverse(len(x.post[t]), len(x.docs), x.terms.share[t])
	}
	for i := range x.units {
		u := &x.units[i]
		ts := x.flat[u.from:u.to]
		for j, t := range ts {
			if !slices.Contains(ts[:j], t) {
				u.mass += float32(x.idf[t])
			}
		}
	}
}

// makeLists makes the lists of postings, empty and as long as they will be, in one piece of memory.
func (x *index) makeLists() {
	size := make([]int32, len(x.terms.share))
	last := make([]int32, len(x.terms.share)) // 1 + the last doc that has the term
	all := 0
	for i := range x.docs {
		d := &x.docs[i]
		for _, u := range x.units[d.from:d.to] {
			for _, t := range x.flat[u.from:u.to] {
				if last[t] != int32(i)+1 {
					last[t] = int32(i) + 1
					size[t]++
					all++
				}
			}
		}
	}
	room := make([]posting, all)
	x.post = make([][]posting, len(size))
	for t, n := range size {
		x.post[t], room = room[:0:n], room[n:]
	}
}

// postings adds one section's terms to the lists. Freq, which is by term and zero, and order are scratch.
func (x *index) postings(i int32, freq []float64, order []int32) []int32 {
	d := x.docs[i]
	var length [kinds]float64
	for _, u := range x.units[d.from:d.to] {
		length[u.kind] += float64(u.to - u.from)
	}
	for _, u := range x.units[d.from:d.to] {
		norm := 1 - fieldNorm[u.kind] + fieldNorm[u.kind]*length[u.kind]/x.meanLen[u.kind]
		for _, t := range x.flat[u.from:u.to] {
			if freq[t] == 0 {
				order = append(order, t)
			}
			freq[t] += fieldWeight[u.kind] / norm
		}
	}
	for _, t := range order {
		f := freq[t]
		freq[t] = 0
		x.post[t] = append(x.post[t], posting{i, float32(f / (f + saturation))})
	}
	return order
}

// topicShare is the share of an article's sections above which a term is the topic of the article rather than of one of
// its sections.
const topicShare = 0.6

// topical reports whether what stands in df of n sections is in nearly every one, so that it tells none of them apart.
func topical(df, n int) bool {
	return n >= 3 && float64(df) >= math.Ceil(topicShare*float64(n))
}
