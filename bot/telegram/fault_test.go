package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
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
	s.Leases, s.Holder, s.Updates = leases, "first", newSharedLog()
	s.clock.pace()
	s.begin()
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello")
	other := s.beside("second")
	other.begin()
	waitFor(t, "the second to wait", func() bool { return len(other.clock.sleeps()) > 2 })
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello again")
	if len(other.oracle.questions()) != 0 || s.event("conflict") != 0 {
		t.Error("two instances polled")
	}
	s.finish()
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "and now"); got.Text == "" || len(other.oracle.questions()) != 1 {
		t.Errorf("the second did not take over: %+v", got)
	}
}

// beside returns another instance of the bot with the same stores.
func (s *setup) beside(holder string) *setup {
	o := &setup{t: s.t, tg: s.tg, oracle: &oracle{}, clock: newClock(), log: &lockedBuffer{}, events: map[string]int{}}
	o.Adapter = &Adapter{Token: s.Token, APIURL: s.APIURL, Handler: o.oracle, Catalog: s.Catalog, Holder: holder, clock: o.clock,
		Settings: s.Settings, State: s.State, Updates: s.Updates, Leases: s.Leases, Webhook: s.Webhook, WebhookSecret: s.WebhookSecret,
		Log: slog.New(slog.NewTextHandler(o.log, nil)), Count: func(e string) { o.mu.Lock(); o.events[e]++; o.mu.Unlock() }}
	return o
}

// TestLeaseLost takes the lease from a poller, as after a pause of its machine: it stands by, and goes on when the other stops.
func TestLeaseLost(t *testing.T) {
	s := prepare(t)
	leases := &fakeLeases{holder: map[string]string{}}
	s.Leases, s.Holder, s.Updates = leases, "first", newSharedLog()
	s.clock.pace()
	s.begin()
	chat := s.tg.Private(s.ann)
	id, _ := s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "before"})
	waitFor(t, "the answer", func() bool { return s.tg.Waiting() == 0 })
	leases.give("second")
	s.clock.ticks[leaseTime/3] <- true
	waitFor(t, "the loss", func() bool { return s.event("lease_lost") == 1 })
	other := s.beside("second")
	other.begin()
	for i := range 3 {
		if got := s.tg.Ask(s.ann, chat, fmt.Sprint("meanwhile ", i)); got.Parts != 1 {
			t.Errorf("with the lease elsewhere: %+v", got)
		}
	}
	if n := len(s.oracle.questions()); n != 1 {
		t.Errorf("%d questions came to the one without a lease", n-1)
	}
	other.finish()
	s.clock.ticks[standbyTime] <- true
	if got := s.tg.Edit(s.ann, chat, id, "afterwards"); !got.Edited || got.Text != "You asked: afterwards" {
		t.Errorf("the first must go on, with what it remembers: %+v", got)
	}
	if s.event("conflict")+other.event("conflict") != 0 {
		t.Error("two polled at a time")
	}
}

// TestLeaseStoreFails polls on when the store fails, but not against another who is known to poll.
func TestLeaseStoreFails(t *testing.T) {
	s := prepare(t)
	leases := &fakeLeases{holder: map[string]string{}, err: errors.New("no connection")}
	s.Leases, s.Holder = leases, "first"
	s.clock.pace()
	s.begin()
	if got := s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello"); got.Text == "" || s.event("store_error") == 0 {
		t.Errorf("a failing store must cost no answer, and be counted: %+v", got)
	}
	other := s.beside("second")
	leases.fail(nil)
	s.clock.ticks[leaseTime/3] <- true
	waitFor(t, "the lease", func() bool { return leases.held(s.current.Load().stream() + "/poll") })
	other.begin()
	waitFor(t, "the second to wait", func() bool { return len(other.clock.sleeps()) > 0 })
	leases.fail(errors.New("no connection"))
	waitFor(t, "a failed try", func() bool { return other.event("store_error") > 0 })
	s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello again")
	if len(other.oracle.questions()) != 0 || s.event("conflict") != 0 {
		t.Error("two instances polled")
	}
}

// TestGivenBack ends an instance that waits for a limit: the other answers at once.
func TestGivenBack(t *testing.T) {
	s := prepare(t)
	s.Leases, s.Holder, s.Updates = &fakeLeases{holder: map[string]string{}}, "first", newSharedLog()
	s.clock.hold = true
	s.begin()
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 600, Times: 1})
	chat := s.tg.Private(s.ann)
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: chat, Text: "wait"})
	waitFor(t, "the refusal", func() bool { return s.event("rate_limited") == 1 })
	s.finish()
	other := s.beside("second")
	other.begin()
	waitFor(t, "the answer", func() bool { return s.tg.Waiting() == 0 })
	if n := len(s.tg.Messages(chat)); n != 1 {
		t.Errorf("%d answers", n)
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

// TestWebhookAppears sets a webhook while the bot polls.
func TestWebhookAppears(t *testing.T) {
	for _, may := range []bool{true, false} {
		s := prepare(t)
		s.RemoveWebhook = may
		s.begin()
		s.tg.Ask(s.ann, s.tg.Private(s.ann), "hello")
		s.tg.SetWebhook("https://example.org/elsewhere")
		s.tg.Write(telegramtest.Post{From: s.ann, Chat: s.tg.Private(s.ann), Text: "wake up"})
		if !may {
			if err := <-s.end; !errors.Is(err, errWebhook) {
				t.Errorf("Run: %v", err)
			}
			s.stop = nil
			continue
		}
		waitFor(t, "the webhook to go", func() bool { return s.tg.Waiting() == 0 && len(s.tg.Calls("deleteWebhook")) == 1 })
		s.finish()
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

// fakeLeases never end by themselves.
type fakeLeases struct {
	mu     sync.Mutex
	holder map[string]string
	err    error // what every call fails with
}

// give hands all leases to a holder; fail makes the next calls fail.
func (l *fakeLeases) give(holder string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for name := range l.holder {
		l.holder[name] = holder
	}
}

func (l *fakeLeases) held(name string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.holder[name] != ""
}

func (l *fakeLeases) fail(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.err = err
}

func (l *fakeLeases) AcquireLease(_ context.Context, name, holder string, _ time.Duration) (bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return false, l.err
	}
	if h := l.holder[name]; h != "" && h != holder {
		return false, nil
	}
	l.holder[name] = holder
	return true, nil
}

func (l *fakeLeases) ReleaseLease(_ context.Context, name, holder string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	if l.holder[name] == holder {
		delete(l.holder, name)
	}
	return nil
}
