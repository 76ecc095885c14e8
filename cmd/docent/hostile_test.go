package main

import (
	"strings"
	"testing"

	"docent/bot/phrases"
	"docent/internal/telegramtest"
)

// TestHostileQuestions asks the whole program what nobody should ask. Each is answered once, nothing breaks, and what
// Telegram would refuse fails in the checker.
func TestHostileQuestions(t *testing.T) {
	w := startWhole(t, nil)
	group := w.fakeTelegram.Group("Clinic")
	for name, text := range map[string]string{
		"tags":        `</b><script>alert(1)</script> <a href="javascript:x">ketamine</a> &lt;b&gt; &#60;`,
		"markdown":    "**ketamine** [x](tg://user?id=1) `pain` ||spoiler|| __u__ \\",
		"typo + RTL":  "does \u202eketamien\u202c help with migranes\u200b\u200d",
		"RTL":         "שלום, مرحبا ketamine\u200f\u200e\u2066pain\u2069",
		"nothing":     "\u200b\u200b\u2060\ufeff",
		"marks":       "k\u0301\u0323e" + strings.Repeat("\u0301", 500) + "tamine",
		"emoji":       strings.Repeat("👩‍👩‍👧‍👦", 200),
		"flags":       strings.Repeat("🇩🇪", 500) + " pain",
		"long":        strings.Repeat("ketamine pain ", 290),
		"one word":    strings.Repeat("a", 4096),
		"controls":    "ketamine\x00\x01\x1b[31m pain\r\n\t\v",
		"not UTF-8":   "ketamine \xff\xfe pain",
		"braces":      "{section} {number} %s %d ${x} {{.}}",
		"a button":    "1S" + strings.Repeat("A", 17),
		"many":        strings.Repeat("? and ", 600),
		"a path":      "../../etc/passwd ketamine",
		"start":       "/start 1S" + strings.Repeat("-", 62),
		"a bad start": "/start \u202e",
	} {
		u := telegramtest.User{ID: 30_000 + int64(len(name)), Name: "<b>Ann</b>", Language: "en-\u202e"}
		if got := w.fakeTelegram.Ask(u, w.fakeTelegram.Private(u), text); strings.TrimSpace(got.Text) == "" || got.Parts != 1 {
			t.Errorf("%s: %d answers: %q", name, got.Parts, got.Text)
		}
		if strings.HasPrefix(text, "/") {
			continue
		}
		if got := w.fakeTelegram.Ask(u, group, "/ask@docent_test_bot "+text); strings.Contains(got.Text, "\u202e") {
			t.Errorf("%s: the answer turns the text around: %q", name, got.Text)
		}
		w.fakeTelegram.Inline(u, text, strings.Repeat("9", 30))
	}
}

// TestLanguagesInTelegram looks at a fixed reply in each language.
func TestLanguagesInTelegram(t *testing.T) {
	w := startWhole(t, func(w *whole) { w.config.Bot.Language = "fr" })
	i := int64(0)
	for code, want := range map[string]string{"en": "en", "en-GB": "en", "de": "de", "de-AT": "de", "es": "es", "fr": "fr", "pt-br": "pt", "": "fr", "zh-hans": "fr", "nonsense": "fr"} {
		i++
		u := telegramtest.User{ID: 40_000 + i, Name: "Ann", Language: code}
		for command, reply := range map[string]string{
			"/help": phrases.For(want).Talk.Help, "/privacy": phrases.For(want).Privacy.Title,
			"/forget": phrases.For(want).Privacy.Forgotten, "/settings": phrases.For(want).Adapter.GroupOnly,
		} {
			if got := w.fakeTelegram.Ask(u, w.fakeTelegram.Private(u), command); !strings.HasPrefix(got.Text, reply) {
				t.Errorf("%s in %q: %q", command, code, got.Text)
			}
		}
	}
	waitUntil(t, "the commands", func() bool { return len(w.fakeTelegram.Calls("setMyCommands")) == 15 })
	for code, want := range map[string]string{"": "fr", "en": "en", "de": "de"} {
		if list := w.fakeTelegram.Commands("all_private_chats", code); len(list) == 0 || list[0].Description != phrases.For(want).Commands.Ask {
			t.Errorf("commands in %q: %+v", code, list)
		}
	}
}
