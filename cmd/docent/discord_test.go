package main

import (
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot/phrases"
	"docent/internal/discordtest"
)

// TestDiscordSpeaksTheLanguageOfThePerson uses commands in each language: everything but the article's text is in it.
func TestDiscordSpeaksTheLanguageOfThePerson(t *testing.T) {
	w := startWhole(t, nil)
	at := discordtest.InGeneral()
	for n, locale := range []string{"en-US", "de", "es-419", "fr", "pt-BR"} {
		t.Run(locale, func(t *testing.T) {
			set := phrases.For(locale)
			who := discordtest.User{ID: []string{"71", "72", "73", "74", "75"}[n], Locale: locale, Permissions: discordtest.PermManageGuild}
			answer := w.fakeDiscord.Ask(who, at, "Can ketamine help with PTSD?")
			note := phrases.Fill(set.Answer.OtherLanguage, "language", set.LanguageName("en"))
			if strings.Contains(answer.Text, note) == (set.Language == "en") || !strings.Contains(answer.Text, set.Answer.General) {
				t.Errorf("answer %q", answer.Text)
			}
			for _, label := range []string{set.Buttons.Why, set.Buttons.Helpful, set.Buttons.NotHelpful, set.Buttons.Delete} {
				if !slices.Contains(answer.Labels(), label) {
					t.Errorf("no button %q in %q", label, answer.Labels())
				}
			}
			why := w.fakeDiscord.Press(who, answer, set.Buttons.NotHelpful)
			if !why.Ephemeral || why.Prompt != set.Adapter.ReasonPlaceholder || len(why.Menu) != 4 {
				t.Errorf("reasons %+v", why)
			}
			for text, got := range map[string]discordtest.Message{
				set.Answer.RateThanks: w.fakeDiscord.Select(who, why, set.Buttons.Outdated),
				set.Answer.NotCovered: w.fakeDiscord.Ask(who, at, "What is the capital of Peru?"),
				set.Privacy.Title:     w.fakeDiscord.Slash(who, at, "privacy"),
				set.Privacy.Forgotten: w.fakeDiscord.Slash(who, at, "forget"),
				set.Safety.HelpNow:    w.fakeDiscord.Slash(who, at, "helpnow"),
				set.Settings.Title:    w.fakeDiscord.Slash(who, at, "docent", discordtest.Option{Name: "settings", Type: 1}),
			} {
				if !got.Ephemeral || !strings.Contains(got.Text, text) {
					t.Errorf("no %q in %q (private: %v)", text, got.Text, got.Ephemeral)
				}
			}
			if got := w.fakeDiscord.Slash(who, at, "help"); !strings.Contains(got.Text, set.Talk.Help) {
				t.Errorf("help %q", got.Text)
			}
		})
	}
}

// TestDiscordCompletesInTime types into /ask of the whole program, with meanings, and holds each list against 100 ms.
func TestDiscordCompletesInTime(t *testing.T) {
	w := startWhole(t, func(w *whole) { w.config.Knowledge.Meaning = "on" })
	for typed, mark := range map[string]string{
		"": "📌", "ptsd": "✅", "pai": "🔑", "can ketamine help with bad memories of war": "📄", "zzzzqqqq": "",
	} {
		var took []time.Duration
		for range 11 {
			list, d := w.fakeDiscord.Complete(discordtest.User{ID: "76"}, discordtest.InGeneral(), "ask", "question", typed)
			took = append(took, d)
			switch {
			case list == nil, len(list) > 25, mark == "" && len(list) > 0:
				t.Errorf("%q: %+v", typed, list)
			case mark != "" && (len(list) == 0 || !strings.HasPrefix(list[0].Name, mark) || !strings.Contains(list[0].Name, " · ")):
				t.Errorf("%q: %+v", typed, list)
			}
		}
		slices.Sort(took)
		t.Logf("%q: %v, at most %v", typed, took[5], took[10])
		if took[5] > 100*time.Millisecond {
			t.Errorf("%q: completed after %v", typed, took[5])
		}
	}
}
