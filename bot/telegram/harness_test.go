package telegram

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/markup"
	"docent/internal/telegramtest"
	"docent/knowledge"
)

// A fakeClock stands still until somebody waits, and then moves at once.
type fakeClock struct {
	mu    sync.Mutex
	now   time.Time
	slept []time.Duration
	hold  bool                        // Sleep waits for ctx only
	ticks map[time.Duration]chan bool // a Sleep of that length waits for a tick
	gate  chan struct{}               // a Sleep of more than a second waits until it is closed

	onSleep func() // called by the next Sleep
}

func newClock() *fakeClock { return &fakeClock{now: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)} }

func (c *fakeClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *fakeClock) Advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func (c *fakeClock) Sleep(ctx context.Context, d time.Duration) error {
	c.mu.Lock()
	c.slept = append(c.slept, d)
	hold, f, tick := c.hold, c.onSleep, c.ticks[d]
	if tick != nil {
		c.mu.Unlock()
		select {
		case <-tick:
		case <-ctx.Done():
		}
		return ctx.Err()
	}
	if gate := c.gate; gate != nil && d > time.Second {
		c.mu.Unlock()
		select {
		case <-gate:
		case <-ctx.Done():
		}
		c.mu.Lock()
	}
	if !hold {
		c.now = c.now.Add(d)
	}
	c.mu.Unlock()
	if f != nil {
		f()
	}
	if hold {
		<-ctx.Done()
	}
	return ctx.Err()
}

// pace makes the waits for a lease end with a tick each.
func (c *fakeClock) pace() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.ticks = map[time.Duration]chan bool{leaseTime / 3: make(chan bool), standbyTime: make(chan bool)}
}

func (c *fakeClock) sleeps() []time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]time.Duration(nil), c.slept...)
}

// An oracle answers with what it was asked, and knows a few sections.
type oracle struct {
	mu    sync.Mutex
	asked []bot.Question
	reply func(bot.Question) (bot.Reply, error) // nil: the default
}

func (o *oracle) Answer(_ context.Context, q bot.Question) (bot.Reply, error) {
	o.mu.Lock()
	o.asked = append(o.asked, q)
	f := o.reply
	o.mu.Unlock()
	if f != nil {
		return f(q)
	}
	return echo(q)
}

func (o *oracle) questions() []bot.Question {
	o.mu.Lock()
	defer o.mu.Unlock()
	return append([]bot.Question(nil), o.asked...)
}

func (o *oracle) last(t *testing.T) bot.Question {
	t.Helper()
	list := o.questions()
	if len(list) == 0 {
		t.Fatal("nothing was asked")
	}
	return list[len(list)-1]
}

func say(text string) bot.Reply {
	return bot.Reply{Kind: bot.Fixed, Body: markup.Doc{markup.Para(markup.Text(text))}}
}

// pain is the section that the oracle is sure of.
var pain = knowledge.Ref{Article: "ketamine", Section: "pain-management"}

func echo(q bot.Question) (bot.Reply, error) {
	switch {
	case q.Choice == "":
	case strings.HasPrefix(q.Choice, "1H"):
		r := say("Thank you.")
		r.Private = true
		return r, nil
	case strings.HasPrefix(q.Choice, "1M"):
		r := say("The whole text of " + q.Choice)
		r.Replace = true
		return r, nil
	case strings.HasPrefix(q.Choice, "1N"):
		r := say("What was wrong?")
		r.Private, r.Choices = true, []bot.Choice{{Label: "Unclear", Value: "1Qx"}}
		return r, nil
	case strings.HasPrefix(q.Choice, "1S"):
		return section("Section " + q.Choice), nil
	default:
		return say("choice " + q.Choice), nil
	}
	switch {
	case strings.Contains(q.Text, "pain"):
		return section("It eases pain."), nil
	case strings.Contains(q.Text, "crisis"):
		r := say("Call 112 now.")
		r.Kind = bot.Crisis
		return r, nil
	case strings.Contains(q.Text, "broken"):
		return bot.Reply{}, errors.New("the store is gone")
	case strings.Contains(q.Text, "panic"):
		panic("no")
	}
	return say("You asked: " + q.Text), nil
}

func section(text string) bot.Reply {
	return bot.Reply{Kind: bot.Sure, Body: markup.Doc{{Kind: markup.Heading, Level: 2, Spans: []markup.Span{markup.Text("Pain management")}},
		markup.Para(markup.Text(text))},
		Footer: markup.Doc{markup.Para(markup.Text("Source: "), markup.Span{Text: "a book", URL: "https://example.org/?a=1&b=2"})},
		Choices: []bot.Choice{
			{Label: "Read more", Value: "1M" + pain.Key() + "abcdef", Group: bot.GroupMore},
			{Label: "Why?", Value: "1W" + pain.Key() + "abcdef", Group: bot.GroupMore},
			{Label: "Helpful", Value: "1H" + pain.Key() + "abcdef", Group: bot.GroupRate},
			{Label: "Not helpful", Value: "1N" + pain.Key() + "abcdef", Group: bot.GroupRate}},
		Result: knowledge.Result{Verdict: knowledge.Sure, Matches: []knowledge.Match{{Ref: pain, Score: 0.9}}}}
}

// A catalog has a few topics.
type catalog struct{ topics []bot.Topic }

func newCatalog(n int) *catalog {
	c := &catalog{}
	for i := range n {
		ref := knowledge.Ref{Article: "ketamine", Section: fmt.Sprint("topic-", i)}
		title := fmt.Sprint("Topic ", i)
		if i == 0 {
			ref, title = pain, "Pain management"
		}
		c.topics = append(c.topics, bot.Topic{Ref: ref, Value: "1S" + ref.Key() + "abcdef", Name: ref.Section, Title: title,
			Article: "Ketamine", Description: "About " + title})
	}
	return c
}

