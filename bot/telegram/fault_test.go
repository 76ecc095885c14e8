package telegram

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/telegramtest"
)

func TestFaultsOfSending(t *testing.T) {
	for name, c := range map[string]struct {
		fault telegramtest.Fault
		sent  int // how many messages people see
	}{
		"429":                    {telegramtest.Fault{Kind: telegramtest.TooMany, Code: 7, Times: 3}, 1},
		"gateway page":           {telegramtest.Fault{Kind: telegramtest.Status, Code: 502, Times: 2}, 1},
		"unavailable":            {telegramtest.Fault{Kind: telegramtest.Status, Code: 503, Times: 2}, 1},
		"reset before the work":  {telegramtest.Fault{Kind: telegramtest.ResetBefore, Times: 1}, 0},
		"reset after the work":   {telegramtest.Fault{Kind: telegramtest.ResetAfter, Times: 1}, 1},
		"unreadable answer":      {telegramtest.Fault{Kind: telegramtest.BadJSON, Times: 1}, 1},
		"gateway gave up":        {telegramtest.Fault{Kind: telegramtest.StatusAfter, Code: 504, Times: 1}, 1},
		"blocked":                {telegramtest.Fault{Kind: telegramtest.Refuse, Code: 403, Text: "bot was blocked by the user", Times: 1}, 0},
		"not enough rights":      {telegramtest.Fault{Kind: telegramtest.Refuse, Text: "not enough rights to send text messages to the chat", Times: 1}, 0},
		"keyboard refused":       {telegramtest.Fault{Kind: telegramtest.Refuse, Text: "reply markup is too long", Times: 1}, 1},
		"reply target not found": {telegramtest.Fault{Kind: telegramtest.Refuse, Text: "message to be replied not found", Times: 1}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			s := start(t)
			chat := s.tg.Private(s.ann)
			c.fault.Method = "sendMessage"
			s.tg.Fail(c.fault)
			s.tg.Ask(s.ann, chat, "pain")
			if n := len(s.tg.Messages(chat)); n != c.sent {
				t.Errorf("%d messages, want %d; log:\n%s", n, c.sent, s.log)
			}
			if got := s.tg.Ask(s.ann, chat, "next"); got.Text != "You asked: next" {
				t.Errorf("afterwards: %+v", got)
			}
			if c.fault.Kind == telegramtest.TooMany && !slices.Contains(s.clock.sleeps(), 7*time.Second) {
				t.Errorf("retry_after was not honoured: %v", s.clock.sleeps())
			}
		})
	}
}

// TestForbidden sends nothing more to a chat that refuses the bot: not without the reply, nor without the buttons, nor openly.
func TestForbidden(t *testing.T) {
	for _, text := range []string{
		"bot was blocked by the user", "user is deactivated", "bot can't initiate conversation with a user",
		"bot was kicked from the group chat", "bot was kicked from the supergroup chat", "bot is not a member of the supergroup chat",
		"not enough rights to send text messages to the chat",
	} {
		t.Run(text, func(t *testing.T) {
			s := start(t)
			group, private := s.tg.Group("Clinic"), s.tg.Private(s.ann)
			s.tg.Refuse(group, text)
			s.tg.Refuse(private, text)
			for i, p := range []telegramtest.Post{
				{From: s.ann, Chat: private, Text: "pain"},
				{From: s.ann, Chat: group, Text: "/ask@docent_test_bot pain"},
				{From: s.ann, Chat: group, Text: "/privacy@docent_test_bot", Hidden: true},
			} {
				s.tg.AskPost(p)
				if n := len(s.tg.Calls("sendMessage")); n != i+1 {
					t.Errorf("%q: %d messages were tried, want %d", p.Text, n, i+1)
				}
			}
			if s.event("send_error") != 3 {
				t.Errorf("%d are counted", s.event("send_error"))
			}
		})
	}
}

