package discord

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/bwmarrin/discordgo"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/discordtest"
)

// settled waits for the first registration of commands.
func (r *rig) settled() {
	r.t.Helper()
	if err := r.srv.WaitRequest(r.ctx(), http.MethodPut, "/applications/"); err != nil {
		r.t.Fatal(err)
	}
}

// writes returns how many requests changed commands.
func (r *rig) writes() int {
	return len(r.srv.Requests(func(q discordtest.Request) bool {
		return q.Method != http.MethodGet && strings.HasPrefix(q.Path, "/applications/")
	}))
}

func TestCommands(t *testing.T) {
	r := newRig(t).start()
	r.settled()
	have := r.srv.Commands()
	for _, name := range []string{"ask", "topics", "topic", "help", "privacy", "forget", "helpnow", "docent", "Ask the articles", "pain", "sleep"} {
		if have[name] == nil {
			t.Errorf("no command %q", name)
		}
	}
	if fmt.Sprint(have["ask"]["contexts"], have["ask"]["integration_types"], have["docent"]["contexts"]) != "[0 1 2] [0 1] [0]" {
		t.Errorf("contexts %v, types %v", have["ask"]["contexts"], have["ask"]["integration_types"])
	}
	if have["docent"]["default_member_permissions"] != "32" {
		t.Errorf("permissions of /docent: %v", have["docent"]["default_member_permissions"])
	}
	words := have["ask"]["description_localizations"].(map[string]string)
	names := have["ask"]["name_localizations"].(map[string]string)
	for locale, set := range map[string]*phrases.Set{"en-US": phrases.For("en"), "de": phrases.For("de"), "es-ES": phrases.For("es"), "es-419": phrases.For("es"), "fr": phrases.For("fr"), "pt-BR": phrases.For("pt")} {
		if words[locale] != set.Commands.Ask {
			t.Errorf("%s: %q", locale, words[locale])
		}
		if names[locale] != set.Names.Ask {
			t.Errorf("%s: the name is %q, want %q", locale, names[locale], set.Names.Ask)
		}
	}
}

// TestEverythingThatPeopleSeeOfCommandsIsTranslated walks through all fixed commands with their options and choices.
func TestEverythingThatPeopleSeeOfCommandsIsTranslated(t *testing.T) {
	locales := []discordgo.Locale{"en-US", "en-GB", "de", "es-ES", "es-419", "fr", "pt-BR"}
	check := func(path, what string, m map[discordgo.Locale]string) {
		for _, l := range locales {
			if m[l] == "" {
				t.Errorf("%s has no %s in %s", path, what, l)
			}
		}
	}
	var options func(path string, list []*discordgo.ApplicationCommandOption)
	options = func(path string, list []*discordgo.ApplicationCommandOption) {
		for _, o := range list {
			here := path + " " + o.Name
			check(here, "name", o.NameLocalizations)
			check(here, "description", o.DescriptionLocalizations)
			options(here, o.Options)
			for _, c := range o.Choices {
				check(here+"="+fmt.Sprint(c.Value), "name", c.NameLocalizations)
			}
		}
	}
	for _, c := range fixedCommands() {
		if c.Name != "docent" {
			check(c.Name, "name", *c.NameLocalizations)
		}
		if c.Type == discordgo.ChatApplicationCommand {
			check(c.Name, "description", *c.DescriptionLocalizations)
		}
		options(c.Name, c.Options)
	}
}

func TestTopicsKeepTheirNames(t *testing.T) {
	list := commandsFor(newShelf("hilfe", "pain").Topics(), "")
	for _, c := range list {
		if c.Name == "help" && ((*c.NameLocalizations)["de"] != "" || (*c.NameLocalizations)["fr"] != "aide") {
			t.Errorf("/help is called %v although a topic is called hilfe", *c.NameLocalizations)
		}
	}
}

