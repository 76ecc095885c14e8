package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/telegramtest"
)

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

// TestTakenWhilePolling has another instance answer an update that waits for a limit: the rest must go on.
func TestTakenWhilePolling(t *testing.T) {
	s := prepare(t)
	log := newSharedLog()
	s.Leases, s.Holder, s.Updates = &fakeLeases{holder: map[string]string{}}, "first", log
	s.clock.pace()
	s.begin()
	chat := s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 300, Times: 1})
	s.clock.onSleep = func() {
		log.mu.Lock()
		defer log.mu.Unlock()
		for id := range log.stage {
			log.holder[id], log.stage[id] = "another", bot.StageDone
		}
	}
	s.tg.Ask(s.ann, chat, "limited")
	s.clock.mu.Lock()
	s.clock.onSleep = nil
	s.clock.mu.Unlock()
	for i := range 3 {
		if got := s.tg.Ask(s.ann, chat, fmt.Sprint("next ", i)); got.Parts != 1 {
			t.Errorf("after one that another instance took: %+v", got)
		}
	}
	if n := len(s.tg.Messages(chat)); n != 3 {
		t.Errorf("%d answers, want the three that nobody else gave", n)
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
