package telegram

import (
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/telegramtest"
	"docent/knowledge"
)

func commandNames(list []telegramtest.Command) []string {
	var out []string
	for _, c := range list {
		out = append(out, c.Command)
	}
	return out
}

func TestMenus(t *testing.T) {
	s := prepare(t)
	s.State = newMapState()
	s.Catalog = newCatalog(300)
	s.begin()
	s.published(1)
	s.finish()
	for _, scope := range []string{scopePrivate, scopeGroups, scopeAdmins} {
		for _, language := range []string{"", "de", "es", "fr", "pt"} {
			list := s.tg.Commands(scope, language)
			if len(list) == 0 || len(list) > 100 {
				t.Errorf("%s in %q has %d commands", scope, language, len(list))
			}
			has := strings.Contains(strings.Join(commandNames(list), " "), "settings")
			if has != (scope == scopeAdmins) {
				t.Errorf("%s: settings are there: %v", scope, has)
			}
		}
	}
	if d := s.tg.Commands(scopePrivate, "de")[0].Description; d != phrases.For("de").Commands.Ask {
		t.Errorf("German: %q", d)
	}
	before := len(s.tg.Calls("setMyCommands"))
	if before != 15 {
		t.Errorf("%d lists were written, want 15", before)
	}
	s.restart()
	s.published(2)
	s.finish()
	if n := len(s.tg.Calls("setMyCommands")) + len(s.tg.Calls("getMyCommands")); n != before+15 {
		t.Errorf("unchanged commands were looked at again: %d calls", n)
	}
}

func TestMenusWithoutState(t *testing.T) {
	s := start(t)
	s.published(1)
	s.restart()
	s.published(2)
	s.finish()
	if n := len(s.tg.Calls("setMyCommands")); n != 15 {
		t.Errorf("commands were written %d times, want 15", n)
	}
}

func TestReload(t *testing.T) {
	s := prepare(t)
	s.State = newMapState()
	list := newCatalog(2)
	s.Catalog = list
	s.begin()
	s.published(1)
	list.topics = newCatalog(4).topics
	s.Reload(t.Context())
	if !strings.Contains(strings.Join(commandNames(s.tg.Commands(scopePrivate, "")), " "), "topic_3") {
		t.Error("a new topic has no command")
	}
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "/topic_3")
	if q := s.oracle.last(t); q.Choice != list.topics[3].Value {
		t.Errorf("asked %+v", q)
	}
}

func TestRetiredScopes(t *testing.T) {
	s := prepare(t)
	state := newMapState()
	state.m["telegram/7000000001/scopes"] = "default|it all_private_chats|"
	s.State = state
	s.begin()
	s.published(1)
	s.finish()
	calls := s.tg.Calls("deleteMyCommands")
	if len(calls) != 1 || calls[0].Params["language_code"] != "it" {
		t.Errorf("what is no longer used must be deleted: %+v", calls)
	}
}

func TestProfile(t *testing.T) {
	s := prepare(t)
	s.State = newMapState()
	s.Name = map[string]string{"": "Docent", "de": "Dozent"}
	s.Short = map[string]string{"": "Short"}
	s.About = map[string]string{"fr": "Longue"}
	s.begin()
	s.published(1)
	s.finish()
	for _, c := range []struct{ field, language, want string }{
		{"name", "", "Docent"}, {"name", "de", "Dozent"}, {"short_description", "", "Short"}, {"description", "fr", "Longue"},
	} {
		if got := s.tg.Profile(c.field, c.language); got != c.want {
			t.Errorf("%s in %q is %q", c.field, c.language, got)
		}
	}
	before := len(s.tg.Calls("setMyName"))
	s.restart()
	s.published(2)
	if n := len(s.tg.Calls("setMyName")); n != before {
		t.Errorf("an unchanged name was written again")
	}
	s.finish()
	s.restartWith(func(a *Adapter) { a.Name = map[string]string{"": "Docent", "es": "Docente"} })
	s.published(3)
	if de, es, all := s.tg.Profile("name", "de"), s.tg.Profile("name", "es"), s.tg.Profile("name", ""); de != "" || es != "Docente" || all != "Docent" {
		t.Errorf("a name that is no longer configured must go: de %q, es %q, all %q", de, es, all)
	}
}

func TestCommandNames(t *testing.T) {
	long := strings.Repeat("long-", 10)
	topics := []bot.Topic{
		{Name: "help", Value: "1"}, {Name: "ask", Value: "2"}, {Name: "a-b", Value: "3"}, {Name: "a_b", Value: "4"},
		{Name: long + "x", Value: "5"}, {Name: long + "y", Value: "6"}, {Name: "Ünïc", Value: "7"}, {Name: "日本", Value: "8"},
		{Name: "settings", Value: "9", Ref: knowledge.Ref{Article: "a", Section: "b"}},
	}
	n := newNames(topics)
	seen := map[string]bool{}
	for _, c := range n.topics {
		if seen[c.name] || len(c.name) > 32 || strings.Trim(c.name, "abcdefghijklmnopqrstuvwxyz0123456789_") != "" {
			t.Errorf("command %q", c.name)
		}
		seen[c.name] = true
	}
	for name, want := range map[string]string{"help": bot.ChoiceHelp, "help_2": "1", "ask_2": "2", "a_b": "3", "a_b_2": "4", "settings_2": "9"} {
		if got := n.choice[name]; got != want {
			t.Errorf("/%s asks %q, want %q", name, got, want)
		}
	}
	if got := n.value[knowledge.Ref{Article: "a", Section: "b"}].Value; got != "9" {
		t.Errorf("the value of a section is %q", got)
	}
}
