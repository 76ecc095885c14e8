package metrics

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"docent/bot"
)

type handler func(bot.Question) (bot.Reply, error)

func (h handler) Answer(_ context.Context, q bot.Question) (bot.Reply, error) { return h(q) }

func page(m *Metrics) string {
	w := httptest.NewRecorder()
	m.ServeHTTP(w, httptest.NewRequest("GET", "/metrics", nil))
	return w.Body.String()
}

func wantLines(t *testing.T, m *Metrics, lines ...string) {
	t.Helper()
	got := page(m)
	for _, line := range lines {
		if !strings.Contains(got, line+"\n") {
			t.Errorf("lacks %q", line)
		}
	}
	if t.Failed() {
		t.Log(got)
	}
}

func TestWrapCountsAndPassesThrough(t *testing.T) {
	m := New("v1")
	broken := errors.New("broken")
	h := m.Wrap(handler(func(q bot.Question) (bot.Reply, error) {
		if q.Text == "fail" {
			return bot.Reply{}, broken
		}
		return bot.Reply{ID: q.Text, Kind: bot.Crisis}, nil
	}))
	ask := func(platform, text string) (bot.Reply, error) {
		return h.Answer(t.Context(), bot.Question{Text: text, Place: bot.Place{Platform: platform}})
	}
	if r, err := ask("discord", "x"); r.ID != "x" || err != nil {
		t.Errorf("the reply is changed: %v, %v", r, err)
	}
	ask("discord", "y")
	if _, err := ask("telegram", "fail"); err != broken {
		t.Errorf("the error is changed: %v", err)
	}
	wantLines(t, m,
		`docent_replies_total{kind="crisis",platform="discord"} 2`,
		`docent_answer_errors_total{platform="telegram"} 1`,
		`docent_answer_seconds_count{platform="discord"} 2`,
		`docent_answer_seconds_count{platform="telegram"} 1`,
		`docent_build_info{version="v1"} 1`)
}

func TestGaugesAndEvents(t *testing.T) {
	m := New("v1")
	sections := 8
	m.Contents(func() (int, int) { return 1, sections })
	m.Loaded(time.Unix(1700000000, 0), nil)
	m.Loaded(time.Unix(1800000000, 0), errors.New("bad article"))
	m.StoreFailed()
	for _, e := range Events() {
		m.Event("discord", e)
	}
	sections = 9
	wantLines(t, m, "docent_articles 1", "docent_sections 9", "docent_loaded_timestamp_seconds 1.7e+09",
		`docent_reloads_total{result="error"} 1`, `docent_reloads_total{result="ok"} 1`, "docent_store_errors_total 1",
		`docent_adapter_events_total{event="rate_limited",platform="discord"} 1`)
}

// TestLabelsAreBounded plants words where labels come from: none may show, and the number of lines stays fixed.
func TestLabelsAreBounded(t *testing.T) {
	m := New("v1")
	h := m.Wrap(handler(func(q bot.Question) (bot.Reply, error) {
		if strings.HasSuffix(q.Text, "7") {
			return bot.Reply{}, errors.New(q.Text)
		}
		return bot.Reply{Kind: bot.Kind(len(q.Text))}, nil
	}))
	lines := func() int {
		return strings.Count(regexp.MustCompile(`(?m)^(go|process)_.*\n`).ReplaceAllString(page(m), ""), "\n")
	}
	var first int
	for i := range 1000 {
		s := fmt.Sprint("CANARY", i)
		h.Answer(t.Context(), bot.Question{Text: s, Choice: s, Person: s, Locale: s, Article: s, Place: bot.Place{Platform: s, Channel: s, Thread: s}})
		m.Event(s, s)
		if i == 99 {
			first = lines()
		}
	}
	if got := page(m); strings.Contains(got, "CANARY") {
		t.Error("a label took a value from outside")
	}
	if n := lines(); n != first {
		t.Errorf("the page grew from %d to %d lines", first, n)
	}
}
