// Package telegramtest is a Telegram for tests: a Bot API server on a local port, in the manner of httptest, with people
// and chats that tests speak for. It reproduces the queue of updates, the checks of requests with the server's own error
// texts, limits and expiry, and it makes faults on demand. A parameter that the Bot API does not have fails the test,
// for the real server ignores it and so hides typos. It knows nothing of Docent.
package telegramtest

import (
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// A Server is a Telegram. Set its fields before the first request.
type Server struct {
	URL   string // what to use as the API's address
	Token string
	Me    User
	// Privacy is the bot's privacy mode: in groups it receives only what is addressed to it. On at the start.
	Privacy bool
	// Limits turns the rate limits on: one message a second and chat with short bursts, 20 a minute and group, 30 a second.
	Limits bool
	// Local lifts the rules for webhook addresses, as a server that was started with --local does.
	Local bool
	// LowestUpdate is the first update's id; 0: at random.
	LowestUpdate int
	// Ephemeral and Guests are switched on by default; without them the server is of before Bot API 10.
	Ephemeral, Guests bool
	// Client calls the webhook; nil: http.DefaultClient.
	Client *http.Client
	// Deadline is how long Ask, Press and the like wait for an update to be confirmed. 10 s at the start.
	Deadline time.Duration

	tb   testing.TB
	http *httptest.Server
	stop chan struct{}

	mu        sync.Mutex
	offset    time.Duration // how far the clock was put forward
	clock     func() time.Time
	chats     map[int64]*chat
	queue     queue
	hook      webhook
	callbacks map[string]*callback
	inlines   map[string]*inlineQuery
	inline    map[string]*record // messages that were sent through the bot, by inline_message_id
	commands  map[string]string
	profile   map[string]string
	calls     []Call
	effects   []effect
	faults    []*Fault
	sent      map[int64][]time.Time
	lastID    int
	rand      *rand.Rand
	methods   map[string]method
	revoked   bool
}

// A Call is a request that the bot made.
type Call struct {
	Method string            `json:"method"`
	Params map[string]string `json:"params"`
	Error  string            `json:"-"` // what it was answered, if not ok
	At     time.Time         `json:"-"`
}

// New starts a Telegram that stops with the test.
func New(tb testing.TB) *Server {
	s := &Server{
		Token: "7000000001:AAtest-token_of-nobody", Privacy: true, Ephemeral: true, Guests: true, Deadline: 10 * time.Second,
		Me: User{ID: 7000000001, Name: "Docent", Username: "docent_test_bot", Bot: true},
		tb: tb, stop: make(chan struct{}), clock: time.Now, chats: map[int64]*chat{}, callbacks: map[string]*callback{},
		inlines: map[string]*inlineQuery{}, inline: map[string]*record{}, commands: map[string]string{},
		profile: map[string]string{}, sent: map[int64][]time.Time{}, rand: rand.New(rand.NewSource(1)), lastID: 100,
	}
	s.methods = methodTable()
	s.queue.wake = make(chan struct{})
	s.http = httptest.NewServer(s)
	s.URL = s.http.URL
	tb.Cleanup(s.Close)
	return s
}

// Close stops the server. New does it at the end of the test.
func (s *Server) Close() {
	s.mu.Lock()
	select {
	case <-s.stop:
		s.mu.Unlock()
		return
	default:
	}
	close(s.stop)
	s.mu.Unlock()
	s.http.CloseClientConnections()
	s.http.Close()
}

// SetClock replaces the clock.
func (s *Server) SetClock(now func() time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.clock = now
}

// Advance puts the server's clock forward.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

func (s *Server) now() time.Time { return s.clock().Add(s.offset) }

// Now returns the server's time.
func (s *Server) Now() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now()
}

// Calls returns the requests so far, or only those of one method.
func (s *Server) Calls(method string) []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Call
	for _, c := range s.calls {
		if method == "" || strings.EqualFold(c.Method, method) {
			out = append(out, c)
		}
	}
	return out
}

