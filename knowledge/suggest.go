package knowledge

import (
	"strings"

	"github.com/sahilm/fuzzy"

	"docent/knowledge/text"
)

// maxPattern is the number of runes of a prefix that are matched letter by letter: the library's score overflows at
// about 40.
const maxPattern = 30

// Suggest completes a prefix with up to n sections, best tier first. An empty prefix gives the first sections in reading
// order.
func (b *Base) Suggest(prefix string, n int) []Suggestion {
	c := b.now.Load()
	p := strings.TrimSpace(text.Fold(prefix))
	s := suggester{x: c.search.x, limit: n, seen: map[int32]bool{}}
	if p == "" {
		for i := range s.x.sections[:max(0, min(n, len(s.x.sections)))] {
			s.add(int32(i), TierPopular)
		}
		return s.out
	}
	s.collect()
	s.byName(p)
	s.byLetters(p)
	if len(s.out) < n && len(p) >= 3 {
		for _, m := range c.search.search(Query{Text: prefix}).Matches {
			if m.Score >= c.search.model.Unsure {
				s.addSection(m.Section, TierContent)
			}
		}
	}
	return s.out
}

// A suggester collects suggestions.
type suggester struct {
	x     *index
	names []string // folded headings and aliases, and article titles on an article's first section
	named []int32  // the docs that they name
	limit int
	seen  map[int32]bool
	out   []Suggestion
}

func (s *suggester) add(d int32, t Tier) {
	if len(s.out) >= s.limit || s.seen[d] {
		return
	}
	s.seen[d] = true
	sec := s.x.sections[d]
	s.out = append(s.out, Suggestion{Section: sec, Label: sec.Heading + " · " + sec.Article.Title, Tier: t})
}

func (s *suggester) addSection(sec *Section, t Tier) {
	from, to := s.x.article(sec.Ref.Article)
	for d := from; d < to; d++ {
		if s.x.sections[d] == sec {
			s.add(d, t)
		}
	}
}

// collect finds all names. They are folded anew each time rather than kept: it takes less than matching their letters.
func (s *suggester) collect() {
	for d, sec := range s.x.sections {
		s.name(d, sec.Heading)
		for _, a := range sec.Aliases {
			s.name(d, a)
		}
		if sec == sec.Article.Sections[0] {
			s.name(d, sec.Article.Title)
		}
	}
}

func (s *suggester) name(d int, n string) {
	if n != "" {
		s.names, s.named = append(s.names, text.Fold(n)), append(s.named, int32(d))
	}
}

// byName adds the sections that have the text as a name, then those with a name or a word of one that starts with it.
func (s *suggester) byName(p string) {
	var prefix []int32
	for i, name := range s.names {
		switch {
		case name == p:
			s.add(s.named[i], TierExact)
		case strings.HasPrefix(name, p) || strings.Contains(name, " "+p):
			prefix = append(prefix, s.named[i])
		}
	}
	for _, d := range prefix {
		s.add(d, TierPrefix)
	}
}

// byLetters adds the sections with a name that has the letters in order, then those that a repaired spelling names.
func (s *suggester) byLetters(p string) {
	if fixed := s.repaired(p); fixed != p {
		for i, name := range s.names {
			if strings.HasPrefix(name, fixed) || strings.Contains(name, " "+fixed) {
				s.add(s.named[i], TierFuzzy)
			}
		}
	}
	if r := []rune(p); len(r) <= maxPattern {
		for _, m := range fuzzy.Find(p, s.names) {
			if m.Score > 0 {
				s.add(s.named[m.Index], TierFuzzy)
			}
		}
	}
}

func (s *suggester) repaired(p string) string {
	words := strings.Fields(p)
	for i, w := range words {
		if to, ok := s.x.speller.Repair(w); ok {
			words[i] = to
		}
	}
	return strings.Join(words, " ")
}
