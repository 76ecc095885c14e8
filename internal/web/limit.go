package web

import (
	"net/http"
	"net/netip"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// What one address may ask for, and how many addresses are remembered.
const (
	perSecond    = 5
	burst        = 60
	maxAddresses = 4096
	forgetAfter  = 10 * time.Minute
)

// A limiter counts requests for each address.
type limiter struct {
	now func() time.Time

	mu   sync.Mutex
	seen map[netip.Prefix]*visitor
}

type visitor struct {
	rate *rate.Limiter
	last time.Time
}

func newLimiter(now func() time.Time) *limiter {
	return &limiter{now: now, seen: make(map[netip.Prefix]*visitor)}
}

// allow reports whether the request's address may ask now.
func (l *limiter) allow(r *http.Request) bool {
	key := network(r.RemoteAddr)
	now := l.now()
	l.mu.Lock()
	defer l.mu.Unlock()
	v := l.seen[key]
	if v == nil {
		if len(l.seen) >= maxAddresses {
			l.forget(now)
		}
		v = &visitor{rate: rate.NewLimiter(perSecond, burst)}
		l.seen[key] = v
	}
	v.last = now
	return v.rate.AllowN(now, 1)
}

// forget drops addresses that were quiet for a while, or all when every one is busy.
func (l *limiter) forget(now time.Time) {
	for key, v := range l.seen {
		if now.Sub(v.last) > forgetAfter {
			delete(l.seen, key)
		}
	}
	if len(l.seen) >= maxAddresses {
		clear(l.seen)
	}
}

// network returns what one visitor owns: an IPv4 address, or an IPv6 network of 64 bits.
func network(remote string) netip.Prefix {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return netip.Prefix{}
	}
	a := ap.Addr().Unmap().WithZone("")
	bits := a.BitLen()
	if a.Is6() {
		bits = 64
	}
	p, _ := a.Prefix(bits)
	return p
}
