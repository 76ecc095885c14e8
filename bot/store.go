package bot

import (
	"context"
	"time"

	"docent/knowledge"
)

// A Journal keeps what operators may count. It never sees a question's text or a person's id.
type Journal interface {
	RecordTurn(context.Context, Turn) error
	RecordRating(context.Context, Rating) error
}

// A Turn is one answered question without its words.
type Turn struct {
	At       time.Time
	Platform string
	Kind     Kind
	Section  knowledge.Ref // the first match; zero when there was none
	Score    float64
	Took     time.Duration
}

// A Rating is a person's opinion of an answer.
type Rating struct {
	At       time.Time
	Platform string
	Section  knowledge.Ref
	Version  string // of the section
	Helpful  bool
	Reason   string // "", "not-asked", "unclear", "outdated" or "missing"
}

// Unanswered keeps redacted questions that the articles do not cover, when the operator asked for that.
type Unanswered interface {
	RecordUnanswered(ctx context.Context, at time.Time, redacted string) error
}

// SettingsStore keeps what operators of a place chose. Scope is "discord/<guild>" or "telegram/<chat>".
type SettingsStore interface {
	Settings(ctx context.Context, scope string) (map[string]string, error)
	SetSettings(ctx context.Context, scope string, settings map[string]string) error
}

// StateStore keeps small values for adapters, such as a hash of the commands that they registered.
type StateStore interface {
	State(ctx context.Context, key string) (value string, ok bool, err error)
	SetState(ctx context.Context, key, value string) error
}
