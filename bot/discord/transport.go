package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// A dialer connects. The nil dialer is the net package's.
type dialer func(ctx context.Context, network, address string) (net.Conn, error)

// maxTries is how often one request is sent at most.
const maxTries = 5

// A transport sends requests to Discord or to what replaces it. It keeps to the rate limits of each bucket and of the
// bot, waits no longer than the request's context, and sends a request again only where that cannot make a second
// message. It hides the rate limits from discordgo, whose own waits heed no context.
type transport struct {
	base  *http.Transport
	host  *url.URL // nil: Discord itself
	retry time.Duration
	log   *slog.Logger
	count func(event string)
	pace  *rate.Limiter // of the bot's requests together

	mu      sync.Mutex
	global  time.Time            // no request of the bot before
	until   map[string]time.Time // by bucket: no request before
	buckets map[string]string    // by route: the bucket's name
}

// Discord allows a bot 50 requests a second. Even a burst after silence stays below that.
const (
	paceRate  = 45
	paceBurst = 5
)

func newTransport(host *url.URL, dial dialer, retry time.Duration, log *slog.Logger, count func(string)) *transport {
	return &transport{
		base: &http.Transport{
			DialContext: dial, Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64, IdleConnTimeout: 90 * time.Second,
			ForceAttemptHTTP2: true, TLSHandshakeTimeout: 10 * time.Second, ResponseHeaderTimeout: 20 * time.Second,
		},
		host: host, retry: retry, log: log, count: count, pace: rate.NewLimiter(paceRate, paceBurst), until: map[string]time.Time{}, buckets: map[string]string{},
	}
}

func (t *transport) close() { t.base.CloseIdleConnections() }

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
		req.Body.Close()
	}
	safe := repeatable(req, body)
	key, outside := routeOf(req)
	for try := 1; ; try++ {
		if err := t.waitTurn(req.Context(), key, outside); err != nil {
			return nil, err
		}
		resp, err := t.base.RoundTrip(t.copyOf(req, body))
		again, wait := t.judge(resp, err, key, safe)
		if !again || try == maxTries {
			return hideLimits(resp), redacted(err)
		}
		if resp != nil {
			io.Copy(io.Discard, io.LimitReader(resp.Body, 1<<16))
			resp.Body.Close()
		}
		if resp == nil || resp.StatusCode >= 500 {
			wait = t.retry << (try - 1)
		}
		if err := t.hold(req.Context(), wait); err != nil {
			return nil, err
		}
	}
}

// hold waits, unless the context ends before: then it says so at once.
func (t *transport) hold(ctx context.Context, wait time.Duration) error {
	if deadline, has := ctx.Deadline(); has && time.Until(deadline) < wait {
		return fmt.Errorf("wait for discord: %w", context.DeadlineExceeded)
	}
	if !pause(ctx, wait) {
		return ctx.Err()
	}
	return nil
}

// copyOf returns the request as it is sent.
func (t *transport) copyOf(req *http.Request, body []byte) *http.Request {
	out := req.Clone(req.Context())
	if t.host != nil {
		out.URL.Scheme, out.URL.Host, out.Host = t.host.Scheme, t.host.Host, t.host.Host
		out.URL.Path = t.host.Path + out.URL.Path
		out.URL.RawPath = ""
	}
	if len(body) > 0 {
		out.Body, out.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	} else {
		out.Body, out.ContentLength = nil, 0
		out.Header.Del("Content-Type")
	}
	return out
}

// repeatable says whether sending a request twice has the effect of sending it once: a callback is refused the second
// time, and a message with a nonce is made once.
func repeatable(req *http.Request, body []byte) bool {
	if req.Method != http.MethodPost {
		return true
	}
	return strings.HasSuffix(req.URL.Path, "/callback") || bytes.Contains(body, []byte(`"enforce_nonce":true`))
}

// routeOf names what Discord counts together: the method, the path without ids, and the channel, guild or webhook. The
// routes of interactions are outside the bot's global limit.
func routeOf(req *http.Request) (key string, outside bool) {
	parts := strings.Split(strings.Trim(req.URL.Path, "/"), "/")
	if len(parts) > 2 {
		parts = parts[2:] // api, v9
	}
	switch parts[0] {
	case "interactions", "webhooks":
		return "", true
	}
	for i, p := range parts {
		if i > 1 && p != "" && p[0] >= '0' && p[0] <= '9' {
			parts[i] = "*"
		}
	}
	return req.Method + " " + strings.Join(parts, "/"), false
}

