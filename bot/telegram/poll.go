package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"sync"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	pollSeconds = 50
	pollTime    = 65 * time.Second // Telegram answers within pollSeconds
	leaseTime   = 30 * time.Second
	// standbyTime is how often an instance that stands by asks for the lease: what a handover costs.
	standbyTime = 2 * time.Second
	// leastFresh and mostFresh are how many new updates are taken at a time. The last of them waits for the others, so there
	// are fewer when they take longer than paceTime; but enough to keep up with the 30 messages a second that Telegram takes.
	leastFresh = 8
	mostFresh  = 50
	paceTime   = 50 * time.Millisecond
	// maxOpen is how many updates can be under way: Telegram gives no more until the first are confirmed.
	maxOpen = 100
	// settleTime is how long updates may take before the next are asked for: the same offset asked again at once is throttled.
	settleTime = 700 * time.Millisecond
)

var errWebhook = errors.New("a webhook is set for this bot, so it cannot poll: set telegram.webhook.url to use it, or " +
	"telegram.remove_webhook to remove it")

// errLost ends a session whose lease for polling another instance has taken.
var errLost = errors.New("another instance polls now")

// pollAlone polls while this instance holds the lease for it, and stands by while another does, so that several may run.
// It returns errLost when another took the lease, which happens after a pause of this instance or of the store.
func (s *session) pollAlone(ctx context.Context) error {
	if s.Leases == nil {
		return s.poll(ctx)
	}
	name := s.stream() + "/poll"
	if err := s.standBy(ctx, name); err != nil {
		return err
	}
	held, lose := context.WithCancelCause(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { s.holdLease(held, name, lose) })
	err := s.poll(held)
	lose(nil)
	renewing.Wait() // so that nothing takes the lease again
	if errors.Is(context.Cause(held), errLost) {
		s.count("lease_lost")
		s.log.Warn("another instance took the lease for polling; this one stands by")
		return errLost
	}
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Leases.ReleaseLease(release, name, s.holder); err != nil {
		s.log.Warn("lease for polling not given back", "err", err)
	}
	return err
}

// standBy waits until this instance may poll. A store that fails costs no answer, unless it has said that another polls.
func (s *session) standBy(ctx context.Context, name string) error {
	for waiting := false; ; {
		ok, err := s.Leases.AcquireLease(ctx, name, s.holder, leaseTime)
		if err != nil && ctx.Err() == nil {
			s.count("store_error")
			s.log.Error("lease for polling not taken", "err", err)
		}
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case ok, err != nil && !waiting:
			return nil
		case !waiting:
			waiting = true
			s.log.Info("another instance polls; this one stands by")
		}
		if err := s.clock.Sleep(ctx, standbyTime); err != nil {
			return err
		}
	}
}

// holdLease renews the lease until ctx ends. When another has it, lose is called.
func (s *session) holdLease(ctx context.Context, name string, lose context.CancelCauseFunc) {
	for s.clock.Sleep(ctx, leaseTime/3) == nil {
		ok, err := s.Leases.AcquireLease(ctx, name, s.holder, leaseTime)
		switch {
		case ctx.Err() != nil:
		case err != nil:
			s.count("store_error")
			s.log.Error("lease for polling not renewed", "err", err)
		case !ok:
			lose(errLost)
		}
	}
}