func TestCommandsFollowTheArticles(t *testing.T) {
	r := newRig(t).start()
	r.settled()
	keep := r.srv.Commands()["pain"]["id"]
	first := r.writes()
	r.Reload(r.ctx())
	if n := r.writes() - first; n != 0 {
		t.Errorf("%d writes although nothing changed", n)
	}
	r.shelf.set("pain", "dreams")
	r.Reload(r.ctx())
	have := r.srv.Commands()
	if have["sleep"] != nil || have["dreams"] == nil || have["pain"]["id"] != keep {
		t.Errorf("sleep %v, dreams %v, pain %v", have["sleep"], have["dreams"], have["pain"])
	}
	if n := r.writes() - first; n != 2 {
		t.Errorf("%d writes for one renamed topic, want 2", n)
	}
	r.shelf.mu.Lock()
	r.shelf.list[0].Title = "About all pain"
	r.shelf.mu.Unlock()
	r.Reload(r.ctx())
	if d := r.srv.Commands()["pain"]["description"]; d != "Show: About all pain" {
		t.Errorf("description %q", d)
	}
	if n := r.srv.Created(); n != 12 {
		t.Errorf("%d commands created, want 12", n)
	}
}

func TestRestartWritesNoCommands(t *testing.T) {
	r := newRig(t).start()
	r.settled()
	before := r.writes()
	again := newRig(t)
	again.srv, again.APIURL = r.srv, r.srv.URL
	if err := again.open(); err != nil {
		t.Fatal(err)
	}
	again.appID = discordtest.AppID
	again.Reload(again.ctx())
	if n := r.writes() - before; n != 0 {
		t.Errorf("%d writes after a restart", n)
	}
}

func TestManyTopics(t *testing.T) {
	r := newRig(t)
	var names []string
	for n := range 300 {
		names = append(names, fmt.Sprintf("topic-%03d", n))
	}
	r.shelf.set(append(names, "help", "docent")...)
	r.start()
	r.settled()
	if n := len(r.srv.Commands()); n != maxCommands {
		t.Errorf("%d commands, want %d", n, maxCommands)
	}
	if list, _ := r.srv.Complete(ada, discordtest.InGeneral(), "topic", "name", ""); len(list) != maxChoices {
		t.Errorf("%d choices", len(list))
	}
}

func TestCreationsOfADay(t *testing.T) {
	inBubble(t, func(r *rig) {
		var log bytes.Buffer
		r.Log = slog.New(slog.NewTextHandler(&locked{w: &log}, nil))
		var names []string
		for n := range 80 {
			names = append(names, fmt.Sprintf("first-%d", n))
		}
		r.shelf.set(names...)
		r.start()
		r.settled()
		for n := range names {
			names[n] = fmt.Sprintf("second-%d", n)
		}
		r.shelf.set(names...)
		r.Reload(r.ctx()) // 89 + 80 = 169
		for n := range names {
			names[n] = fmt.Sprintf("third-%d", n)
		}
		r.shelf.set(names...)
		r.Reload(r.ctx()) // only 31 more
		if n := r.srv.Created(); n != 200 {
			t.Errorf("%d created, want 200", n)
		}
		if refused := r.srv.Requests(func(q discordtest.Request) bool { return q.Status == 400 }); len(refused) > 0 {
			t.Errorf("%d requests were refused", len(refused))
		}
		r.Log = slog.New(slog.DiscardHandler)
		if !strings.Contains(log.String(), "many new commands today") || !strings.Contains(log.String(), "no more new commands today") {
			t.Errorf("the log does not warn:\n%s", log.String())
		}
	})
}

// TestRestOfTheCommandsComeAnotherDay makes more new commands than a day allows: the others come after midnight, also when
// Discord counts creations that the bot does not know of.
func TestRestOfTheCommandsComeAnotherDay(t *testing.T) {
	for _, known := range []bool{true, false} {
		inBubble(t, func(r *rig) {
			var names []string
			for n := range 20 {
				names = append(names, fmt.Sprintf("topic-%d", n))
			}
			r.shelf.set(names...)
			if known {
				if err := r.store.SetState(r.ctx(), stateKey(discordtest.AppID), today()+" 190"); err != nil {
					t.Error(err)
				}
			}
			r.srv.SetCreated(190)
			r.start()
			pass(time.Hour)
			had := len(r.srv.Commands())
			if known && had != 10 || !known && had != 0 {
				t.Errorf("known %v: %d commands on the first day", known, had)
			}
			r.srv.SetCreated(0)
			pass(24 * time.Hour)
			if n := len(r.srv.Commands()); n != len(fixedCommands())+20 {
				t.Errorf("known %v: %d commands on the second day", known, n)
			}
			if refused := len(r.srv.Requests(func(q discordtest.Request) bool { return q.Status >= 400 })); known && refused > 0 || refused > 1 {
				t.Errorf("known %v: %d requests were refused", known, refused)
			}
		})
	}
}

