package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"docent/bot"
)

type panicking struct{}

func (panicking) Answer(_ context.Context, q bot.Question) (bot.Reply, error) {
	panic("cannot answer " + q.Text)
}

func TestPanicCostsOneAnswerAndTellsNothing(t *testing.T) {
	var logged bytes.Buffer
	g := guard{panicking{}, slog.New(slog.NewTextHandler(&logged, nil))}
	_, err := g.Answer(context.Background(), bot.Question{Text: "am I pregnant", Person: "person-42"})
	if !errors.Is(err, errPanic) {
		t.Errorf("got %v", err)
	}
	if !strings.Contains(logged.String(), "guard_test.go") {
		t.Errorf("the log has no stack: %s", logged.String())
	}
	for _, secret := range []string{"pregnant", "person-42"} {
		if strings.Contains(logged.String(), secret) {
			t.Errorf("the log has %q", secret)
		}
	}
}
