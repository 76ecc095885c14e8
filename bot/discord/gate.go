package discord

import (
	"context"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// A gate lets Identifies pass in the order and at the pace that Discord asks for, and not more a day than it allows.
type gate struct {
	a   *Adapter
	max int // lines, by shard id modulo max

	mu    sync.Mutex
	lines map[int]*line
	left  int       // Identifies left today
	reset time.Time // when there are more
}

// A line is those shards that must identify one after another.
type line struct {
	last <-chan struct{} // closed when the last one in it had its turn
	next time.Time       // no Identify before
}

func newGate(a *Adapter, info *discordgo.GatewayBotResponse) *gate {
	g := &gate{a: a, max: max(info.SessionStartLimit.MaxConcurrency, 1), lines: map[int]*line{}}
	g.update(info.SessionStartLimit)
	return g
}

// update takes what Discord said about the limit. The caller holds g.mu or is alone.
func (g *gate) update(l discordgo.SessionInformation) {
	g.left, g.reset = l.Remaining, time.Now().Add(time.Duration(l.ResetAfter)*time.Millisecond)
}

// A turn is a shard's place in its line.
type turn struct {
	gate   *gate
	line   *line
	before <-chan struct{}
	mine   chan struct{}
	once   sync.Once
}

// enter takes the next place in a shard's line.
func (g *gate) enter(id int) *turn {
	g.mu.Lock()
	defer g.mu.Unlock()
	l := g.lines[id%g.max]
	if l == nil {
		over := make(chan struct{})
		close(over)
		l = &line{last: over}
		g.lines[id%g.max] = l
	}
	t := &turn{gate: g, line: l, before: l.last, mine: make(chan struct{})}
	l.last = t.mine
	return t
}

// wait returns when the shard may connect and identify. After it done must be called.
func (t *turn) wait(ctx context.Context) error {
	select {
	case <-t.before:
	case <-ctx.Done():
		return ctx.Err()
	}
	if err := t.gate.waitDay(ctx); err != nil {
		return err
	}
	t.gate.mu.Lock()
	at := t.line.next
	t.gate.mu.Unlock()
	if !pause(ctx, time.Until(at)) {
		return ctx.Err()
	}
	return nil
}

// done lets the next one in the line pass: after a while when Identify was sent, else at once. Only the first call counts.
func (t *turn) done(sent bool) {
	t.once.Do(func() {
		t.gate.mu.Lock()
		if sent {
			t.line.next = time.Now().Add(t.gate.a.timing.identify)
			t.gate.left--
		}
		t.gate.mu.Unlock()
		close(t.mine)
	})
}

// waitDay waits until Discord allows an Identify today.
func (g *gate) waitDay(ctx context.Context) error {
	for {
		g.mu.Lock()
		left, wait := g.left, time.Until(g.reset)
		g.mu.Unlock()
		if left > 0 {
			return nil
		}
		g.a.Log.Error("discord allows no more sessions today; waiting, because more would reset the token", "wait", wait)
		if !pause(ctx, max(wait, g.a.timing.backoff)) {
			return ctx.Err()
		}
		info, err := g.a.askGateway(ctx)
		if err != nil {
			return err
		}
		g.mu.Lock()
		g.update(info.SessionStartLimit)
		g.mu.Unlock()
	}
}
