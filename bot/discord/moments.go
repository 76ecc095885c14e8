package discord

import (
	"slices"
	"sync"
	"time"

	"docent/bot"
	"docent/knowledge"
)

// moments remember when something last happened, such as an answer shown in a channel.
type moments struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newMoments() *moments { return &moments{at: map[string]time.Time{}} }

// soon returns how much of a while since the last time is left, or 0.
func (m *moments) soon(key string, while time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, known := m.at[key]
	if !known {
		return 0
	}
	return max(0, while-time.Since(at))
}

func (m *moments) add(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.at) > 10000 {
		clear(m.at)
	}
	m.at[key] = time.Now()
}

// popular counts how often each section was shown, in memory and without persons, so that an empty field offers first what
// people look for.
type popular struct {
	mu sync.Mutex
	n  map[knowledge.Ref]int
}

func newPopular() *popular { return &popular{n: map[knowledge.Ref]int{}} }

func (p *popular) add(ref knowledge.Ref) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.n) > 10000 {
		clear(p.n)
	}
	p.n[ref]++
}

// first returns a list with the sections that were shown most in front, the others in their order.
func (p *popular) first(list []bot.Suggestion) []bot.Suggestion {
	p.mu.Lock()
	defer p.mu.Unlock()
	list = slices.Clone(list)
	slices.SortStableFunc(list, func(a, b bot.Suggestion) int { return p.n[b.Topic.Ref] - p.n[a.Topic.Ref] })
	return list
}
