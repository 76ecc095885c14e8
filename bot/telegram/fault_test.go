package telegram

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
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

func TestFaultsOfPolling(t *testing.T) {
	for name, f := range map[string]telegramtest.Fault{
		"429":          {Kind: telegramtest.TooMany, Code: 3, Times: 3},
		"gateway page": {Kind: telegramtest.Status, Code: 502, Times: 3},
		"reset":        {Kind: telegramtest.ResetBefore, Times: 3},
		"unreadable":   {Kind: telegramtest.BadJSON, Times: 2},
		"conflict":     {Kind: telegramtest.Refuse, Text: "x", Times: 1},
	} {
		t.Run(name, func(t *testing.T) {
			s := prepare(t)
			f.Method = "getUpdates"
			s.tg.Fail(f)
			s.begin()
			if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "still there?"); got.Text != "You asked: still there?" {
				t.Errorf("%+v", got)
			}
			if len(s.tg.Messages(s.tg.Private(s.ann))) != 1 {
				t.Error("answered twice")
			}
		})
	}
}

func TestMeetingLater(t *testing.T) {
	s := prepare(t)
	s.tg.Fail(telegramtest.Fault{Method: "getMe", Kind: telegramtest.Status, Code: 502, Times: 5})
	s.begin()
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello"); got.Text == "" {
		t.Error("no answer")
	}
}

func TestRevokedToken(t *testing.T) {
	s := start(t)
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello")
	s.tg.Revoke()
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: s.tg.Private(s.ann), Text: "wake up"})
	err := <-s.end
	if err == nil || !strings.Contains(err.Error(), "TELEGRAM_TOKEN") || strings.Contains(err.Error(), "AAtest") {
		t.Errorf("Run: %v", err)
	}
	s.stop = nil
}

func TestSecondPoller(t *testing.T) {
	s := start(t)
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello")
	other := &Adapter{Token: s.tg.Token, APIURL: s.tg.URL, Handler: s.oracle, Catalog: s.Catalog, clock: s.clock}
	ctx, stop := context.WithCancel(context.Background())
	end := make(chan error, 1)
	go func() { end <- other.Run(ctx) }()
	waitFor(t, "the report of a conflict", func() bool { return s.event("conflict") > 0 })
	if !strings.Contains(s.log.String(), "another program polls with this token") {
		t.Error("the log does not say what to do")
	}
	stop()
	<-end
}

func TestLeaseKeepsOnePoller(t *testing.T) {
	s := prepare(t)
	leases := &fakeLeases{holder: map[string]string{}}
	s.Leases, s.Holder = leases, "first"
	s.begin()
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello")
	waiting := &fakeClock{now: s.clock.Now()}
	second := &oracle{}
	other := &Adapter{Token: s.tg.Token, APIURL: s.tg.URL, Handler: second, Catalog: s.Catalog, clock: waiting, Leases: leases, Holder: "second"}
	ctx, stop := context.WithCancel(context.Background())
	end := make(chan error, 1)
	go func() { end <- other.Run(ctx) }()
	waitFor(t, "the second to wait", func() bool { return len(waiting.sleeps()) > 2 })
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello again")
	if len(second.questions()) != 0 || s.event("conflict") != 0 {
		t.Error("two instances polled")
	}
	s.finish()
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "and now"); got.Text == "" || len(second.questions()) != 1 {
		t.Errorf("the second did not take over: %+v", got)
	}
	stop()
	if err := <-end; err != nil {
		t.Error(err)
	}
}

func TestWebhookIsNotRemoved(t *testing.T) {
	s := prepare(t)
	s.tg.SetWebhook("https://example.org/elsewhere")
	err := s.Run(context.Background())
	if err == nil || !strings.Contains(err.Error(), "remove_webhook") {
		t.Fatalf("Run: %v", err)
	}
	s.RemoveWebhook = true
	s.begin()
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello"); got.Text == "" {
		t.Error("no answer after the webhook was removed")
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

func TestRestartedIDs(t *testing.T) {
	s := prepare(t)
	s.tg.LowestUpdate = 900_000
	s.begin()
	chat := s.tg.Private(s.ann)
	s.tg.Ask(s.ann, chat, "one")
	for _, first := range []int{1000, 2_000_000, 500} {
		s.tg.RestartUpdates(first)
		for i := range 3 {
			if got := s.tg.Ask(s.ann, chat, fmt.Sprint(first, " ", i)); got.Text == "" {
				t.Fatalf("ids from %d: no answer", first)
			}
		}
	}
	if n := len(s.oracle.questions()); n != 10 {
		t.Errorf("%d questions, want 10", n)
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
	waitFor(t, "the refusal", func() bool { return s.event("rate-limited") == 1 })
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

// fakeLeases never end by themselves.
type fakeLeases struct {
	mu     sync.Mutex
	holder map[string]string
}

func (l *fakeLeases) AcquireLease(_ context.Context, name, holder string, _ time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.holder[name]; h != "" && h != holder {
		return false, nil
	}
	l.holder[name] = holder
	return true, nil
}

func (l *fakeLeases) ReleaseLease(_ context.Context, name, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.holder[name] == holder {
		delete(l.holder, name)
	}
	return nil
}
