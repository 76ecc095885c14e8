package telegram

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/telegramtest"
)

// TestLoad answers 1,000 waiting questions of 250 people. The best of three runs counts: other programs may be busy.
func TestLoad(t *testing.T) {
	limit := 100 * time.Millisecond
	if raceEnabled {
		limit = time.Second
	}
	var p99 time.Duration
	for range 3 {
		if p99 = load(t); p99 <= limit {
			return
		}
	}
	t.Errorf("p99 of handling is %v, want at most %v", p99, limit)
}

// load returns the 99th percentile of the time from an update's delivery to its answer.
func load(t *testing.T) time.Duration {
	s := prepare(t)
	s.Adapter.clock = nil
	s.Updates = &memoryUpdates{stage: map[int64]bot.Stage{}}
	s.tg.SetClock(time.Now)
	const questions = 1000
	var chats []telegramtest.Chat
	for i := range questions {
		u := telegramtest.User{ID: int64(1000 + i%250), Name: "User", Language: "en"}
		c := s.tg.Private(u)
		chats = append(chats, c)
		s.tg.Write(telegramtest.Post{From: u, Chat: c, Text: fmt.Sprintf("question %d.", i)})
	}
	began := time.Now()
	s.begin()
	waitFor(t, "all answers", func() bool { return s.tg.Waiting() == 0 })
	took := time.Since(began)
	s.finish()
	for _, c := range chats {
		if n := len(s.tg.Messages(c)); n != 4 {
			t.Fatalf("%d answers in a chat, want 4", n)
		}
	}
	times := s.tg.Handled()
	if len(times) != questions {
		t.Fatalf("%d updates were handled", len(times))
	}
	slices.Sort(times)
	p50, p99 := times[len(times)/2], times[len(times)*99/100]
	t.Logf("%d questions in %v, from delivery to answer p50 %v, p99 %v, most %v", questions, took, p50, p99, times[len(times)-1])
	return p99
}

func TestGroupLimit(t *testing.T) {
	s := prepare(t)
	s.tg.Limits = true
	s.begin()
	group := s.tg.Group("Busy")
	for i := range 45 {
		if got := s.tg.Ask(s.ann, group, fmt.Sprintf("/ask@docent_test_bot question %d.", i)); got.Text == "" {
			t.Fatalf("question %d was not answered", i)
		}
	}
	if s.event("rate_limited") != 0 {
		t.Errorf("Telegram had to refuse %d messages", s.event("rate_limited"))
	}
}

func TestGroupFlood(t *testing.T) {
	s := prepare(t)
	s.tg.Limits = true
	group := s.tg.Group("Flood")
	for i := range 60 {
		text := fmt.Sprintf("/ask@docent_test_bot question %d.", i)
		if i == 50 {
			text = "/ask@docent_test_bot crisis"
		}
		s.tg.Write(telegramtest.Post{From: s.ann, Chat: group, Text: text})
	}
	private := s.tg.Private(s.bob)
	s.tg.Write(telegramtest.Post{From: s.bob, Chat: private, Text: "me too"})
	s.clock.gate = make(chan struct{}) // the minute does not end before the flood has come in
	s.begin()
	waitFor(t, "questions to be left out", func() bool { return s.event("dropped") > 0 })
	close(s.clock.gate)
	waitFor(t, "everything to be handled", func() bool { return s.tg.Waiting() == 0 })
	s.clock.Advance(time.Minute)
	got := s.tg.Ask(s.ann, group, "/ask@docent_test_bot and now")
	dropped := s.event("dropped")
	var all strings.Builder
	for _, m := range s.tg.Messages(group) {
		all.WriteString(m.Text + "\n")
	}
	if n := len(s.tg.Messages(group)); n+dropped != 61 || dropped == 0 {
		t.Errorf("%d answers and %d left out of 61", n, dropped)
	}
	if !strings.Contains(all.String(), "Call 112 now.") {
		t.Error("a crisis was left out")
	}
	note := phrases.For("en").Adapter.LeftOut
	if first, _, _ := strings.Cut(note, ":"); !strings.Contains(all.String(), first) {
		t.Errorf("nobody was told that questions were left out; last %q", got.Text)
	}
	if len(s.tg.Messages(private)) != 1 {
		t.Error("another person was not answered")
	}
}

