package discord

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/discordtest"
	"docent/knowledge"
)

func TestAskInAServer(t *testing.T) {
	r := newRig(t).start()
	m := r.srv.Ask(ada, discordtest.InGeneral(), "What about pain?")
	want := "Pain management\n\nYou asked: What about pain?\n\nSource: Ketamine"
	if m.Text != want {
		t.Errorf("text %q, want %q", m.Text, want)
	}
	labels := []string{"Read more", "Anesthesia", "Helpful", "Not helpful", "Delete"}
	if !slices.Equal(m.Labels(), labels) || m.Ephemeral || len(m.Pings) > 0 {
		t.Errorf("labels %q, ephemeral %v, pings %v", m.Labels(), m.Ephemeral, m.Pings)
	}
	q := r.clerk.questions()[0]
	if q.Place != (bot.Place{Platform: "discord", Channel: discordtest.General}) || q.Person != ada.ID || q.Locale != "en-US" || q.At.IsZero() {
		t.Errorf("question %+v", q)
	}
}

func TestAskEverywhere(t *testing.T) {
	r := newRig(t).start()
	dm := r.srv.Ask(ada, discordtest.DM(ada.ID), "in private")
	if !strings.Contains(dm.Text, "You asked: in private") || dm.ReplyTo == "" || slices.Contains(dm.Labels(), "Delete") {
		t.Errorf("direct message: %+v", dm)
	}
	at := discordtest.InGeneral()
	m := r.srv.Mention(ada, at, "by mention @everyone <@&77>")
	if !strings.Contains(m.Text, "You asked: by mention") || len(m.Pings) > 0 || m.ReplyTo == "" {
		t.Errorf("mention: %+v", m)
	}
	reply := r.srv.SayWith(ada, at, "and this?", discordtest.ReplyTo(m))
	if !strings.Contains(reply.Text, "You asked: and this?") {
		t.Errorf("reply to the bot: %+v", reply)
	}
	thread := discordtest.Channel{ID: "710000000000000009", Guild: discordtest.Guild, Parent: discordtest.General}
	if m := r.srv.Slash(ada, thread, "pain"); m.Channel != thread.ID || !strings.Contains(m.Text, "You asked: 1s-pain") {
		t.Errorf("topic command in a thread: %+v", m)
	}
}

func TestSilence(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	for _, extra := range []map[string]any{
		nil,
		{"author": map[string]any{"id": "77", "bot": true}, "mentions": discordtest.Mentioned()["mentions"]},
		{"webhook_id": "78", "mentions": discordtest.Mentioned()["mentions"]},
		{"type": 7, "mentions": discordtest.Mentioned()["mentions"]},
		{"author": nil, "mentions": discordtest.Mentioned()["mentions"]},
		{"components": []any{map[string]any{"type": 99}}},
	} {
		if _, err := r.srv.Post(r.ctx(), ada, at, "not for the bot", extra); err != nil {
			t.Fatal(err)
		}
	}
	r.srv.Mention(ada, at, "for the bot")
	if n := len(r.srv.Messages(at)); n != 1 || len(r.clerk.questions()) != 1 {
		t.Errorf("%d messages, %d questions", n, len(r.clerk.questions()))
	}
}

func TestPrivateAndFor(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	if m := r.srv.Slash(ada, at, "ask", discordtest.Text("question", "pain"), discordtest.Bool("private", true)); !m.Ephemeral {
		t.Error("private: is not private")
	}
	m := r.srv.Slash(ada, at, "ask", discordtest.Text("question", "pain <@9> @everyone"), discordtest.Option{Name: "for", Type: 6, Value: bea.ID})
	if !slices.Equal(m.Pings, []string{bea.ID}) || !strings.HasPrefix(m.Raw, "For <@1002>:") {
		t.Errorf("for: %+v", m)
	}
	for _, text := range []string{"unsure", "none", "broken", "panic", "dose", "crisis"} {
		if m := r.srv.Ask(ada, at, text); !m.Ephemeral {
			t.Errorf("%s: not private: %+v", text, m)
		}
	}
}

func TestButtons(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	m := r.srv.Ask(ada, at, "pain")
	if more := r.srv.Press(ada, m, "Read more"); more.ID != m.ID || more.Edits != 1 || more.Ephemeral {
		t.Errorf("Read more did not change the message: %+v", more)
	}
	if other := r.srv.Press(bea, m, "Read more"); other.ID == m.ID || !other.Ephemeral {
		t.Errorf("Read more of another person changed the message: %+v", other)
	}
	if related := r.srv.Press(ada, m, "Anesthesia"); related.ID == m.ID || !strings.Contains(related.Text, "1s-an") {
		t.Errorf("related: %+v", related)
	}
	unsure := r.srv.Ask(ada, at, "unsure")
	if picked := r.srv.Press(ada, unsure, "Pain"); !picked.Ephemeral {
		t.Errorf("what was picked in private is not private: %+v", picked)
	}
	dm := r.srv.Ask(ada, discordtest.DM(ada.ID), "pain")
	if more := r.srv.Press(ada, dm, "Read more"); more.ID != dm.ID {
		t.Errorf("direct message: %+v", more)
	}
}

