package discord

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/discordtest"
	"docent/internal/loadtest"
)

// TestThousandInFlight asks a thousand questions at once, from a thousand people in a hundred channels. The best of five
// rounds counts. When other programs have their share of the processors, it may take longer by as much.
func TestThousandInFlight(t *testing.T) {
	const most, rounds = 250 * time.Millisecond, 5
	r := newRig(t).start()
	for n := range rounds {
		share := loadtest.Share()
		took := r.rush(1000)
		share = max(0.1, min(share, loadtest.Share()))
		p50, p99, last := took[len(took)/2], took[len(took)*99/100], took[len(took)-1]
		t.Logf("acknowledged after: p50 %v, p99 %v, at most %v, with %.0f%% of the processors", p50, p99, last, 100*share)
		if last > 3*time.Second {
			t.Errorf("the last acknowledgement took %v, more than 3 s", last)
		}
		limit := time.Duration(float64(most) / share)
		if p99 < limit || testing.Short() { // with -short comes the race detector
			return
		}
		if n == rounds-1 {
			t.Errorf("99%% were acknowledged only after %v, want %v", p99, limit)
		}
	}
}

// rush asks n questions at once and returns how long the acknowledgements took, shortest first.
func (r *rig) rush(n int) []time.Duration {
	r.t.Helper()
	list := make([]*discordtest.Interaction, n)
	var asking sync.WaitGroup
	for i := range n {
		asking.Go(func() {
			who := discordtest.User{ID: strconv.Itoa(5000 + i)}
			at := discordtest.Channel{ID: fmt.Sprintf("70000000000001%04d", i%100), Guild: discordtest.Guild}
			it, err := r.srv.Start(r.ctx(), who, at, "ask", discordtest.Text("question", "pain"))
			if err != nil {
				r.t.Error(err)
				return
			}
			list[i] = it
		})
	}
	asking.Wait()
	ctx := r.ctx()
	var took []time.Duration
	for _, it := range list {
		if it == nil {
			r.t.FailNow()
		}
		select { // without looking at the messages, which would take the time that is measured
		case <-it.Done():
		case <-ctx.Done():
			r.t.Fatal("an answer did not come")
		}
		acked, _ := it.Acked()
		took = append(took, acked)
	}
	slices.Sort(took)
	return took
}

// left is the number of jobs that are not done.
func (l *lanes) left() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.total
}

// TestTooMuchToDo fills the queue: what does not fit is not taken, and what was taken is answered.
func TestTooMuchToDo(t *testing.T) {
	r := newRig(t)
	r.clerk.hold = make(chan struct{})
	r.start()
	r.lanes.mu.Lock()
	r.lanes.max = 3
	r.lanes.mu.Unlock()
	var list []*discordtest.Interaction
	for n := range 5 {
		it, err := r.srv.Start(r.ctx(), discordtest.User{ID: strconv.Itoa(3000 + n)}, discordtest.InGeneral(), "ask", discordtest.Text("question", "slow"))
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, it)
	}
	ctx := r.ctx()
	for r.counted("dropped") < 2 && ctx.Err() == nil {
		runtime.Gosched()
	}
	close(r.clerk.hold)
	for _, it := range list[:3] {
		if m, err := it.Wait(r.ctx()); err != nil || !strings.Contains(m.Text, "slow") {
			t.Errorf("%+v, %v", m, err)
		}
	}
	if n := len(r.clerk.questions()); n != 3 {
		t.Errorf("%d questions, want 3", n)
	}
	for r.lanes.left() > 0 && ctx.Err() == nil { // an answer is seen before its place is free
		runtime.Gosched()
	}
	r.answers("goes on")
}

// TestOrderOfCommandsIsKept uses many commands of one person at once: the answers come in their order.
func TestOrderOfCommandsIsKept(t *testing.T) {
	r := newRig(t)
	r.timing.deferAfter = 3 * time.Second // a spinner would take the answer's place in the order
	r.start()
	at := discordtest.InGeneral()
	const n = 30
	for i := range n {
		if _, err := r.srv.Start(r.ctx(), ada, at, "ask", discordtest.Text("question", fmt.Sprintf("number %d", i))); err != nil {
			t.Fatal(err)
		}
	}
	r.wantInOrder(at, n)
}

// TestOrderIsKept asks many questions of one person at once: the answers come in their order.
func TestOrderIsKept(t *testing.T) {
	inBubble(t, func(r *rig) {
		r.start()
		at := discordtest.InGeneral()
		const n = 100
		for i := range n {
			if _, err := r.srv.Post(r.ctx(), ada, at, fmt.Sprintf("number %d", i), discordtest.Mentioned()); err != nil {
				t.Fatal(err)
			}
		}
		r.wantInOrder(at, n)
	})
}

// wantInOrder holds that the first n messages in a channel answer the questions "number 0" to n-1, in order.
func (r *rig) wantInOrder(at discordtest.Channel, n int) {
	r.t.Helper()
	all, err := r.srv.WaitMessages(r.ctx(), at, n)
	if err != nil {
		r.t.Fatal(err)
	}
	for i, m := range all {
		if !strings.Contains(m.Text, fmt.Sprintf("number %d\n", i)) {
			r.t.Fatalf("message %d is %q", i, m.Text)
		}
	}
}

// TestMemoryStaysFlat answers very many interactions, each with its own token. With DOCENT_LONG_TESTS set it answers
// 100,000, else fewer.
func TestMemoryStaysFlat(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: with the race detector the heap says nothing")
	}
	warm, n, limit := 1000, 4000, int64(8<<20) // what is remembered of recent events is not full yet
	if os.Getenv("DOCENT_LONG_TESTS") != "" {
		warm, n, limit = 10000, 100000, 1<<20
	}
	r := newRig(t)
	r.clerk = nil
	r.Handler = handlerFunc(func(_ context.Context, q bot.Question) (bot.Reply, error) { return sectionReply(q), nil })
	r.start()
	r.srv.Discard(20)
	r.burst(warm)
	before := heap()
	began := time.Now()
	r.burst(n)
	grown := int64(heap()) - int64(before)
	t.Logf("%d interactions in %v; the heap grew by %d kB", n, time.Since(began), grown>>10)
	if grown > limit {
		t.Errorf("the heap grew by %d bytes", grown)
	}
}

type handlerFunc func(context.Context, bot.Question) (bot.Reply, error)

func (f handlerFunc) Answer(ctx context.Context, q bot.Question) (bot.Reply, error) { return f(ctx, q) }

// burst asks n questions, fifty at a time.
func (r *rig) burst(n int) {
	r.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Minute)
	defer cancel()
	var people sync.WaitGroup
	for p := range 50 {
		people.Go(func() {
			who := discordtest.User{ID: strconv.Itoa(9000 + p)}
			for range n / 50 {
				i, err := r.srv.Start(ctx, who, discordtest.InGeneral(), "ask", discordtest.Text("question", "pain"))
				if err == nil {
					_, err = i.Wait(ctx)
				}
				if err != nil {
					r.t.Error(err)
					return
				}
				r.srv.Forget(i)
			}
		})
	}
	people.Wait()
}

func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}
