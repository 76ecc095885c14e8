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

// Stage says how far the work on a platform's update got.
type Stage uint8

// The stages of an update.
const (
	StageNew     Stage = iota // not answered, no answer under way
	StageSending              // an answer may have left: do not send it again
	StageDone                 // answered, or needs no answer
)

// An UpdateLog remembers which of a platform's updates were handled, so that one that is delivered again is answered at
// most once. A stream is one bot's updates, such as "telegram/123456".
type UpdateLog interface {
	// ClaimUpdate takes an update for holder until the lease ends and says which stage it had reached. Claimed is false
	// while another holder's lease runs.
	ClaimUpdate(ctx context.Context, stream string, id int64, holder string, lease time.Duration) (stage Stage, claimed bool, err error)
	SetUpdateStage(ctx context.Context, stream string, id int64, stage Stage) error
}

// Leases lets one of several machines do what only one may do.
type Leases interface {
	// AcquireLease takes or renews the lease. It returns false while another holder has it.
	AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error)
	ReleaseLease(ctx context.Context, name, holder string) error
}
