package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// An ending is a platform that stopped.
type ending struct {
	platform string
	err      error // nil when it was told to stop
}

// run serves until ctx ends, no platform is left, or the web server breaks.
func (s *service) run(ctx context.Context) error {
	work, stopWork := context.WithCancel(ctx)
	pages, stopPages := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWork()
	defer stopPages()

	ends := make(chan ending, len(s.platforms))
	for _, p := range s.platforms {
		go func() { ends <- ending{p.name, p.run(work)} }()
	}
	webDone := make(chan error, 1)
	go func() { webDone <- s.serveWeb(pages) }()
	var background sync.WaitGroup
	background.Go(func() { s.watcher().run(work) })
	background.Go(func() { s.prune(work) })
	s.ready.Set(true)
	s.log.Info("ready")

	left, err := s.wait(ctx, ends, webDone)
	s.ready.Set(false)
	s.log.Info("stopping", "reason", reason(err))
	stopWork()
	deadline := time.NewTimer(s.config.Server.Drain)
	defer deadline.Stop()
	err = errors.Join(err, drained(left, ends, deadline.C))
	stopPages()
	if s.listener != nil && !errors.Is(err, errWeb) {
		err = errors.Join(err, <-webDone)
	}
	background.Wait()
	if err == nil {
		s.log.Info("stopped")
	}
	return err
}

// errWeb says that the web server ended by itself.
var errWeb = errors.New("the web server stopped")

func reason(err error) string {
	if err == nil {
		return "told to stop"
	}
	return "nothing left to serve"
}

// wait returns when there is a reason to stop, with the number of platforms that still run. A platform that fails is
// logged and the others go on.
func (s *service) wait(ctx context.Context, ends <-chan ending, webDone <-chan error) (left int, err error) {
	left = len(s.platforms)
	for {
		select {
		case <-ctx.Done():
			return left, nil
		case err := <-webDone:
			return left, fmt.Errorf("%w: %w", errWeb, err)
		case e := <-ends:
			left--
			if ctx.Err() != nil {
				return left, nil
			}
			if left == 0 {
				return left, fmt.Errorf("%s: %w", e.platform, e.err)
			}
			s.log.Error("platform stopped, the others go on", "platform", e.platform, "error", e.err)
		}
	}
}

// drained waits until the platforms have finished the answers that they had begun.
func drained(left int, ends <-chan ending, deadline <-chan time.Time) error {
	var errs []error
	for ; left > 0; left-- {
		select {
		case e := <-ends:
			if e.err != nil {
				errs = append(errs, fmt.Errorf("stop %s: %w", e.platform, e.err))
			}
		case <-deadline:
			return errors.New("stopped before all answers were finished: a longer server.drain gives them more time")
		}
	}
	return errors.Join(errs...)
}

// prune deletes what is too old from the store, now and every hour.
func (s *service) prune(ctx context.Context) {
	tick := time.NewTicker(pruneEvery)
	defer tick.Stop()
	for {
		if err := s.db.Prune(ctx, s.now()); err != nil && ctx.Err() == nil {
			s.log.Error("prune store", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

func (s *service) watcher() *watcher {
	return &watcher{dirs: s.config.Articles.Dirs, rescan: s.config.Articles.Rescan, log: s.log, reload: s.reload}
}

// reload reads the articles again and lets the platforms' commands follow them.
func (s *service) reload(ctx context.Context) error {
	err := s.base.Reload()
	s.metrics.Loaded(s.now(), err)
	if err != nil {
		return err
	}
	s.reloaded.Store(s.now().UnixNano())
	s.log.Info("articles reloaded", "articles", len(s.base.Articles()), "version", s.base.Version())
	for _, p := range s.platforms {
		if p.reload != nil {
			p.reload(ctx)
		}
	}
	return nil
}