func TestReadMoreDoesNotFillTheChannel(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	m := r.srv.Ask(ada, at, "pain")
	for _, b := range m.Buttons {
		if b.Label == "Read more" {
			whole := r.srv.PressID(ada, m, strings.Replace(b.ID, "1more", "1whole", 1)) // several messages long
			if !whole.Ephemeral || slices.Contains(whole.Labels(), "Delete") {
				t.Errorf("%+v", whole)
			}
		}
	}
	for _, other := range r.srv.Messages(at) {
		if !other.Ephemeral && (other.ID != m.ID || other.Edits > 0) {
			t.Errorf("a message for all: %+v", other)
		}
	}
}

func TestReadMoreKeepsWhomTheAnswerIsFor(t *testing.T) {
	r := newRig(t).start()
	m := r.srv.Slash(ada, discordtest.InGeneral(), "ask", discordtest.Text("question", "pain"), discordtest.Option{Name: "for", Type: 6, Value: bea.ID})
	if more := r.srv.Press(ada, m, "Read more"); more.ID != m.ID || !strings.HasPrefix(more.Raw, "For <@1002>:") {
		t.Errorf("%+v", more)
	}
}

func TestReasons(t *testing.T) {
	r := newRig(t).start()
	for _, at := range []discordtest.Channel{discordtest.InGeneral(), discordtest.DM(ada.ID)} {
		m := r.srv.Ask(ada, at, "pain")
		why := r.srv.Press(ada, m, "Not helpful")
		if why.Text != "What was wrong?" || why.Ephemeral != (at.Guild != "") || why.Prompt != "Choose a reason" || len(why.Menu) != 4 {
			t.Errorf("%+v", why)
		}
		thanks := r.srv.Select(ada, why, "Out of date")
		if thanks.ID != why.ID || thanks.Text != "Thank you." || len(thanks.Menu) > 0 {
			t.Errorf("%+v", thanks)
		}
		if q := r.clerk.last(); q.Choice != "1Qkkkkkkkkkkkvvvvvv2" {
			t.Errorf("%+v", q)
		}
	}
}

func TestForgedButtons(t *testing.T) {
	r := newRig(t).start()
	m := r.srv.Ask(ada, discordtest.InGeneral(), "pain")
	for _, id := range []string{"x", "d1|", "d1||", "d1|!!|a", "d0|rt|1more", "d1|rt|" + strings.Repeat("x", 90), "d1|rt|\x00\u202e"} {
		if got := r.srv.PressID(ada, m, id); !got.Ephemeral || got.Text == "" {
			t.Errorf("%q: %+v", id, got)
		}
	}
}

func TestDelete(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	m := r.srv.Ask(ada, at, "pain")
	if got := r.srv.Press(bea, m, "Delete"); !got.Ephemeral || !strings.Contains(got.Text, "moderator") {
		t.Errorf("a stranger: %+v", got)
	}
	if got := r.srv.Press(ada, m, "Delete"); !got.Deleted || got.ID != m.ID {
		t.Errorf("the asker: %+v", got)
	}
	m = r.srv.Mention(ada, at, "pain")
	if got := r.srv.Press(mod, m, "Delete"); !got.Deleted {
		t.Errorf("a moderator: %+v", got)
	}
}

// TestDeleteALongAnswer deletes an answer of several messages: each has the button.
func TestDeleteALongAnswer(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	r.srv.Ask(ada, at, "long")
	parts := len(render(longReply(), look{}))
	all, err := r.srv.WaitMessages(r.ctx(), at, parts)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range all {
		if got := r.srv.Press(ada, m, "Delete"); !got.Deleted {
			t.Errorf("%+v", got)
		}
	}
	if left := r.srv.Messages(at); len(left) > 0 {
		t.Errorf("%d messages are left", len(left))
	}
}

func TestSlowAnswers(t *testing.T) {
	r := newRig(t)
	r.clerk.hold = make(chan struct{}, 10)
	r.start()
	at := discordtest.InGeneral()
	for _, text := range []string{"slow", "slow unsure"} {
		i, err := r.srv.Start(r.ctx(), ada, at, "ask", discordtest.Text("question", text))
		if err != nil {
			t.Fatal(err)
		}
		r.waitAcked(i, 5)
		r.clerk.hold <- struct{}{}
		m, err := i.Wait(r.ctx())
		if err != nil {
			t.Fatal(err)
		}
		if m.Ephemeral != (text == "slow unsure") {
			t.Errorf("%s: %+v", text, m)
		}
	}
}