// WriteCalls writes the requests so far as JSON lines {"method","params"}.
func (s *Server) WriteCalls(w io.Writer) error {
	enc := json.NewEncoder(w)
	for _, c := range s.Calls("") {
		if err := enc.Encode(c); err != nil {
			return err
		}
	}
	return nil
}

// An apiError is a refusal in the server's own words.
type apiError struct {
	code   int
	text   string
	params map[string]any
}

func refuse(text string) *apiError { return &apiError{code: 400, text: "Bad Request: " + text} }
func forbid(text string) *apiError { return &apiError{code: 403, text: "Forbidden: " + text} }
func tooMany(seconds int) *apiError {
	return &apiError{code: 429, text: fmt.Sprintf("Too Many Requests: retry after %d", seconds),
		params: map[string]any{"retry_after": seconds}}
}

// ServeHTTP answers a request of the bot.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	token, method, ok := splitPath(r.URL.Path)
	if !ok {
		writeError(w, &apiError{code: 404, text: "Not Found"})
		return
	}
	s.mu.Lock()
	revoked := s.revoked
	s.mu.Unlock()
	if token != s.Token || revoked {
		writeError(w, &apiError{code: 401, text: "Unauthorized"})
		return
	}
	params, err := readParams(r)
	if err != nil {
		writeError(w, refuse(err.Error()))
		return
	}
	fault := s.begin(method, params)
	if fault.before(w) {
		return
	}
	result, fail := s.do(r, method, params)
	if fault.after(w) {
		return
	}
	if fail != nil {
		s.failed(method, fail)
		writeError(w, fail)
		return
	}
	writeJSON(w, 200, map[string]any{"ok": true, "result": result})
}

// splitPath takes "/bot<token>/<method>" apart.
func splitPath(path string) (token, method string, ok bool) {
	rest, ok := strings.CutPrefix(path, "/bot")
	if !ok {
		return "", "", false
	}
	token, method, ok = strings.Cut(rest, "/")
	return token, method, ok && !strings.Contains(method, "/")
}

// begin records a request and picks the fault that it meets.
func (s *Server) begin(method string, params map[string]string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.calls = append(s.calls, Call{Method: method, Params: params, At: s.now()})
	for _, f := range s.faults {
		if f.Times > 0 && strings.EqualFold(f.Method, method) && (f.Chat == 0 || params["chat_id"] == strconv.FormatInt(f.Chat, 10)) {
			f.Times--
			return f
		}
	}
	return nil
}

// failed notes how the last request of a method was refused.
func (s *Server) failed(method string, e *apiError) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i := len(s.calls) - 1; i >= 0; i-- {
		if s.calls[i].Method == method {
			s.calls[i].Error = e.text
			return
		}
	}
}

// do runs a method.
func (s *Server) do(r *http.Request, method string, params map[string]string) (any, *apiError) {
	name := strings.ToLower(method)
	spec, ok := s.methods[name]
	if !ok {
		return nil, &apiError{code: 404, text: "Not Found: method not found"}
	}
	if unknown := spec.unknown(params); len(unknown) > 0 {
		s.tb.Errorf("telegramtest: %s has no parameter %q: the real server ignores it", method, unknown)
	}
	for _, field := range strings.Fields(spec.required) {
		if params[field] == "" {
			return nil, refuse(missing(field))
		}
	}
	if name == "getupdates" {
		return s.getUpdates(r, params)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return spec.run(s, params)
}

func missing(field string) string {
	switch field {
	case "text":
		return "message text is empty"
	case "chat_id":
		return "chat_id is empty"
	}
	return "parameter \"" + field + "\" is required"
}

func writeError(w http.ResponseWriter, e *apiError) {
	body := map[string]any{"ok": false, "error_code": e.code, "description": e.text}
	if e.params != nil {
		body["parameters"] = e.params
		if after, ok := e.params["retry_after"]; ok {
			w.Header().Set("Retry-After", fmt.Sprint(after))
		}
	}
	writeJSON(w, e.code, body)
}

func writeJSON(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	_ = json.NewEncoder(w).Encode(body) // the bot may have gone
}
