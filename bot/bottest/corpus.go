package bottest

import (
	"reflect"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"

	"docent/bot"
	"docent/bot/phrases"
	"docent/bot/safety"
	"docent/internal/markup"
	"docent/knowledge"
)

// A Corpus is all that a bot may say: the sentences of articles and the bot's own phrases. It is for one goroutine.
type Corpus struct {
	told    map[string]bool    // what Has answered: most texts come again and again
	units   map[string][]place // where a sentence stands
	texts   [][]string         // the sentences of each block of an article
	asked   string             // words of questions, which "I read this as that" and "why" repeat
	phrases []phrase
}

// A place is a sentence in a text.
type place struct{ text, at int }

// A phrase is one of the bot's own, with groups for what is filled in.
type phrase struct {
	pattern *regexp.Regexp
	names   []string // of its placeholders
}

// NewCorpus returns what a bot over base may say when it is asked the questions.
func NewCorpus(base bot.Shelf, questions ...string) *Corpus {
	c := &Corpus{told: map[string]bool{}, units: map[string][]place{}, asked: fold(strings.Join(questions, " "))}
	for _, a := range base.Articles() {
		c.add(a.Title, a.Source.Title, a.Source.URL)
		for _, s := range a.Sections {
			c.addSection(s)
		}
	}
	contacts, _ := safety.Contacts()
	for _, contact := range contacts {
		c.add(contact.Name, contact.Number, contact.URL, contact.String(), safety.RegionName(contact.Region))
	}
	for _, set := range phrases.All() {
		for _, name := range set.Languages {
			c.add(name)
		}
		collect(reflect.ValueOf(*set), func(s string) {
			if telling(s) {
				c.phrases = append(c.phrases, newPhrase(s))
			}
		})
	}
	return c
}

func (c *Corpus) addSection(s *knowledge.Section) {
	c.add(s.Heading, bot.Fingerprint(s))
	c.add(s.Ask...)
	c.add(s.Aliases...)
	for _, b := range s.Body {
		c.add(b.Plain())
		for _, span := range b.Spans {
			c.add(span.URL)
		}
	}
}

func (c *Corpus) add(texts ...string) {
	for _, text := range texts {
		var sentences []string
		for _, s := range markup.Sentences(text) {
			sentences = append(sentences, oneLine(s))
			c.units[oneLine(s)] = append(c.units[oneLine(s)], place{len(c.texts), len(sentences) - 1})
		}
		c.texts = append(c.texts, sentences)
	}
}

func collect(v reflect.Value, f func(string)) {
	switch v.Kind() {
	case reflect.String:
		f(v.String())
	case reflect.Struct:
		for i := range v.NumField() {
			collect(v.Field(i), f)
		}
	}
}

var placeholder = regexp.MustCompile(`\{([a-z]+)\}`)

// telling reports whether a phrase has words of its own: the pattern of "{day} {month} {year}" would match everything.
func telling(s string) bool {
	return !strings.Contains(s, "{") || strings.ContainsFunc(placeholder.ReplaceAllString(s, ""), unicode.IsLetter)
}

func newPhrase(s string) phrase {
	p := phrase{}
	for _, m := range placeholder.FindAllStringSubmatch(s, -1) {
		p.names = append(p.names, m[1])
	}
	quoted := regexp.MustCompile(`\\\{[a-z]+\\\}`).ReplaceAllString(regexp.QuoteMeta(oneLine(s)), `(.{1,600}?)`)
	p.pattern = regexp.MustCompile(`^` + quoted + `$`)
	return p
}

// Foreign returns the texts of a reply that are neither from an article nor a phrase.
func (c *Corpus) Foreign(r bot.Reply) []string {
	var out []string
	for _, b := range append(append(markup.Doc{}, r.Body...), r.Footer...) {
		if text := b.Plain(); !c.Has(text) {
			out = append(out, text)
		}
	}
	for _, ch := range r.Choices {
		if !c.HasLabel(ch.Label) {
			out = append(out, ch.Label)
		}
	}
	return out
}

// ForeignLines returns the lines of what a person sees that are neither from an article nor a phrase. It leaves out the
// marks of lists and quotations.
func (c *Corpus) ForeignLines(seen string) []string {
	var out []string
	for line := range strings.Lines(seen) {
		line = listMark.ReplaceAllString(strings.TrimSpace(line), "")
		if !c.Has(line) {
			out = append(out, line)
		}
	}
	return out
}

var listMark = regexp.MustCompile(`^(?:•|│|\d+\.)\s+`)

