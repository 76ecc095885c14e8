package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/bottest"
	"docent/bot/phrases"
	"docent/bot/terminal"
)

const leeks = `---
id: leeks
title: Growing leeks
language: en
source: {title: The garden book}
reviewed: 2026-10-01
sections:
  planting:
    ask: [How deep do I plant leeks?]
    STATE
  storing:
    ask: [How do I store leeks?]
---

## Planting leeks {#planting}

Plant leeks deep in a trench. ` + "LONG" + `

## Storing leeks {#storing}

Store leeks in sand, after planting season.
`

// TestWithdrawnStopsEverywhere withdraws a section while people have its buttons: on no platform does anything show it then.
func TestWithdrawnStopsEverywhere(t *testing.T) {
	file := filepath.Join(t.TempDir(), "leeks.md")
	write := func(state string) {
		t.Helper()
		text := strings.NewReplacer("STATE", state, "LONG", strings.Repeat("Earth it up as the trench fills. ", 60)).Replace(leeks)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("")
	h := startWhole(t, func(w *whole) {
		w.config.Articles.Dirs, w.config.Articles.Shipped, w.config.Articles.Rescan = []string{filepath.Dir(file)}, false, 0
	})
	questions := []string{"planting leeks", "how deep do I plant leeks?", "tell me more", "why this answer?", "leeks"}
	walk := bottest.Walk{Bot: h.bot, Base: h.base, Question: bot.Question{Person: "walker", Place: bot.Place{Platform: terminal.Platform, Channel: "walk"}}}
	steps, err := walk.Steps(t.Context(), questions)
	if err != nil {
		t.Fatal(err)
	}
	platforms := h.screens(t, "en")
	for platform, see := range platforms {
		if s := see(steps[0].Question); !strings.Contains(s.text, "trench") {
			t.Fatalf("%s: no answer to begin with: %s", platform, s.text)
		}
	}
	write("withdrawn: it was wrong")
	if err := h.reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	said := 0
	for platform, see := range platforms {
		for _, step := range steps {
			s := see(step.Question)
			if strings.Contains(s.text, "trench") || strings.Contains(s.text, "Earth it up") {
				t.Errorf("%s: %q still shows it: %s", platform, step.Question.Text+step.Question.Choice, s.text)
			}
			if slices.Contains(s.buttons, "Planting leeks") {
				t.Errorf("%s: %q still offers it: %q", platform, step.Question.Text+step.Question.Choice, s.buttons)
			}
			if strings.Contains(s.text, phrases.For("en").Answer.Withdrawn) {
				said++
			}
		}
	}
	if said < 4*len(platforms) {
		t.Errorf("it was said only %d times that the section is withdrawn", said)
	}
}