// TestRestOfAReloadComesAnotherDay changes the articles when a day's creations are nearly used up.
func TestRestOfAReloadComesAnotherDay(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.start()
		pass(time.Minute)
		if err := r.store.SetState(r.ctx(), stateKey(discordtest.AppID), today()+" 198"); err != nil {
			t.Error(err)
		}
		r.shelf.set("pain", "sleep", "a", "b", "c", "d")
		r.Reload(r.ctx())
		if n := len(r.srv.Commands()); n != 11+2 {
			t.Errorf("%d commands on the first day", n)
		}
		pass(25 * time.Hour)
		if n := len(r.srv.Commands()); n != 11+4 {
			t.Errorf("%d commands on the second day", n)
		}
	})
}

func TestCreationsAreCountedWithoutAStore(t *testing.T) {
	r := newRig(t)
	r.State = nil
	r.start()
	r.settled()
	r.sync.Lock() // the registration ends first
	defer r.sync.Unlock()
	if n := r.createdToday(r.ctx(), discordtest.AppID); n != 11 {
		t.Errorf("%d counted, want 11", n)
	}
}

func TestCommandsAreRegisteredWhenDiscordIsBack(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.srv.Fail(discordtest.Fault{Method: http.MethodGet, Prefix: "/applications/", Status: 503, Times: 2 * maxTries})
		r.start()
		pass(10 * time.Minute)
		if n := len(r.srv.Commands()); n != 11 {
			t.Errorf("%d commands", n)
		}
	})
}

func TestRenamedTopicsAreNotCreated(t *testing.T) {
	r := newRig(t).start()
	r.settled()
	id, before := r.srv.Commands()["pain"]["id"], r.srv.Created()
	r.shelf.mu.Lock()
	r.shelf.list[0].Name = "pain-management" // with the same title
	r.shelf.mu.Unlock()
	r.Reload(r.ctx())
	have := r.srv.Commands()
	if have["pain"] != nil || have["pain-management"]["id"] != id || r.srv.Created() != before {
		t.Errorf("pain %v, pain-management %v, %d created", have["pain"], have["pain-management"], r.srv.Created()-before)
	}
}

// locked is a buffer for several writers.
type locked struct {
	mu sync.Mutex
	w  *bytes.Buffer
}

func (l *locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

func (l *locked) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.String()
}

// set uses /docent settings.
func (r *rig) set(u discordtest.User, options ...discordtest.Option) discordtest.Message {
	r.t.Helper()
	return r.srv.Slash(u, discordtest.InGeneral(), "docent", discordtest.Option{Name: "settings", Type: 1, Options: options})
}

