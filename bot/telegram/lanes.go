package telegram

import "sync"

// lanes run work: what has one key in order, different keys side by side. How much there is at a time is bounded by how
// many updates are taken before they are confirmed.
type lanes struct {
	mu      sync.Mutex
	waiting map[string][]func()
	all     sync.WaitGroup
}

func newLanes() *lanes { return &lanes{waiting: map[string][]func(){}} }

// add puts work behind what its lane already has. It returns false when the lane holds limit pieces; 0: no limit.
func (l *lanes) add(key string, limit int, work func()) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if limit > 0 && len(l.waiting[key]) >= limit {
		return false
	}
	l.waiting[key] = append(l.waiting[key], work)
	if len(l.waiting[key]) == 1 {
		l.all.Go(func() { l.run(key) })
	}
	return true
}

// run works a lane off. The piece that is being done stays in it, so that a lane has one runner.
func (l *lanes) run(key string) {
	for {
		l.mu.Lock()
		work := l.waiting[key][0]
		l.mu.Unlock()
		work()
		l.mu.Lock()
		l.waiting[key] = l.waiting[key][1:]
		if len(l.waiting[key]) == 0 {
			delete(l.waiting, key)
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
	}
}
