package knowledge

import (
	"strings"

	"docent/knowledge/text"
)

// A reading is one way to understand a question: its words as written, or with misspelt ones repaired.
type reading struct {
	words   []word // without stop words, without repetitions
	bigrams [][2]int32
	mass    float64 // sum of idf, once the sections are known
	asked   string  // the text to compare by meaning
	repairs []Repair
}

// maxWords is the number of different words of a question that count. More do not make it clearer.
const maxWords = 64

// read returns the question as written and, where that differs, as repaired.
func (x *index) read(question string, stem *text.Stemmer) []reading {
	folded := text.Fold(question)
	forms := text.Words(nil, folded)
	if len(forms) > 4*maxWords {
		forms = forms[:4*maxWords]
	}
	as := x.reading(forms, stem)
	as.asked = x.spelledOut(strings.TrimSpace(question), forms)
	if fixed, repairs := x.repair(forms, stem); len(repairs) > 0 {
		r := x.reading(fixed, stem)
		r.asked = x.spelledOut(strings.Join(fixed, " "), fixed)
		r.repairs = repairs
		return []reading{as, r}
	}
	return []reading{as}
}

func (x *index) reading(forms []string, stem *text.Stemmer) reading {
	var r reading
	last := noTerm
	for i := 0; i < len(forms) && len(r.words) < maxWords; i++ {
		w := x.lookup(forms[i], stem)
		if i+1 < len(forms) { // "anti depressants"
			if j := x.joined(w, forms[i+1], stem); j.id >= 0 {
				w = j
				i++
			}
		}
		if w.id == stopTerm {
			continue
		}
		if last >= 0 && w.id >= 0 {
			r.bigrams = append(r.bigrams, [2]int32{last, w.id})
		}
		last = w.id
		if !r.has(w) {
			r.words = append(r.words, w)
		}
	}
	return r
}

// joined reads a word and the next one as a single word of the base, when they are not two words of the base.
func (x *index) joined(w word, next string, stem *text.Stemmer) word {
	if len(w.form)+len(next) < 7 || len(w.form) < 3 {
		return word{id: noTerm}
	}
	if n := x.lookup(next, stem); w.id >= 0 && n.id >= 0 {
		return word{id: noTerm}
	}
	return x.lookup(w.form+next, stem)
}

func (r *reading) has(w word) bool {
	for i := range r.words {
		if o := &r.words[i]; o.form == w.form || w.id >= 0 && o.id == w.id {
			return true
		}
	}
	return false
}

// maxRepairs and maxUnknown bound the work on a question that is not language at all: words replaced, and words looked at.
const (
	maxRepairs = 8
	maxUnknown = 12
)

// repair returns the forms with misspelt words replaced, and what was replaced.
func (x *index) repair(forms []string, stem *text.Stemmer) ([]string, []Repair) {
	var fixed []string
	var repairs []Repair
	unknown := 0
	for i, f := range forms {
		if len(repairs) == maxRepairs || unknown == maxUnknown {
			break
		}
		if w := x.lookup(f, stem); w.id != noTerm || w.real {
			continue
		}
		unknown++
		to, ok := x.speller.Repair(f)
		if !ok {
			continue
		}
		if fixed == nil {
			fixed = append([]string(nil), forms...)
		}
		fixed[i] = to
		repairs = append(repairs, Repair{From: f, To: to})
	}
	if fixed == nil {
		return nil, nil
	}
	return strings.Fields(strings.Join(fixed, " ")), repairs
}
