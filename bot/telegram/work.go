package telegram

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"docent/bot"
	"docent/bot/phrases"
)

// claimTime is how long an update belongs to the instance that took it: longer than a request, and no longer than needed,
// for it is how long the update waits when that instance is killed.
const claimTime = time.Minute

var (
	errAgain     = errors.New("the update must be delivered again")
	errTaken     = fmt.Errorf("another instance has it: %w", errAgain)
	errAmbiguous = errors.New("the answer may have been sent")
	errDropped   = errors.New("left out, because it waited for too long")
)

// A job is the work on one update.
type job struct {
	*session
	id       int
	e        event
	r        rules
	posted   bool // something was sent, or may have been
	marked   bool // the update is at StageSending
	overflow bool // the chat has too many questions waiting: only a crisis is answered
	lasting  bool // never left out, however long it waits
	taken    time.Time
	leave    <-chan struct{} // closed when the update holds up all others
	sent     []int
	ack      sync.Mutex
	acked    bool
}

// take begins the work on an update, unless it is under way.
func (s *session) take(ctx context.Context, u update, bad error) *working {
	s.mu.Lock()
	if under := s.busy[u.ID]; under != nil {
		s.mu.Unlock()
		return under
	}
	w := &working{done: make(chan struct{}), leave: make(chan struct{})}
	s.busy[u.ID] = w
	s.mu.Unlock()
	end := func(err error) {
		w.ok = err == nil
		s.mu.Lock()
		delete(s.busy, u.ID)
		s.mu.Unlock()
		close(w.done)
	}
	if bad != nil {
		s.poison(ctx, u.ID, "update cannot be read")
		end(nil)
		return w
	}
	e, wanted := s.receive(ctx, u)
	if !wanted {
		end(nil)
		return w
	}
	limit := 0
	if e.group && e.task == taskAsk {
		limit = maxQueue + s.groups.room(e.chat, s.clock.Now())
	}
	j := &job{session: s, id: u.ID, e: e, taken: s.clock.Now(), leave: w.leave}
	if !s.lanes.add(e.key(), limit, func() { end(j.run(ctx)) }) {
		j.overflow = true
		s.lanes.all.Go(func() { end(j.run(ctx)) })
	}
	return w
}

// working is an update under way.
type working struct {
	done  chan struct{}
	leave chan struct{} // closed to end a wait for a limit, since all others wait for this update
	ok    bool          // it may be confirmed; read after done is closed
}

// receive turns an update into an event; one that makes this panic is skipped like one that cannot be read.
func (s *session) receive(ctx context.Context, u update) (e event, wanted bool) {
	defer func() {
		if recover() != nil {
			s.poison(ctx, u.ID, "update makes receive panic")
			wanted = false
		}
	}()
	return receive(u, s.me, s.names.Load())
}

// poison skips an update that cannot be handled. Only its id is logged.
func (s *session) poison(ctx context.Context, id int, why string) {
	s.count("poison")
	s.log.LogAttrs(ctx, slog.LevelError, why, slog.Int("update", id))
	s.setStage(ctx, id, bot.StageDone)
}

func (s *session) setStage(ctx context.Context, id int, stage bot.Stage) {
	if err := s.updates.SetUpdateStage(ctx, s.stream(), int64(id), stage); err != nil {
		s.count("store_error")
		s.log.Error("stage of update not kept", "update", id, "err", err)
	}
}

// run claims the update, answers it and marks it as done. It returns errAgain where it must be delivered again.
func (j *job) run(ctx context.Context) error {
	stage, err := j.claim(ctx)
	if err != nil {
		return err
	}
	switch stage {
	case bot.StageSending:
		j.count("ambiguous")
		j.log.Warn("update not answered again: its answer may have left", "update", j.id)
		fallthrough
	case bot.StageDone:
		j.setStage(ctx, j.id, bot.StageDone)
		return nil
	}
	if err := j.safely(ctx); err != nil {
		switch {
		case errors.Is(err, errAgain) && !j.posted:
			j.giveBack(ctx, err)
			return err
		case errors.Is(err, errDropped):
			j.drop()
		case fatal(err):
			j.fail(err)
			return err
		case errors.Is(err, errAmbiguous):
			j.count("ambiguous")
		default:
			j.count("send_error")
		}
		j.log.Warn("update not fully answered", "update", j.id, "err", err)
	}
	j.setStage(ctx, j.id, bot.StageDone)
	return nil
}