// HasLabel is Has for the label of a button, which may be cut.
func (c *Corpus) HasLabel(label string) bool {
	start, cut := strings.CutSuffix(oneLine(label), "…")
	if !cut {
		return c.Has(label)
	}
	if heading, rest, ok := strings.Cut(start, " · "); ok && c.direct(heading) {
		start = rest
	}
	return slices.ContainsFunc(c.texts, func(t []string) bool { return strings.HasPrefix(strings.Join(t, " "), start) })
}

// separators stand between the parts of a line of small print, of a contact and of a list of words.
var separators = []string{" · ", ": ", " : ", " (", ", ", " → ", " -> "}

// Has reports whether a text consists of whole sentences that follow each other in an article, of a phrase, or of several
// of them with separators between.
func (c *Corpus) Has(text string) bool {
	text = oneLine(text)
	has, ok := c.told[text]
	if !ok {
		has = text == "" || c.direct(text) || c.composed(text)
		c.told[text] = has
	}
	return has
}

// composed is Has for several parts with separators between.
func (c *Corpus) composed(text string) bool {
	for _, sep := range separators {
		for at := 0; ; {
			i := strings.Index(text[at:], sep)
			if i < 0 {
				break
			}
			at += i
			rest := text[at+len(sep):]
			if sep == " (" {
				rest = strings.TrimSuffix(rest, ")")
			}
			if c.direct(text[:at]) && c.Has(rest) {
				return true
			}
			at += len(sep)
		}
	}
	return false
}

// direct is Has for one part.
func (c *Corpus) direct(text string) bool { return c.sentences(text) || c.phrase(text) }

// sentences reports whether a text consists of sentences that follow each other in one block of an article.
func (c *Corpus) sentences(text string) bool {
	parts := markup.Sentences(text)
	if len(parts) == 0 {
		return false
	}
	for _, p := range c.units[oneLine(parts[0])] {
		rest := c.texts[p.text][p.at:]
		if len(rest) >= len(parts) && slices.EqualFunc(rest[:len(parts)], parts, func(a, b string) bool { return a == oneLine(b) }) {
			return true
		}
	}
	return false
}

func (c *Corpus) phrase(text string) bool {
	for _, p := range c.phrases {
		if m := p.pattern.FindStringSubmatch(text); m != nil && c.filled(p.names, m[1:]) {
			return true
		}
	}
	return false
}

var (
	number = regexp.MustCompile(`^\d+$`)
	digits = regexp.MustCompile(`\d+`)
)

// filled reports whether what stands in the placeholders of a phrase may stand there.
func (c *Corpus) filled(names, values []string) bool {
	for i, v := range values {
		ok := false
		switch names[i] {
		case "from", "to", "term", "words":
			ok = c.wordsOf(v)
		case "date":
			ok = date(v)
		case "minutes", "days", "page", "pages", "margin", "count", "seconds", "number":
			ok = number.MatchString(v) || c.sentences(v)
		default:
			ok = c.Has(v)
		}
		if !ok {
			return false
		}
	}
	return true
}

// wordsOf reports whether all words are from the questions or from articles.
func (c *Corpus) wordsOf(list string) bool {
	for part := range strings.SplitSeq(list, ", ") {
		if c.Has(part) || strings.Contains(c.asked, fold(part)) || c.within(part) {
			continue
		}
		from, to, ok := strings.Cut(strings.ReplaceAll(part, "->", "→"), " → ")
		if !ok || !strings.Contains(c.asked, fold(from)) || !c.within(to) && !strings.Contains(c.asked, fold(to)) {
			return false
		}
	}
	return true
}

// within reports whether a part of a sentence, such as a word, stands in an article.
func (c *Corpus) within(part string) bool {
	folded := fold(part)
	for s := range c.units {
		if strings.Contains(fold(s), folded) || strings.HasSuffix(part, "…") && strings.Contains(s, strings.TrimSuffix(part, "…")) {
			return true
		}
	}
	return false
}

// date reports whether a text is a day as one of the languages writes it.
func date(text string) bool {
	parts := digits.FindAllString(text, -1)
	if len(parts) != 2 {
		return false
	}
	for _, set := range phrases.All() {
		for month := time.January; month <= time.December; month++ {
			day, err := time.Parse("2 January 2006", parts[0]+" "+month.String()+" "+parts[1])
			if err == nil && set.Date(day) == text {
				return true
			}
		}
	}
	return false
}

func fold(s string) string { return strings.ToLower(oneLine(s)) }

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
