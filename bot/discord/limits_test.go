package discord

import (
	"fmt"
	"net/http"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"docent/internal/discordtest"
)

func TestNoDoubleAnswers(t *testing.T) {
	tests := []struct {
		name  string
		fault discordtest.Fault
	}{
		{"502", discordtest.Fault{Status: 502}},
		{"500 that did the work", discordtest.Fault{Status: 500, After: true}},
		{"503 that did the work, twice", discordtest.Fault{Status: 503, After: true, Times: 2}},
		{"a connection that breaks", discordtest.Fault{}},
		{"a connection that breaks after the work", discordtest.Fault{After: true}},
		{"429 of the bucket", discordtest.Fault{Status: 429, Scope: "user", Wait: 50 * time.Millisecond}},
		{"429 of the bot", discordtest.Fault{Status: 429, Scope: "global", Wait: 50 * time.Millisecond}},
		{"429 shared", discordtest.Fault{Status: 429, Scope: "shared", Wait: 50 * time.Millisecond}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).start()
			at := discordtest.InGeneral()
			test.fault.Times = max(test.fault.Times, 1)
			test.fault.Method = http.MethodPost
			for _, prefix := range []string{"/channels/", "/interactions/"} {
				test.fault.Prefix = prefix
				r.srv.Fail(test.fault)
			}
			r.srv.Mention(ada, at, "by mention")
			r.srv.Ask(ada, at, "by command")
			r.srv.Ask(ada, at, "last")
			if n := len(r.srv.Messages(at)); n != 3 {
				t.Errorf("%d messages, want 3", n)
			}
		})
	}
}

func TestNoRetryStorm(t *testing.T) {
	for status, event := range map[int]string{401: "unauthorized", 403: "forbidden", 404: "not_found"} {
		r := newRig(t).start()
		r.srv.Tolerant = true
		r.srv.Fail(discordtest.Fault{Method: http.MethodPost, Prefix: "/channels/", Status: status, Code: 50001, Times: -1})
		r.srv.Post(r.ctx(), ada, discordtest.InGeneral(), "refused", discordtest.Mentioned())
		r.answers("goes on")
		if n := len(r.srv.Sent(http.MethodPost, "/channels/")); n != 1 {
			t.Errorf("%d: %d tries, want 1", status, n)
		}
		if n := r.counted(event); n != 1 {
			t.Errorf("%d: %q counted %d times", status, event, n)
		}
	}
	r := newRig(t).start()
	r.srv.Fail(discordtest.Fault{Method: http.MethodPost, Prefix: "/channels/", Status: 500, Times: -1})
	r.srv.Post(r.ctx(), ada, discordtest.InGeneral(), "broken", discordtest.Mentioned())
	if err := r.srv.Repeat(r.ctx(), http.MethodPost, "/channels/", maxTries); err != nil {
		t.Error(err)
	}
	r.answers("goes on")
	if n := len(r.srv.Sent(http.MethodPost, "/channels/")); n != maxTries {
		t.Errorf("%d tries, want %d", n, maxTries)
	}
}

func TestGlobalLimitHoldsOtherRoutes(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	r.srv.Fail(discordtest.Fault{Method: http.MethodPost, Prefix: "/channels/", Status: 429, Scope: "global", Wait: 300 * time.Millisecond, Times: 1})
	r.srv.Post(r.ctx(), ada, at, "one", discordtest.Mentioned())
	if err := r.srv.WaitRequest(r.ctx(), http.MethodPost, "/channels/"); err != nil {
		t.Fatal(err)
	}
	ctx := r.ctx()
	for r.counted("rate_limited") == 0 && ctx.Err() == nil {
		runtime.Gosched()
	}
	dm := discordtest.DM(bea.ID)
	r.srv.Post(r.ctx(), bea, dm, "two", nil)
	r.answers("an interaction is outside the limit")
	if err := r.srv.Repeat(r.ctx(), http.MethodPost, "/channels/", 3); err != nil {
		t.Fatal(err)
	}
	list := r.srv.Sent(http.MethodPost, "/channels/")
	for _, q := range list[1:] {
		if gap := q.At.Sub(list[0].At); gap < 290*time.Millisecond {
			t.Errorf("a request came %v after the global limit", gap)
		}
	}
	if len(list) != 3 {
		t.Errorf("%d requests, want 3", len(list))
	}
}

