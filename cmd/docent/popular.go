package main

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"docent/bot"
	"docent/internal/store"
	"docent/knowledge"
)

// What counts as popular: what was asked for in popularSpan. It is counted anew after popularAge.
const (
	popularSpan = 30 * 24 * time.Hour
	popularAge  = 10 * time.Minute
)

// popular knows the sections that were shown most.
type popular struct {
	db  *store.DB
	now func() time.Time
	log *slog.Logger

	mu   sync.Mutex
	at   time.Time
	refs []knowledge.Ref
}

// list returns the sections, most asked for first. A store that fails costs nothing but the order.
func (p *popular) list(ctx context.Context) []knowledge.Ref {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if !p.at.IsZero() && now.Sub(p.at) < popularAge {
		return p.refs
	}
	p.at = now
	counts, err := p.db.TurnsBySection(ctx, now.Add(-popularSpan))
	if err != nil {
		p.log.Error("popular sections not counted", "error", err)
		return p.refs
	}
	p.refs = nil
	for _, c := range counts {
		if c.Kind == bot.Sure.Name() {
			p.refs = append(p.refs, c.Section)
		}
	}
	return p.refs
}