// TestFullWindow has a flooded group and a limited person hold up as many updates as Telegram gives: the others are still
// answered, and those that waited are left out.
func TestFullWindow(t *testing.T) {
	s := prepare(t)
	s.tg.Limits, s.clock.hold = true, true // no wait for a limit ends
	group, ann := s.tg.Group("Flood"), s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 3600, Times: 1, Chat: s.ann.ID})
	s.tg.Write(telegramtest.Post{From: s.ann, Chat: ann, Text: "limited"})
	for i := range 40 {
		text := fmt.Sprintf("/ask@docent_test_bot question %d.", i)
		if i == 35 {
			text = "/ask@docent_test_bot crisis"
		}
		s.tg.Write(telegramtest.Post{From: s.ann, Chat: group, Text: text})
	}
	const others = 120
	s.tg.Limits = false
	for i := range others {
		u := telegramtest.User{ID: int64(2000 + i), Name: "User"}
		s.tg.Write(telegramtest.Post{From: u, Chat: s.tg.Private(u), Text: "me too"})
	}
	s.begin()
	waitFor(t, "everything to be handled", func() bool { return s.tg.Waiting() == 0 })
	for i := range others {
		if n := len(s.tg.Messages(telegramtest.Chat{ID: int64(2000 + i)})); n != 1 {
			t.Errorf("person %d has %d answers", i, n)
		}
	}
	list := s.tg.Messages(group)
	if !slices.ContainsFunc(list, func(m telegramtest.Message) bool { return m.Text == "Call 112 now." }) {
		t.Error("the crisis was left out")
	}
	if n := len(list) + len(s.tg.Messages(ann)) + s.event("dropped"); n != 41 || s.event("dropped") < 10 {
		t.Errorf("%d answers in the group, %d left out", len(list), s.event("dropped"))
	}
	if n := s.event("rate_limited"); n != 1 {
		t.Errorf("Telegram had to refuse %d messages, want the one to Ann", n)
	}
}

// TestGroupPatience gives up questions whose turn would come more than two minutes after they were asked.
func TestGroupPatience(t *testing.T) {
	s := start(t)
	group := s.tg.Group("Busy")
	shown := s.tg.Ask(s.ann, group, "/ask@docent_test_bot pain")
	s.clock.Advance(10 * time.Minute)
	for range groupMost {
		s.current.Load().groups.take(group.ID, s.clock.Now())
	}
	ask := func(age time.Duration) string {
		return s.tg.AskPost(telegramtest.Post{From: s.ann, Chat: group, Text: "/ask@docent_test_bot " + age.String(),
			Date: s.clock.Now().Add(-age)}).Text
	}
	if got := ask(90 * time.Second); got != "" || s.event("dropped") != 1 {
		t.Errorf("an old question: %q, %d left out", got, s.event("dropped"))
	}
	if got := ask(10 * time.Second); !strings.Contains(got, "You asked: 10s") || !strings.Contains(got, "Questions that I left out: 1.") {
		t.Errorf("a new question: %q", got)
	}
	for s.current.Load().groups.take(group.ID, s.clock.Now()) == 0 {
		continue // fill the minute
	}
	if got := s.tg.Press(s.ann, shown, "Read more"); !got.Edited {
		t.Errorf("a press: %+v", got)
	}
}

func TestOverallLimit(t *testing.T) {
	s := prepare(t)
	s.tg.Limits = true
	for i := range 90 {
		u := telegramtest.User{ID: int64(1000 + i), Name: "User"}
		s.tg.Write(telegramtest.Post{From: u, Chat: s.tg.Private(u), Text: "hello"})
	}
	s.begin()
	waitFor(t, "all answers", func() bool { return s.tg.Waiting() == 0 })
	for i := range 90 {
		if n := len(s.tg.Messages(telegramtest.Chat{ID: int64(1000 + i)})); n != 1 {
			t.Errorf("person %d has %d answers", i, n)
		}
	}
}

// hooked starts a bot in webhook mode behind a web server.
func hooked(t *testing.T, instances int) []*setup {
	var all []*setup
	first := prepare(t)
	first.tg.Local = true
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		first.mu.Lock()
		first.events["request"]++
		n := first.events["request"]
		first.mu.Unlock()
		all[n%len(all)].ServeHTTP(w, r)
	}))
	t.Cleanup(web.Close)
	first.Webhook, first.WebhookSecret = web.URL+"/telegram", "s3cret"
	first.Updates, first.Holder = newSharedLog(), "first"
	state := newMapState()
	first.State = state
	all = append(all, first)
	for i := 1; i < instances; i++ {
		o := &setup{t: t, tg: first.tg, oracle: first.oracle, clock: first.clock, log: first.log, events: map[string]int{}}
		o.Adapter = &Adapter{Token: first.Token, APIURL: first.APIURL, Handler: first.Handler, Catalog: first.Catalog, Log: first.Log,
			clock: first.clock, Webhook: first.Webhook, WebhookSecret: first.WebhookSecret, Updates: first.Updates, State: state,
			Count: first.Count, Holder: fmt.Sprint("instance ", i)}
		all = append(all, o)
	}
	for _, s := range all {
		s.begin()
	}
	waitFor(t, "the webhook", func() bool { return len(first.tg.Calls("setWebhook")) > 0 })
	return all
}

