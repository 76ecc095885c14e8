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
		for i := range s.x.docs {
			s.add(int32(i), TierPopular)
		}
		return s.out
	}
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
	limit int
	seen  map[int32]bool
	out   []Suggestion
}

func (s *suggester) add(d int32, t Tier) {
	if len(s.out) >= s.limit || s.seen[d] {
		return
	}
	s.seen[d] = true
	sec := s.x.docs[d].section
	s.out = append(s.out, Suggestion{Section: sec, Label: sec.Heading + " · " + sec.Article.Title, Tier: t})
}

func (s *suggester) addSection(sec *Section, t Tier) {
	span := s.x.articles[sec.Ref.Article]
	for d := span[0]; d < span[1]; d++ {
		if s.x.docs[d].section == sec {
			s.add(d, t)
		}
	}
}

// byName adds the sections that have the text as a name, then those with a name or a word of one that starts with it.
func (s *suggester) byName(p string) {
	var prefix []int32
	for i, name := range s.x.names {
		switch {
		case name == p:
			s.add(s.x.named[i], TierExact)
		case strings.HasPrefix(name, p) || strings.Contains(name, " "+p):
			prefix = append(prefix, s.x.named[i])
		}
	}
	for _, d := range prefix {
		s.add(d, TierPrefix)
	}
}

// byLetters adds the sections with a name that has the letters in order, then those that a repaired spelling names.
func (s *suggester) byLetters(p string) {
	if fixed := s.repaired(p); fixed != p {
		for i, name := range s.x.names {
			if strings.HasPrefix(name, fixed) || strings.Contains(name, " "+fixed) {
				s.add(s.x.named[i], TierFuzzy)
			}
		}
	}
	if r := []rune(p); len(r) <= maxPattern {
		for _, m := range fuzzy.Find(p, s.x.names) {
			if m.Score > 0 {
				s.add(s.x.named[m.Index], TierFuzzy)
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
