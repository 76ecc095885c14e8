package bot

import (
	"context"
	"log/slog"
	"time"

	"docent/bot/safety"
	"docent/knowledge"
)

// A Bot answers questions from a Base. Its fields are set before the first question and not changed after it. Only Base
// is required. A Bot is safe for use by several goroutines and must not be copied.
type Bot struct {
	Base       *knowledge.Base
	Journal    Journal          // nil: nothing is recorded
	Unanswered Unanswered       // nil: questions that are not covered are not collected
	Contacts   []safety.Contact // emergency numbers and helplines; nil: those that ship with the program
	Clock      func() time.Time // nil: time.Now
	Log        *slog.Logger     // nil: discard
	Config     Config
}

var (
	_ Handler = (*Bot)(nil)
	_ Catalog = (*Bot)(nil)
)

// Answer answers a question or a pressed choice. It is the only way in which anything is asked.
func (b *Bot) Answer(ctx context.Context, q Question) (Reply, error) {
	return Reply{}, nil
}

// Topics returns every section in reading order. The slice is shared: do not change it.
func (b *Bot) Topics() []Topic { return nil }

// Suggest completes what a person types, with up to n topics.
func (b *Bot) Suggest(prefix string, n int) []Suggestion { return nil }