// poll asks for updates until ctx ends, then finishes what has begun and confirms it.
func (s *session) poll(ctx context.Context) error {
	if err := s.clearWebhook(ctx); err != nil {
		return err
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	s.lanes.all.Go(func() { s.publish(ctx) })
	var w window
	err := s.pollOn(ctx, work, &w)
	close(s.closing)
	s.drain(cancel)
	w.settle()
	if err == nil && w.offset != 0 && !errors.Is(context.Cause(ctx), errLost) { // a call would end the other's poll
		s.confirm(w.offset)
	}
	return err
}

// drain waits for the work that has begun, for a time.
func (s *session) drain(cancel context.CancelFunc) {
	done := make(chan struct{})
	go func() {
		s.serving.Wait()
		s.lanes.all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(drainTime):
		cancel()
		s.log.Warn("some answers were not finished in time")
	}
}

// confirm tells Telegram what was handled, so that it is not delivered again.
func (s *session) confirm(offset int) {
	ctx, cancel := context.WithTimeout(context.Background(), confirmTime)
	defer cancel()
	params := tgbotapi.Params{"offset": strconv.Itoa(offset), "limit": "1", "timeout": "0", "allowed_updates": allowedUpdates()}
	if _, err := s.api.call(ctx, "getUpdates", params); err != nil {
		s.log.Warn("handled updates not confirmed", "err", err)
	}
}

func (s *session) pollOn(ctx, work context.Context, w *window) error {
	for failures, fresh := 0, leastFresh; ; {
		select {
		case err := <-s.dead:
			return err
		case <-ctx.Done():
			return nil
		default:
		}
		began := s.clock.Now()
		batch, err := s.fetch(ctx, w.offset, min(fresh+len(w.open), maxOpen))
		if err != nil {
			if ctx.Err() != nil {
				continue
			}
			if fatal(err) {
				return err
			}
			if says(err, "while webhook is active") {
				if err := s.clearWebhook(ctx); err != nil {
					return err
				}
			}
			s.complain(err)
			_ = s.clock.Sleep(ctx, backoff(failures, err)) // the loop looks at ctx
			failures++
			continue
		}
		failures = 0
		if len(batch) == 0 && s.clock.Now().Sub(began) < time.Second {
			_ = s.clock.Sleep(ctx, time.Second) // a proxy that does not wait
		}
		fetched := s.clock.Now()
		for _, raw := range batch {
			s.accept(work, w, raw)
		}
		fresh = pace(fresh, w.wait(ctx), s.clock.Now().Sub(fetched))
	}
}

// pace returns how many new updates to take next, after some that took a time or did not all finish.
func pace(fresh int, finished bool, took time.Duration) int {
	switch {
	case !finished:
		return mostFresh // those that wait for a limit must not slow down the others
	case took > paceTime:
		return max(fresh*3/4, leastFresh)
	case took < paceTime/2:
		return min(fresh*3/2, mostFresh)
	}
	return fresh
}

// accept begins the work on an update that is new.
func (s *session) accept(ctx context.Context, w *window, raw json.RawMessage) {
	u, ok, bad := parseUpdate(raw)
	if !ok {
		s.count("poison")
		s.log.Error("update without an id skipped")
		return
	}
	if r := w.find(u.ID); r == nil {
		w.open = append(w.open, &received{u.ID, s.take(ctx, u, bad)})
	} else if r.returned() {
		r.working = s.take(ctx, u, bad)
	}
}

// complain reports why polling fails; a second poller is reported loudly, for both then get a part of the questions.
func (s *session) complain(err error) {
	var e *callError
	if errors.As(err, &e) && e.Code == 409 {
		s.count("conflict")
		s.log.Error("another program polls with this token, or a webhook was set: stop one of the two", "err", err)
		return
	}
	s.log.Warn("updates not fetched", "err", err)
}

// fetch asks for the updates from an offset on.
func (s *session) fetch(ctx context.Context, offset, limit int) ([]json.RawMessage, error) {
	ctx, cancel := context.WithTimeout(ctx, pollTime)
	defer cancel()
	params := tgbotapi.Params{"timeout": strconv.Itoa(pollSeconds), "limit": strconv.Itoa(limit), "allowed_updates": allowedUpdates()}
	params.AddNonZero("offset", offset)
	raw, err := s.api.call(ctx, "getUpdates", params)
	if err != nil {
		return nil, err
	}
	var batch []json.RawMessage
	if err := json.Unmarshal(raw, &batch); err != nil {
		return nil, fmt.Errorf("getUpdates: the answer is not a list")
	}
	return batch, nil
}

// A window holds the updates that were received and not yet confirmed, in Telegram's order. The order is Telegram's and
// not that of the ids, which may start anew at a lower number.
type window struct {
	open   []*received
	offset int // what the next poll confirms everything below; 0: nothing
}

type received struct {
	id int
	*working
}

// returned reports whether the work ended without an answer, so that it must begin again.
func (r *received) returned() bool {
	select {
	case <-r.done:
		return !r.ok
	default:
		return false
	}
}

func (w *window) find(id int) *received {
	for _, r := range w.open {
		if r.id == id {
			return r
		}
	}
	return nil
}

// settle moves the offset behind the updates at the front that are finished.
func (w *window) settle() {
	for len(w.open) > 0 {
		r := w.open[0]
		select {
		case <-r.done:
		default:
			return
		}
		if !r.ok {
			return
		}
		w.offset, w.open = r.id+1, w.open[1:]
	}
}

// wait waits until all open updates are finished, but not long: one that waits for a group's turn must not hold up others.
// When there is no room for more, those that wait for a limit to end are told to leave.
func (w *window) wait(ctx context.Context) (finished bool) {
	patience := time.NewTimer(settleTime + rand.N(settleTime/10))
	defer patience.Stop()
	defer w.settle()
	for _, r := range w.open {
		select {
		case <-r.done:
		case <-patience.C:
			if len(w.open) >= maxOpen {
				w.release()
			}
			return false
		case <-ctx.Done():
			return false
		}
	}
	return true
}

// release ends the waits of the updates in the first half that others wait for.
func (w *window) release() {
	for _, r := range w.open[:len(w.open)/2] {
		select {
		case <-r.leave:
		default:
			close(r.leave)
		}
	}
}
