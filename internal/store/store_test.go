package store

import (
	"context"
	"crypto/rand"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/store/storetest"
	"docent/knowledge"
)

// A clock is what a test sets instead of the database's.
type clock struct{ ms atomic.Int64 }

func newClock() *clock {
	c := new(clock)
	c.ms.Store(time.Now().UnixMilli())
	return c
}

func (c *clock) now() time.Time          { return time.UnixMilli(c.ms.Load()) }
func (c *clock) advance(d time.Duration) { c.ms.Add(d.Milliseconds()) }

func openAt(t *testing.T, address string, c *clock) *DB {
	t.Helper()
	d, err := Open(t.Context(), address, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if c != nil {
		d.now = c.now
	}
	return d
}

// backends returns, for each database that can be tested here, what makes an address of an empty store.
func backends(t *testing.T) map[string]func(*testing.T) string {
	all := map[string]func(*testing.T) string{
		"sqlite": func(t *testing.T) string { return "sqlite:" + filepath.Join(t.TempDir(), "data", "docent.db") },
	}
	if server := os.Getenv("DOCENT_TEST_POSTGRES"); server != "" {
		all["postgres"] = func(t *testing.T) string { return emptySchema(t, server) }
	}
	return all
}

// emptySchema makes a schema of its own on a PostgreSQL server and returns an address that leads to it.
func emptySchema(t *testing.T, server string) string {
	t.Helper()
	u, err := url.Parse(server)
	if err != nil {
		t.Fatal("DOCENT_TEST_POSTGRES must be a postgres:// address")
	}
	admin := &DB{}
	if err := admin.openPostgres(server); err != nil {
		t.Fatal(err)
	}
	name := "docent_test_" + strings.ToLower(rand.Text())
	if _, err := admin.exec(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.exec(context.Background(), "DROP SCHEMA "+name+" CASCADE")
		admin.Close()
	})
	q := u.Query()
	q.Set("search_path", name)
	u.RawQuery = q.Encode()
	return u.String()
}

// each runs a test on every backend.
func each(t *testing.T, test func(t *testing.T, address string)) {
	for name, address := range backends(t) {
		t.Run(name, func(t *testing.T) { test(t, address(t)) })
	}
}

func TestConformance(t *testing.T) {
	for name, address := range backends(t) {
		t.Run(name, func(t *testing.T) {
			storetest.Run(t, func(t *testing.T) storetest.Subject {
				at, c := address(t), newClock()
				return storetest.Subject{
					Store: openAt(t, at, c), Advance: c.advance,
					Another: func() storetest.Store { return openAt(t, at, c) },
				}
			})
		})
	}
	t.Run("memory", func(t *testing.T) {
		storetest.Run(t, func(t *testing.T) storetest.Subject {
			c := newClock()
			return storetest.Subject{Store: openAt(t, "sqlite::memory:", c), Advance: c.advance}
		})
	})
}

// TestDatabaseClock uses no clock of the test: leases must run by the database's own.
func TestDatabaseClock(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d := openAt(t, address, nil)
		var ms int64
		if err := d.read.QueryRowContext(t.Context(), "SELECT "+d.clock()).Scan(&ms); err != nil {
			t.Fatal(err)
		}
		if off := time.Since(time.UnixMilli(ms)).Abs(); off > time.Minute {
			t.Errorf("the database's clock is off by %v", off)
		}
		for _, want := range []struct {
			holder string
			ttl    time.Duration
			ok     bool
		}{{"a", time.Hour, true}, {"b", time.Hour, false}, {"a", -time.Second, true}, {"b", time.Hour, true}} {
			if ok, err := d.AcquireLease(t.Context(), "x", want.holder, want.ttl); err != nil || ok != want.ok {
				t.Errorf("lease for %s: %v, %v; want %v", want.holder, ok, err, want.ok)
			}
		}
	})
}

func TestCounters(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, ctx := openAt(t, address, nil), t.Context()
		noon := time.Date(2026, 5, 3, 12, 34, 56, 0, time.UTC)
		ptsd, pain := knowledge.Ref{Article: "ketamine", Section: "ptsd"}, knowledge.Ref{Article: "ketamine", Section: "pain"}
		turn := func(at time.Time, kind bot.Kind, ref knowledge.Ref, took time.Duration) {
			t.Helper()
			if err := d.RecordTurn(ctx, bot.Turn{At: at, Platform: "discord", Kind: kind, Section: ref, Took: took}); err != nil {
				t.Fatal(err)
			}
		}
		turn(noon, bot.Sure, ptsd, time.Millisecond)
		turn(noon.Add(time.Hour), bot.Sure, ptsd, 4*time.Millisecond)
		turn(noon.AddDate(0, 0, 1), bot.Crisis, knowledge.Ref{}, 0)
		turn(noon.AddDate(0, 0, 1), bot.Unsure, pain, 0)
		turn(noon.AddDate(0, 0, -1), bot.Sure, pain, 0) // before since
		day := noon.Truncate(24 * time.Hour)
		days, err := d.TurnsByDay(ctx, day)
		wantDays := []DayCount{
			{day, "discord", "sure", 2, 2500 * time.Microsecond}, {day.AddDate(0, 0, 1), "discord", "crisis", 1, 0}, {day.AddDate(0, 0, 1), "discord", "unsure", 1, 0},
		}
		if err != nil || !reflect.DeepEqual(days, wantDays) {
			t.Errorf("days are %v, %v; want %v", days, err, wantDays)
		}
		sections, err := d.TurnsBySection(ctx, day)
		if want := []SectionCount{{ptsd, "sure", 2}, {pain, "unsure", 1}}; err != nil || !reflect.DeepEqual(sections, want) {
			t.Errorf("sections are %v, %v; want %v", sections, err, want)
		}
	})
}