func (c *catalog) Topics() []bot.Topic { return c.topics }

func (c *catalog) Suggest(prefix string, n int) []bot.Suggestion {
	var out []bot.Suggestion
	for _, t := range c.topics {
		if len(out) < n && strings.HasPrefix(strings.ToLower(t.Title), strings.ToLower(prefix)) {
			out = append(out, bot.Suggestion{Topic: t, Label: t.Title})
		}
	}
	return out
}

// A setup is a bot that runs against a Telegram.
type setup struct {
	*Adapter
	t      *testing.T
	tg     *telegramtest.Server
	oracle *oracle
	clock  *fakeClock
	log    *lockedBuffer
	events map[string]int
	mu     sync.Mutex
	stop   context.CancelFunc
	end    chan error
	ann    telegramtest.User
	bob    telegramtest.User
}

type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// prepare makes a bot that does not run yet.
func prepare(t *testing.T) *setup {
	t.Helper()
	tg := telegramtest.New(t)
	s := &setup{t: t, tg: tg, oracle: &oracle{}, clock: newClock(), log: &lockedBuffer{}, events: map[string]int{},
		ann: telegramtest.User{ID: 11, Name: "Ann", Language: "en"}, bob: telegramtest.User{ID: 12, Name: "Bob", Language: "de"}}
	tg.SetClock(s.clock.Now)
	s.Adapter = &Adapter{Token: tg.Token, APIURL: tg.URL, Handler: s.oracle, Catalog: newCatalog(3), clock: s.clock,
		Log:   slog.New(slog.NewTextHandler(s.log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		Count: func(e string) { s.mu.Lock(); s.events[e]++; s.mu.Unlock() }}
	t.Cleanup(func() { s.check() })
	return s
}

// start runs the bot until the end of the test.
func start(t *testing.T) *setup {
	s := prepare(t)
	s.begin()
	return s
}

func (s *setup) begin() {
	ctx, cancel := context.WithCancel(context.Background())
	end := make(chan error, 1)
	s.stop, s.end = cancel, end
	run := s.Adapter
	go func() { end <- run.Run(ctx) }()
	s.t.Cleanup(s.finish)
}

// finish ends the bot and reports an error of Run.
func (s *setup) finish() {
	if s.stop == nil {
		return
	}
	s.stop()
	s.stop = nil
	select {
	case err := <-s.end:
		if err != nil {
			s.t.Errorf("Run: %v", err)
		}
	case <-time.After(15 * time.Second):
		s.t.Error("Run did not end")
	}
}

// restart ends the bot and starts another with the same stores.
func (s *setup) restart() { s.restartWith(func(*Adapter) {}) }

// restartWith is restart with another configuration.
func (s *setup) restartWith(change func(*Adapter)) {
	s.finish()
	old := s.Adapter
	s.Adapter = &Adapter{Token: old.Token, APIURL: old.APIURL, Handler: old.Handler, Catalog: old.Catalog, Log: old.Log, clock: old.clock,
		Settings: old.Settings, State: old.State, Updates: old.Updates, Leases: old.Leases, Count: old.Count, Name: old.Name,
		Short: old.Short, About: old.About}
	change(s.Adapter)
	s.begin()
}

func (s *setup) event(name string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.events[name]
}

// check keeps the requests for the validator, and looks for what must never be in a log.
func (s *setup) check() {
	keepCalls(s.t, s.tg)
	log := s.log.String()
	for _, secret := range []string{s.tg.Token, "AAtest-token", "pain", "=11 ", "=12 "} {
		if strings.Contains(log, secret) {
			s.t.Errorf("the log contains %q:\n%s", secret, log)
		}
	}
}

// keepCalls keeps the requests to a Telegram for the validator.
func keepCalls(t *testing.T, tg *telegramtest.Server) {
	t.Helper()
	if callDir == "" {
		return
	}
	f, err := os.CreateTemp(callDir, "*.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := tg.WriteCalls(f); err != nil {
		t.Error(err)
	}
}

// callDir is where all requests of the tests are kept for the validator; empty: it is not there.
var callDir string

func TestMain(m *testing.M) {
	if os.Getenv(childEnv) != "" {
		os.Exit(child())
	}
	tool := findShared("tools", "telegram_validate.py")
	python, err := exec.LookPath("python3")
	if tool == "" || err != nil {
		os.Exit(m.Run())
	}
	dir, err := os.MkdirTemp("", "calls")
	if err != nil {
		panic(err)
	}
	callDir = dir
	code := m.Run()
	files, _ := filepath.Glob(filepath.Join(dir, "*.jsonl"))
	if len(files) > 0 {
		out, err := exec.Command(python, append([]string{tool, "--quiet"}, files...)...).CombinedOutput()
		lines := strings.TrimSpace(string(out))
		fmt.Println("telegram_validate.py:", lines[max(0, len(lines)-2000):])
		if err != nil {
			code = 1
		}
	}
	_ = os.RemoveAll(dir)
	os.Exit(code)
}

// findShared finds a file in the folder "shared" beside the module; empty: it is not there.
func findShared(parts ...string) string {
	dir, err := os.Getwd()
	if err != nil {
		return ""
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		path := filepath.Join(append([]string{dir, "shared"}, parts...)...)
		if _, err := os.Stat(path); err == nil {
			return path
		}
	}
	return ""
}

// published waits until the bot has brought its commands and profile up to date n times.
func (s *setup) published(n int) {
	s.t.Helper()
	waitFor(s.t, "the commands", func() bool {
		return strings.Count(s.log.String(), "commands and profile are up to date") == n
	})
}
