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
	// freshUpdates is how many new updates are taken at a time, so that the last of them does not wait long for the others.
	freshUpdates = 50
	// settleTime is how long updates may take before the next are asked for: the same offset asked again at once is throttled.
	settleTime = 700 * time.Millisecond
)

var errWebhook = errors.New("a webhook is set for this bot, so it cannot poll: set telegram.webhook.url to use it, or " +
	"telegram.remove_webhook to remove it")

// pollAlone polls while this instance holds the lease for it, so that several may run.
func (s *session) pollAlone(ctx context.Context) error {
	name := s.stream() + "/poll"
	for s.Leases != nil {
		ok, err := s.Leases.AcquireLease(ctx, name, s.holder, leaseTime)
		if err != nil {
			s.log.Error("lease for polling not taken", "err", err) // a failing store costs no answer
			break
		}
		if ok {
			return s.pollLeased(ctx, name)
		}
		if err := s.clock.Sleep(ctx, leaseTime/4); err != nil {
			return err
		}
	}
	return s.poll(ctx)
}

// pollLeased polls and renews the lease; when another has it, it waits for its turn again.
func (s *session) pollLeased(ctx context.Context, name string) error {
	held, lose := context.WithCancel(ctx)
	defer lose()
	var renewing sync.WaitGroup
	renewing.Go(func() {
		for s.clock.Sleep(held, leaseTime/3) == nil {
			ok, err := s.Leases.AcquireLease(held, name, s.holder, leaseTime)
			if err == nil && !ok {
				s.fail(errors.New("another instance took the lease for polling: check that the clocks agree"))
				lose()
			}
		}
	})
	err := s.poll(held)
	lose()
	renewing.Wait() // so that nothing takes the lease again
	release, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := s.Leases.ReleaseLease(release, name, s.holder); err != nil {
		s.log.Warn("lease for polling not given back", "err", err)
	}
	return err
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
	if err == nil && w.offset != 0 {
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
	for failures := 0; ; {
		select {
		case err := <-s.dead:
			return err
		case <-ctx.Done():
			return nil
		default:
		}
		began := s.clock.Now()
		batch, err := s.fetch(ctx, w.offset, min(freshUpdates+len(w.open), 100))
		if err != nil {
			if ctx.Err() != nil {
				continue
			}
			if fatal(err) {
				return err
			}
			if says(err, "while webhook is active") && !s.RemoveWebhook {
				return errWebhook
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
		for _, raw := range batch {
			s.accept(work, w, raw)
		}
		w.wait(ctx)
	}
}

// accept begins the work on an update that is new.
func (s *session) accept(ctx context.Context, w *window, raw json.RawMessage) {
	u, ok, bad := parseUpdate(raw)
	if !ok {
		s.count("poison")
		s.log.Error("update without an id skipped")
		return
	}
	if w.has(u.ID) {
		return
	}
	done, confirmed := s.take(ctx, u, bad)
	w.add(u.ID, done, confirmed)
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
	id        int
	done      <-chan struct{}
	confirmed func() bool
}

func (w *window) has(id int) bool {
	for _, r := range w.open {
		if r.id == id {
			return true
		}
	}
	return false
}

func (w *window) add(id int, done <-chan struct{}, confirmed func() bool) {
	w.open = append(w.open, &received{id, done, confirmed})
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
		if !r.confirmed() {
			return
		}
		w.offset, w.open = r.id+1, w.open[1:]
	}
}

// wait waits until all open updates are finished, but not long: one that waits for a group's turn must not hold up others.
func (w *window) wait(ctx context.Context) {
	patience := time.NewTimer(settleTime + rand.N(settleTime/10))
	defer patience.Stop()
	for _, r := range w.open {
		select {
		case <-r.done:
		case <-patience.C:
			w.settle()
			return
		case <-ctx.Done():
			w.settle()
			return
		}
	}
	w.settle()
}
