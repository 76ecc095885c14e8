// Package bottest checks for tests that a bot says nothing of its own making: every sentence of every reply that can be
// reached is a slice of an article, or one of the bot's phrases. It knows nothing of platforms.
package bottest

import (
	"context"
	"fmt"
	"reflect"
	"regexp"
	"strings"
	"unicode"

	"docent/bot"
	"docent/bot/phrases"
	"docent/bot/safety"
	"docent/internal/markup"
)

// A Walk asks a bot questions and presses every button of its replies.
type Walk struct {
	Bot      *bot.Bot
	Question bot.Question // place, person and locale of all questions
	Base     bot.Shelf    // the bot's articles
}

// Replies calls see with every reply that can be reached, once for each different choice value, and returns how many
// there were.
func (w Walk) Replies(ctx context.Context, questions []string, see func(bot.Reply)) (int, error) {
	seen := map[string]bool{}
	var queue []bot.Question
	for _, text := range questions {
		q := w.Question
		q.Text = text
		queue = append(queue, q)
	}
	for _, value := range []string{bot.ChoiceStart, bot.ChoiceHelp, bot.ChoiceTopics, bot.ChoicePrivacy, bot.ChoiceHelpNow, bot.ChoiceForget, "1unknown"} {
		queue = append(queue, w.press(value))
	}
	for i := 0; i < len(queue); i++ {
		r, err := w.Bot.Answer(ctx, queue[i])
		if err != nil {
			return i, err
		}
		see(r)
		for _, c := range r.Choices {
			if c.Value != "" && !seen[c.Value] {
				seen[c.Value] = true
				queue = append(queue, w.press(c.Value))
			}
		}
	}
	return len(queue), nil
}

func (w Walk) press(value string) bot.Question {
	q := w.Question
	q.Choice = value
	return q
}

// Verbatim walks every reply and returns how many there were, and the sentences that are from nowhere.
func (w Walk) Verbatim(ctx context.Context, questions []string) (int, []string) {
	var problems []string
	told := map[string]bool{}
	known := NewCorpus(w.Base)
	n, err := w.Replies(ctx, questions, func(r bot.Reply) {
		for _, s := range known.Foreign(r) {
			if !told[s] {
				told[s] = true
				problems = append(problems, fmt.Sprintf("from nowhere: %q", s))
			}
		}
	})
	if err != nil {
		problems = append(problems, err.Error())
	}
	return n, problems
}

// A Corpus is all that a bot may say.
type Corpus struct {
	articles string
	phrases  []*regexp.Regexp
}

// NewCorpus returns the articles' words, the contacts that ship with the program and the phrases of every language.
func NewCorpus(base bot.Shelf) *Corpus {
	c := &Corpus{}
	var b strings.Builder
	for _, a := range base.Articles() {
		fmt.Fprintln(&b, a.Title, "\n", a.Source.Title, "\n", a.Source.URL)
		for _, s := range a.Sections {
			fmt.Fprintln(&b, s.Heading, "\n", s.Text, "\n", strings.Join(s.Ask, "\n"), "\n", bot.Fingerprint(s))
		}
	}
	contacts, _ := safety.Contacts()
	for _, contact := range contacts {
		fmt.Fprintln(&b, contact.Name, contact.Number, contact.URL, contact.String(), safety.RegionName(contact.Region))
	}
	c.articles = oneLine(b.String())
	for _, set := range phrases.All() {
		collect(reflect.ValueOf(*set), func(s string) {
			if telling(s) {
				c.phrases = append(c.phrases, phrasePattern(s))
			}
		})
	}
	return c
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

var placeholder = regexp.MustCompile(`\\\{[a-z]+\\\}`)

// telling reports whether a phrase has enough words of its own: the pattern of "{day} {month} {year}" would match
// everything.
func telling(phrase string) bool {
	if n := strings.Count(phrase, "{"); n == 0 || n > 2 {
		return n == 0
	}
	own := 0
	for _, r := range regexp.MustCompile(`\{[a-z]+\}`).ReplaceAllString(phrase, "") {
		if unicode.IsLetter(r) {
			own++
		}
	}
	return own > 2
}

// phrasePattern matches a phrase with anything short in its placeholders.
func phrasePattern(phrase string) *regexp.Regexp {
	return regexp.MustCompile(`^` + placeholder.ReplaceAllString(regexp.QuoteMeta(phrase), `.{1,200}`) + `$`)
}

// Foreign returns the texts of a reply that are neither from an article nor a phrase.
func (c *Corpus) Foreign(r bot.Reply) []string {
	var out []string
	for _, b := range append(append(markup.Doc{}, r.Body...), r.Footer...) {
		if text := b.Plain(); !c.has(text) {
			out = append(out, text)
		}
	}
	for _, ch := range r.Choices {
		if !c.has(strings.TrimSuffix(ch.Label, "…")) {
			out = append(out, ch.Label)
		}
	}
	return out
}

// separators stand between the parts of a line of small print.
var separators = regexp.MustCompile(` · |: | \(|\)$|, `)

func (c *Corpus) has(text string) bool {
	text = oneLine(text)
	if text == "" || strings.Contains(c.articles, text) || c.phrase(text) {
		return true
	}
	for _, part := range separators.Split(text, -1) {
		if part = strings.TrimSpace(part); part != "" && !strings.Contains(c.articles, part) && !c.phrase(part) {
			return false
		}
	}
	return true
}

func (c *Corpus) phrase(text string) bool {
	for _, p := range c.phrases {
		if p.MatchString(text) {
			return true
		}
	}
	return false
}

func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
