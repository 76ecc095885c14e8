package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"docent/bot/phrases"
	"docent/internal/config"
	"docent/internal/telegramtest"
)

// gardens writes two articles: one with many sections, of which the first is long, and one with two.
func gardens(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(id string, sections int) {
		var b strings.Builder
		fmt.Fprintf(&b, "---\nid: %s\ntitle: The book of %s\nlanguage: en\nsource:\n  title: The garden book\nreviewed: 2026-10-01\n---\n", id, id)
		for i := range sections {
			fmt.Fprintf(&b, "\n## Growing %s %d {#%s-%d}\n\nPlant number %d of the %s in rows. Water it at noon.\n", id, i, id, i, i, id)
			if i == 0 {
				b.WriteString("\n" + strings.Repeat("A long story about compost follows here. ", 40) + "\n")
			}
		}
		if err := os.WriteFile(filepath.Join(dir, id+".md"), []byte(b.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("leeks", 23)
	write("beans", 2)
	return dir
}

// TestMenuWalk walks through articles, topics, pages and a long section in Telegram. All of it happens in one message.
func TestMenuWalk(t *testing.T) {
	dir := gardens(t)
	w := startWhole(t, func(w *whole) { w.config.Articles = config.Articles{Dirs: []string{dir}} })
	b := phrases.For("en").Buttons
	ann := telegramtest.User{ID: 61, Name: "Ann", Language: "en"}
	chat := w.fakeTelegram.Private(ann)
	at := w.fakeTelegram.Ask(ann, chat, "/topics")
	first := at.ID
	for _, step := range []struct{ press, shows, button string }{
		{"The book of leeks", "Page 1 of 3", "Growing leeks 0"},
		{b.Next, "Page 2 of 3", "Growing leeks 10"},
		{b.Next, "Page 3 of 3", "Growing leeks 22"},
		{b.Previous, "Page 2 of 3", "Growing leeks 19"},
		{"Growing leeks 12", "Plant number 12", b.Back},
		{b.Back, "Page 2 of 3", "Growing leeks 12"},
		{b.Previous, "Page 1 of 3", b.Articles},
		{"Growing leeks 0", "Plant number 0", b.ReadMore},
		{b.ReadMore, strings.Repeat("A long story about compost follows here. ", 39), b.ReadLess},
		{b.ReadLess, "Plant number 0", b.ReadMore},
		{b.Back, "Page 1 of 3", b.Next},
		{b.Articles, "Choose an article", "The book of beans"},
		{"The book of beans", "Choose a topic", "Growing beans 1"},
	} {
		at = w.fakeTelegram.Press(ann, at, step.press)
		if !at.Edited || at.ID != first || !strings.Contains(at.Text, step.shows) || !slices.Contains(at.Labels(), step.button) {
			t.Fatalf("%q: edited %v, buttons %q: %.200q", step.press, at.Edited, at.Labels(), at.Text)
		}
	}
	if n := len(w.fakeTelegram.Messages(chat)); n != 1 {
		t.Errorf("%d messages", n)
	}
}

// TestDidYouMean is unsure, and is told that nothing of what it offers was meant.
func TestDidYouMean(t *testing.T) {
	w := startWhole(t, func(w *whole) { w.config.Knowledge.Meaning = "on" })
	ann := telegramtest.User{ID: 62, Name: "Ann", Language: "en"}
	chat := w.fakeTelegram.Private(ann)
	b, a := phrases.For("en").Buttons, phrases.For("en").Answer
	var unsure telegramtest.Message
	vague := ""
	for _, vague = range []string{"is it used for kids asleep", "help me sleep at night", "alcohol and brain damage", "therapy for old people"} {
		if unsure = w.fakeTelegram.Ask(ann, chat, "/ask "+vague); strings.HasPrefix(unsure.Text, a.DidYouMean) {
			break
		}
	}
	if !strings.HasPrefix(unsure.Text, a.DidYouMean) || !slices.Contains(unsure.Labels(), b.NoneOfThese) || len(unsure.Buttons) < 2 {
		t.Fatalf("no question is vague; the last: %q with %q", unsure.Text, unsure.Labels())
	}
	if picked := w.fakeTelegram.Press(ann, unsure, unsure.Buttons[0].Label); !picked.Edited || !strings.HasPrefix(picked.Text, unsure.Buttons[0].Label) {
		t.Errorf("a pick takes the place of the list: %q", picked.Text)
	}
	again := w.fakeTelegram.Ask(ann, chat, "/ask "+vague)
	if none := w.fakeTelegram.Press(ann, again, b.NoneOfThese); !strings.HasPrefix(none.Text, a.NoneReply) || len(none.Buttons) == 0 {
		t.Errorf("none of these: %q with %q", none.Text, none.Labels())
	}
}