// giveBack lets another instance answer the update at once.
func (j *job) giveBack(ctx context.Context, err error) {
	if ctx = context.WithoutCancel(ctx); !errors.Is(err, errTaken) && j.renew(ctx) {
		j.setStage(ctx, j.id, bot.StageNew)
	}
}

// drop leaves a question out. A group is told with its next answer.
func (j *job) drop() {
	j.count("dropped")
	if j.e.group {
		j.groups.drop(j.e.chat)
	}
}

// claim takes the update, waiting while another instance has it.
func (j *job) claim(ctx context.Context) (bot.Stage, error) {
	for {
		stage, claimed, err := j.updates.ClaimUpdate(ctx, j.stream(), int64(j.id), j.holder, claimTime)
		if err != nil {
			j.count("store_error")
			j.log.Error("update not claimed", "update", j.id, "err", err)
			return bot.StageNew, nil
		}
		if claimed || stage == bot.StageDone {
			return stage, nil
		}
		if j.Webhook != "" || j.nap(ctx, time.Second, nil) != nil {
			return stage, errTaken
		}
	}
}

// safely does the event's task. A panic costs this update only.
func (j *job) safely(ctx context.Context) (err error) {
	defer func() {
		if v := recover(); v != nil {
			j.count("poison")
			j.log.Error("update makes the adapter panic", "update", j.id)
			err = nil
		}
	}()
	if j.late() && (j.e.group || j.e.query != "") {
		j.count("late")
		return nil
	}
	j.r = j.rules(ctx, j.e)
	j.e.question.Locale = j.r.locale(j.e.language)
	j.e.question.Region, j.e.question.Article = j.r.region, j.r.topic
	switch j.e.task {
	case taskMigrate:
		j.moveSettings(ctx, j.e.chat, j.e.migrateTo)
		return nil
	case taskInline:
		return j.list(ctx)
	case taskSettings:
		if err := j.showSettings(ctx); err != nil {
			return err
		}
		j.tidy(ctx)
		return nil
	case taskSet:
		return j.pressSettings(ctx)
	}
	return j.ask(ctx)
}

// late reports whether a message is older than what groups are answered. A pressed button has no age.
func (j *job) late() bool {
	at := j.e.question.At
	return !at.IsZero() && j.clock.Now().Sub(at) > j.maxAge
}

func (j *job) words() *phrases.Set { return phrases.For(j.e.question.Locale, j.Language) }

// answer asks the Handler. What is broken is said in a few words; a press is acknowledged when the answer is not instant.
func (j *job) answer(ctx context.Context) bot.Reply {
	if j.e.callback != "" {
		slow := time.AfterFunc(time.Second, func() { j.acknowledge(ctx, "") })
		defer slow.Stop()
	} else if j.e.chat != 0 && !j.e.auto {
		slow := time.AfterFunc(time.Second, func() { j.typing(ctx) })
		defer slow.Stop()
	}
	r, err := j.handle(ctx)
	if err != nil {
		j.count("handler_error")
		j.log.Error("question not answered", "update", j.id, "err", err)
		return j.fixed(j.words().Adapter.Broken)
	}
	return r
}

// handle calls the Handler; its panic is an error.
func (j *job) handle(ctx context.Context) (r bot.Reply, err error) {
	defer func() {
		if recover() != nil {
			err = errors.New("the handler panicked")
		}
	}()
	return j.Handler.Answer(ctx, j.e.question)
}
