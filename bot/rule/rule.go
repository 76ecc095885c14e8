// Package rule recognises kinds of messages by patterns that people can read and change. Patterns tolerate case, accents,
// typos, stretched and censored words. It knows nothing of what the kinds mean.
package rule

import "slices"

// A Rule says which messages are of a kind.
type Rule struct {
	ID       string
	Kind     string
	Language string   // BCP 47
	Words    []string // words that belong to the subject of the rule, folded; what they are for is up to the kind
	Yes      []string // examples that the rule must match
	No       []string // examples that it must not match
	File     string
	Line     int

	match, unless []pattern
}

// A Set is a number of rules. It is immutable and safe for use by several goroutines.
type Set struct {
	rules []*Rule
	vocab vocabulary
}

// Rules returns the rules in the order of their files.
func (s *Set) Rules() []*Rule { return slices.Clone(s.rules) }

// A Similarity says how alike a text and the most similar of some examples are in meaning, in [0,1].
type Similarity func(text string, examples []string) float64

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

// Near returns the first rule of the kind whose examples are at least as similar to text as the threshold, or nil. A rule
// whose exceptions match does not count.
func (s *Set) Near(text string, similar Similarity, threshold float64, kind string) *Rule {
	if similar == nil {
		return nil
	}
	m := s.vocab.read(text)
	for _, r := range s.rules {
		if r.Kind == kind && !anyMatch(r.unless, m) && similar(text, r.Yes) >= threshold &&
			similar(text, r.No) < similar(text, r.Yes) {
			return r
		}
	}
	return nil
}

func (r *Rule) matches(m message) bool {
	return anyMatch(r.match, m) && !anyMatch(r.unless, m)
}

func anyMatch(patterns []pattern, m message) bool {
	return slices.ContainsFunc(patterns, func(p pattern) bool { return p.matches(m) })
}
