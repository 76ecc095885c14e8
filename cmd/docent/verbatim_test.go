package main

import (
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/bot/bottest"
	"docent/bot/terminal"
	"docent/internal/config"
	"docent/internal/discordtest"
	"docent/internal/telegramtest"
	"docent/internal/web"
)

// garden has every kind of block, a text that needs several messages, and what may not be shown.
const garden = `---
id: garden
title: The kitchen garden, *mostly*
language: en
source: {title: "The garden_book (2nd edition)", url: "https://example.org/garden_(2)?a=1&b=2"}
reviewed: 2026-05-03
review_by: 2026-11-01
sections:
  gone:
    withdrawn: it was wrong
---

## Watering * & <soil> {#watering}

Water **early**, not _late_, and use ` + "`rainwater`" + ` where you can. See [the tables](https://example.org/tables). Costs 1.5 < 2 & more.

1. Feel the soil.
2. Water slowly; *never* in the sun.
   - Young plants first.
   - Old ones last.

> A quotation by somebody. It has two sentences.

` + "```\ncode line = 1\n```" + `

## Gone {#gone}

This sentence was withdrawn and must never be seen.

## Much to read {#much}

`

// speakingOf are questions that lead to every verdict and every fixed reply.
func speakingOf() []string {
	return []string{"hi", "thanks", "bye", "who are you", "are you a robot", "help", "Pain management", "migranes and pain", "how do I water",
		"who won the match", "ketamine pain or depression", "tell me more", "why this answer?", "he isnt breathing", "I want to kill myself", "what dose of ketamine",
		"do I have depression", "ketamine in pregnancy", "watering for children", "pain management and also PTSD?",
		"which uses involve glutamate?", "does ketamine help suicidal thoughts", "much to read", "gone", strings.Repeat("long ", 1000)}
}

