package discordtest

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/gorilla/websocket"
)

// A Step says how the gateway treats one connection. The zero Step is good behaviour.
type Step struct {
	Refuse  bool // no WebSocket: 503
	Silent  bool // accept and say nothing
	Mute    bool // never acknowledge a heartbeat
	Op7     bool // answer Identify or Resume with op 7
	Op9     bool // answer Identify or Resume with op 9, d: false
	Op9True bool // answer Identify or Resume with op 9, d: true
	Close   int  // answer Identify or Resume with this close code
	Cut     bool // answer Identify or Resume with half a frame and a dead connection
	Hang    bool // never answer Identify or Resume
}

// Counts says what the gateway saw.
type Counts struct {
	Connects, Identifies, Resumes int
	Closes                        []int // the codes with which the client closed
	Shards                        []int // in the order of their Identifies
}

type hub struct {
	s    *Server
	done sync.WaitGroup

	mu       sync.Mutex
	conns    map[*conn]bool
	sessions map[string]*session
	script   []Step
	counts   Counts
	changed  chan struct{}
	closed   bool
}

type session struct {
	id     string
	shard  [2]int
	seq    int64
	events [][]byte
	first  int64 // seq of events[0]
	conn   *conn
	dead   bool
}

type conn struct {
	ws    *websocket.Conn
	step  Step
	write sync.Mutex
	sends []time.Time
	path  string
	sess  *session
	mute  bool
}

type payload struct {
	Op int             `json:"op"`
	D  json.RawMessage `json:"d"`
	S  *int64          `json:"s,omitempty"`
	T  string          `json:"t,omitempty"`
}

func newHub(s *Server) *hub {
	return &hub{s: s, conns: map[*conn]bool{}, sessions: map[string]*session{}, changed: make(chan struct{})}
}

// Script sets how the next connections are treated, one Step each.
func (s *Server) Script(steps ...Step) {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	s.hub.script = append(s.hub.script, steps...)
}

// Counts returns what the gateway saw so far.
func (s *Server) Counts() Counts {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	c := s.hub.counts
	c.Closes, c.Shards = slices.Clone(c.Closes), slices.Clone(c.Shards)
	return c
}

// Wait returns when done says so, looking again after each thing that happens on the gateway.
func (s *Server) Wait(ctx context.Context, done func(Counts) bool) error {
	for {
		s.hub.mu.Lock()
		c, changed := s.hub.counts, s.hub.changed
		s.hub.mu.Unlock()
		if done(c) {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-changed:
		}
	}
}

// Ready waits until n sessions are connected.
func (s *Server) Ready(ctx context.Context, n int) error {
	return s.Wait(ctx, func(Counts) bool { return s.hub.live() >= n })
}

func (h *hub) live() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	n := 0
	for _, s := range h.sessions {
		if s.conn != nil {
			n++
		}
	}
	return n
}

// note changes the counts and wakes those who wait.
func (h *hub) note(change func(*Counts)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	change(&h.counts)
	close(h.changed)
	h.changed = make(chan struct{})
}

func (h *hub) serve(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	var step Step
	if len(h.script) > 0 {
		step, h.script = h.script[0], h.script[1:]
	}
	closed := h.closed
	if !closed {
		h.done.Add(1)
		defer h.done.Done()
	}
	h.mu.Unlock()
	if step.Refuse || closed {
		h.note(func(c *Counts) { c.Connects++ })
		http.Error(w, "busy", http.StatusServiceUnavailable)
		return
	}
	up := websocket.Upgrader{CheckOrigin: func(*http.Request) bool { return true }}
	ws, err := up.Upgrade(w, r, nil)
	if err != nil {
		return
	}
	c := &conn{ws: ws, step: step, path: r.URL.Path, mute: step.Mute}
	h.add(c)
	defer h.remove(c)
	if q := r.URL.Query(); q.Get("encoding") != "json" || (q.Get("v") != "9" && q.Get("v") != "10") {
		c.close(4012, "Invalid API version.")
		return
	}
	if !step.Silent {
		c.send(payload{Op: 10, D: json.RawMessage(`{"heartbeat_interval":` + strconv.FormatInt(h.s.Heartbeat.Milliseconds(), 10) + `}`)})
	}
	h.read(c)
}

func (h *hub) add(c *conn) {
	h.note(func(n *Counts) {
		n.Connects++
		h.conns[c] = true
	})
}

func (h *hub) remove(c *conn) {
	c.ws.Close()
	h.note(func(*Counts) {
		delete(h.conns, c)
		if c.sess != nil && c.sess.conn == c {
			c.sess.conn = nil
		}
	})
}