// waitAcked waits for a first answer of a type.
func (r *rig) waitAcked(i *discordtest.Interaction, want int) {
	r.t.Helper()
	if err := i.WaitAcked(r.ctx()); err != nil {
		r.t.Fatal(err)
	}
	if _, kind := i.Acked(); kind != want {
		r.t.Fatalf("first answer of type %d, want %d", kind, want)
	}
}

func TestOnMessage(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	odd := map[string]any{"components": []any{map[string]any{"type": 99, "what": true}}}
	first, target := r.srv.OnMessage(ada, at, "Ask the articles", "what about pain", odd)
	all := r.srv.Messages(at)
	if !first.Ephemeral || len(all) != 2 || all[0].ReplyTo != target || !strings.Contains(all[0].Text, "what about pain") {
		t.Errorf("first %+v, all %+v", first, all)
	}
	dm := discordtest.DM(ada.ID)
	if first, target := r.srv.OnMessage(ada, dm, "Ask the articles", "pain in private", nil); !first.Ephemeral || r.srv.Messages(dm)[0].ReplyTo != target {
		t.Errorf("direct message: %+v", r.srv.Messages(dm))
	}
	if first, _ := r.srv.OnMessage(ada, at, "Ask the articles", "unsure", nil); !first.Ephemeral || len(first.Buttons) != 2 {
		t.Errorf("unsure: %+v", first)
	}
	if first, _ := r.srv.OnMessage(ada, at, "Ask the articles", "<:smile:123>", nil); !first.Ephemeral || !strings.Contains(first.Text, "no text") {
		t.Errorf("no words: %+v", first)
	}
}

// TestOnMessageWithoutPermission asks about a message where the bot may not post: the answer comes, and says why it is no
// reply.
func TestOnMessageWithoutPermission(t *testing.T) {
	general := discordtest.InGeneral()
	tests := []struct {
		name, deny string
		thread     bool
		replies    bool
	}{
		{"channel", "SEND_MESSAGES", false, false},
		{"thread", "SEND_MESSAGES_IN_THREADS", true, false},
		{"thread of a channel without", "SEND_MESSAGES", true, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			r := newRig(t)
			at := general
			if test.thread {
				at = r.srv.Thread(general)
			}
			r.srv.Deny(test.deny)
			r.start()
			first, target := r.srv.OnMessage(ada, at, "Ask the articles", "what about pain", nil)
			if test.replies {
				if all := r.srv.Messages(at); !first.Ephemeral || all[0].ReplyTo != target {
					t.Errorf("first %+v, all %+v", first, all)
				}
				return
			}
			if first.Ephemeral || !strings.Contains(first.Text, "what about pain") || !strings.Contains(first.Text, "not allowed to write there") {
				t.Errorf("%+v", first)
			}
		})
	}
}

func TestAutocomplete(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	pain := "topic:" + knowledge.Ref{Article: "ketamine", Section: "pain"}.Key()
	var took []time.Duration
	for range 51 {
		list, d := r.srv.Complete(ada, at, "ask", "question", "")
		if len(list) != 2 || list[0].Name != "📌 About pain · Ketamine" || list[0].Value != pain {
			t.Fatalf("list %+v", list)
		}
		took = append(took, d)
	}
	slices.Sort(took)
	if t.Logf("answered in %v, at most %v", took[25], took[50]); took[25] > 100*time.Millisecond {
		t.Errorf("answered in %v", took[25])
	}
	if list, _ := r.srv.Complete(ada, at, "topic", "name", " pain "); len(list) != 1 || list[0].Name != "✅ About pain · Ketamine" {
		t.Errorf("exact: %+v", list)
	}
	if list, _ := r.srv.Complete(ada, at, "topic", "name", "pa"); len(list) != 1 || list[0].Name != "🔑 About pain · Ketamine" {
		t.Errorf("keyword: %+v", list)
	}
	if list, _ := r.srv.Complete(ada, at, "ask", "question", "zzz"); list == nil || len(list) != 0 {
		t.Errorf("nothing found: %+v", list)
	}
	if m := r.srv.Ask(ada, at, pain); !strings.Contains(m.Text, "You asked: 1s-pain") {
		t.Errorf("picked: %q", m.Text)
	}
	gone := "topic:" + knowledge.Ref{Article: "ketamine", Section: "gone"}.Key()
	if r.srv.Ask(ada, at, gone); r.clerk.last().Choice != gone || r.clerk.last().Text != "" {
		t.Errorf("picked what is gone: %+v", r.clerk.last())
	}
	if r.srv.Ask(ada, at, "topic:1s-forged"); r.clerk.last().Text != "topic:1s-forged" {
		t.Errorf("forged: %+v", r.clerk.last())
	}
}

