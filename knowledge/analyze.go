package knowledge

import (
	"math"

	"docent/knowledge/packed"
	"docent/knowledge/text"
)

// noTerm marks a word that no section contains; stopTerm one that carries no topic.
const (
	noTerm   = int32(-1)
	stopTerm = int32(-2)
)

// The terms of a base: every word form that it has, and the term (stem) that each stands for. It is immutable.
type terms struct {
	lex   *text.Lexicon
	forms *text.Vocabulary
	ids   packed.Ints  // by form: 1 + its term, or 0 for a stop word
	stems packed.Table // of one form of each term, by the hash of its stem
	share []float32    // of a term's forms in general English
}

// find returns the term of a form that the base has, or stopTerm.
func (t *terms) find(form string) (int32, bool) {
	i, ok := t.forms.Find(form)
	if !ok {
		return noTerm, false
	}
	return t.id(i), true
}

// id returns the term of a form by its number, or stopTerm.
func (t *terms) id(form int) int32 {
	if id := int32(t.ids.At(form)) - 1; id >= 0 {
		return id
	}
	return stopTerm
}

// stemmed returns the term of a stem. Stems are not kept: a form of each term is stemmed again.
func (t *terms) stemmed(s string, stem *text.Stemmer) (int32, bool) {
	for p := t.stems.Probe(packed.Hash(s)); ; {
		i := p.Next()
		if i < 0 {
			return noTerm, false
		}
		if stem.Stem(t.forms.Word(i)) == s {
			return t.id(i), true
		}
	}
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
	if id, ok := x.terms.find(w); ok {
		return x.word(w, id)
	}
	if text.Stop(w) {
		return word{form: w, id: stopTerm, real: true}
	}
	if id, ok := x.terms.stemmed(stem.Stem(w), stem); ok {
		return x.word(w, id)
	}
	rarity, known := x.terms.lex.Rarity(w)
	return word{form: w, id: noTerm, share: math.Exp(-rarity), real: known && rarity < 15.5}
}

// word is what the index has for a form that stands for a term or is a stop word.
func (x *index) word(form string, id int32) word {
	if id == stopTerm {
		return word{form: form, id: stopTerm, real: true}
	}
	return word{form: form, id: id, share: float64(x.terms.share[id]), real: true}
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
