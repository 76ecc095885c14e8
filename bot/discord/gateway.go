package discord

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/bwmarrin/discordgo"
	"github.com/gorilla/websocket"
)

// The operations of the gateway.
const (
	opDispatch       = 0
	opHeartbeat      = 1
	opIdentify       = 2
	opResume         = 6
	opReconnect      = 7
	opInvalidSession = 9
	opHello          = 10
	opHeartbeatAck   = 11
)

// closeResume is a close code that keeps the session; 1000 and 1001 would end it.
const closeResume = 4900

type packet struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	S  *int64          `json:"s,omitempty"`
	T  string          `json:"t,omitempty"`
}

type outgoing struct {
	Op int `json:"op"`
	D  any `json:"d"`
}

// errReconnect says that Discord asked for a new connection.
var errReconnect = errors.New("discord asked to reconnect")

// errInvalidSession says that a session cannot be resumed.
var errInvalidSession = errors.New("discord ended the session")

// errDead says that a connection is open but nobody is there.
var errDead = errors.New("no heartbeat was acknowledged")

// A FatalError is a refusal that connecting again does not mend.
type FatalError struct {
	Code   int    // the gateway's close code
	Advice string // what to do
}

// Error says what happened and what to do.
func (e *FatalError) Error() string {
	return fmt.Sprintf("discord refused the connection (%d): %s", e.Code, e.Advice)
}

// fatal returns what to do about a close code, or "".
func fatal(code int) string {
	switch code {
	case 4004:
		return "the token is not valid: take a new one from Discord's developer portal and set DISCORD_TOKEN"
	case 4010:
		return "the shard number is not valid: correct discord.shards and discord.shard_range"
	case 4011:
		return "the bot is in too many servers for one connection: set discord.shards to auto"
	case 4012:
		return "this version of the gateway is gone: update Docent"
	case 4013:
		return "an intent is not valid: update Docent"
	case 4014:
		return "a privileged intent is not enabled: turn on Message Content Intent in Discord's developer portal, or set discord.message_content to false"
	}
	return ""
}

// A conn is one connection of a shard.
type conn struct {
	shard *shard
	ws    *websocket.Conn
	write sync.Mutex
	acked atomic.Bool
	beat  time.Duration
	sent  atomic.Int64 // when the last heartbeat left, in nanoseconds
	live  bool         // Ready or Resumed came
	dead  atomic.Bool
}

// connect opens a connection and serves it until it ends. It reports whether the session became live.
func (s *shard) connect(ctx context.Context) (live bool, err error) {
	if s.sessionID == "" {
		if s.turn == nil {
			s.turn = s.gate.enter(s.id)
		}
		defer s.leave(false)
		if err := s.turn.wait(ctx); err != nil {
			return false, err
		}
	}
	d := &websocket.Dialer{HandshakeTimeout: s.a.timing.handshake, Proxy: http.ProxyFromEnvironment, NetDialContext: s.a.dial}
	ws, resp, err := d.DialContext(ctx, s.address(), http.Header{"User-Agent": {userAgent}})
	if err != nil {
		if resp != nil {
			resp.Body.Close()
		}
		return false, fmt.Errorf("dial: %w", err)
	}
	c := &conn{shard: s, ws: ws}
	done := make(chan struct{})
	var helpers sync.WaitGroup
	helpers.Go(func() { c.closeWith(ctx, done) })
	err = c.serve(&helpers, done)
	close(done)
	c.end(ctx)
	helpers.Wait()
	return c.live, err
}

// leave ends the shard's turn to identify, if it has one.
func (s *shard) leave(identified bool) {
	if s.turn != nil {
		s.turn.done(identified)
		s.turn = nil
	}
}

// closeWith ends the connection when ctx ends, so that no read waits for ever.
func (c *conn) closeWith(ctx context.Context, done <-chan struct{}) {
	select {
	case <-ctx.Done():
		c.close(websocket.CloseNormalClosure)
	case <-done:
	}
}

// end closes the connection so that the session can be resumed, or for good when ctx is over.
func (c *conn) end(ctx context.Context) {
	code := closeResume
	if ctx.Err() != nil {
		code = websocket.CloseNormalClosure
	}
	c.close(code)
}

func (c *conn) close(code int) {
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, ""), time.Now().Add(time.Second))
	c.ws.Close()
}

func (c *conn) send(op int, d any) error {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.SetWriteDeadline(time.Now().Add(c.shard.a.timing.handshake))
	if err := c.ws.WriteJSON(outgoing{op, d}); err != nil {
		return fmt.Errorf("write: %w", err)
	}
	return nil
}

// serve greets and then reads until the connection ends.
func (c *conn) serve(helpers *sync.WaitGroup, done <-chan struct{}) error {
	c.ws.SetReadLimit(32 << 20)
	c.ws.SetReadDeadline(time.Now().Add(c.shard.a.timing.handshake))
	hello, err := c.read()
	if err != nil {
		return err
	}
	var h struct {
		Interval int64 `json:"heartbeat_interval"`
	}
	if hello.Op != opHello || json.Unmarshal(hello.D, &h) != nil || h.Interval <= 0 {
		return fmt.Errorf("the gateway began with op %d", hello.Op)
	}
	c.beat = time.Duration(h.Interval) * time.Millisecond
	helpers.Go(func() { c.heartbeats(done) })
	if err := c.greet(); err != nil {
		return err
	}
	c.ws.SetReadDeadline(time.Now().Add(c.shard.a.timing.handshake))
	for {
		p, err := c.read()
		if err != nil {
			return err
		}
		if err := c.handle(p); err != nil {
			return err
		}
	}
}

