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

// read reads the question into w.reads, as written and, where that differs, as repaired, and returns how many that are.
func (x *index) read(question string, w *worker) int {
	w.forms = text.Words(w.forms[:0], text.Fold(question))
	if len(w.forms) > 4*maxWords {
		w.forms = w.forms[:4*maxWords]
	}
	x.reading(&w.reads[0], w)
	w.reads[0].asked = x.spelledOut(strings.TrimSpace(question), w.forms)
	fixed, repairs := x.repair(w)
	if len(repairs) == 0 {
		return 1
	}
	w.forms = fixed
	x.reading(&w.reads[1], w)
	w.reads[1].asked = x.spelledOut(strings.Join(fixed, " "), fixed)
	w.reads[1].repairs = repairs
	return 2
}

// reading makes r of w.forms.
func (x *index) reading(r *reading, w *worker) {
	w.looked = w.looked[:0]
	for _, f := range w.forms {
		w.looked = append(w.looked, x.lookup(f, w.stem))
	}
	*r = reading{words: r.words[:0], bigrams: r.bigrams[:0]}
	last := noTerm
	for i := 0; i < len(w.looked) && len(r.words) < maxWords; i++ {
		one := w.looked[i]
		if i+1 < len(w.looked) { // "anti depressants"
			if j := x.joined(one, w.looked[i+1], w); j.id >= 0 {
				one = j
				i++
			}
		}
		if one.id == stopTerm {
			continue
		}
		if last >= 0 && one.id >= 0 {
			r.bigrams = append(r.bigrams, [2]int32{last, one.id})
		}
		last = one.id
		if !r.has(one) {
			r.words = append(r.words, one)
		}
	}
}

// joined reads a word and the next one as a single word of the base, when they are not two words of the base.
func (x *index) joined(a, b word, w *worker) word {
	if len(a.form)+len(b.form) < 7 || len(a.form) < 3 || a.id >= 0 && b.id >= 0 {
		return word{id: noTerm}
	}
	w.joint = append(append(w.joint[:0], a.form...), b.form...)
	id, ok := x.terms.find(string(w.joint))
	if ok && id < 0 {
		return word{id: noTerm}
	}
	if !ok {
		if a.id == stopTerm || b.id == stopTerm {
			return word{id: noTerm} // "the hospital" is not worth a stem
		}
		return x.lookup(string(w.joint), w.stem)
	}
	return x.word(string(w.joint), id)
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

// repair returns the words of the question with misspelt ones replaced, and what was replaced.
func (x *index) repair(w *worker) ([]string, []Repair) {
	var fixed []string
	var repairs []Repair
	unknown := 0
	for i, f := range w.forms {
		if len(repairs) == maxRepairs || unknown == maxUnknown {
			break
		}
		if l := &w.looked[i]; l.id != noTerm || l.real {
			continue
		}
		unknown++
		to, ok := x.speller.Repair(f)
		if !ok {
			continue
		}
		if fixed == nil {
			fixed = append([]string(nil), w.forms...)
		}
		fixed[i] = to
		repairs = append(repairs, Repair{From: f, To: to})
	}
	if fixed == nil {
		return nil, nil
	}
	return strings.Fields(strings.Join(fixed, " ")), repairs
}