func TestLimitedInteractionsWait(t *testing.T) {
	r := newRig(t).start()
	r.srv.Fail(discordtest.Fault{Method: http.MethodPost, Prefix: "/interactions/", Status: 429, Scope: "shared", Wait: 200 * time.Millisecond, Times: 2})
	r.answers("after two waits")
	list := r.srv.Sent(http.MethodPost, "/interactions/")
	if len(list) != 3 {
		t.Fatalf("%d requests, want 3", len(list))
	}
	for n, q := range list[1:] {
		if gap := q.At.Sub(list[n].At); gap < 190*time.Millisecond {
			t.Errorf("sent again after %v", gap)
		}
	}
}

// TestFewRequestsAreWasted answers a rush under the platform's real limits: mentions in many channels, one of which the bot
// may not write in and another in which it may not embed, and commands beside them. Fewer than 1% of its requests may be
// refused.
func TestFewRequestsAreWasted(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.srv.Limit(5, 5*time.Second, 50)
		r.srv.Tolerant = true
		channel := func(n int) discordtest.Channel {
			return discordtest.Channel{ID: fmt.Sprintf("70000000000002%04d", n), Guild: discordtest.Guild}
		}
		r.srv.DenyIn(channel(0), "SEND_MESSAGES")
		r.srv.DenyIn(channel(1), "EMBED_LINKS")
		r.srv.DenyIn(channel(2), "READ_MESSAGE_HISTORY")
		r.start()
		const channels, questions = 40, 20
		for n := range channels * questions {
			who := discordtest.User{ID: strconv.Itoa(20000 + n)}
			if _, err := r.srv.Post(r.ctx(), who, channel(n%channels), "pain", discordtest.Mentioned()); err != nil {
				t.Fatal(err)
			}
			if _, err := r.srv.Start(r.ctx(), who, channel(n%channels), "ask", discordtest.Text("question", "pain")); err != nil {
				t.Fatal(err)
			}
		}
		pass(2 * time.Minute)
		for n := range channels {
			want := 2 * questions
			if n == 0 {
				want = questions // answers to commands need no permission
			}
			if got := len(r.srv.Messages(channel(n))); got != want {
				t.Errorf("channel %d has %d messages, want %d", n, got, want)
			}
		}
		all, wasted := r.srv.Requests(nil), map[int]int{}
		for _, q := range all {
			if q.Status >= 400 {
				wasted[q.Status]++
			}
		}
		share := 0
		for _, n := range wasted {
			share += n
		}
		t.Logf("%d requests, wasted by status: %v", len(all), wasted)
		if share*100 >= len(all) {
			t.Errorf("%d of %d requests were wasted: %v", share, len(all), wasted)
		}
		if got := r.counted("forbidden"); got != wasted[403] || got == 0 {
			t.Errorf("%d refusals counted, %d sent", got, wasted[403])
		}
	})
}

func TestExpired(t *testing.T) {
	r := newRig(t)
	r.clerk.hold = make(chan struct{})
	r.start()
	i, err := r.srv.Start(r.ctx(), ada, discordtest.InGeneral(), "ask", discordtest.Text("question", "slow"))
	if err != nil {
		t.Fatal(err)
	}
	r.waitAcked(i, 5)
	r.srv.Advance(16 * time.Minute)
	close(r.clerk.hold)
	r.answers("goes on") // same person, same channel: after the first is done
	if n := len(r.srv.Sent(http.MethodPatch, "/webhooks/")); n != 1 {
		t.Errorf("%d edits of an expired interaction, want 1", n)
	}
}

func TestNoTokenInErrors(t *testing.T) {
	r := newRig(t)
	if err := r.open(); err != nil {
		t.Fatal(err)
	}
	r.srv.Fail(discordtest.Fault{Times: -1})
	err := r.call(r.ctx(), http.MethodPost, "https://discord.com/api/v9/webhooks/1/secret-token", nil)
	if err == nil || strings.Contains(err.Error(), "secret-token") {
		t.Errorf("error %v", err)
	}
	if _, err = r.session.User("@me"); err == nil || strings.Contains(redacted(err).Error(), discordtest.Token) {
		t.Errorf("error %v", err)
	}
}
