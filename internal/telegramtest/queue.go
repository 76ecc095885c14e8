package telegramtest

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// How long an update that nobody confirmed is kept.
const (
	keepMessage  = 24 * time.Hour
	keepCallback = 150 * time.Second
	keepInline   = 30 * time.Second
)

// maxAnswer is the greatest size of one answer to getUpdates in bytes.
const maxAnswer = 4 << 20

// A queue holds updates until they are confirmed.
type queue struct {
	next    int // the id of the next update; 0: not chosen yet
	waiting []*pending
	allowed []string // nil: the default
	wake    chan struct{}
	poll    chan struct{} // closed when a newer poll takes over
	last    int           // offset of the poll before
	lastAt  time.Time
	took    []time.Duration
}

// A pending update waits to be confirmed.
type pending struct {
	id       int
	key      string // updates with one key are delivered to a webhook one after another
	raw      json.RawMessage
	expires  time.Time
	done     chan struct{}
	tries    int       // how often it was delivered
	first    time.Time // when it was delivered first
	answered time.Time // when something was written in its chat after it
}

var unasked = []string{"chat_member", "message_reaction", "message_reaction_count"}

func (q *queue) wants(kind string) bool {
	if q.allowed == nil {
		return !slices.Contains(unasked, kind)
	}
	return slices.Contains(q.allowed, kind)
}

// push queues an update unless the bot did not ask for its kind. The caller holds the lock.
func (s *Server) push(kind, key string, body any, keep time.Duration) *pending {
	raw, err := json.Marshal(map[string]any{kind: body})
	if err != nil {
		s.tb.Fatalf("telegramtest: %v", err)
	}
	if !s.queue.wants(kind) {
		return nil
	}
	return s.pushRaw(key, raw, keep)
}

func (s *Server) pushRaw(key string, raw []byte, keep time.Duration) *pending {
	q := &s.queue
	if q.next == 0 {
		q.next = s.LowestUpdate
		if q.next == 0 {
			q.next = 1_000_000 + s.rand.Intn(1<<30)
		}
	}
	id := q.next
	q.next++
	raw = append([]byte(`{"update_id":`+strconv.Itoa(id)+`,`), raw[1:]...)
	p := &pending{id: id, key: key, raw: raw, expires: s.now().Add(keep), done: make(chan struct{})}
	q.waiting = append(q.waiting, p)
	close(q.wake)
	q.wake = make(chan struct{})
	s.deliver(p)
	return p
}

// PushRaw queues an update as it is: a JSON object without its update_id. It returns the id.
func (s *Server) PushRaw(body string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pushRaw("raw", []byte(body), keepMessage).id
}

// RestartUpdates lets the ids start anew at first, as after a quiet week. All updates must be confirmed.
func (s *Server) RestartUpdates(first int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue.waiting) > 0 {
		s.tb.Fatalf("telegramtest: ids restart after a quiet week only, but %d updates wait", len(s.queue.waiting))
	}
	s.queue.next = first
}

// Waiting returns how many updates are not confirmed.
func (s *Server) Waiting() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.expire()
	return len(s.queue.waiting)
}

func (s *Server) expire() {
	now := s.now()
	s.queue.drop(func(p *pending) bool { return now.After(p.expires) })
}

func (q *queue) drop(f func(*pending) bool) {
	q.waiting = slices.DeleteFunc(q.waiting, func(p *pending) bool {
		if !f(p) {
			return false
		}
		close(p.done)
		if !p.first.IsZero() && !p.answered.IsZero() {
			q.took = append(q.took, p.answered.Sub(p.first))
		}
		return true
	})
}

func (s *Server) getUpdates(r *http.Request, params map[string]string) (any, *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.url != "" {
		return nil, &apiError{code: 409, text: "Conflict: can't use getUpdates method while webhook is active; " +
			"use deleteWebhook to delete the webhook first"}
	}
	s.allow(params["allowed_updates"])
	q := &s.queue
	if q.poll != nil {
		close(q.poll)
	}
	mine := make(chan struct{})
	q.poll = mine
	defer func() {
		if q.poll == mine {
			q.poll = nil
		}
	}()
	s.confirm(params)
	timeout, _ := number(params, "timeout")
	timer := time.NewTimer(time.Duration(min(max(timeout, 0), 50)) * time.Second)
	defer timer.Stop()
	for {
		s.expire()
		if len(q.waiting) > 0 || timeout <= 0 {
			return s.batch(params), nil
		}
		wake := q.wake
		s.mu.Unlock()
		var conflict, over bool
		select {
		case <-wake:
		case <-mine:
			conflict = true
		case <-timer.C:
			over = true
		case <-r.Context().Done():
			over = true
		case <-s.stop:
			over = true
		}
		s.mu.Lock()
		if conflict {
			return nil, &apiError{code: 409, text: "Conflict: terminated by other getUpdates request; " +
				"make sure that only one bot instance is running"}
		}
		if over {
			return []any{}, nil
		}
	}
}

// allow keeps the list of wanted updates; it sticks until another is sent.
func (s *Server) allow(list string) {
	var kinds []string
	if list == "" || json.Unmarshal([]byte(list), &kinds) != nil || kinds == nil {
		return
	}
	s.queue.allowed = kinds
	if len(kinds) == 0 {
		s.queue.allowed = nil
	}
}

// confirm forgets what lies below the offset. One that is more than 10 past the end, or negative, has its own rules.
func (s *Server) confirm(params map[string]string) {
	q := &s.queue
	n, _ := number(params, "offset")
	offset := int(n)
	switch {
	case offset < 0:
		if keep := -offset; keep < len(q.waiting) {
			first := q.waiting[len(q.waiting)-keep].id
			q.drop(func(p *pending) bool { return p.id < first })
		}
	case offset > 0 && offset <= q.next+10:
		q.drop(func(p *pending) bool { return p.id < offset })
	}
}

// batch returns the next updates.
func (s *Server) batch(params map[string]string) []json.RawMessage {
	q := &s.queue
	limit, ok := number(params, "limit")
	if !ok || limit < 1 || limit > 100 {
		limit = 100
	}
	offset, _ := number(params, "offset")
	if now := time.Now(); int(offset) == q.last && now.Sub(q.lastAt) < 500*time.Millisecond {
		limit = 1 // polling the same offset again and again is throttled
	}
	out, size := []json.RawMessage{}, 0
	for _, p := range q.waiting {
		if size += len(p.raw); len(out) == int(limit) || size > maxAnswer {
			break
		}
		if p.tries++; p.tries == 1 {
			p.first = time.Now()
		}
		out = append(out, p.raw)
	}
	if len(out) > 0 {
		q.last, q.lastAt = int(offset), time.Now()
	}
	return out
}

// Handled returns how long the bot took for each confirmed message, from its delivery to the bot's message that came in
// its turn in the same chat.
func (s *Server) Handled() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.queue.took)
}

// answeredOne notes that the oldest delivered message of a chat got its answer.
func (s *Server) answeredOne(chat int64) {
	key := chatKey(chat)
	for _, p := range s.queue.waiting {
		if p.key == key && !p.first.IsZero() && p.answered.IsZero() {
			p.answered = time.Now()
			return
		}
	}
}
