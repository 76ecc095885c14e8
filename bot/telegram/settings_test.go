package telegram

import (
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/telegramtest"
)

func TestSettings(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	say := phrases.For("en")
	if got := s.tg.Ask(s.ann, group, "/settings@docent_test_bot"); got.Text != say.Adapter.AdminsOnly {
		t.Errorf("a member: %q", got.Text)
	}
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "/settings"); got.Text != say.Adapter.GroupOnly {
		t.Errorf("in private: %q", got.Text)
	}
	s.tg.Role(group, s.ann, "administrator")
	menu := s.tg.Ask(s.ann, group, "/settings@docent_test_bot")
	if !strings.Contains(menu.Text, say.Settings.ModeMention) || len(menu.Buttons) != 7 {
		t.Fatalf("the menu: %+v", menu)
	}
	if got := s.tg.Press(s.bob, menu, say.Settings.Mode); got.Text != phrases.For("de").Adapter.AdminsOnly || !got.Toast {
		t.Errorf("a member pressed: %+v", got)
	}
	next := s.tg.Press(s.ann, menu, say.Settings.Mode)
	if !next.Edited || !strings.Contains(next.Text, say.Settings.ModeAuto) {
		t.Errorf("an administrator pressed: %+v", next)
	}
	if !strings.Contains(next.Text, say.Settings.AutoNeeds) {
		t.Errorf("in privacy mode nobody is told that this needs more: %q", next.Text)
	}
	s.tg.Privacy = false
	if got := s.tg.Ask(s.bob, group, "does it ease the pain?"); !strings.Contains(got.Text, "eases") {
		t.Errorf("what the bot is sure of: %+v", got)
	}
	if got := s.tg.Ask(s.bob, group, "what is for lunch today?"); got.Text != "" {
		t.Errorf("what it is not sure of: %+v", got)
	}
	s.clock.Advance(time.Minute)
	for _, set := range []string{"region de", "topic ketamine", "language fr", "cooldown 0"} {
		if got := s.tg.Ask(s.ann, group, "/settings@docent_test_bot "+set); got.Text == "" || strings.Contains(got.Text, "not possible") {
			t.Errorf("%s: %q", set, got.Text)
		}
	}
	s.tg.Ask(s.bob, group, "/ask@docent_test_bot more")
	if q := s.oracle.last(t); q.Region != "DE" || q.Article != "ketamine" || q.Locale != "fr" {
		t.Errorf("the settings do not hold: %+v", q)
	}
	if got := s.tg.Ask(s.ann, group, "/settings@docent_test_bot region Atlantis"); !strings.Contains(got.Text, "default, US") {
		t.Errorf("a bad value: %q", got.Text)
	}
}

// TestSettingsWalk chooses a value from a list, in place.
func TestSettingsWalk(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	s.tg.Role(group, s.ann, "administrator")
	s.tg.Role(group, s.tg.Me, "administrator")
	say := phrases.For("en")
	menu := s.tg.Ask(s.ann, group, "/settings@docent_test_bot")
	list := s.tg.Press(s.ann, menu, say.Settings.Region)
	if !list.Edited || list.ID != menu.ID || !slices.Contains(list.Labels(), "✓ "+say.Settings.Default) {
		t.Errorf("the list of countries: %+v", list)
	}
	if back := s.tg.Press(s.ann, list, say.Buttons.Back); back.Text != menu.Text || !back.Edited {
		t.Errorf("Back: %+v", back)
	}
	set := s.tg.Press(s.ann, list, "PT")
	if !strings.Contains(set.Text, say.Settings.Region+": PT") || !strings.Contains(set.Text, say.Settings.Saved) {
		t.Errorf("a chosen country: %+v", set)
	}
	mode := s.tg.Press(s.ann, set, say.Settings.Mode)
	if strings.Contains(mode.Text, say.Settings.AutoNeeds) {
		t.Errorf("an administrator gets all messages: %q", mode.Text)
	}
	for _, data := range []string{"ts:", "ts:none", "ts:region:Atlantis", "ts:none:x", "ts:cooldown:-1", "ts:topic:" + strings.Repeat("x", 50)} {
		s.tg.PressData(s.ann, menu, data)
	}
	if m, _ := s.current.Load().settings.Settings(t.Context(), scope(group.ID)); len(m) != 2 || m[keyRegion] != "PT" {
		t.Errorf("forged buttons changed the settings: %v", m)
	}
	if n := s.tg.Unanswered(); n != 0 {
		t.Errorf("%d forged buttons show progress", n)
	}
}

func TestPrivateSetting(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	s.tg.Role(group, s.ann, "creator")
	s.tg.Ask(s.ann, group, "/settings@docent_test_bot private on")
	got := s.tg.Ask(s.bob, group, "/ask@docent_test_bot pain")
	if strings.Contains(got.Text, "eases") || !hasURL(got, "https://t.me/docent_test_bot?start=1S"+pain.Key()+"abcdef") {
		t.Errorf("without rights the answer leads to the private chat: %+v", got)
	}
}

func TestMigration(t *testing.T) {
	for _, announced := range []bool{true, false} {
		s := start(t)
		group := s.tg.BasicGroup("Small")
		s.tg.Role(group, s.ann, "creator")
		s.tg.Ask(s.ann, group, "/settings@docent_test_bot region FR")
		var to telegramtest.Chat
		s.oracle.mu.Lock()
		s.oracle.reply = func(q bot.Question) (bot.Reply, error) { // it becomes a supergroup while it is being answered
			if to.ID == 0 {
				to = s.tg.Migrate(group, announced)
			}
			return echo(q)
		}
		s.oracle.mu.Unlock()
		s.tg.Ask(s.ann, group, "/ask@docent_test_bot fish")
		if list := s.tg.Messages(to); len(list) != 1 || list[0].Text != "You asked: fish" {
			t.Errorf("the answer must follow: %+v", list)
		}
		s.tg.Ask(s.ann, to, "/ask@docent_test_bot meat")
		if q := s.oracle.last(t); q.Region != "FR" {
			t.Errorf("announced %v: the settings must follow: %+v", announced, q)
		}
		s.finish()
	}
}
