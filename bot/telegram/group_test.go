package telegram

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/telegramtest"
)

func TestGroupSilence(t *testing.T) {
	s := prepare(t)
	s.tg.Privacy = false // the bot hears everything, and must choose itself
	s.begin()
	group := s.tg.Group("Clinic")
	other := telegramtest.User{ID: 99, Name: "Other", Username: "other_bot", Bot: true}
	theirs, _ := s.tg.Write(telegramtest.Post{From: s.bob, Chat: group, Text: "Does it help with pain?"})
	for _, p := range []telegramtest.Post{
		{From: s.ann, Chat: group, Text: "what about pain?"},
		{From: s.ann, Chat: group, Text: "@docent_test_bot2 pain"},
		{From: s.ann, Chat: group, Text: "write to x@docent_test_bot pain"},
		{From: s.ann, Chat: group, Text: "/help@other_bot"},
		{From: s.ann, Chat: group, Text: "/unknown"},
		{From: s.ann, Chat: group, Text: "I agree", ReplyTo: theirs},
		{From: other, Chat: group, Text: "@docent_test_bot pain"},
		{From: s.ann, Chat: group, Text: "@docent_test_bot pain", Extra: map[string]any{"via_bot": map[string]any{"id": s.tg.Me.ID, "is_bot": true, "first_name": "Docent"}}},
		{From: s.ann, Chat: group, Text: "@docent_test_bot pain", Extra: map[string]any{"is_automatic_forward": true}},
		{From: s.ann, Chat: group, Extra: map[string]any{"new_chat_title": "New"}},
		{From: s.ann, Chat: s.tg.Channel("News"), Text: "@docent_test_bot pain"},
	} {
		if got := s.tg.AskPost(p); got.Text != "" {
			t.Errorf("%q was answered: %q", p.Text, got.Text)
		}
	}
	if n := len(s.oracle.questions()); n != 0 {
		t.Errorf("%d questions were asked", n)
	}
}

func TestGroupAddressed(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	first := s.tg.Ask(s.ann, group, "👩‍⚕️🚀 @Docent_Test_Bot, does it help with pain?")
	if first.ReplyTo == 0 || !strings.Contains(first.Text, "It eases pain.") {
		t.Fatalf("a mention: %+v", first)
	}
	if q := s.oracle.last(t); q.Text != "👩‍⚕️🚀 , does it help with pain?" && q.Text != "👩‍⚕️🚀, does it help with pain?" {
		t.Errorf("the mention must be cut at its UTF-16 offset: %q", q.Text)
	}
	for _, text := range []string{"/ask@docent_test_bot about fish", "/ASK@DOCENT_TEST_BOT about meat", "/ask about eggs"} {
		got := s.tg.Ask(s.ann, group, text)
		if !strings.HasPrefix(got.Text, "You asked: about ") || got.ReplyTo == 0 {
			t.Errorf("%q: %+v", text, got)
		}
	}
	got := s.tg.AskPost(telegramtest.Post{From: s.bob, Chat: group, Text: "and children?", ReplyTo: first.ID})
	if got.Text != "You asked: and children?" {
		t.Errorf("a reply to the bot: %+v", got)
	}
	if q := s.oracle.last(t); q.Locale != "de" || q.Person != "12" {
		t.Errorf("asked %+v", q)
	}
	if want := "https://t.me/docent_test_bot?start=1S" + pain.Key() + "abcdef"; !hasURL(first, want) {
		t.Errorf("no way into the private chat: %+v", first.Buttons)
	}
}

func hasURL(m telegramtest.Message, url string) bool {
	for _, b := range m.Buttons {
		if b.URL == url {
			return true
		}
	}
	return false
}

func TestCommandAnswersAnother(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	id, _ := s.tg.Write(telegramtest.Post{From: s.bob, Chat: group, Text: "Does it help with sleep?"})
	for text, want := range map[string]string{
		"/pain_management@docent_test_bot": "Section",
		"/ask@docent_test_bot":             "You asked: Does it help with sleep?",
	} {
		got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: text, ReplyTo: id})
		if got.ReplyTo != id || !strings.Contains(got.Text, want) {
			t.Errorf("%s must answer the person who asked: %+v", text, got)
		}
	}
	s.clock.Advance(time.Minute)
	got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "@docent_test_bot", ReplyTo: id})
	if got.ReplyTo != id || got.Text != "You asked: Does it help with sleep?" {
		t.Errorf("a bare mention: %+v", got)
	}
}

