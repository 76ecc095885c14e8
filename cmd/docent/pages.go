package main

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"docent/bot"
	"docent/internal/web"
)

// manyExamples is how many questions the empty preview offers.
const manyExamples = 4

// openWeb takes the port and puts the pages together. Without server.listen there are none.
func (s *service) openWeb(handler bot.Handler) error {
	if s.config.Server.Listen == "" {
		return nil
	}
	var err error
	if s.listener, err = web.Listen(s.config.Server.Listen); err != nil {
		return err
	}
	mux := http.NewServeMux()
	health := web.Health(&s.ready)
	mux.Handle("/healthz", health)
	mux.Handle("/readyz", health)
	loopback := web.Loopback(s.listener)
	mux.Handle("GET /metrics", web.Guard(s.metrics, loopback))
	for path, h := range s.hooks {
		if slices.Contains([]string{"/", "/healthz", "/readyz", "/metrics", "/suggest"}, path) {
			return fmt.Errorf("telegram.webhook.path: %s is a page of the program: write /telegram", path)
		}
		mux.Handle(path, h) // a platform calls it by a public name, through a proxy
	}
	if s.config.Server.Preview {
		page, err := web.NewPreview(web.PreviewOptions{
			Handler:  handler,
			Catalog:  s.bot,
			Examples: func() []string { return examples(s.base, manyExamples) },
			Region:   s.config.Bot.Region,
			Log:      s.log,
		})
		if err != nil {
			return fmt.Errorf("open preview: %w", err)
		}
		mux.Handle("/", web.Guard(page, loopback))
	}
	s.web = &web.Server{Handler: mux, Log: s.log}
	return nil
}

// serveWeb serves the pages until ctx ends. Without a web server it only waits.
func (s *service) serveWeb(ctx context.Context) error {
	if s.listener == nil {
		<-ctx.Done()
		return nil
	}
	return s.web.Serve(ctx, s.listener, min(s.config.Server.Drain, pageDrain))
}

// pageDrain is how long a stop waits for pages, after the platforms are finished. Together with server.drain's default
// it stays under 10 s.
const pageDrain = 1500 * time.Millisecond

// address returns where a person on this machine reaches the web server.
func (s *service) address() string {
	return strings.TrimSuffix(healthURL(s.listener.Addr().String()), "/healthz")
}