// TestVerbatimOnEveryRendering asks questions and presses every button on each platform. All that people see there must be
// sentences of articles or phrases, and no word of a reply may be lost.
func TestVerbatimOnEveryRendering(t *testing.T) {
	dir := t.TempDir()
	var long strings.Builder
	for i := range 120 {
		fmt.Fprintf(&long, "Sentence number %d of the long text goes on about compost, worms and the weather in spring.%s", i, strings.Repeat("\n", 2*(i%4/3))+" ")
	}
	if err := os.WriteFile(filepath.Join(dir, "garden.md"), []byte(garden+long.String()+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	h := startWhole(t, func(w *whole) {
		w.config.Articles.Dirs = []string{dir}
		w.config.Bot.CollectUnanswered = true
		w.config.Store.URL = config.NewSecret("sqlite::memory:")
	})
	known := bottest.NewCorpus(h.base, speakingOf()...)
	for i, locale := range []string{"en", "de", "es-ES", "fr", "pt-BR"} {
		if i > 0 && testing.Short() {
			break
		}
		steps := h.steps(t, locale)
		for platform, see := range h.screens(t, locale) {
			t.Run(locale+"/"+platform, func(t *testing.T) {
				for _, step := range steps {
					look(t, known, step, see(step.Question), platform == "discord")
				}
			})
		}
	}
}

// steps returns all that can be reached, and fails where too little can.
func (w *whole) steps(t *testing.T, locale string) []bottest.Step {
	t.Helper()
	walk := bottest.Walk{Bot: w.bot, Base: w.base, Question: bot.Question{Locale: locale, Person: "walker" + locale,
		Place: bot.Place{Platform: terminal.Platform, Channel: "walk" + locale}}}
	steps, err := walk.Steps(t.Context(), speakingOf())
	if err != nil {
		t.Fatal(err)
	}
	kinds := map[bot.Kind]int{}
	for _, s := range steps {
		kinds[s.Reply.Kind]++
	}
	for k := bot.Fixed; k <= bot.Refusal; k++ {
		if kinds[k] == 0 {
			t.Errorf("%s: no reply of the kind %s is reached", locale, k.Name())
		}
	}
	if _, sections := count(w.base.Articles()); kinds[bot.Sure] < 3*sections {
		t.Errorf("%s: only %d answers are reached from %d sections", locale, kinds[bot.Sure], sections)
	}
	return steps
}

// look holds what a person sees against all that may be said, and against the reply. Where only the first message is seen,
// what is longer than one message may be missing.
func look(t *testing.T, known *bottest.Corpus, step bottest.Step, got screen, first bool) {
	t.Helper()
	what := step.Question.Text + step.Question.Choice
	for _, line := range known.ForeignLines(got.text) {
		t.Errorf("%.60q: from nowhere: %q", what, line)
	}
	for _, label := range got.buttons {
		if !known.HasLabel(label) {
			t.Errorf("%.60q: a button from nowhere: %q", what, label)
		}
	}
	want := terminal.Render(bot.Reply{Body: step.Reply.Body, Footer: step.Reply.Footer}, terminal.Style{})
	if first && len(want) > 3000 {
		want = want[:1000]
	}
	seen := strings.Join(words(got.text), " ")
	for line := range strings.Lines(want) {
		if line = strings.Join(words(line), " "); !strings.Contains(seen, line) {
			t.Errorf("%.60q: lost or changed: %q", what, line)
		}
	}
	if strings.Contains(got.text, "never be seen") {
		t.Errorf("%.60q: shows what was withdrawn", what)
	}
}

// screens returns, for each rendering, what a person of a language sees after a question or a pressed button.
func (w *whole) screens(t *testing.T, locale string) map[string]func(bot.Question) screen {
	return map[string]func(bot.Question) screen{
		"discord":  w.onDiscord(locale),
		"telegram": w.onTelegram(locale),
		"terminal": w.onTerminal(t, locale),
		"preview":  w.onPreview(t, locale),
	}
}

// onDiscord asks in a channel and presses buttons of one message, as old as it may be.
func (w *whole) onDiscord(locale string) func(bot.Question) screen {
	m := &member{fake: w.fakeDiscord, user: discordtest.User{ID: fmt.Sprint(200000000000000000 + uint64(len(locale)*1000) + uint64(locale[0])), Locale: locale}}
	var first discordtest.Message
	return func(q bot.Question) screen {
		if q.Choice == "" {
			s := m.ask(q.Text)
			if first.ID == "" && len(m.last.Buttons) > 0 {
				first = m.last
			}
			return s
		}
		id := first.Buttons[0].ID
		return m.see(m.fake.PressID(m.user, first, id[:strings.LastIndexByte(id, '|')+1]+q.Choice))
	}
}

func (w *whole) onTelegram(locale string) func(bot.Question) screen {
	user := telegramtest.User{ID: 5000 + int64(len(locale)*1000) + int64(locale[0]), Name: "Ann", Language: locale}
	p := &writer{fake: w.fakeTelegram, user: user, chat: w.fakeTelegram.Private(user)}
	var first telegramtest.Message
	return func(q bot.Question) screen {
		if q.Choice == "" {
			s := p.ask(q.Text)
			if first.ID == 0 && len(p.last.Buttons) > 0 {
				first = p.last
			}
			return s
		}
		got := p.fake.PressData(p.user, first, q.Choice)
		if got.Text == "" { // the message says so already, so it was not changed
			for _, m := range p.fake.Messages(p.chat) {
				if m.ID == first.ID {
					got = m
				}
			}
		}
		return p.see(got)
	}
}

// onTerminal prints as a chat does, in colour and wrapped.
func (w *whole) onTerminal(t *testing.T, locale string) func(bot.Question) screen {
	return func(q bot.Question) screen {
		q.Locale, q.Person, q.Place = locale, "typist"+locale, bot.Place{Platform: terminal.Platform, Channel: locale}
		r, err := w.bot.Answer(t.Context(), q)
		if err != nil {
			t.Fatal(err)
		}
		narrow := terminal.Render(r, terminal.Style{Width: 40, Color: true, Links: true})
		text := terminal.Render(r, terminal.Style{Links: true})
		bare := func(s string) string { return strings.Join(words(ansi.ReplaceAllString(s, "")), "") }
		if bare(narrow) != bare(text) {
			t.Errorf("%q: other words in 40 columns:\n%s\n%s", q.Text+q.Choice, narrow, text)
		}
		s := screen{text: numbered.ReplaceAllString(terminal.Render(r, terminal.Style{}), "")}
		for _, m := range numbered.FindAllStringSubmatch(text, -1) {
			s.buttons = append(s.buttons, m[1])
		}
		return s
	}
}

var ansi = regexp.MustCompile("\x1b\\[[0-9;]*m")

// onPreview posts the page's forms.
func (w *whole) onPreview(t *testing.T, locale string) func(bot.Question) screen {
	now := day()
	page, err := web.NewPreview(web.PreviewOptions{Handler: w.bot, Catalog: w.bot, Now: func() time.Time {
		now = now.Add(time.Second) // so that the rate limit does not count
		return now
	}})
	if err != nil {
		t.Fatal(err)
	}
	v := &visitor{t: t, talk: strings.Repeat(strings.ToUpper(locale[1:2]), 26)}
	return func(q bot.Question) screen {
		form := url.Values{"talk": {v.talk}, "question": {q.Text}, "choice": {q.Choice}}
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(form.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Accept-Language", locale)
		answer := httptest.NewRecorder()
		page.ServeHTTP(answer, r)
		if answer.Code != http.StatusOK {
			t.Fatalf("%.60q: the preview answers %d:\n%s", q.Text+q.Choice, answer.Code, html.UnescapeString(answer.Body.String()))
		}
		return v.look(answer.Body.String(), "telegram")
	}
}
