package discord

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
	"golang.org/x/sync/errgroup"
)

// A shard is one of the connections that share the servers among them. What it keeps outlives a connection.
type shard struct {
	a         *Adapter
	id, count int
	gate      *gate
	turn      *turn  // the place in the line of Identifies; nil: not in it
	base      string // the gateway's address
	sessionID string // of the session that can be resumed
	resumeURL string
	seq       atomic.Int64
	latency   atomic.Int64 // of the last heartbeat, in nanoseconds
}

// linkTable lists the shards of this process, for status.
type linkTable struct {
	mu   sync.Mutex
	list []*shard
}

func (t *linkTable) set(list []*shard) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.list = list
}

func (t *linkTable) of(guild string) *shard {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, s := range t.list {
		if s.id == shardOf(guild, s.count) {
			return s
		}
	}
	return nil
}

// address returns where to connect to.
func (s *shard) address() string {
	base := s.base
	if s.sessionID != "" && s.resumeURL != "" {
		base = s.resumeURL
	}
	return strings.TrimSuffix(base, "/") + "/?v=10&encoding=json"
}

// runShards runs the shards of this process until ctx ends or one of them is refused.
func (a *Adapter) runShards(ctx context.Context) error {
	info, err := a.askGateway(ctx)
	if err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	count := a.Shards
	if count == 0 {
		count = max(info.Shards, 1)
	}
	first, last := a.FirstShard, a.LastShard
	if a.AllShards || a.Shards == 0 {
		first, last = 0, count-1
	}
	if first > last || last >= count {
		return fmt.Errorf("connect to discord: shards %d to %d are not among %d: correct discord.shard_range", first, last, count)
	}
	g := newGate(a, info)
	var list []*shard
	for id := first; id <= last; id++ {
		list = append(list, &shard{a: a, id: id, count: count, gate: g, turn: g.enter(id), base: info.URL})
	}
	a.links.set(list)
	group, ctx := errgroup.WithContext(ctx)
	for _, s := range list {
		group.Go(func() error { return s.run(ctx) })
	}
	return group.Wait()
}

// askGateway asks where to connect and how many connections Discord wants. It tries again until ctx ends.
func (a *Adapter) askGateway(ctx context.Context) (*discordgo.GatewayBotResponse, error) {
	for wait := a.timing.backoff; ; wait = min(2*wait, 30*a.timing.backoff) {
		info, err := a.session.GatewayBot(discordgo.WithContext(ctx))
		if err == nil {
			return info, nil
		}
		if status(err) == 401 {
			return nil, &FatalError{4004, fatal(4004)}
		}
		a.Log.Warn("discord's gateway cannot be asked for", "error", err)
		if !pause(ctx, wait) {
			return nil, ctx.Err()
		}
	}
}

// run keeps a shard connected. It returns nil when ctx ends and an error when Discord refuses the bot.
func (s *shard) run(ctx context.Context) error {
	failures := 0
	for {
		live, err := s.connect(ctx)
		if ctx.Err() != nil {
			return nil
		}
		if advice := fatal(closeCode(err)); advice != "" {
			return &FatalError{closeCode(err), advice}
		}
		if failures++; live {
			failures = 0
		}
		if lost(err) || failures > 3 {
			s.sessionID, s.resumeURL = "", ""
			s.seq.Store(0)
		}
		s.a.count("disconnect")
		s.a.Log.Warn("gateway connection ended", "shard", s.id, "reason", reason(err), "resume", s.sessionID != "")
		if !pause(ctx, s.backoff(failures)) {
			return nil
		}
	}
}

// backoff returns how long to wait: hardly at all after a good connection, up to half a minute after bad ones.
func (s *shard) backoff(failures int) time.Duration {
	unit := s.a.timing.backoff
	if failures == 0 {
		return unit/10 + time.Duration(rand.Int64N(int64(unit)))
	}
	return min(unit<<min(failures-1, 5), 20*unit) + time.Duration(rand.Int64N(int64(unit)))
}

func closeCode(err error) int {
	var c *websocket.CloseError
	if errors.As(err, &c) {
		return c.Code
	}
	return 0
}

// lost says whether a session is over.
func lost(err error) bool {
	switch closeCode(err) {
	case websocket.CloseNormalClosure, websocket.CloseGoingAway, 4003, 4005, 4007, 4009:
		return true
	}
	return errors.Is(err, errInvalidSession)
}

// reason is an error for the log, without addresses.
func reason(err error) string {
	var op *net.OpError
	switch {
	case closeCode(err) != 0:
		return fmt.Sprintf("close code %d", closeCode(err))
	case errors.As(err, &op):
		return op.Op + ": " + op.Err.Error()
	case err == nil:
		return "end"
	}
	return err.Error()
}
