package discord

import (
	"errors"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"docent/internal/discordtest"
)

// answers proves that the bot works.
func (r *rig) answers(text string) {
	r.t.Helper()
	if m := r.srv.Ask(ada, discordtest.InGeneral(), text); !strings.Contains(m.Text, "You asked: "+text) {
		r.t.Fatalf("%s: %+v", text, m)
	}
}

// until waits for something on the gateway.
func (r *rig) until(what string, done func(discordtest.Counts) bool) {
	r.t.Helper()
	if err := r.srv.Wait(r.ctx(), done); err != nil {
		r.t.Fatalf("%s: %v; counts %+v", what, err, r.srv.Counts())
	}
}

// TestReconnects disturbs the connection in every form, with the waits of the real program: within a minute the bot must
// answer again.
func TestReconnects(t *testing.T) {
	tests := []struct {
		name    string
		script  []discordtest.Step // of the connections after the first
		disturb func(*discordtest.Server)
		resumes bool // the session goes on
	}{
		{name: "op 7", disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }, resumes: true},
		{name: "op 7 twice at once", script: []discordtest.Step{{Op7: true}}, disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }, resumes: true},
		{name: "op 9 true", disturb: func(s *discordtest.Server) { s.SendOp(9, "true") }, resumes: true},
		{name: "op 9 false", disturb: func(s *discordtest.Server) { s.SendOp(9, "false") }},
		{name: "op 9 false in answer to resume", script: []discordtest.Step{{Op9: true}}, disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }},
		{name: "op 9 true in answer to resume", script: []discordtest.Step{{Op9True: true}}, disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }, resumes: true},
		{name: "close 1000", disturb: func(s *discordtest.Server) { s.CloseGateway(1000) }},
		{name: "close 4000", disturb: func(s *discordtest.Server) { s.CloseGateway(4000) }, resumes: true},
		{name: "close 4007", disturb: func(s *discordtest.Server) { s.CloseGateway(4007) }},
		{name: "close 4009", disturb: func(s *discordtest.Server) { s.CloseGateway(4009) }},
		{name: "cut in the middle of a frame", disturb: (*discordtest.Server).CutGateway, resumes: true},
		{name: "cut twice", script: []discordtest.Step{{Cut: true}}, disturb: (*discordtest.Server).CutGateway, resumes: true},
		{name: "dead socket", disturb: (*discordtest.Server).MuteGateway, resumes: true},
		{name: "silent", script: []discordtest.Step{{Silent: true}}, disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }, resumes: true},
		{name: "no answer to resume", script: []discordtest.Step{{Hang: true}}, disturb: func(s *discordtest.Server) { s.SendOp(7, "null") }, resumes: true},
		{name: "refused", script: []discordtest.Step{{Refuse: true}, {Refuse: true}}, disturb: func(s *discordtest.Server) { s.CloseGateway(4000) }, resumes: true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, func(r *rig) {
				r.start()
				r.answers("before")
				before := r.srv.Counts()
				r.srv.Script(test.script...)
				began := time.Now()
				test.disturb(r.srv)
				want := before.Connects + len(test.script) + 1
				r.until("connect again", func(c discordtest.Counts) bool { return c.Connects >= want && r.srv.Connections() > 0 })
				r.answers("after")
				if took := time.Since(began); took > time.Minute {
					t.Errorf("answered again only after %v", took)
				} else {
					t.Logf("answered again after %v", took)
				}
				r.resumed(before, test.resumes)
			})
		})
	}
}

// resumed checks how often the bot identified since before, and that it never ended a session by its close code.
func (r *rig) resumed(before discordtest.Counts, want bool) {
	r.t.Helper()
	c := r.srv.Counts()
	if identified := c.Identifies - before.Identifies; want && identified != 0 || !want && identified != 1 {
		r.t.Errorf("%d Identifies, resumes: %v", identified, want)
	}
	for _, code := range c.Closes {
		if want && (code == 1000 || code == 1001) {
			r.t.Errorf("the bot closed with %d, which ends the session", code)
		}
	}
}

func TestMissedEventsAreAnsweredOnce(t *testing.T) {
	r := newRig(t).start()
	at := discordtest.InGeneral()
	r.answers("before")
	r.srv.Script(discordtest.Step{Refuse: true})
	r.srv.CutGateway()
	if _, err := r.srv.Post(r.ctx(), ada, at, "missed", discordtest.Mentioned()); err != nil {
		t.Fatal(err)
	}
	all, err := r.srv.WaitMessages(r.ctx(), at, 2)
	if err != nil || !strings.Contains(all[1].Text, "missed") {
		t.Fatalf("%+v, %v", all, err)
	}
	r.answers("after")
	if n := len(r.clerk.questions()); n != 3 {
		t.Errorf("%d questions, want 3", n)
	}
}

func TestFatalCloses(t *testing.T) {
	for _, code := range []int{4004, 4010, 4011, 4012, 4013, 4014} {
		r := newRig(t)
		r.srv.Script(discordtest.Step{Close: code})
		r.run()
		err := <-r.done
		r.stop()
		var fatal *FatalError
		if !errors.As(err, &fatal) || fatal.Code != code || len(fatal.Advice) < 20 {
			t.Errorf("%d at first: %v", code, err)
		}
		r = newRig(t)
		r.run()
		r.ready(1)
		r.srv.CloseGateway(code)
		if err := <-r.done; !errors.As(err, &fatal) || fatal.Code != code {
			t.Errorf("%d later: %v", code, err)
		}
		r.stop()
	}
}

