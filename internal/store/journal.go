package store

import (
	"context"
	"fmt"
	"time"

	"docent/bot"
)

// grain is how coarsely times are kept, so that a row cannot be matched with a message that somebody saw.
const grain = time.Hour

// coarse returns the hour that holds t, in milliseconds. The zero time means now.
func coarse(t time.Time) int64 {
	if t.IsZero() {
		t = time.Now()
	}
	return t.UTC().Truncate(grain).UnixMilli()
}

// RecordTurn keeps one answered question without its words. Its time is rounded down to the hour.
func (d *DB) RecordTurn(ctx context.Context, t bot.Turn) error {
	_, err := d.exec(ctx, `INSERT INTO turns (at, platform, kind, article, section, score, took_ms) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		coarse(t.At), t.Platform, t.Kind.Name(), t.Section.Article, t.Section.Section, t.Score, t.Took.Milliseconds())
	if err != nil {
		return fmt.Errorf("record turn: %w", err)
	}
	return nil
}

// RecordRating keeps an opinion of an answer. Its time is rounded down to the hour.
func (d *DB) RecordRating(ctx context.Context, r bot.Rating) error {
	helpful := 0
	if r.Helpful {
		helpful = 1
	}
	_, err := d.exec(ctx, `INSERT INTO ratings (at, platform, article, section, version, helpful, reason) VALUES (?, ?, ?, ?, ?, ?, ?)`,
		coarse(r.At), r.Platform, r.Section.Article, r.Section.Section, r.Version, helpful, r.Reason)
	if err != nil {
		return fmt.Errorf("record rating: %w", err)
	}
	return nil
}

// RecordUnanswered keeps a question that found nothing. The caller has removed whatever could name a person. Its time is
// rounded down to the hour.
func (d *DB) RecordUnanswered(ctx context.Context, at time.Time, redacted string) error {
	if _, err := d.exec(ctx, `INSERT INTO unanswered (at, redacted) VALUES (?, ?)`, coarse(at), redacted); err != nil {
		return fmt.Errorf("record unanswered question: %w", err)
	}
	return nil
}

// Prune deletes what is older than its retention at the time now, and leases that ended a day ago.
func (d *DB) Prune(ctx context.Context, now time.Time) error {
	turns, unanswered := d.Retention.Turns, d.Retention.Unanswered
	if turns == 0 {
		turns = 90 * 24 * time.Hour
	}
	if unanswered == 0 {
		unanswered = 30 * 24 * time.Hour
	}
	for _, p := range []struct {
		query string
		keep  time.Duration
	}{
		{`DELETE FROM turns WHERE at < ?`, turns},
		{`DELETE FROM ratings WHERE at < ?`, turns},
		{`DELETE FROM unanswered WHERE at < ?`, unanswered},
		{`DELETE FROM updates WHERE at < ?`, UpdateRetention},
		{`DELETE FROM leases WHERE lease_until < ?`, 24 * time.Hour},
	} {
		if _, err := d.exec(ctx, p.query, now.Add(-p.keep).UnixMilli()); err != nil {
			return fmt.Errorf("prune store: %w", err)
		}
	}
	if d.postgres {
		return nil
	}
	// What was deleted is still in the write-ahead log until that is written back and cut. Where somebody reads just now, the
	// next Prune does it.
	if _, err := d.exec(ctx, `PRAGMA wal_checkpoint(TRUNCATE)`); err != nil {
		return fmt.Errorf("prune store: %w", err)
	}
	return nil
}