func TestForum(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	topic := s.tg.Forum(group)
	got := s.tg.Ask(s.ann, topic, "/ask@docent_test_bot what is it")
	if got.Chat != topic || got.ReplyTo == 0 {
		t.Errorf("an answer must stay in its topic: %+v", got)
	}
	if q := s.oracle.last(t); q.Place.Thread != fmt.Sprint(topic.Topic) {
		t.Errorf("place %+v", q.Place)
	}
	general := s.tg.Ask(s.ann, group, "/ask@docent_test_bot in general")
	if general.Chat.Topic != 0 {
		t.Errorf("General has no number: %+v", general)
	}
	s.tg.Privacy = false
	if got := s.tg.Ask(s.ann, topic, "nobody is asked"); got.Text != "" {
		t.Errorf("the implicit reply to a topic the bot made was taken for a question: %+v", got)
	}
	s.tg.CloseTopic(topic)
	if got := s.tg.Ask(s.ann, topic, "/ask@docent_test_bot again"); got.Text != "You asked: again" {
		t.Errorf("a deleted topic: %+v", got)
	}
}

func TestThreadWithoutForum(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	first := s.tg.Ask(s.ann, group, "/ask@docent_test_bot one")
	got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "two", ReplyTo: first.ID})
	if got.Text != "You asked: two" {
		t.Errorf("a reply thread: %+v", got)
	}
	for _, c := range s.tg.Calls("sendMessage") {
		if c.Error != "" || c.Params["message_thread_id"] != "" {
			t.Errorf("a reply thread's number was sent back: %+v", c)
		}
	}
}

func TestAnonymousAdmin(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "/ask@docent_test_bot hello", As: group.ID})
	if got.Text != "You asked: hello" {
		t.Errorf("%+v", got)
	}
	if q := s.oracle.last(t); q.Person != fmt.Sprint(group.ID) {
		t.Errorf("person %q", q.Person)
	}
}

func TestCooldown(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	ask := func(text string) string { return s.tg.Ask(s.ann, group, "/ask@docent_test_bot "+text).Text }
	if got := ask("pain"); !strings.Contains(got, "eases") {
		t.Errorf("first: %q", got)
	}
	if got := ask("about pain"); !strings.Contains(got, "10 seconds") {
		t.Errorf("the same answer again: %q", got)
	}
	if got := ask("pain?"); got != "" {
		t.Errorf("and again: %q", got)
	}
	if a, b := ask("crisis"), ask("crisis"); a == "" || a != b {
		t.Errorf("a crisis must be answered each time: %q, %q", a, b)
	}
	s.clock.Advance(11 * time.Second)
	if got := ask("pain"); !strings.Contains(got, "eases") {
		t.Errorf("later: %q", got)
	}
}

func TestLongOutage(t *testing.T) {
	s := start(t)
	group, chat := s.tg.Group("Clinic"), s.tg.Private(s.ann)
	old := s.clock.Now().Add(-2 * time.Hour)
	if got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "/ask@docent_test_bot pain", Date: old}); got.Text != "" {
		t.Errorf("a group was answered late: %q", got.Text)
	}
	got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: chat, Text: "pain", Date: old})
	if !strings.HasPrefix(got.Text, phrases.For("en").Adapter.Late) || !strings.Contains(got.Text, "eases") {
		t.Errorf("a private question: %q", got.Text)
	}
	s.tg.Role(group, s.ann, "administrator")
	if got := s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "/settings@docent_test_bot", Date: old}); got.Text != "" {
		t.Errorf("a group's settings were shown late: %q", got.Text)
	}
	if s.event("late") != 2 {
		t.Error("what was left out must be counted")
	}
	id, _ := s.tg.Write(telegramtest.Post{From: s.ann, Chat: group, Text: "/ask@docent_test_bot fish"})
	s.tg.Ask(s.ann, chat, "in between")
	s.clock.Advance(2 * time.Hour)
	if got := s.tg.Edit(s.ann, group, id, "/ask@docent_test_bot meat"); got.Text != "You asked: meat" {
		t.Errorf("an edit is as old as the edit: %+v", got)
	}
}

func TestEphemeral(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	first := s.tg.Ask(s.ann, group, "/ask@docent_test_bot pain")
	got := s.tg.Press(s.bob, first, "Not helpful")
	if got.Ephemeral == 0 || got.Receiver != s.bob.ID || got.Text != "What was wrong?" {
		t.Errorf("a private reply to a press: %+v", got)
	}
	hidden := s.tg.AskPost(telegramtest.Post{From: s.bob, Chat: group, Text: "/ask@docent_test_bot sleep", Hidden: true})
	if hidden.Ephemeral == 0 || hidden.Text != "You asked: sleep" {
		t.Errorf("an ephemeral command: %+v", hidden)
	}
	s.tg.Ephemeral = false
	got = s.tg.Press(s.bob, first, "Not helpful")
	if got.Ephemeral != 0 || got.Text != "What was wrong?" {
		t.Errorf("an old server: %+v", got)
	}
	toast := s.tg.Press(s.bob, first, "Helpful")
	if !toast.Toast {
		t.Errorf("thanks: %+v", toast)
	}
}

