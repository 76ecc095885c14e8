package telegram

import (
	"context"
	"maps"
	"sync"
	"time"
)

// A group takes 20 messages a minute. At most maxQueue of its questions wait for their turn, each for at most maxWait, and
// less when they hold up all other chats. What comes on top of that is not answered, unless it is a crisis, and the next
// answer says how many questions were left out.
const (
	groupSpan = time.Minute
	groupMost = 20
	maxQueue  = 12
	maxWait   = 2 * time.Minute
)

// groups keeps the rate of messages to each group.
type groups struct {
	mu      sync.Mutex
	sent    map[int64][]time.Time
	dropped map[int64]int
	denied  map[refusal]time.Time
}

// A refusal is something that Telegram does not let the bot do in a group: it is tried again after denySpan, for somebody may
// have made the bot an administrator.
type refusal struct {
	chat int64
	what string // "ephemeral" or "delete"
}

const denySpan = time.Hour

func newGroups() *groups {
	return &groups{sent: map[int64][]time.Time{}, dropped: map[int64]int{}, denied: map[refusal]time.Time{}}
}

// take takes a place for a message to a group, or says how long to wait for one.
func (g *groups) take(chat int64, now time.Time) time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.sent) > maxRemembered {
		maps.DeleteFunc(g.sent, func(_ int64, at []time.Time) bool { return now.Sub(at[len(at)-1]) >= groupSpan })
	}
	list := g.sent[chat]
	for len(list) > 0 && now.Sub(list[0]) >= groupSpan {
		list = list[1:]
	}
	if len(list) >= groupMost {
		g.sent[chat] = list
		return groupSpan - now.Sub(list[0])
	}
	g.sent[chat] = append(list, now)
	return 0
}

// room returns how many messages a group takes at once.
func (g *groups) room(chat int64, now time.Time) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := groupMost
	for _, at := range g.sent[chat] {
		if now.Sub(at) < groupSpan {
			n--
		}
	}
	return n
}

func (g *groups) drop(chat int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.dropped[chat]++
}

// takeDropped returns how many questions of a group were left out since the last call.
func (g *groups) takeDropped(chat int64) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	n := g.dropped[chat]
	delete(g.dropped, chat)
	return n
}

// may reports whether something was not refused lately.
func (g *groups) may(r refusal, now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	at, ok := g.denied[r]
	return !ok || now.Sub(at) > denySpan
}

func (g *groups) deny(r refusal, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.denied) >= maxRemembered {
		clear(g.denied)
	}
	g.denied[r] = now
}

// pause holds all sending back while Telegram limits the bot as a whole: when two chats are refused at a time.
type pause struct {
	mu    sync.Mutex
	chat  string
	at    time.Time // until when that chat is limited
	until time.Time
}

// limited notes that a chat was refused with 429.
func (p *pause) limited(chat string, now time.Time, after time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.chat != chat && now.Before(p.at) {
		p.until = now.Add(after)
	}
	p.chat, p.at = chat, now.Add(after)
}

// left returns how long to hold back.
func (p *pause) left(now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.until.Sub(now)
}

// nap waits for d. It ends early with an error when the session closes, leave is closed or ctx ends.
func (s *session) nap(ctx context.Context, d time.Duration, leave <-chan struct{}) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-s.closing:
			cancel()
		case <-leave:
			cancel()
		case <-ctx.Done():
		}
	}()
	return s.clock.Sleep(ctx, d)
}