func TestSlowBody(t *testing.T) {
	s := prepare(t)
	s.Client = &http.Client{Transport: &http.Transport{}}
	s.begin()
	hold := make(chan struct{})
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.Slow, Times: 1, Chat: s.ann.ID, Hold: hold})
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: s.tg.Private(s.ann), Text: "slow"})
	waitFor(t, "the slow message", func() bool { return len(s.tg.Messages(s.tg.Private(s.ann))) == 1 })
	s.tg.Write(telegramtest.Post{From: s.bob, Chat: s.tg.Private(s.bob), Text: "fast"})
	waitFor(t, "an answer to another person meanwhile", func() bool { return len(s.tg.Messages(s.tg.Private(s.bob))) == 1 })
	close(hold)
	waitFor(t, "the confirmation", func() bool { return s.tg.Waiting() == 0 })
	if n := len(s.tg.Messages(s.tg.Private(s.ann))); n != 1 {
		t.Errorf("%d messages", n)
	}
}

func TestPoison(t *testing.T) {
	s := prepare(t)
	chat := s.tg.Private(s.ann)
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "before"})
	s.tg.PushRaw(`{"message":{"message_id":"not a number","text":"secret words"}}`)
	s.tg.PushRaw(`{"message":{"message_id":5,"date":1,"chat":{"id":11,"type":"private"},"entities":[{"type":"bot_command","offset":0,"length":-3}],"text":"/x","from":{"id":11}}}`)
	s.tg.PushRaw(`{"something_new":{"a":1}}`)
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "after"})
	s.begin()
	waitFor(t, "confirmation", func() bool { return s.tg.Waiting() == 0 })
	var texts []string
	for _, m := range s.tg.Messages(chat) {
		texts = append(texts, m.Text)
	}
	if !slices.Contains(texts, "You asked: before") || !slices.Contains(texts, "You asked: after") {
		t.Errorf("answers %q", texts)
	}
	if s.event("poison") != 1 || strings.Contains(s.log.String(), "secret words") {
		t.Errorf("%d poison; log:\n%s", s.event("poison"), s.log)
	}
}

func TestRestartAnswersNothingTwice(t *testing.T) {
	s := prepare(t)
	s.Updates = &memoryUpdates{stage: map[int64]bot.Stage{}}
	s.begin()
	chat := s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "getUpdates", Kind: telegramtest.ResetBefore, Times: 3})
	for i := range 5 {
		s.tg.Ask(s.ann, chat, fmt.Sprint("question ", i))
		s.restart()
	}
	if n := len(s.tg.Messages(chat)); n != 5 {
		t.Errorf("%d answers to 5 questions", n)
	}
}

func TestOrderInAChat(t *testing.T) {
	s := prepare(t)
	chat := s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 1, Times: 4})
	for i := range 30 {
		s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: fmt.Sprintf("%02d", i)})
	}
	s.begin()
	waitFor(t, "all answers", func() bool { return s.tg.Waiting() == 0 })
	for i, m := range s.tg.Messages(chat) {
		if want := fmt.Sprintf("You asked: %02d", i); m.Text != want {
			t.Errorf("answer %d is %q, want %q", i, m.Text, want)
		}
	}
}

func TestDrain(t *testing.T) {
	s := prepare(t)
	release, began := make(chan struct{}), make(chan struct{})
	s.oracle.reply = func(q bot.Question) (bot.Reply, error) {
		close(began)
		<-release
		return echo(q)
	}
	s.begin()
	chat := s.tg.Private(s.ann)
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "slow"})
	<-began
	s.stop()
	close(release)
	if err := <-s.end; err != nil {
		t.Errorf("Run: %v", err)
	}
	s.stop = nil
	if len(s.tg.Messages(chat)) != 1 || s.tg.Waiting() != 0 {
		t.Errorf("what had begun must be finished and confirmed: %d answers, %d waiting", len(s.tg.Messages(chat)), s.tg.Waiting())
	}
}

func TestStopWhileLimited(t *testing.T) {
	s := prepare(t)
	s.clock.hold = true
	s.begin()
	chat := s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 600, Times: 1})
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "wait"})
	waitFor(t, "the refusal", func() bool { return s.event("rate_limited") == 1 })
	s.Updates = nil
	s.finish()
	if s.tg.Waiting() != 1 {
		t.Fatal("a question that was not answered must not be confirmed")
	}
	s.clock.hold = false
	s.restart()
	waitFor(t, "the answer", func() bool { return s.tg.Waiting() == 0 })
	if n := len(s.tg.Messages(chat)); n != 1 {
		t.Errorf("%d answers", n)
	}
}