func TestRatingsBySection(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, ctx := openAt(t, address, nil), t.Context()
		now := time.Now()
		a, b := knowledge.Ref{Article: "k", Section: "a"}, knowledge.Ref{Article: "k", Section: "b"}
		for _, r := range []bot.Rating{
			{Section: a, Version: "1", Helpful: true}, {Section: a, Version: "1", Helpful: true}, {Section: a, Version: "2", Reason: "outdated"},
			{Section: b, Version: "1", Reason: "unclear"}, {Section: b, Version: "1", Reason: "unclear"}, {Section: b, Version: "1", Helpful: true}, {Section: b, Version: "1"},
		} {
			r.At, r.Platform = now, "telegram"
			if err := d.RecordRating(ctx, r); err != nil {
				t.Fatal(err)
			}
		}
		got, err := d.RatingsBySection(ctx, now)
		want := []SectionRating{
			{b, "1", 1, 3, map[string]int{"unclear": 2}}, {a, "2", 0, 1, map[string]int{"outdated": 1}}, {a, "1", 2, 0, map[string]int{}},
		}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v\nwant %v", got, err, want)
		}
	})
}

func TestPruneKeepsWhatIsYoungEnough(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		c := newClock()
		d, ctx := openAt(t, address, c), t.Context()
		d.Retention = Retention{Turns: 10 * 24 * time.Hour}
		start := c.now()
		d.RecordTurn(ctx, bot.Turn{At: start})
		d.RecordRating(ctx, bot.Rating{At: start})
		d.RecordUnanswered(ctx, start, "why?")
		d.ClaimUpdate(ctx, "s", 1, "a", time.Hour)
		d.AcquireLease(ctx, "l", "a", time.Hour)
		d.SetState(ctx, "k", "v")
		d.SetSettings(ctx, "discord/1", map[string]string{"a": "b"})
		for _, step := range []struct {
			days float64
			want string
		}{
			{0, "turns 1 ratings 1 unanswered 1 updates 1 leases 1 state 1 settings 1"},
			{2, "turns 1 ratings 1 unanswered 1 updates 1 leases 0 state 1 settings 1"},
			{8, "turns 1 ratings 1 unanswered 1 updates 0 leases 0 state 1 settings 1"},
			{10.1, "turns 0 ratings 0 unanswered 1 updates 0 leases 0 state 1 settings 1"},
			{29.9, "turns 0 ratings 0 unanswered 1 updates 0 leases 0 state 1 settings 1"},
			{30.1, "turns 0 ratings 0 unanswered 0 updates 0 leases 0 state 1 settings 1"},
		} {
			if err := d.Prune(ctx, start.Add(time.Duration(step.days*24*float64(time.Hour)))); err != nil {
				t.Fatal(err)
			}
			if got := rowCounts(t, d); got != step.want {
				t.Errorf("after %v days: %s, want %s", step.days, got, step.want)
			}
		}
		if err := d.Forget(ctx, "discord/1"); err != nil {
			t.Fatal(err)
		}
		if got := rowCounts(t, d); !strings.HasSuffix(got, "settings 0") {
			t.Errorf("after Forget: %s", got)
		}
	})
}

func rowCounts(t *testing.T, d *DB) string {
	t.Helper()
	var out []string
	for _, table := range []string{"turns", "ratings", "unanswered", "updates", "leases", "state", "settings"} {
		var n int
		if err := d.read.QueryRowContext(t.Context(), "SELECT COUNT(*) FROM "+table).Scan(&n); err != nil {
			t.Fatal(err)
		}
		out = append(out, fmt.Sprint(table, " ", n))
	}
	return strings.Join(out, " ")
}

func TestUnansweredQuestions(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, ctx := openAt(t, address, nil), t.Context()
		at := time.Date(2026, 5, 3, 12, 34, 0, 0, time.UTC)
		for i, text := range []string{"first", "second", "third"} {
			if err := d.RecordUnanswered(ctx, at.Add(time.Duration(i)*time.Hour), text); err != nil {
				t.Fatal(err)
			}
		}
		got, err := d.Unanswered(ctx, at, 2)
		want := []Question{{at.Add(2 * time.Hour).Truncate(time.Hour), "third"}, {at.Add(time.Hour).Truncate(time.Hour), "second"}}
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("got %v, %v; want %v", got, err, want)
		}
	})
}

func TestFieldsAreThoseOfTheSchema(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d, ctx := openAt(t, address, nil), t.Context()
		if err := d.Audit(ctx); err != nil {
			t.Error(err)
		}
		if _, err := d.exec(ctx, "ALTER TABLE turns ADD COLUMN person TEXT"); err != nil {
			t.Fatal(err)
		}
		if err := d.Audit(ctx); err == nil || !strings.Contains(err.Error(), "turns.person is stored but not declared") {
			t.Errorf("an undeclared column: %v", err)
		}
		if _, err := d.exec(ctx, "DROP TABLE leases"); err != nil {
			t.Fatal(err)
		}
		if err := d.Audit(ctx); err == nil || !strings.Contains(err.Error(), "leases.holder is declared but not stored") {
			t.Errorf("a missing table: %v", err)
		}
	})
	for _, f := range Fields() {
		if f.Purpose == "" || f.Kept == "" {
			t.Errorf("%s lacks its purpose or its retention", f)
		}
	}
}
