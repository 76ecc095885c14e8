package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"runtime/debug"

	"docent/bot"
)

// A guard turns a panic of a handler into an error, so that it costs one answer. What the panic says is logged only when
// the runtime said it: other words could be somebody's question.
type guard struct {
	next bot.Handler
	log  *slog.Logger
}

var errPanic = errors.New("the answer panicked: the log has the stack")

// Answer answers, or returns an error.
func (g guard) Answer(ctx context.Context, q bot.Question) (r bot.Reply, err error) {
	defer func() {
		p := recover()
		if p == nil {
			return
		}
		what := fmt.Sprintf("%T", p)
		if e, ok := p.(runtime.Error); ok {
			what = e.Error()
		}
		g.log.Error("panic while answering", "panic", what, "platform", q.Place.Platform, "stack", string(debug.Stack()))
		r, err = bot.Reply{}, errPanic
	}()
	return g.next.Answer(ctx, q)
}
