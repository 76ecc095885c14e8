package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"docent/bot"
	"docent/internal/config"
	"docent/internal/metrics"
	"docent/internal/store"
	"docent/internal/web"
	"docent/knowledge"
)

// pruneEvery is how often what is too old is deleted from the store.
const pruneEvery = time.Hour

func (p *program) serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Answer in Discord, Telegram and the browser",
		Long: "Answer in every platform that has a token, and in the browser preview. A platform that fails is logged and the\n" +
			"others go on; the program ends with exit code 1 when no platform is left, or when there is nothing to serve.\n" +
			"SIGTERM or Ctrl-C finishes the answers that have begun and ends; a second one ends at once.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := p.loadConfig()
			if err != nil {
				return err
			}
			s := &service{config: c, log: newLog(p.err, c.Log), now: time.Now, holder: holder(c), cache: p.cacheFile(c.Knowledge.Cache)}
			for _, name := range config.UnknownEnv(p.env, "DOCENT_CONFIG") {
				s.log.Warn("environment variable belongs to no key", "variable", name)
			}
			if err := s.open(cmd.Context()); err != nil {
				s.close()
				return err
			}
			defer s.close()
			s.announce(p.out)
			return s.run(cmd.Context())
		},
	}
}

// A service is everything that serve runs.
type service struct {
	config config.Config
	log    *slog.Logger
	now    func() time.Time
	holder string // names this instance in leases

	base      *knowledge.Base
	cache     string       // file for the vectors of the articles, or nothing
	reloaded  atomic.Int64 // when the articles were read, in nanoseconds since 1970
	db        *store.DB
	bot       *bot.Bot
	metrics   *metrics.Metrics
	ready     web.Readiness
	listener  net.Listener // nil: no web server
	web       *web.Server
	hooks     map[string]http.Handler // pages that platforms call, by path
	platforms []platform
}

// open makes all parts. Nothing answers before run.
func (s *service) open(ctx context.Context) error {
	var err error
	if s.base, err = openBase(s.config, s.cache, s.log); err != nil {
		return err
	}
	if s.db, err = store.Open(ctx, s.config.Store.URL.Reveal(), s.log); err != nil {
		return err
	}
	s.db.Retention = store.Retention{Turns: s.config.Store.Retention, Unanswered: s.config.Bot.UnansweredRetention}
	s.metrics = s.newMetrics()
	if s.bot, err = s.newBot(); err != nil {
		return err
	}
	handler := s.metrics.Wrap(guard{s.bot, s.log})
	s.hooks = map[string]http.Handler{}
	if err := s.openPlatforms(handler); err != nil {
		return err
	}
	if len(s.platforms) == 0 && (s.config.Server.Listen == "" || !s.config.Server.Preview) {
		return errors.New("there is nothing to serve: set DISCORD_TOKEN or TELEGRAM_TOKEN, or turn server.preview on")
	}
	return s.openWeb(handler)
}

// newBot returns the conversation with the store behind it.
func (s *service) newBot() (*bot.Bot, error) {
	b, err := newBot(s.config, s.base, s.log)
	if err != nil {
		return nil, err
	}
	b.Clock = s.now
	b.Journal = journal{s.db, s.metrics}
	k := &b.Config.Keeps
	k.Turns, k.Ratings, k.Settings = s.config.Store.Retention, s.config.Store.Retention, true
	k.Updates = store.UpdateRetention
	if s.config.Bot.CollectUnanswered {
		b.Unanswered = s.db
		k.Unanswered = s.config.Bot.UnansweredRetention
	}
	return b, nil
}

func (s *service) newMetrics() *metrics.Metrics {
	m := metrics.New(buildVersion().module)
	m.Contents(func() (articles, sections int) { return count(s.base.Articles()) })
	m.Loaded(s.now(), nil)
	s.reloaded.Store(s.now().UnixNano())
	return m
}

func (s *service) close() {
	if s.listener != nil {
		s.listener.Close()
	}
	if s.db != nil {
		if err := s.db.Close(); err != nil {
			s.log.Error("close store", "error", err)
		}
	}
}
