package discord

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"docent/bot"
	"docent/internal/discordtest"
	"docent/internal/markup"
	"docent/knowledge"
)

// A clerk is a Handler that answers by a word of the question.
type clerk struct {
	mu    sync.Mutex
	asked []bot.Question
	hold  chan struct{} // closed or received from before "slow" answers; nil: no waiting
}

func (c *clerk) Answer(ctx context.Context, q bot.Question) (bot.Reply, error) {
	c.mu.Lock()
	c.asked = append(c.asked, q)
	c.mu.Unlock()
	if strings.Contains(q.Text, "slow") && c.hold != nil {
		select {
		case <-c.hold:
		case <-ctx.Done():
			return bot.Reply{}, ctx.Err()
		}
	}
	switch {
	case strings.Contains(q.Text, "panic"):
		panic("on purpose")
	case strings.Contains(q.Text, "broken"):
		return bot.Reply{}, errors.New("broken on purpose")
	case strings.Contains(q.Text, "unsure"):
		return bot.Reply{Kind: bot.Unsure, Body: fixedDoc("Did you mean one of these?"), Choices: []bot.Choice{
			{Label: "Pain", Value: "1s-pain"}, {Label: "None of these", Value: "1none"}}}, nil
	case strings.Contains(q.Text, "crisis"):
		return bot.Reply{Kind: bot.Crisis, Body: fixedDoc("Please talk to somebody now.")}, nil
	case strings.Contains(q.Text, "dose"):
		return bot.Reply{Kind: bot.Refusal, Body: fixedDoc("I don't give amounts.")}, nil
	case q.Choice == ratedNot:
		return bot.Reply{Kind: bot.Fixed, Private: true, Body: fixedDoc("What was wrong?"), Choices: reasons()}, nil
	case bot.Rates(q.Choice):
		return bot.Reply{Kind: bot.Fixed, Private: true, Body: fixedDoc("Thank you.")}, nil
	case q.Choice == "1whole":
		r := longReply()
		r.Replace = true
		return r, nil
	case strings.Contains(q.Text, "none"):
		return bot.Reply{Kind: bot.None, Body: fixedDoc("The articles don't cover that.")}, nil
	case strings.Contains(q.Text, "long"):
		return longReply(), nil
	}
	return sectionReply(q), nil
}

func (c *clerk) questions() []bot.Question {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]bot.Question(nil), c.asked...)
}

// last returns the last question.
func (c *clerk) last() bot.Question {
	all := c.questions()
	return all[len(all)-1]
}

// ratedNot is the value of "Not helpful", as the bot writes it.
const ratedNot = "1Nkkkkkkkkkkkvvvvvv"

func reasons() []bot.Choice {
	var out []bot.Choice
	for n, label := range []string{"Not what I asked", "Unclear", "Out of date", "Something is missing"} {
		out = append(out, bot.Choice{Label: label, Value: fmt.Sprint("1Qkkkkkkkkkkkvvvvvv", n)})
	}
	return out
}

func sectionReply(q bot.Question) bot.Reply {
	what := q.Text
	if what == "" {
		what = q.Choice
	}
	return bot.Reply{
		ID: "abc", Kind: bot.Sure, Replace: q.Choice == "1more",
		Body: markup.Doc{
			{Kind: markup.Heading, Level: 1, Spans: []markup.Span{markup.Text("Pain management")}},
			markup.Para(markup.Text("You asked: " + what)),
		},
		Footer: markup.Doc{markup.Para(markup.Text("Source: "), markup.Span{Text: "Ketamine", URL: "https://example.org/k"})},
		Choices: []bot.Choice{
			{Label: "Read more", Value: "1more", Group: bot.GroupMore},
			{Label: "Anesthesia", Value: "1s-an", Group: bot.GroupRelated},
			{Label: "Helpful", Value: "1yes", Group: bot.GroupRate}, {Label: "Not helpful", Value: ratedNot, Group: bot.GroupRate},
		},
		Result: knowledge.Result{Verdict: knowledge.Sure, Matches: []knowledge.Match{{Ref: knowledge.Ref{Article: "ketamine", Section: "pain"}}}},
	}
}

func longReply() bot.Reply {
	var d markup.Doc
	for n := range 200 {
		d = append(d, markup.Para(markup.Text(fmt.Sprintf("Paragraph %d says something of no importance at length, *with* _marks_ in it.", n))))
	}
	return bot.Reply{Kind: bot.Sure, Body: d}
}

// A shelf is a Catalog.
type shelf struct {
	mu   sync.Mutex
	list []bot.Topic
}

func newShelf(names ...string) *shelf {
	s := &shelf{}
	s.set(names...)
	return s
}

