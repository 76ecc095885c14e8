// Package rule recognises kinds of messages by patterns that people can read and change. Patterns tolerate case, accents,
// typos, stretched and censored words. It knows nothing of what the kinds mean.
package rule

import (
	"slices"
	"strings"
)

// A Rule says which messages are of a kind.
type Rule struct {
	ID       string
	Kind     string
	Language string   // BCP 47
	Words    []string // words that belong to the subject of the rule, folded; what they are for is up to the kind
	Yes      []string // examples that the rule must match
	No       []string // examples that it must not match
	Like     []string // examples that need not match, for comparing by meaning
	File     string
	Line     int

	match, unless []pattern
	near          float64 // how near in meaning a text must be to an example; 0: only patterns count
}

// A Set is a number of rules. It is immutable and safe for use by several goroutines.
type Set struct {
	rules []*Rule
	vocab vocabulary
}

// Rules returns the rules in the order of their files.
func (s *Set) Rules() []*Rule { return slices.Clone(s.rules) }

// Match returns the rules of the given kinds that text matches, in the order of their files; of all kinds if none is
// given.
func (s *Set) Match(text string, kinds ...string) []*Rule {
	m := s.vocab.read(text)
	var out []*Rule
	for _, r := range s.rules {
		if (len(kinds) == 0 || slices.Contains(kinds, r.Kind)) && r.matches(m) {
			out = append(out, r)
		}
	}
	return out
}

// First returns the first rule of the given kinds that text matches, or nil.
func (s *Set) First(text string, kinds ...string) *Rule {
	m := s.vocab.read(text)
	for _, r := range s.rules {
		if (len(kinds) == 0 || slices.Contains(kinds, r.Kind)) && r.matches(m) {
			return r
		}
	}
	return nil
}

// Familiar returns how many words of a text are in the rule's examples, to tell languages that share words apart.
func (r *Rule) Familiar(text string) int {
	known := Words(strings.Join(slices.Concat(r.Yes, r.No), "\n"))
	n := 0
	for _, w := range Words(text) {
		if slices.Contains(known, w) {
			n++
		}
	}
	return n
}

func (r *Rule) matches(m message) bool {
	return anyMatch(r.match, m) && !anyMatch(r.unless, m)
}

func anyMatch(patterns []pattern, m message) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(m) })
}