func TestAutocompleteLabels(t *testing.T) {
	list := choicesFor([]bot.Suggestion{
		{Topic: bot.Topic{Value: "1s"}, Label: strings.Repeat("Long ", 40) + "· Ketamine", Tier: knowledge.TierContent},
		{Topic: bot.Topic{Value: "1s"}, Label: "Pain · Ketamine", Tier: knowledge.TierFuzzy},
	})
	if n := size(list[0].Name); n > 100 || n < 95 || !strings.HasPrefix(list[0].Name, "📄 Long ") {
		t.Errorf("%d: %q", n, list[0].Name)
	}
	if list[1].Name != "🔑 Pain · Ketamine" || len(list[1].Value.(string)) != len(pickMark)+keyLength {
		t.Errorf("%+v", list[1])
	}
}

func TestPopularTopicsComeFirst(t *testing.T) {
	r := newRig(t)
	var names []string
	for n := range 40 {
		names = append(names, fmt.Sprintf("topic-%02d", n))
	}
	r.shelf.set(append(names, "pain")...)
	r.start()
	at := discordtest.InGeneral()
	r.srv.Ask(ada, at, "about pain") // the clerk always answers with that section
	list, _ := r.srv.Complete(bea, at, "topic", "name", "")
	if len(list) != maxChoices || list[0].Name != "📌 About pain · Ketamine" || list[1].Name != "📌 About topic-00 · Ketamine" {
		t.Errorf("%d entries: %+v", len(list), list[:2])
	}
}

// TestTopicByFreeText writes names that were not picked from the list: they are questions first, and where those have no
// answer the nearest topic is shown.
func TestTopicByFreeText(t *testing.T) {
	r := newRig(t)
	r.shelf.set("pain", "none-of-it", "unsure-of-it")
	r.start()
	at := discordtest.InGeneral()
	for text, want := range map[string]string{
		"pain": "You asked: pain", "none-of": "You asked: 1s-none-of-it", "unsure-of-it": "You asked: 1s-unsure-of-it",
		"none at all": "don't cover", "crisis": "talk to somebody",
	} {
		if m := r.srv.Slash(ada, at, "topic", discordtest.Text("name", text)); !strings.Contains(m.Text, want) {
			t.Errorf("%s: %q", text, m.Text)
		}
	}
	if m := r.srv.Ask(ada, at, "none-of"); !strings.Contains(m.Text, "don't cover") {
		t.Errorf("/ask guessed a topic: %q", m.Text)
	}
}

func TestLongAnswer(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	r.srv.Mention(ada, at, "long")
	parts := len(render(longReply(), look{}))
	all, err := r.srv.WaitMessages(r.ctx(), at, parts)
	if err != nil {
		t.Fatal(err)
	}
	var text []string
	for _, m := range all {
		text = append(text, m.Text)
	}
	if got := strings.Join(text, "\n\n"); parts < 3 || got != longReply().Body.Plain() {
		t.Errorf("the parts do not give the text back: %d and %d bytes", len(got), len(longReply().Body.Plain()))
	}
}

func TestWithoutPermissions(t *testing.T) {
	for _, missing := range []string{"EMBED_LINKS", "READ_MESSAGE_HISTORY"} {
		t.Run(missing, func(t *testing.T) {
			r := newRig(t)
			r.srv.Deny(missing)
			r.start()
			at := discordtest.InGeneral()
			for _, m := range []discordtest.Message{r.srv.Mention(ada, at, "pain"), r.srv.Ask(ada, at, "pain")} {
				if !strings.Contains(m.Text, "You asked: pain") || missing == "EMBED_LINKS" && m.Embeds > 0 {
					t.Errorf("%+v", m)
				}
			}
		})
	}
}

func TestStopFinishesWhatHasBegun(t *testing.T) {
	r := newRig(t)
	r.clerk.hold = make(chan struct{})
	r.run()
	r.ready(1)
	i, err := r.srv.Start(r.ctx(), ada, discordtest.InGeneral(), "ask", discordtest.Text("question", "slow"))
	if err != nil {
		t.Fatal(err)
	}
	if err := i.WaitAcked(r.ctx()); err != nil {
		t.Fatal(err)
	}
	r.stop()
	close(r.clerk.hold)
	if err := <-r.done; err != nil {
		t.Errorf("Run: %v", err)
	}
	if m, err := i.Wait(r.ctx()); err != nil || !strings.Contains(m.Text, "slow") {
		t.Errorf("after the end: %+v, %v", m, err)
	}
}