// TestHiddenStaysHidden refuses the ephemeral answer to an ephemeral question: it must not be given for all to see.
func TestHiddenStaysHidden(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Refuse, Text: "not enough rights to send ephemeral messages", Times: 1})
	got := s.tg.AskPost(telegramtest.Post{From: s.bob, Chat: group, Text: "/ask@docent_test_bot pain", Hidden: true})
	if strings.Contains(got.Text, "eases") || !hasURL(got, "https://t.me/docent_test_bot?start=1S"+pain.Key()+"abcdef") {
		t.Errorf("%+v", got)
	}
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Refuse, Text: "not enough rights to send ephemeral messages", Times: 1})
	got = s.tg.AskPost(telegramtest.Post{From: s.bob, Chat: group, Text: "/ask@docent_test_bot crisis", Hidden: true})
	if got.Text != "Call 112 now." || got.ReplyTo != 0 {
		t.Errorf("help must come at once, without saying for whom: %+v", got)
	}
}

// TestEditedInGroup changes a question into one whose answer is private: the open answer must not stay as it was.
func TestEditedInGroup(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	s.oracle.reply = func(q bot.Question) (bot.Reply, error) {
		r, err := echo(q)
		r.Private = strings.Contains(q.Text, "unsure")
		return r, err
	}
	id, _ := s.tg.Write(telegramtest.Post{From: s.ann, Chat: group, Text: "/ask@docent_test_bot pain"})
	s.tg.Ask(s.bob, group, "/ask@docent_test_bot something else")
	got := s.tg.Edit(s.ann, group, id, "/ask@docent_test_bot unsure")
	if list := s.tg.Messages(group); !got.Edited || len(list) != 2 || list[0].Text != "You asked: unsure" {
		t.Errorf("%+v", list)
	}
	s.tg.Role(group, s.ann, "creator")
	s.tg.Ask(s.ann, group, "/settings@docent_test_bot private on")
	if got := s.tg.Edit(s.ann, group, id, "/ask@docent_test_bot more on pain"); strings.Contains(got.Text, "eases") || !got.Edited {
		t.Errorf("answers are private now: %+v", got)
	}
}

func TestEphemeralWalk(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Clinic")
	hidden := s.tg.AskPost(telegramtest.Post{From: s.bob, Chat: group, Text: "/ask@docent_test_bot pain", Hidden: true})
	got := s.tg.Press(s.bob, hidden, "Read more")
	if !got.Edited || got.Ephemeral != hidden.Ephemeral || !strings.HasPrefix(got.Text, "The whole text") {
		t.Errorf("walking in an ephemeral message: %+v", got)
	}
}

func TestDeleteCommands(t *testing.T) {
	s := prepare(t)
	s.DeleteCommands = true
	s.begin()
	group := s.tg.Group("Clinic")
	s.tg.Role(group, s.tg.Me, "administrator")
	s.tg.Ask(s.ann, group, "/ask@docent_test_bot fish")
	calls := s.tg.Calls("deleteMessage")
	if len(calls) != 1 || calls[0].Error != "" {
		t.Errorf("calls %+v", calls)
	}
	s.tg.Role(group, s.tg.Me, "member")
	if got := s.tg.Ask(s.ann, group, "/ask@docent_test_bot meat"); got.Text != "You asked: meat" {
		t.Errorf("without the right: %+v", got)
	}
	if got := s.tg.Ask(s.ann, group, "/ask@docent_test_bot eggs"); got.ReplyTo == 0 || len(s.tg.Calls("deleteMessage")) != 2 {
		t.Errorf("a message that stays must be replied to, and not be tried again: %+v", got)
	}
	s.clock.Advance(denySpan + time.Minute)
	s.tg.Role(group, s.tg.Me, "administrator")
	s.tg.Role(group, s.ann, "administrator")
	s.tg.Ask(s.ann, group, "/settings@docent_test_bot")
	if n := len(s.tg.Calls("deleteMessage")); n != 3 {
		t.Errorf("with the right again: %d messages were deleted, and /settings is a command too", n)
	}
}
