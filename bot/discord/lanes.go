package discord

import (
	"context"
	"fmt"
	"log/slog"
	"runtime/debug"
	"sync"
	"time"
)

// lanes run jobs: those of one conversation one after another, those of different ones side by side, and never more
// than a fixed number altogether. A job that panics costs only itself.
type lanes struct {
	log *slog.Logger
	max int

	mu     sync.Mutex
	queues map[string][]func()
	total  int
	closed bool
	idle   chan struct{} // closed when nothing is left after closing
}

func newLanes(most int, log *slog.Logger) *lanes {
	return &lanes{log: log, max: most, queues: map[string][]func(){}, idle: make(chan struct{})}
}

// submit adds a job to a lane. It returns false when there is too much to do, or when the end has begun.
func (l *lanes) submit(lane string, job func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || l.total >= l.max {
		return false
	}
	l.total++
	queue, running := l.queues[lane]
	l.queues[lane] = append(queue, job)
	if !running {
		go l.run(lane)
	}
	return true
}

// run works a lane off.
func (l *lanes) run(lane string) {
	for {
		l.mu.Lock()
		queue := l.queues[lane]
		if len(queue) == 0 {
			delete(l.queues, lane)
			l.mu.Unlock()
			return
		}
		job := queue[0]
		queue[0] = nil
		l.queues[lane] = queue[1:]
		l.mu.Unlock()
		l.safely(job)
		l.mu.Lock()
		l.total--
		l.finish()
		l.mu.Unlock()
	}
}

// finish wakes drain when all is done. The caller holds l.mu.
func (l *lanes) finish() {
	if l.closed && l.total == 0 {
		select {
		case <-l.idle:
		default:
			close(l.idle)
		}
	}
}

func (l *lanes) safely(job func()) {
	defer func() {
		if p := recover(); p != nil {
			// What the panic says could be somebody's words.
			l.log.Error("answer panicked", "panic", fmt.Sprintf("%T", p), "stack", string(debug.Stack()))
		}
	}()
	job()
}

// drain takes no more jobs and waits for those that it has. When they take longer than most it cancels them.
func (l *lanes) drain(most time.Duration, cancel func()) {
	l.mu.Lock()
	l.closed = true
	l.finish()
	l.mu.Unlock()
	t := time.NewTimer(most)
	defer t.Stop()
	select {
	case <-l.idle:
		return
	case <-t.C:
	}
	cancel()
	t.Reset(time.Second)
	select {
	case <-l.idle:
	case <-t.C:
		l.log.Error("answers did not end in time")
	}
}

// doors let one at a time through each door.
type doors struct {
	mu   sync.Mutex
	busy map[string]chan struct{} // closed when the door is free
}

func newDoors() *doors { return &doors{busy: map[string]chan struct{}{}} }

// enter waits until nobody else is behind a door, or until ctx ends. The caller calls leave afterwards.
func (d *doors) enter(ctx context.Context, door string) (leave func(), err error) {
	for {
		d.mu.Lock()
		other := d.busy[door]
		if other == nil {
			break
		}
		d.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	defer d.mu.Unlock()
	mine := make(chan struct{})
	d.busy[door] = mine
	return func() {
		d.mu.Lock()
		delete(d.busy, door)
		d.mu.Unlock()
		close(mine)
	}, nil
}

// recent remembers the last n keys with a value each. It is safe for use by several goroutines.
type recent struct {
	mu    sync.Mutex
	value map[string]string
	ring  []string
	next  int
}

func newRecent(n int) *recent {
	return &recent{value: make(map[string]string, n), ring: make([]string, n)}
}

// add remembers a key and says whether it is new.
func (r *recent) add(key, value string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if _, known := r.value[key]; known {
		return false
	}
	if old := r.ring[r.next]; old != "" {
		delete(r.value, old)
	}
	r.ring[r.next] = key
	r.next = (r.next + 1) % len(r.ring)
	r.value[key] = value
	return true
}

func (r *recent) get(key string) (string, bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	v, known := r.value[key]
	return v, known
}
