package main

import (
	"context"

	"docent/bot"
	"docent/internal/metrics"
)

// A journal is the store's, with a count of the writes that failed.
type journal struct {
	bot.Journal
	metrics *metrics.Metrics
}

// RecordTurn records and counts.
func (j journal) RecordTurn(ctx context.Context, t bot.Turn) error {
	return j.count(j.Journal.RecordTurn(ctx, t))
}

// RecordRating records and counts.
func (j journal) RecordRating(ctx context.Context, r bot.Rating) error {
	return j.count(j.Journal.RecordRating(ctx, r))
}

func (j journal) count(err error) error {
	if err != nil {
		j.metrics.StoreFailed()
	}
	return err
}
