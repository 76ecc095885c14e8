// Package metrics counts what the bot does, for Prometheus. It wraps a bot.Handler as HTTP middleware wraps an
// http.Handler, and offers plain funcs for the other parts. It knows nothing of platforms, and no text and no id of a
// person or a place gets into it: every label has a fixed list of values.
package metrics

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"docent/bot"
)

// Metrics holds the counters of one program. Call New to make it. It is safe for use by several goroutines.
type Metrics struct {
	registry *prometheus.Registry
	replies  *prometheus.CounterVec
	errors   *prometheus.CounterVec
	took     *prometheus.HistogramVec
	events   *prometheus.CounterVec
	reloads  *prometheus.CounterVec
	reloaded prometheus.Gauge
	store    prometheus.Counter
}

// New returns Metrics in which nothing has happened. Version is the program's, for docent_build_info.
func New(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		replies:  counter("docent_replies_total", "Replies by platform and kind.", "platform", "kind"),
		errors:   counter("docent_answer_errors_total", "Questions that ended in an error.", "platform"),
		took: prometheus.NewHistogramVec(prometheus.HistogramOpts{
			Name: "docent_answer_seconds", Help: "Time from a question to its reply, without the network.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5},
		}, []string{"platform"}),
		events:   counter("docent_adapter_events_total", "What happened at a platform besides answers.", "platform", "event"),
		reloads:  counter("docent_reloads_total", "Times that the articles were read again.", "result"),
		reloaded: prometheus.NewGauge(prometheus.GaugeOpts{Name: "docent_loaded_timestamp_seconds", Help: "When the articles in use were read."}),
		store:    prometheus.NewCounter(prometheus.CounterOpts{Name: "docent_store_errors_total", Help: "Writes that the store refused."}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "docent_build_info", Help: "The running version.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(m.replies, m.errors, m.took, m.events, m.reloads, m.reloaded, m.store, build,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func counter(name, help string, labels ...string) *prometheus.CounterVec {
	return prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
}

// ServeHTTP writes the metrics in Prometheus' text form.
func (m *Metrics) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}

// Wrap returns a Handler that answers as h does and counts its replies.
func (m *Metrics) Wrap(h bot.Handler) bot.Handler { return wrapped{h, m} }

type wrapped struct {
	next bot.Handler
	m    *Metrics
}

// Answer answers and counts.
func (w wrapped) Answer(ctx context.Context, q bot.Question) (bot.Reply, error) {
	start := time.Now()
	reply, err := w.next.Answer(ctx, q)
	platform := known(q.Place.Platform, platforms())
	w.m.took.WithLabelValues(platform).Observe(time.Since(start).Seconds())
	if err != nil {
		w.m.errors.WithLabelValues(platform).Inc()
		return reply, err
	}
	w.m.replies.WithLabelValues(platform, reply.Kind.Name()).Inc()
	return reply, nil
}

// Contents makes gauges of what count returns whenever the metrics are read. Call it once.
func (m *Metrics) Contents(count func() (articles, sections int)) {
	m.registry.MustRegister(
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "docent_articles", Help: "Articles in use."},
			func() float64 { n, _ := count(); return float64(n) }),
		prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: "docent_sections", Help: "Sections in use."},
			func() float64 { _, n := count(); return float64(n) }))
}

// Loaded counts a reading of the articles that ended at the given time. With an error the earlier articles stay in use.
func (m *Metrics) Loaded(at time.Time, err error) {
	if err != nil {
		m.reloads.WithLabelValues("error").Inc()
		return
	}
	m.reloads.WithLabelValues("ok").Inc()
	m.reloaded.Set(float64(at.UnixMilli()) / 1000)
}

// StoreFailed counts a write that the store refused.
func (m *Metrics) StoreFailed() { m.store.Inc() }

// Event counts something that happened at a platform. An event that Events does not list counts as "other".
func (m *Metrics) Event(platform, event string) {
	m.events.WithLabelValues(known(platform, platforms()), known(event, Events())).Inc()
}

// Events returns the events that adapters may count.
func Events() []string {
	return []string{
		"received", "ignored", "duplicate", "poison", "dropped", "late", "cooldown", "panic", // what came in
		"sent", "send_error", "ambiguous", "rate_limited", "forbidden", "not_found", "unauthorized", "server_error", // what went out
		"markup_refused", "keyboard_refused", "handler_error", "store_error", // what should not happen
		"connect", "disconnect", "resume", "conflict", "lease_lost", "command_created", "command_removed", "slow_ack", // connections and commands
	}
}

func platforms() []string { return []string{"discord", "telegram", "web", "terminal"} }

// known returns s if it is one of the values, else "other": a label must never take what comes from outside.
func known(s string, values []string) string {
	if slices.Contains(values, s) {
		return s
	}
	return "other"
}