// read handles what the client sends until the connection ends.
func (h *hub) read(c *conn) {
	for {
		c.ws.SetReadDeadline(time.Now().Add(2*h.s.Heartbeat + time.Second))
		_, raw, err := c.ws.ReadMessage()
		if err != nil {
			h.left(c, err)
			return
		}
		if len(raw) > 4096 {
			c.close(4002, "Error while decoding payload.")
			return
		}
		var p payload
		if json.Unmarshal(raw, &p) != nil {
			c.close(4002, "Error while decoding payload.")
			return
		}
		if c.tooMany() {
			c.close(4008, "You are being rate limited.")
			return
		}
		if !h.handle(c, p) {
			return
		}
	}
}

// left notes how the client went away. After 1000 and 1001 its session is over.
func (h *hub) left(c *conn, err error) {
	ce, isClose := err.(*websocket.CloseError)
	if !isClose {
		return
	}
	h.note(func(n *Counts) {
		n.Closes = append(n.Closes, ce.Code)
		if c.sess != nil && (ce.Code == 1000 || ce.Code == 1001) {
			c.sess.dead = true
		}
	})
}

// tooMany says whether more than 120 payloads came within a minute.
func (c *conn) tooMany() bool {
	now := time.Now()
	c.sends = append(slices.DeleteFunc(c.sends, func(t time.Time) bool { return now.Sub(t) > time.Minute }), now)
	return len(c.sends) > 120
}

// handle handles one payload and says whether the connection goes on.
func (h *hub) handle(c *conn, p payload) bool {
	switch p.Op {
	case 1:
		if !c.isMute(h) && !c.step.Silent {
			c.send(payload{Op: 11, D: json.RawMessage("null")})
		}
		return true
	case 2, 6:
		if c.sess != nil {
			c.close(4005, "Already authenticated.")
			return false
		}
		if c.step.Op9 {
			h.endSessions()
		}
		if done, goOn := c.scripted(); done {
			h.note(func(n *Counts) { n.countAttempt(p.Op) })
			return goOn
		}
		if p.Op == 2 {
			return h.identify(c, p.D)
		}
		return h.resume(c, p.D)
	case 3:
		return true
	}
	h.s.broke("gateway: op %d is not known", p.Op)
	c.close(4001, "Unknown opcode.")
	return false
}

func (n *Counts) countAttempt(op int) {
	if op == 2 {
		n.Identifies++
	} else {
		n.Resumes++
	}
}

// scripted answers Identify or Resume in the way of the connection's Step. It says whether it did, and whether the
// connection goes on.
func (c *conn) scripted() (done, goOn bool) {
	step := c.step
	c.step = Step{}
	switch {
	case step.Hang, step.Silent:
		c.step = step
		return true, true
	case step.Op7:
		c.send(payload{Op: 7, D: json.RawMessage("null")})
		return true, true
	case step.Op9, step.Op9True:
		c.send(payload{Op: 9, D: json.RawMessage(strconv.FormatBool(step.Op9True))})
		return true, true
	case step.Close != 0:
		c.close(step.Close, closeText(step.Close))
		return true, false
	case step.Cut:
		c.cut()
		return true, false
	}
	return false, true
}

func (c *conn) isMute(h *hub) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return c.mute
}

func (c *conn) send(p payload) error {
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return c.sendRaw(raw)
}

func (c *conn) sendRaw(raw []byte) error {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.SetWriteDeadline(time.Now().Add(5 * time.Second))
	return c.ws.WriteMessage(websocket.TextMessage, raw)
}

func (c *conn) close(code int, text string) {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.WriteControl(websocket.CloseMessage, websocket.FormatCloseMessage(code, text), time.Now().Add(time.Second))
	c.ws.Close()
}

// cut sends half a frame and ends the TCP connection.
func (c *conn) cut() {
	c.write.Lock()
	defer c.write.Unlock()
	c.ws.NetConn().Write([]byte{0x81, 126, 4, 0, '{', '"', 'o', 'p'})
	c.ws.NetConn().Close()
}

func closeText(code int) string {
	texts := map[int]string{
		4004: "Authentication failed.", 4007: "Invalid seq.", 4008: "Rate limited.", 4009: "Session timed out.",
		4010: "Invalid shard.", 4011: "Sharding required.", 4012: "Invalid API version.", 4013: "Invalid intent(s).",
		4014: "Disallowed intent(s).",
	}
	return strings.TrimSpace(texts[code])
}
