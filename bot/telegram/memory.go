package telegram

import (
	"context"
	"maps"
	"sync"
	"time"

	"docent/bot"
)

// memorySettings keeps settings where there is no store.
type memorySettings struct {
	mu sync.Mutex
	m  map[string]map[string]string
}

func (s *memorySettings) Settings(_ context.Context, scope string) (map[string]string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.m[scope]), nil
}

func (s *memorySettings) SetSettings(_ context.Context, scope string, settings map[string]string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[scope] = maps.Clone(settings)
	return nil
}

// maxRemembered bounds each kind of thing that is kept in memory.
const maxRemembered = 5000

// memoryUpdates remembers handled updates where there is no store.
type memoryUpdates struct {
	mu    sync.Mutex
	stage map[int64]bot.Stage
	order []int64
}

func (u *memoryUpdates) ClaimUpdate(_ context.Context, _ string, id int64, _ string, _ time.Duration) (bot.Stage, bool, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	stage, known := u.stage[id]
	if !known {
		u.stage[id] = bot.StageNew
		if u.order = append(u.order, id); len(u.order) > maxRemembered {
			delete(u.stage, u.order[0])
			u.order = u.order[1:]
		}
	}
	return stage, true, nil
}

func (u *memoryUpdates) SetUpdateStage(_ context.Context, _ string, id int64, stage bot.Stage) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.stage[id] = stage
	return nil
}

// answers remembers which messages answered a question, so that an edited question edits its answer.
type answers struct {
	mu    sync.Mutex
	of    map[asked]answer
	order []asked
}

// asked is a message that asked something.
type asked struct {
	chat    int64
	message int
}

type answer struct {
	question string // fingerprint of the words
	messages []int
}

func newAnswers() *answers { return &answers{of: map[asked]answer{}} }

func (a *answers) get(q asked) (answer, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	got, ok := a.of[q]
	return got, ok
}

func (a *answers) put(q asked, got answer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if _, known := a.of[q]; !known {
		if a.order = append(a.order, q); len(a.order) > maxRemembered {
			delete(a.of, a.order[0])
			a.order = a.order[1:]
		}
	}
	a.of[q] = got
}

// forget drops what is remembered of a chat.
func (a *answers) forget(chat int64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	maps.DeleteFunc(a.of, func(q asked, _ answer) bool { return q.chat == chat })
}

// recent knows which answers were given lately, for the cooldown.
type recent struct {
	mu sync.Mutex
	at map[string]*repeat
}

type repeat struct {
	at   time.Time
	told bool // somebody was told to wait
}

func newRecent() *recent { return &recent{at: map[string]*repeat{}} }

// again notes that an answer is about to be given. Wait is how long it must not be repeated, 0: it may be given; tell is
// true for the first repetition only.
func (r *recent) again(key string, now time.Time, cooldown time.Duration) (wait time.Duration, tell bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.at) > maxRemembered {
		maps.DeleteFunc(r.at, func(_ string, p *repeat) bool { return now.Sub(p.at) > time.Hour })
	}
	p := r.at[key]
	if p == nil || now.Sub(p.at) >= cooldown {
		r.at[key] = &repeat{at: now}
		return 0, false
	}
	tell, p.told = !p.told, true
	return cooldown - now.Sub(p.at), tell
}
