package store

import (
	"context"
	"database/sql"
	"fmt"
	"time"

	"docent/knowledge"
)

// A DayCount is how many turns of one kind a platform had on a day.
type DayCount struct {
	Day      time.Time // midnight, UTC
	Platform string
	Kind     string // as bot.Kind.Name gives it
	Turns    int
	Took     time.Duration // mean time to the answer
}

// A SectionCount is how often a section came first.
type SectionCount struct {
	Section knowledge.Ref
	Kind    string // as bot.Kind.Name gives it
	Turns   int
}

// A SectionRating is what people thought of a section's text.
type SectionRating struct {
	Section knowledge.Ref
	Version string // of the section
	Helpful int
	Not     int
	Reasons map[string]int // why not, by bot.Rating.Reason; people who gave none are left out
}

// A Question is a redacted question that found nothing.
type Question struct {
	At   time.Time // the hour
	Text string
}

// TurnsByDay counts the turns since a time, oldest day first.
func (d *DB) TurnsByDay(ctx context.Context, since time.Time) ([]DayCount, error) {
	return query(ctx, d, "count turns", func(rows *sql.Rows) (c DayCount, err error) {
		var days int64
		var took float64
		err = rows.Scan(&days, &c.Platform, &c.Kind, &c.Turns, &took)
		c.Day = time.Unix(days*86400, 0).UTC()
		c.Took = time.Duration(took * float64(time.Millisecond))
		return c, err
	}, `SELECT at / 86400000 AS day, platform, kind, COUNT(*), CAST(AVG(took_ms) AS DOUBLE PRECISION) FROM turns WHERE at >= ?
		GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`, coarse(since))
}

// TurnsBySection counts the turns since a time whose first match was a section, most frequent first.
func (d *DB) TurnsBySection(ctx context.Context, since time.Time) ([]SectionCount, error) {
	return query(ctx, d, "count turns", func(rows *sql.Rows) (c SectionCount, err error) {
		err = rows.Scan(&c.Section.Article, &c.Section.Section, &c.Kind, &c.Turns)
		return c, err
	}, `SELECT article, section, kind, COUNT(*) FROM turns WHERE at >= ? AND article <> ''
		GROUP BY 1, 2, 3 ORDER BY 4 DESC, 1, 2, 3`, coarse(since))
}

// RatingsBySection counts the ratings since a time, the sections with most complaints first.
func (d *DB) RatingsBySection(ctx context.Context, since time.Time) ([]SectionRating, error) {
	type row struct {
		SectionRating
		reason string
		n      int
	}
	rows, err := query(ctx, d, "count ratings", func(rows *sql.Rows) (r row, err error) {
		err = rows.Scan(&r.Section.Article, &r.Section.Section, &r.Version, &r.Helpful, &r.reason, &r.n, new(int))
		return r, err
	}, `SELECT article, section, version, helpful, reason, COUNT(*),
		SUM(CASE WHEN helpful = 0 THEN COUNT(*) ELSE 0 END) OVER (PARTITION BY article, section, version) AS complaints
		FROM ratings WHERE at >= ? GROUP BY article, section, version, helpful, reason ORDER BY 7 DESC, 1, 2, 3`, coarse(since))
	if err != nil {
		return nil, err
	}
	var out []SectionRating
	for _, r := range rows {
		if n := len(out); n == 0 || out[n-1].Section != r.Section || out[n-1].Version != r.Version {
			out = append(out, SectionRating{Section: r.Section, Version: r.Version, Reasons: map[string]int{}})
		}
		last := &out[len(out)-1]
		if r.Helpful == 1 {
			last.Helpful += r.n
			continue
		}
		last.Not += r.n
		if r.reason != "" {
			last.Reasons[r.reason] += r.n
		}
	}
	return out, nil
}

// Unanswered returns up to limit questions since a time that found nothing, newest first.
func (d *DB) Unanswered(ctx context.Context, since time.Time, limit int) ([]Question, error) {
	return query(ctx, d, "read unanswered questions", func(rows *sql.Rows) (q Question, err error) {
		var ms int64
		err = rows.Scan(&ms, &q.Text)
		q.At = time.UnixMilli(ms).UTC()
		return q, err
	}, `SELECT at, redacted FROM unanswered WHERE at >= ? ORDER BY at DESC, redacted LIMIT ?`, coarse(since), limit)
}

// query returns what scan makes of each row.
func query[T any](ctx context.Context, d *DB, what string, scan func(*sql.Rows) (T, error), q string, args ...any) ([]T, error) {
	rows, err := d.read.QueryContext(ctx, d.sql(q), args...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, d.explain(err))
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		x, err := scan(rows)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", what, err)
		}
		out = append(out, x)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("%s: %w", what, d.explain(err))
	}
	return out, nil
}
