package bot

import (
	"strings"

	"docent/internal/markup"
	"docent/knowledge"
)

const (
	maxName        = 32
	maxDescription = 100
)

// topicCache holds the topics of one version of the Base.
type topicCache struct {
	version string
	topics  []Topic
	byRef   map[knowledge.Ref]int
}

// Topics returns every section in reading order. The slice is shared: do not change it.
func (b *Bot) Topics() []Topic { return b.catalog().topics }

// Suggest completes what a person types, with up to n topics.
func (b *Bot) Suggest(prefix string, n int) []Suggestion {
	c := b.catalog()
	var out []Suggestion
	for _, s := range b.Base.Suggest(prefix, n) {
		if s.Section == nil {
			continue
		}
		if i, ok := c.byRef[s.Section.Ref]; ok {
			out = append(out, Suggestion{Topic: c.topics[i], Label: s.Label, Tier: s.Tier})
		}
	}
	return out
}

// catalog returns the topics of the present articles. It makes them once for each version of the Base.
func (b *Bot) catalog() *topicCache {
	version := b.Base.Version()
	if c := b.cache.Load(); c != nil && c.version == version {
		return c
	}
	c := newTopicCache(version, b.Base.Articles())
	b.cache.Store(c)
	return c
}

func newTopicCache(version string, articles []*knowledge.Article) *topicCache {
	c := &topicCache{version: version, byRef: map[knowledge.Ref]int{}}
	used := map[string]int{}
	for _, a := range articles {
		for _, s := range a.Sections {
			used[commandName(s.Ref.Section)]++
		}
	}
	taken := map[string]bool{}
	for _, a := range articles {
		for _, s := range a.Sections {
			if s.Withdrawn != "" {
				continue
			}
			c.byRef[s.Ref] = len(c.topics)
			c.topics = append(c.topics, Topic{
				Ref: s.Ref, Value: ShowChoice(s), Name: uniqueName(s, used, taken), Title: s.Heading, Article: a.Title,
				Description: describe(s),
			})
		}
	}
	return c
}

// uniqueName names a topic after its section; after its article too where several articles have such a section or the
// bot has such a command; and with a part of its key where that is still not enough.
func uniqueName(s *knowledge.Section, used map[string]int, taken map[string]bool) string {
	name := commandName(s.Ref.Section)
	if used[name] > 1 || name == "" || reserved(name) {
		name = commandName(s.Ref.Article + "-" + s.Ref.Section)
	}
	if taken[name] || name == "" || reserved(name) {
		suffix := "-" + strings.Trim(commandName(s.Ref.Key()), "-")
		name = strings.Trim(name[:min(len(name), maxName-len(suffix))]+suffix, "-")
	}
	taken[name] = true
	return name
}

// reserved reports whether adapters have a command of that name.
func reserved(name string) bool {
	switch name {
	case "ask", "topics", "topic", "help", "start", "privacy", "forget", "settings", "help-now", "helpnow", "status", "docent":
		return true
	}
	return false
}

// commandName turns s into [a-z0-9-]{0,32}.
func commandName(s string) string {
	var b strings.Builder
	for _, r := range markup.Slug(s) {
		if 'a' <= r && r <= 'z' || '0' <= r && r <= '9' {
			b.WriteRune(r)
		} else if b.Len() > 0 && !strings.HasSuffix(b.String(), "-") {
			b.WriteByte('-')
		}
	}
	name := b.String()
	return strings.Trim(name[:min(len(name), maxName)], "-")
}

// describe returns the start of a section on one line.
func describe(s *knowledge.Section) string {
	text := s.Heading
	if sentences := markup.Sentences(s.Text); len(sentences) > 0 {
		text = sentences[0]
	}
	return clip(strings.Join(strings.Fields(text), " "), maxDescription)
}

// clip shortens s to n runes, at a word where it can.
func clip(s string, n int) string {
	runes := []rune(s)
	if len(runes) <= n {
		return s
	}
	cut := string(runes[:n-1])
	if i := strings.LastIndexByte(cut, ' '); i > len(cut)/2 {
		cut = cut[:i]
	}
	return strings.TrimRight(cut, " ,;:.") + "…"
}