// waitTurn waits until a route may be used.
func (t *transport) waitTurn(ctx context.Context, key string, outside bool) error {
	if outside {
		return nil
	}
	for paced := false; ; paced = true {
		t.mu.Lock()
		at := t.global
		if u := t.until[t.bucketOf(key)]; u.After(at) {
			at = u
		}
		wait := time.Until(at)
		t.mu.Unlock()
		switch {
		case wait > 0:
			if err := t.hold(ctx, wait); err != nil {
				return err
			}
		case paced:
			return nil
		}
		if err := t.pace.Wait(ctx); err != nil {
			return fmt.Errorf("wait for discord: %w", err)
		}
	}
}

// bucketOf returns the name of a route's bucket. The caller holds t.mu.
func (t *transport) bucketOf(key string) string {
	if b, known := t.buckets[key]; known {
		return b
	}
	return key
}

// judge learns from an answer and says whether the request should be sent again, and after which wait.
func (t *transport) judge(resp *http.Response, err error, key string, safe bool) (again bool, wait time.Duration) {
	if err != nil {
		t.count("send_error")
		return safe && !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded), 0
	}
	wait = t.learn(resp, key)
	if resp.StatusCode == http.StatusTooManyRequests {
		return true, wait
	}
	return resp.StatusCode >= 500 && safe, 0
}

// learn keeps what an answer says about limits. After a 429 it returns how long to wait.
func (t *transport) learn(resp *http.Response, key string) (wait time.Duration) {
	t.mu.Lock()
	defer t.mu.Unlock()
	h := resp.Header
	t.count(eventOf(resp.StatusCode))
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		wait = retryAfter(resp)
		t.log.Warn("discord limits requests", "route", routeName(key), "scope", h.Get("X-RateLimit-Scope"), "wait", wait)
		switch {
		case h.Get("X-RateLimit-Global") != "":
			t.global = time.Now().Add(wait)
		case key != "":
			t.until[t.bucketOf(key)] = time.Now().Add(wait)
		}
		return wait
	}
	if key == "" {
		return 0
	}
	if name := h.Get("X-RateLimit-Bucket"); name != "" {
		t.buckets[key] = name + " " + majorOf(key)
	}
	if h.Get("X-RateLimit-Remaining") == "0" {
		if wait, err := strconv.ParseFloat(h.Get("X-RateLimit-Reset-After"), 64); err == nil {
			t.until[t.bucketOf(key)] = time.Now().Add(slack + time.Duration(wait*float64(time.Second)))
		}
	}
	t.prune()
	return 0
}

// eventOf returns the name under which an answer is counted.
func eventOf(status int) string {
	switch status {
	case http.StatusUnauthorized:
		return "unauthorized"
	case http.StatusForbidden:
		return "forbidden"
	case http.StatusNotFound:
		return "not_found"
	case http.StatusTooManyRequests:
		return "rate_limited"
	}
	switch {
	case status >= 500:
		return "server_error"
	case status >= 300:
		return "send_error"
	}
	return "sent"
}

// slack is added to Discord's waits, which are rounded.
const slack = 20 * time.Millisecond

// prune forgets routes when there are many. The caller holds t.mu.
func (t *transport) prune() {
	if len(t.buckets) < 4096 && len(t.until) < 4096 {
		return
	}
	clear(t.buckets)
	for k, at := range t.until {
		if time.Until(at) <= 0 {
			delete(t.until, k)
		}
	}
}

// majorOf returns the channel, guild or application of a route.
func majorOf(key string) string {
	_, path, _ := strings.Cut(key, " ")
	parts := strings.SplitN(path, "/", 3)
	return strings.Join(parts[:min(2, len(parts))], "/")
}

// routeName is a route without ids, for the log.
func routeName(key string) string {
	method, path, _ := strings.Cut(key, " ")
	parts := strings.Split(path, "/")
	if len(parts) > 1 {
		parts[1] = "*"
	}
	return method + " " + strings.Join(parts, "/")
}

// retryAfter returns how long to wait after a 429.
func retryAfter(resp *http.Response) time.Duration {
	raw, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<16))
	resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(raw))
	var body struct {
		RetryAfter float64 `json:"retry_after"`
	}
	if json.Unmarshal(raw, &body) != nil || body.RetryAfter <= 0 {
		body.RetryAfter, _ = strconv.ParseFloat(resp.Header.Get("Retry-After"), 64)
	}
	if body.RetryAfter <= 0 {
		body.RetryAfter = 1
	}
	return time.Duration(body.RetryAfter * float64(time.Second))
}

// hideLimits removes the headers by which discordgo would wait.
func hideLimits(resp *http.Response) *http.Response {
	if resp != nil {
		for _, h := range []string{"Remaining", "Reset", "Reset-After", "Global"} {
			resp.Header.Del("X-RateLimit-" + h)
		}
	}
	return resp
}