func (c *conn) read() (packet, error) {
	for {
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			if c.dead.Load() {
				return packet{}, errDead
			}
			return packet{}, err
		}
		var p packet
		if err := json.Unmarshal(raw, &p); err == nil {
			return p, nil
		}
		c.shard.a.Log.Warn("gateway sent what is not a payload", "bytes", len(raw))
	}
}

// ackWithin is how long Discord has to acknowledge a heartbeat. Waiting for the next one, as is usual, would find a dead
// connection too late to be back within a minute.
const ackWithin = 10 * time.Second

// heartbeats says regularly that the client is there. When Discord does not acknowledge one the connection is dead,
// however open it looks.
func (c *conn) heartbeats(done <-chan struct{}) {
	patience := min(ackWithin, c.beat)
	wait := time.Duration(rand.Float64() * float64(c.beat))
	for elapse(done, wait) {
		c.acked.Store(false)
		c.sendHeartbeat()
		if !elapse(done, patience) {
			return
		}
		if !c.acked.Load() {
			c.dead.Store(true)
			c.close(closeResume)
			return
		}
		wait = c.beat - patience
	}
}

// elapse waits, and says whether done is still open.
func elapse(done <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return false
	case <-t.C:
		return true
	}
}

func (c *conn) sendHeartbeat() {
	c.sent.Store(time.Now().UnixNano())
	var seq any
	if n := c.shard.seq.Load(); n > 0 {
		seq = n
	}
	if err := c.send(opHeartbeat, seq); err != nil {
		c.dead.Store(true)
		c.ws.Close()
	}
}

// greet resumes the session or starts one.
func (c *conn) greet() error {
	s := c.shard
	if s.sessionID != "" {
		return c.send(opResume, map[string]any{"token": s.a.Token, "session_id": s.sessionID, "seq": s.seq.Load()})
	}
	id := discordgo.Identify{
		Token: s.a.Token, LargeThreshold: 50, Shard: &[2]int{s.id, s.count}, Intents: s.a.intents(),
		Properties: discordgo.IdentifyProperties{OS: runtime.GOOS, Browser: "docent", Device: "docent"},
		Presence:   discordgo.GatewayStatusUpdate{Status: "online"},
	}
	err := c.send(opIdentify, identifyOf(id))
	s.leave(true)
	return err
}

// identifyOf writes the names of properties as the gateway expects them now, without discordgo's dollar signs and its
// empty game.
func identifyOf(id discordgo.Identify) map[string]any {
	return map[string]any{
		"token": id.Token, "large_threshold": id.LargeThreshold, "shard": id.Shard, "intents": id.Intents,
		"properties": map[string]string{"os": id.Properties.OS, "browser": id.Properties.Browser, "device": id.Properties.Device},
	}
}

// intents returns what the bot wants to hear of. Only MessageContent is privileged.
func (a *Adapter) intents() discordgo.Intent {
	in := discordgo.IntentGuilds | discordgo.IntentGuildMessages | discordgo.IntentDirectMessages
	if a.MessageContent {
		in |= discordgo.IntentMessageContent
	}
	return in
}

// handle handles one packet. An error ends the connection.
func (c *conn) handle(p packet) error {
	switch p.Op {
	case opDispatch:
		return c.dispatch(p)
	case opHeartbeat:
		c.sendHeartbeat()
	case opHeartbeatAck:
		c.acked.Store(true)
		if at := c.sent.Load(); at > 0 {
			c.shard.latency.Store(time.Now().UnixNano() - at)
		}
	case opReconnect:
		return errReconnect
	case opInvalidSession:
		if strings.TrimSpace(string(p.D)) != "true" {
			return errInvalidSession
		}
		return errReconnect
	}
	return nil
}

// dispatch takes an event. What it does must not block: the next heartbeat waits behind it.
func (c *conn) dispatch(p packet) error {
	s := c.shard
	if p.S != nil {
		s.seq.Store(*p.S)
	}
	switch p.T {
	case "READY":
		var ready struct {
			SessionID string `json:"session_id"`
			Resume    string `json:"resume_gateway_url"`
		}
		if err := json.Unmarshal(p.D, &ready); err != nil || ready.SessionID == "" {
			return errors.New("the gateway's READY names no session")
		}
		s.sessionID, s.resumeURL = ready.SessionID, ready.Resume
		c.up("connected", "connect")
	case "RESUMED":
		c.up("resumed", "resume")
	default:
		s.a.event(p.T, p.D)
	}
	return nil
}

func (c *conn) up(how, event string) {
	c.live = true
	c.shard.a.count(event)
	c.ws.SetReadDeadline(time.Time{}) // from here the heartbeats watch the connection
	c.shard.a.Log.Info("gateway "+how, "shard", c.shard.id, "shards", c.shard.count)
}
