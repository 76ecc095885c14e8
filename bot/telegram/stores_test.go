package telegram

import (
	"context"
	"sync"
	"time"

	"docent/bot"
)

// A sharedLog is an UpdateLog of several instances, whose claims do not end by themselves.
type sharedLog struct {
	mu     sync.Mutex
	stage  map[int64]bot.Stage
	holder map[int64]string
}

func newSharedLog() *sharedLog {
	return &sharedLog{stage: map[int64]bot.Stage{}, holder: map[int64]string{}}
}

func (l *sharedLog) ClaimUpdate(_ context.Context, _ string, id int64, holder string, _ time.Duration) (bot.Stage, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if h := l.holder[id]; h != "" && h != holder {
		return l.stage[id], l.stage[id] == bot.StageDone, nil
	}
	l.holder[id] = holder
	return l.stage[id], true, nil
}

func (l *sharedLog) SetUpdateStage(_ context.Context, _ string, id int64, stage bot.Stage) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.stage[id] = stage; stage != bot.StageSending {
		delete(l.holder, id)
	}
	return nil
}

// A mapState is a StateStore in memory.
type mapState struct {
	mu sync.Mutex
	m  map[string]string
}

func newMapState() *mapState { return &mapState{m: map[string]string{}} }

func (s *mapState) State(_ context.Context, key string) (string, bool, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, ok := s.m[key]
	return v, ok, nil
}

func (s *mapState) SetState(_ context.Context, key, value string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.m[key] = value
	return nil
}
