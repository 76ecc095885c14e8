package discordtest

import (
	"net/http"
	"strconv"
	"time"
)

// limits are the rate limits of a Server. The zero value is none.
type limits struct {
	each      int           // requests of a route and channel within a window
	window    time.Duration //
	perSecond int           // requests of the bot, without those of interactions

	all    usage
	routes map[string]*usage
}

// usage counts requests within one window.
type usage struct {
	since time.Time
	n     int
}

// Limit sets rate limits as the platform has them: each route of a channel takes so many requests within a window, and
// the whole bot so many a second. Requests of interactions do not count.
func (s *Server) Limit(each int, window time.Duration, perSecond int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limits = limits{each: each, window: window, perSecond: perSecond, routes: map[string]*usage{}}
}

// take counts a request and says whether there is room.
func (u *usage) take(now time.Time, window time.Duration, most int) bool {
	if now.Sub(u.since) >= window {
		u.since, u.n = now, 0
	}
	u.n++
	return u.n <= most
}

// limited applies the limits to a request. It returns headers for the answer, or the refusal.
func (s *Server) limited(c *call) (header map[string]string, refused *answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l := &s.limits
	if l.each == 0 || !c.auth || c.path[0] == "interactions" || c.path[0] == "webhooks" {
		return nil, nil
	}
	now := time.Now()
	if !l.all.take(now, time.Second, l.perSecond) {
		a := (&Fault{Status: http.StatusTooManyRequests, Scope: "global", Wait: time.Second - now.Sub(l.all.since)}).answer()
		return nil, &a
	}
	key := c.Method + " " + c.path[0]
	if len(c.path) > 2 {
		key += " " + c.path[1] + " " + c.path[2]
	}
	u := l.routes[key]
	if u == nil {
		u = &usage{}
		l.routes[key] = u
	}
	fits := u.take(now, l.window, l.each)
	left := l.window - now.Sub(u.since)
	if !fits {
		a := (&Fault{Status: http.StatusTooManyRequests, Scope: "user", Wait: left}).answer()
		return nil, &a
	}
	return map[string]string{
		"X-RateLimit-Limit": strconv.Itoa(l.each), "X-RateLimit-Remaining": strconv.Itoa(l.each - u.n),
		"X-RateLimit-Reset-After": strconv.FormatFloat(left.Seconds(), 'f', 3, 64), "X-RateLimit-Bucket": "bucket-" + c.Method + c.path[0],
	}, nil
}