func TestRefusedToken(t *testing.T) {
	r := newRig(t)
	r.Token = "wrong"
	r.run()
	defer r.stop()
	err := <-r.done
	if err == nil || !strings.Contains(err.Error(), "DISCORD_TOKEN") || strings.Contains(err.Error(), "wrong") {
		t.Errorf("error %v", err)
	}
	if n := len(r.srv.Sent(http.MethodGet, "/")); n != 1 {
		t.Errorf("%d requests after a refused token, want 1", n)
	}
}

func TestDisallowedIntent(t *testing.T) {
	r := newRig(t)
	r.MessageContent = true
	r.run()
	defer r.stop()
	if err := <-r.done; err == nil || !strings.Contains(err.Error(), "discord.message_content") {
		t.Errorf("error %v", err)
	}
}

// TestShards starts as many shards as Discord recommends, two at a time and five seconds apart, though one of them
// cannot connect at first.
func TestShards(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.srv.Shards, r.srv.Concurrent, r.srv.IdentifyWindow = 6, 2, 5*time.Second
		r.srv.Script(discordtest.Step{Refuse: true})
		began := time.Now()
		r.start()
		r.ready(6)
		if took := time.Since(began); took < 10*time.Second || took > 30*time.Second {
			t.Errorf("three Identifies of a line within %v", took)
		}
		got := r.srv.Counts().Shards
		if slices.Sort(got); !slices.Equal(got, []int{0, 1, 2, 3, 4, 5}) {
			t.Errorf("these shards identified: %v", got)
		}
		r.answers("over its shard")
		if m := r.srv.Ask(ada, discordtest.DM(ada.ID), "over shard 0"); m.Text == "" {
			t.Error("no answer to a direct message")
		}
	})
}

func TestShardsIdentifyInTheirOrder(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.srv.Shards, r.srv.Concurrent, r.srv.IdentifyWindow = 8, 1, 5*time.Second
		r.start()
		r.ready(8)
		if got := r.srv.Counts().Shards; !slices.IsSorted(got) || len(got) != 8 {
			t.Errorf("order %v", got)
		}
	})
}

func TestShardRange(t *testing.T) {
	r := newRig(t)
	r.Shards, r.FirstShard, r.LastShard = 4, 1, 2
	r.run()
	r.ready(2)
	for _, id := range r.srv.Counts().Shards {
		if id != 1 && id != 2 {
			t.Errorf("shard %d runs here", id)
		}
	}
	r.stop()
	if err := <-r.done; err != nil {
		t.Error(err)
	}
}

// TestSessionLimit begins a day on which all Identifies are used up: the bot waits until Discord gives new ones.
func TestSessionLimit(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.srv.SetSessionsLeft(0) // for an hour
		r.run()
		pass(59 * time.Minute)
		if n := r.srv.Counts().Identifies; n != 0 {
			t.Errorf("%d Identifies although none is left", n)
		}
		r.srv.SetSessionsLeft(1000)
		r.ready(1)
		if asked := len(r.srv.Sent(http.MethodGet, "/gateway/bot")); asked != 2 {
			t.Errorf("asked %d times for the gateway", asked)
		}
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	})
}

func TestGarbage(t *testing.T) {
	r := newRig(t).start()
	for _, raw := range []string{`{`, `[]`, `"x"`, `{"op":0,"t":"MESSAGE_CREATE","d":"x"}`, `{"op":0,"t":"INTERACTION_CREATE","d":{"id":5}}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"1","token":"x","type":2,"data":null}}`, `{"op":0,"t":"NEW_EVENT","d":{}}`, `{"op":99}`,
		`{"op":0,"t":"INTERACTION_CREATE","d":{"id":"2","token":"x","type":77,"member":{"user":{"id":"1"}}}}`} {
		r.srv.SendRaw(raw)
	}
	r.answers("after garbage")
}

func TestNothingIsLeftAfterTheEnd(t *testing.T) {
	before := runtime.NumGoroutine()
	func() {
		srv := discordtest.New(t)
		r := newRig(t)
		r.srv, r.APIURL = srv, srv.URL
		r.run()
		r.ready(1)
		r.answers("once")
		srv.SendOp(7, "null")
		r.until("resume", func(c discordtest.Counts) bool { return c.Resumes > 0 })
		r.answers("twice")
		r.stop()
		if err := <-r.done; err != nil {
			t.Error(err)
		}
	}()
	deadline := time.Now().Add(5 * time.Second)
	for time.Now().Before(deadline) {
		if !working.MatchString(stacks()) {
			return
		}
		runtime.Gosched()
	}
	t.Errorf("goroutines are left (%d before):\n%s", before, stacks())
}

// working finds goroutines of the adapter.
var working = regexp.MustCompile(`bot/discord\.\(\*(Adapter|conn|shard|lanes|turn|gate|responder|transport)\)`)

func stacks() string {
	buf := make([]byte, 1<<20)
	return string(buf[:runtime.Stack(buf, true)])
}