func TestWebhook(t *testing.T) {
	s := hooked(t, 1)[0]
	chat := s.tg.Private(s.ann)
	first := s.tg.Ask(s.ann, chat, "pain")
	if !strings.Contains(first.Text, "eases") {
		t.Fatalf("%+v", first)
	}
	if got := s.tg.Press(s.ann, first, "Read more"); !got.Edited {
		t.Errorf("a press: %+v", got)
	}
	s.tg.LoseAnswers(3)
	if got := s.tg.Ask(s.ann, chat, "lost answers"); got.Text != "You asked: lost answers" || got.Parts != 1 {
		t.Errorf("a duplicate was answered: %+v", got)
	}
	if id := s.tg.PushRaw(`{"message":"poison"}`); id == 0 {
		t.Fatal("no id")
	}
	waitFor(t, "the poison to be skipped", func() bool { return s.tg.Waiting() == 0 })
	call := s.tg.Calls("setWebhook")[0]
	if call.Params["secret_token"] != "s3cret" || call.Params["max_connections"] != "40" {
		t.Errorf("setWebhook %v", call.Params)
	}
}

func TestWebhookRefuses(t *testing.T) {
	s := hooked(t, 1)[0]
	for name, r := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"wrong secret":  {http.MethodPost, "other", `{"update_id":1}`, 401},
		"no secret":     {http.MethodPost, "", `{"update_id":1}`, 401},
		"GET":           {http.MethodGet, "s3cret", "", 405},
		"no JSON":       {http.MethodPost, "s3cret", "nonsense", 200},
		"too long":      {http.MethodPost, "s3cret", strings.Repeat(" ", maxUpdate+1), 200},
		"nothing to do": {http.MethodPost, "s3cret", `{"update_id":1}`, 200},
	} {
		req := httptest.NewRequest(r.method, "/telegram", strings.NewReader(r.body))
		if r.secret != "" {
			req.Header.Set("X-Telegram-Bot-Api-Secret-Token", r.secret)
		}
		w := httptest.NewRecorder()
		s.ServeHTTP(w, req)
		if w.Code != r.want {
			t.Errorf("%s: %d, want %d", name, w.Code, r.want)
		}
	}
	s.finish()
	req := httptest.NewRequest(http.MethodPost, "/telegram", strings.NewReader(`{"update_id":2}`))
	req.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s3cret")
	w := httptest.NewRecorder()
	s.ServeHTTP(w, req)
	if w.Code != http.StatusServiceUnavailable {
		t.Errorf("after the end: %d, want 503 so that the update comes again", w.Code)
	}
}

func TestWebhookInstances(t *testing.T) {
	all := hooked(t, 3)
	s := all[0]
	s.tg.LoseAnswers(40)
	for i := range 90 {
		u := telegramtest.User{ID: int64(1000 + i%30), Name: "User"}
		s.tg.Write(telegramtest.Post{From: u, Chat: s.tg.Private(u), Text: fmt.Sprintf("%02d", i)})
	}
	waitFor(t, "all answers", func() bool { return s.tg.Waiting() == 0 })
	for i := range 30 {
		list := s.tg.Messages(telegramtest.Chat{ID: int64(1000 + i)})
		if len(list) != 3 || !slices.IsSortedFunc(list, func(a, b telegramtest.Message) int { return strings.Compare(a.Text, b.Text) }) {
			t.Errorf("chat %d: %d answers, or not in order", i, len(list))
		}
	}
	before := len(s.tg.Calls("setWebhook"))
	if before > 3 {
		t.Errorf("the webhook was set %d times by 3 instances", before)
	}
	s.finish()
	s.begin()
	waitFor(t, "a second start", func() bool { return len(s.tg.Calls("getMe")) == 4 })
	if n := len(s.tg.Calls("setWebhook")); n != before {
		t.Error("an unchanged webhook was set again")
	}
}

// TestTakenOver has another instance answer an update while this one waits for a limit to end.
func TestTakenOver(t *testing.T) {
	s := hooked(t, 1)[0]
	log := s.Updates.(*sharedLog)
	chat := s.tg.Private(s.ann)
	s.tg.Fail(telegramtest.Fault{Method: "sendMessage", Kind: telegramtest.TooMany, Code: 300, Times: 1})
	s.clock.onSleep = func() {
		s.clock.onSleep = nil
		log.mu.Lock()
		defer log.mu.Unlock()
		for id := range log.stage {
			log.holder[id], log.stage[id] = "another", bot.StageDone
		}
	}
	s.tg.Ask(s.ann, chat, "limited")
	if n := len(s.tg.Messages(chat)); n != 0 {
		t.Errorf("%d answers to what another instance answered", n)
	}
}
