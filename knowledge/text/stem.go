package text

import (
	"github.com/blevesearch/snowballstem"
	"github.com/blevesearch/snowballstem/dutch"
	"github.com/blevesearch/snowballstem/english"
	"github.com/blevesearch/snowballstem/french"
	"github.com/blevesearch/snowballstem/german"
	"github.com/blevesearch/snowballstem/italian"
	"github.com/blevesearch/snowballstem/portuguese"
	"github.com/blevesearch/snowballstem/spanish"
)

// A Stemmer reduces the words of one language to their stems. It is not safe for concurrent use.
type Stemmer struct {
	env  *snowballstem.Env
	stem func(*snowballstem.Env) bool
}

// NewStemmer returns the Stemmer for a BCP 47 language. Words of a language that it does not know are left whole.
func NewStemmer(language string) *Stemmer {
	s := &Stemmer{env: snowballstem.NewEnv("")}
	if len(language) >= 2 {
		language = language[:2]
	}
	switch language {
	case "en", "":
		s.stem = english.Stem
	case "de":
		s.stem = german.Stem
	case "fr":
		s.stem = french.Stem
	case "es":
		s.stem = spanish.Stem
	case "pt":
		s.stem = portuguese.Stem
	case "it":
		s.stem = italian.Stem
	case "nl":
		s.stem = dutch.Stem
	}
	return s
}

// Stem returns the stem of a folded word, in standard spelling.
func (s *Stemmer) Stem(w string) string {
	w = Standard(w)
	if s.stem == nil || len(w) < 3 || len(w) > 64 {
		return w
	}
	s.env.SetCurrent(w)
	s.stem(s.env)
	return s.env.Current()
}

// Forget drops the last word, which the Stemmer keeps until the next.
func (s *Stemmer) Forget() { s.env.SetCurrent("") }