func TestSettings(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	other := discordtest.Channel{ID: "700000000000000077", Guild: discordtest.Guild}
	if m := r.set(ada, discordtest.Bool("private", true)); !m.Ephemeral || !strings.Contains(m.Text, "Only administrators") {
		t.Errorf("somebody without rights: %+v", m)
	}
	m := r.set(mod, discordtest.Option{Name: "channel", Type: 7, Value: at.ID}, discordtest.Bool("private", true), discordtest.Text("language", "de"),
		discordtest.Text("region", "at"), discordtest.Option{Name: "cooldown", Type: 4, Value: 30})
	for _, want := range []string{"Saved.", "<#" + at.ID + ">", "Answers are private: on", "Language: German", "AT", "30"} {
		if !strings.Contains(strings.ReplaceAll(m.Raw, `\`, ""), want) {
			t.Errorf("no %q in %q", want, m.Raw)
		}
	}
	if m := r.srv.Ask(ada, at, "pain"); !m.Ephemeral {
		t.Error("not private by default")
	}
	if m := r.srv.Slash(ada, at, "ask", discordtest.Text("question", "pain"), discordtest.Bool("private", false)); m.Ephemeral {
		t.Error("private: false does not win")
	}
	q := r.clerk.questions()[0]
	if q.Locale != "de" || q.Region != "AT" {
		t.Errorf("question %+v", q)
	}
	if m := r.srv.Ask(ada, other, "pain"); !m.Ephemeral || !strings.Contains(m.Text, "don't answer in this channel") {
		t.Errorf("another channel: %+v", m)
	}
	r.srv.Post(r.ctx(), ada, other, "pain", discordtest.Mentioned())
	thread := r.srv.Thread(at)
	if m := r.srv.Mention(ada, thread, "pain in a thread"); !strings.Contains(m.Text, "pain in a thread") {
		t.Errorf("a thread of the channel: %+v", m)
	}
	if n := len(r.srv.Messages(other)); n != 1 {
		t.Errorf("%d messages in another channel, want the refusal only", n)
	}
	if m := r.srv.Slash(ada, other, "docent", discordtest.Option{Name: "status", Type: 1}); !strings.Contains(m.Text, "Only administrators") {
		t.Errorf("status: %+v", m)
	}
	if m := r.set(mod, discordtest.Text("region", "Atlantis")); !strings.Contains(m.Text, "not possible") {
		t.Errorf("bad region: %+v", m)
	}
	again := newRigOn(t, r.srv)
	again.Settings = r.store
	if err := again.open(); err != nil {
		t.Fatal(err)
	}
	if kept := again.places.get(r.ctx(), discordtest.Guild, again.Log); !slices.Equal(kept.Channels, []string{at.ID}) || kept.Language != "de" || kept.Cooldown != 30*time.Second {
		t.Errorf("after a restart: %+v", kept)
	}
	if got := r.store.settings["discord/"+discordtest.Guild]; got["channels"] != at.ID || got["private"] != "on" || got["cooldown"] != "30" {
		t.Errorf("stored %v", got)
	}
}

// TestSettingsAreAudited reads the log: what was changed where, and nothing of who did it.
func TestSettingsAreAudited(t *testing.T) {
	r := newRig(t)
	log := &locked{w: &bytes.Buffer{}}
	r.Log = slog.New(slog.NewTextHandler(log, nil))
	r.start()
	boss := discordtest.User{ID: "424242424242", Permissions: discordtest.PermManageGuild}
	r.set(boss, discordtest.Text("language", "fr"), discordtest.Bool("private", true), discordtest.Text("mode", "auto"))
	if m := r.set(boss, discordtest.Text("language", "fr")); !strings.Contains(m.Text, "Nothing was changed") {
		t.Errorf("%q", m.Text)
	}
	got := log.String()
	if !strings.Contains(got, `msg="settings changed" guild=`+discordtest.Guild+` now="[language=fr mode=auto private=on]"`) || strings.Count(got, "settings changed") != 1 {
		t.Errorf("log:\n%s", got)
	}
	if strings.Contains(got, boss.ID) || strings.Contains(got, "user"+boss.ID) {
		t.Errorf("the log names the person:\n%s", got)
	}
}

func TestSettingsSayWhatAnsweringUnaskedNeeds(t *testing.T) {
	forum := discordtest.Option{Name: "forum", Type: 7, Value: discordtest.Forum}
	tests := []struct {
		option discordtest.Option
		intent bool
		note   bool
	}{
		{discordtest.Text("mode", "auto"), false, true}, {discordtest.Text("mode", "auto"), true, false},
		{forum, false, true}, {forum, true, false}, {discordtest.Text("mode", "mention"), false, false},
	}
	for _, test := range tests {
		r := newRig(t)
		r.srv.Privileged, r.MessageContent = discordtest.IntentMessageContent, test.intent
		r.start()
		if m := r.set(mod, test.option); strings.Contains(m.Text, "Message Content Intent") != test.note {
			t.Errorf("%+v: %q", test, m.Text)
		}
	}
}

func TestChannelsAreToggled(t *testing.T) {
	r := newRig(t).start()
	channel := func(n int) discordtest.Option {
		return discordtest.Option{Name: "channel", Type: 7, Value: strconv.Itoa(700000000000001000 + n)}
	}
	for n := range maxListed {
		r.set(mod, channel(n))
	}
	if m := r.set(mod, channel(maxListed)); !strings.Contains(m.Text, "not possible here. Allowed: 1 - 50") {
		t.Errorf("too many: %q", m.Text)
	}
	if m := r.set(mod, channel(0)); strings.Contains(m.Raw, "700000000000001000>") || !strings.Contains(m.Raw, "700000000000001001>") {
		t.Errorf("the second time: %q", m.Raw)
	}
	if m := r.set(mod, discordtest.Bool("all-channels", true)); !strings.Contains(m.Text, "All channels") {
		t.Errorf("all: %q", m.Text)
	}
}

// TestSettingsOutliveABrokenStore changes one setting while the others cannot be read: nothing may be lost.
func TestSettingsOutliveABrokenStore(t *testing.T) {
	r := newRig(t).start()
	r.set(mod, discordtest.Text("language", "de"))
	r.Adapter.places.store = failing{r.store}
	if m := r.set(mod, discordtest.Text("region", "at")); !m.Ephemeral || !strings.Contains(m.Text, "went wrong") {
		t.Errorf("%q", m.Text)
	}
	if got := r.store.settings["discord/"+discordtest.Guild]; got["language"] != "de" || got["region"] != "" {
		t.Errorf("stored %v", got)
	}
}

// failing is a store that cannot be read.
type failing struct{ *memory }

func (failing) Settings(context.Context, string) (map[string]string, error) {
	return nil, errors.New("broken on purpose")
}

// TestHelpIsWithinReachEverywhere asks in a channel in which the bot does not answer.
func TestHelpIsWithinReachEverywhere(t *testing.T) {
	r := newRig(t).start()
	off := discordtest.Channel{ID: "700000000000000077", Guild: discordtest.Guild}
	r.set(mod, discordtest.Option{Name: "channel", Type: 7, Value: discordtest.General})
	for command, want := range map[string]string{"helpnow": bot.ChoiceHelpNow, "privacy": bot.ChoicePrivacy, "forget": bot.ChoiceForget, "help": bot.ChoiceHelp} {
		if m := r.srv.Slash(ada, off, command); !m.Ephemeral || !strings.Contains(m.Text, "You asked: "+want) {
			t.Errorf("/%s: %+v", command, m)
		}
	}
	if m := r.srv.Slash(ada, off, "ask", discordtest.Text("question", "crisis"), discordtest.Bool("private", false)); !m.Ephemeral || !strings.Contains(m.Text, "talk to somebody") {
		t.Errorf("a crisis: %+v", m)
	}
	if m := r.srv.Slash(ada, off, "topics"); !m.Ephemeral || !strings.Contains(m.Text, "don't answer in this channel") {
		t.Errorf("/topics: %+v", m)
	}
}

func TestCooldown(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	r.set(mod, discordtest.Option{Name: "cooldown", Type: 4, Value: 600})
	if m := r.srv.Ask(ada, at, "pain"); m.Ephemeral {
		t.Error("the first answer is private")
	}
	if m := r.srv.Ask(bea, at, "pain again"); !m.Ephemeral {
		t.Error("the same answer was shown to all twice")
	}
	if m := r.srv.Mention(bea, at, "and again"); !strings.Contains(m.Text, "just answered here") {
		t.Errorf("mention: %+v", m)
	}
}

func TestStatus(t *testing.T) {
	r := newRig(t)
	r.Info = func() Info {
		return Info{Version: "v1.2.3", Articles: 4, Sections: 31, Reloaded: time.Date(2026, 5, 4, 3, 2, 1, 0, time.UTC)}
	}
	r.srv.Heartbeat = 100 * time.Millisecond
	r.srv.Deny("EMBED_LINKS")
	r.start()
	ctx := r.ctx()
	for r.links.of(discordtest.Guild).latency.Load() == 0 && ctx.Err() == nil {
		runtime.Gosched()
	}
	m := r.srv.Slash(mod, discordtest.InGeneral(), "docent", discordtest.Option{Name: "status", Type: 1})
	for _, want := range []string{"Articles: 4", "Sections: 31", "Last reload: 2026-05-04 03:02 UTC", "v1.2.3", "Shard: 0/1", "Latency: ", " ms",
		"Rights that I lack here: Embed Links"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("no %q in %q", want, m.Text)
		}
	}
	if !m.Ephemeral {
		t.Error("status is not private")
	}
}

func TestForumPosts(t *testing.T) {
	r := newRig(t)
	r.srv.Privileged = discordtest.IntentMessageContent
	r.MessageContent = true
	r.start()
	r.set(mod, discordtest.Option{Name: "forum", Type: 7, Value: discordtest.Forum})
	unsure, err := r.srv.NewPost(r.ctx(), ada, discordtest.Forum, "A title", "unsure")
	if err != nil {
		t.Fatal(err)
	}
	sure, err := r.srv.NewPost(r.ctx(), ada, discordtest.Forum, "Another title", "pain")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := r.srv.WaitMessages(r.ctx(), sure, 1); err != nil {
		t.Fatal(err)
	}
	r.srv.Post(r.ctx(), bea, sure, "a second message in the post", nil)
	r.srv.Post(r.ctx(), bea, discordtest.InGeneral(), "in a channel", nil)
	r.srv.Mention(ada, discordtest.InGeneral(), "last")
	r.srv.Mention(bea, discordtest.InGeneral(), "last")
	r.srv.SayWith(bea, sure, "asked", discordtest.Mentioned())
	if got := len(r.srv.Messages(sure)); got != 2 {
		t.Errorf("%d messages in the post, want 2", got)
	}
	if got := len(r.srv.Messages(unsure)); got != 0 {
		t.Errorf("%d messages in the post that it was not sure of", got)
	}
	if !slices.ContainsFunc(r.clerk.questions(), func(q bot.Question) bool { return q.Text == "Another title\npain" }) {
		t.Errorf("the title was not asked: %+v", r.clerk.questions())
	}
}

// TestForumPostWhoseMessageComesFirst delivers the message of a post before the post itself, and without words.
func TestForumPostWhoseMessageComesFirst(t *testing.T) {
	r := newRig(t)
	r.srv.Privileged, r.MessageContent = discordtest.IntentMessageContent, true
	r.start()
	r.set(mod, discordtest.Option{Name: "forum", Type: 7, Value: discordtest.Forum})
	post := r.srv.Thread(discordtest.Channel{ID: discordtest.Forum, Guild: discordtest.Guild})
	if _, err := r.srv.Post(r.ctx(), ada, post, "", map[string]any{"id": post.ID}); err != nil {
		t.Fatal(err)
	}
	got, err := r.srv.WaitMessages(r.ctx(), post, 1)
	if err != nil || !strings.Contains(got[0].Text, "You asked: general") || got[0].ReplyTo != post.ID {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestAutoMode lets the bot answer what does not address it: only what it is sure of, and nothing that is said to somebody
// else.
func TestAutoMode(t *testing.T) {
	r := newRig(t)
	r.srv.Privileged, r.MessageContent = discordtest.IntentMessageContent, true
	r.start()
	at := discordtest.InGeneral()
	r.set(mod, discordtest.Text("mode", "auto"))
	r.srv.Post(r.ctx(), ada, at, "unsure", nil)
	r.srv.Post(r.ctx(), ada, at, "none", nil)
	r.srv.Post(r.ctx(), ada, at, "what about pain", map[string]any{"mentions": []any{map[string]any{"id": bea.ID}}})
	r.srv.Post(r.ctx(), ada, at, "that is so", map[string]any{"type": 19, "referenced_message": map[string]any{"id": "1", "author": map[string]any{"id": bea.ID}}})
	r.srv.Post(r.ctx(), ada, at, "crisis", nil)
	if m := r.srv.Say(ada, at, "what about pain"); !strings.Contains(m.Text, "what about pain") || len(r.srv.Messages(at)) != 2 { // with the settings
		t.Errorf("%+v", r.srv.Messages(at))
	}
}

// TestServerLanguage mentions the bot in a server whose language is not English.
func TestServerLanguage(t *testing.T) {
	at := discordtest.InGeneral()
	unset := newRig(t).start()
	unset.srv.Mention(ada, at, "first")
	if q := unset.clerk.last(); q.Locale != "" { // so that the configured language counts
		t.Errorf("locale %q", q.Locale)
	}
	r := newRig(t)
	r.srv.Locale = "pt-BR"
	r.start()
	r.srv.Mention(ada, at, "first")
	if q := r.clerk.last(); q.Locale != "pt-BR" {
		t.Errorf("locale %q", q.Locale)
	}
	r.set(mod, discordtest.Text("language", "fr"))
	r.srv.Mention(ada, at, "second")
	if q := r.clerk.last(); q.Locale != "fr" {
		t.Errorf("locale %q", q.Locale)
	}
	if m := r.srv.Mention(ada, at, "broken"); !strings.Contains(m.Text, phrases.For("fr").Adapter.Broken) {
		t.Errorf("%q", m.Text)
	}
}

func TestTopicNamesOfCommandsAreStable(t *testing.T) {
	names := func() []string {
		var out []string
		for _, c := range commandsFor(newShelf("b", "a", "ask").Topics(), "") {
			out = append(out, c.Name)
		}
		return out
	}
	if got := names()[len(fixedCommands()):]; !slices.Equal(got, []string{"b", "a"}) {
		t.Errorf("topic commands %q", got)
	}
}
