package bot

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"sync/atomic"
	"time"

	"docent/bot/phrases"
	"docent/bot/safety"
	"docent/knowledge"
)

// A Bot answers questions from a Base. Its fields are set before the first question and not changed after it. Only Base
// is required. A Bot is safe for use by several goroutines and must not be copied.
type Bot struct {
	Base       Base
	Journal    Journal          // nil: nothing is recorded
	Unanswered Unanswered       // nil: questions that are not covered are not collected
	Contacts   []safety.Contact // emergency numbers and helplines; nil: those that ship with the program
	Clock      func() time.Time // nil: time.Now
	Log        *slog.Logger     // nil: discard
	Embed      Embed            // vectors of sentences; nil: the safety rules go by patterns only
	Config     Config

	memory memory
	cache  atomic.Pointer[topicCache]
}

var (
	_ Handler = (*Bot)(nil)
	_ Catalog = (*Bot)(nil)
)

// An Embed returns the vector of a text's meaning, of length one, and keeps it in heard for the search that follows.
type Embed func(heard *knowledge.Heard, text string) []float32

// An exchange is the work on one question.
type exchange struct {
	*Bot
	q    Question
	say  *phrases.Set
	now  time.Time
	who  speaker
	conv conversation // what was said before
	next conversation // what will be remembered

	heard knowledge.Heard
}

// query returns the query for a text.
func (x *exchange) query(text string) knowledge.Query {
	return knowledge.Query{Text: text, Article: x.q.Article, Heard: &x.heard}
}

// Answer answers a question or a pressed choice. It is the only way in which anything is asked.
func (b *Bot) Answer(ctx context.Context, q Question) (Reply, error) {
	if b.Base == nil {
		return Reply{}, errors.New("answer: the bot has no articles: set Base")
	}
	began := b.now()
	x := b.begin(q, began)
	r := x.reply(ctx)
	x.finish(&r)
	b.record(ctx, r, q, began)
	return r, nil
}

func (b *Bot) begin(q Question, now time.Time) *exchange {
	if q.Locale == "" {
		q.Locale = b.Config.Locale
	}
	if q.Region == "" {
		q.Region = b.Config.Region
	}
	x := &exchange{Bot: b, q: q, say: phrases.For(q.Locale, b.Config.Locale), now: now, who: speaker{q.Place, q.Person}}
	if x.remembers() {
		x.conv = b.memory.get(x.who, now)
		if x.conv.region != "" {
			x.q.Region = x.conv.region
		}
	}
	x.next = x.conv
	return x
}

// remembers reports whether this conversation is kept in memory.
func (x *exchange) remembers() bool { return x.q.Person != "" && x.Config.memory() > 0 }

// reply chooses between what was pressed and what was written.
func (x *exchange) reply(ctx context.Context) Reply {
	if x.q.Choice != "" {
		return x.pressed(ctx, x.q.Choice)
	}
	text := strings.TrimSpace(x.q.Text)
	switch {
	case text == "":
		return x.fixed(x.say.Talk.Empty)
	case len(text) > knowledge.MaxQuestion:
		r := x.fixed(x.say.Answer.TooLong)
		r.Private, r.Result.TooLong = true, true
		return r
	}
	return x.written(ctx, text)
}

// finish makes the reply fit for every adapter and remembers the conversation.
func (x *exchange) finish(r *Reply) {
	r.Locale = x.say.Language
	for i := range r.Choices {
		r.Choices[i].Label = clip(strings.Join(strings.Fields(r.Choices[i].Label), " "), MaxLabel)
	}
	if !x.remembers() || r.Kind == Crisis {
		return
	}
	if len(r.Choices) > 0 {
		x.next.offered = r.Choices
	}
	if x.next.empty() {
		return
	}
	x.memory.put(x.who, x.next, x.now, x.now.Add(x.Config.memory()))
}

// record counts the answer. A failing Journal is logged and costs nothing else.
func (b *Bot) record(ctx context.Context, r Reply, q Question, began time.Time) {
	if b.Journal == nil || Rates(q.Choice) {
		return
	}
	turn := Turn{At: began, Platform: q.Place.Platform, Kind: r.Kind, Took: b.now().Sub(began)}
	if len(r.Result.Matches) > 0 && r.Kind != Crisis {
		turn.Section, turn.Score = r.Result.Matches[0].Ref, r.Result.Matches[0].Score
	}
	if err := b.Journal.RecordTurn(ctx, turn); err != nil {
		b.log().LogAttrs(ctx, slog.LevelWarn, "turn not recorded", slog.Any("err", err))
	}
}

func (b *Bot) now() time.Time {
	if b.Clock == nil {
		return time.Now()
	}
	return b.Clock()
}

func (b *Bot) log() *slog.Logger {
	if b.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return b.Log
}