func (s *shelf) set(names ...string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.list = nil
	for _, n := range names {
		s.list = append(s.list, bot.Topic{Ref: knowledge.Ref{Article: "ketamine", Section: n}, Name: n, Title: "About " + n, Article: "Ketamine", Value: "1s-" + n, Description: "On " + n})
	}
}

func (s *shelf) Topics() []bot.Topic {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.list
}

func (s *shelf) Suggest(prefix string, n int) []bot.Suggestion {
	var out []bot.Suggestion
	for _, t := range s.Topics() {
		if len(out) < n && strings.HasPrefix(t.Name, prefix) {
			tier := knowledge.TierPrefix
			if prefix == t.Name {
				tier = knowledge.TierExact
			}
			if prefix == "" {
				tier = knowledge.TierPopular
			}
			out = append(out, bot.Suggestion{Topic: t, Label: t.Title + " · " + t.Article, Tier: tier})
		}
	}
	return out
}

// memory is a SettingsStore and a StateStore.
type memory struct {
	mu       sync.Mutex
	settings map[string]map[string]string
	state    map[string]string
}

func newMemory() *memory {
	return &memory{settings: map[string]map[string]string{}, state: map[string]string{}}
}

func (m *memory) Settings(_ context.Context, scope string) (map[string]string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.settings[scope], nil
}

func (m *memory) SetSettings(_ context.Context, scope string, s map[string]string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.settings[scope] = s
	return nil
}

func (m *memory) State(_ context.Context, key string) (string, bool, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	v, ok := m.state[key]
	return v, ok, nil
}

func (m *memory) SetState(_ context.Context, key, value string) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.state[key] = value
	return nil
}

// quick is short enough that no test waits long, and long enough for a busy machine.
func quick() timing {
	return timing{
		deferAfter: 300 * time.Millisecond, drain: 3 * time.Second, identify: 20 * time.Millisecond, backoff: 20 * time.Millisecond,
		handshake: 2 * time.Second, answer: 10 * time.Second, retry: 5 * time.Millisecond,
	}
}

// A rig is an adapter on a fake Discord.
type rig struct {
	*Adapter
	t     testing.TB
	srv   *discordtest.Server
	clerk *clerk
	shelf *shelf
	store *memory
	stop  context.CancelFunc
	done  chan error

	mu     sync.Mutex
	events map[string]int
}

// counted returns how often an event was counted.
func (r *rig) counted(event string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.events[event]
}

func (r *rig) countEvent(event string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.events[event]++
}

// newRig prepares an adapter; start runs it.
func newRig(t testing.TB) *rig {
	t.Helper()
	return newRigOn(t, discordtest.New(t))
}

// inBubble runs a test with the waits of the real program, which take no time there.
func inBubble(t *testing.T, test func(*rig)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		r := newRigOn(t, discordtest.NewInBubble(t))
		r.timing, r.dial = defaultTiming(), r.srv.Dial
		test(r)
	})
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { time.Sleep(d) }

func newRigOn(t testing.TB, srv *discordtest.Server) *rig {
	t.Helper()
	r := &rig{t: t, srv: srv, clerk: &clerk{}, shelf: newShelf("pain", "sleep"), store: newMemory(), done: make(chan error, 1), events: map[string]int{}}
	r.Adapter = &Adapter{
		Token: discordtest.Token, APIURL: r.srv.URL, Handler: r.clerk, Catalog: r.shelf, Settings: r.store, State: r.store,
		Log: slog.New(slog.NewTextHandler(t.Output(), nil)), timing: quick(), Count: r.countEvent,
	}
	return r
}

// start runs the adapter until the test ends, and then expects it to end well.
func (r *rig) start() *rig {
	r.t.Helper()
	r.run()
	r.t.Cleanup(func() {
		r.stop()
		if err := <-r.done; err != nil {
			r.t.Errorf("Run: %v", err)
		}
	})
	if !r.HTTP {
		r.ready(1)
	}
	return r
}

func (r *rig) run() {
	ctx, cancel := context.WithCancel(context.Background())
	r.stop = cancel
	go func() { r.done <- r.Run(ctx) }()
}

func (r *rig) ctx() context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	r.t.Cleanup(cancel)
	return ctx
}

// ready waits for n connected sessions.
func (r *rig) ready(n int) {
	r.t.Helper()
	if err := r.srv.Ready(r.ctx(), n); err != nil {
		r.t.Fatalf("connect: %v; counts %+v", err, r.srv.Counts())
	}
}

var (
	ada = discordtest.User{ID: "1001"}
	bea = discordtest.User{ID: "1002"}
	mod = discordtest.User{ID: "1003", Permissions: discordtest.PermManageGuild | discordtest.PermManageMessages}
)
