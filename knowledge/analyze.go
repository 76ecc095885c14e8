package knowledge

import (
	"math"
	"strings"

	"docent/knowledge/text"
)

// noTerm marks a word that no section contains; stopTerm one that carries no topic.
const (
	noTerm   = int32(-1)
	stopTerm = int32(-2)
)

// A lexicon of terms: every word form of the base, and the term (stem) that it stands for. It is built once and then
// only read.
type terms struct {
	lex    *text.Lexicon
	ids    map[string]int32 // folded word form -> term, or stopTerm
	stems  map[string]int32 // stem -> term
	counts map[string]int   // folded word form -> occurrences
	share  []float64        // of a term's forms in general English
	stem   *text.Stemmer
	words  []string // scratch for building
}

func newTerms(lex *text.Lexicon, language string) *terms {
	return &terms{
		lex: lex, ids: map[string]int32{}, stems: map[string]int32{}, counts: map[string]int{},
		stem: text.NewStemmer(language),
	}
}

// add appends the terms of s to dst, making new ones as needed, and leaves stop words out.
func (t *terms) add(dst []int32, s string) []int32 {
	t.words = text.Words(t.words[:0], text.Fold(s))
	for _, w := range t.words {
		id, ok := t.ids[w]
		if !ok {
			w = strings.Clone(w) // else the map would keep the whole sentence
			id = t.make(w)
		}
		t.counts[w]++
		if id >= 0 {
			dst = append(dst, id)
		}
	}
	return dst
}

func (t *terms) make(w string) int32 {
	if text.Stop(w) {
		t.ids[w] = stopTerm
		return stopTerm
	}
	stem := t.stem.Stem(w)
	id, ok := t.stems[stem]
	if !ok {
		id = int32(len(t.share))
		t.stems[stem] = id
		t.share = append(t.share, 0)
	}
	if r, known := t.lex.Rarity(w); known {
		t.share[id] += math.Exp(-r)
	}
	t.ids[w] = id
	return id
}

// A word of a question, as the index sees it.
type word struct {
	form  string
	id    int32   // its term, noTerm or stopTerm
	share float64 // of its forms in general English
	idf   float64 // how much it tells, among the sections that are searched
	real  bool    // a known word of the base or of English
	here  bool    // some section that is searched has it
}

// lookup reads a folded word of a question. The stemmer is the caller's own, so that lookups can run side by side.
func (x *index) lookup(w string, stem *text.Stemmer) word {
	if id, ok := x.terms.ids[w]; ok {
		if id == stopTerm {
			return word{form: w, id: stopTerm, real: true}
		}
		return word{form: w, id: id, share: x.terms.share[id], real: true}
	}
	if text.Stop(w) {
		return word{form: w, id: stopTerm, real: true}
	}
	if id, ok := x.terms.stems[stem.Stem(w)]; ok {
		return word{form: w, id: id, share: x.terms.share[id], real: true}
	}
	rarity, known := x.terms.lex.Rarity(w)
	return word{form: w, id: noTerm, share: math.Exp(-rarity), real: known && rarity < 15.5}
}

// background is the number of imagined sections of general English that are mixed with the base's own when word
// frequencies are judged: a base of eight sections knows little of its own.
const (
	background       = 120
	backgroundLength = 60 // words in an imagined section
)

// inverse is the inverse document frequency of a term in df of n sections whose share of general English is given.
func inverse(df, n int, share float64) float64 {
	d := float64(df) + float64(background*(1-math.Exp(-share*backgroundLength)))
	return math.Log(1 + (float64(n)+background-d+0.5)/(d+0.5))
}
