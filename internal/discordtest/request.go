package discordtest

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"time"
)

// A Request is one call that the bot made, with the answer that it got.
type Request struct {
	Method string
	Path   string // without the prefix /api/vN
	Query  string
	Body   []byte
	At     time.Time

	Status int
	Reply  []byte
}

// Requests returns what was recorded, oldest first, where match says so. A nil match takes all.
func (s *Server) Requests(match func(Request) bool) []Request {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Request
	for _, r := range s.requests {
		if match == nil || match(r) {
			out = append(out, r)
		}
	}
	return out
}

// Sent returns the requests of a method whose path begins with prefix.
func (s *Server) Sent(method, prefix string) []Request {
	return s.Requests(func(r Request) bool { return r.Method == method && strings.HasPrefix(r.Path, prefix) })
}

// A Fault makes requests fail. The zero Status cuts the connection.
type Fault struct {
	Method string        // empty: any
	Prefix string        // of the path, such as "/channels/"
	Times  int           // how often; negative: until the test ends
	Status int           // the answer; 0: the connection is cut
	After  bool          // do the work first, then fail
	Scope  string        // for 429: "user", "global" or "shared"
	Wait   time.Duration // for 429: how long to wait
	Code   int           // the error code in the answer
}

// Fail adds a fault. Faults are used in the order in which they were added.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// takeFault returns the fault for a request, if any.
func (s *Server) takeFault(method, path string) *Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, f := range s.faults {
		if f.Times == 0 || f.Method != "" && f.Method != method || !strings.HasPrefix(path, f.Prefix) {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// answer is what a route returns: a status and a body to encode, or nil.
type answer struct {
	status int
	body   any
	header map[string]string
}

func ok(body any) answer { return answer{status: http.StatusOK, body: body} }

func noContent() answer { return answer{status: http.StatusNoContent} }

func refuse(status, code int, message string) answer {
	return answer{status: status, body: map[string]any{"message": message, "code": code}}
}

// A call is a request with what the router learned.
type call struct {
	*http.Request
	path []string // the path's parts without the prefix
	body []byte
	auth bool // carries the bot's token
}

// decode reads the body strictly: what the platform does not know fails the test.
func (c *call) decode(s *Server, v any) bool {
	d := json.NewDecoder(bytes.NewReader(c.body))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		s.broke("%s %s: %v", c.Method, c.URL.Path, err)
		return false
	}
	return true
}

// routes returns the handler of the whole server.
func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/gateway-socket/", s.hub.serve)
	mux.HandleFunc("/api/", s.serveAPI)
	return mux
}

func (s *Server) serveAPI(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/api")
	for _, v := range []string{"/v9", "/v10"} {
		path = strings.TrimPrefix(path, v)
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	c := &call{Request: r, body: body, path: strings.Split(strings.Trim(path, "/"), "/"),
		auth: r.Header.Get("Authorization") == "Bot "+Token}
	a, cut := s.answerOrFail(c, path)
	if cut {
		panic(http.ErrAbortHandler)
	}
	var raw []byte
	if a.body != nil {
		if raw, err = json.Marshal(a.body); err != nil {
			s.tb.Errorf("discordtest: encode: %v", err)
		}
		w.Header().Set("Content-Type", "application/json")
	}
	for k, v := range a.header {
		w.Header().Set(k, v)
	}
	s.record(Request{Method: r.Method, Path: path, Query: r.URL.RawQuery, Body: body, At: time.Now(), Status: a.status, Reply: raw})
	w.WriteHeader(a.status)
	w.Write(raw)
}

func (s *Server) record(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) < s.keep {
		s.requests = append(s.requests, r)
		s.signal()
	}
}

// answerOrFail runs the route, unless a fault says otherwise.
func (s *Server) answerOrFail(c *call, path string) (a answer, cut bool) {
	f := s.takeFault(c.Method, path)
	if f == nil {
		header, refused := s.limited(c)
		if refused != nil {
			return *refused, false
		}
		a = s.route(c)
		a.header = header
		return a, false
	}
	if f.After {
		s.route(c)
	}
	if f.Status == 0 {
		s.record(Request{Method: c.Method, Path: path, Query: c.URL.RawQuery, Body: c.body, At: time.Now()})
		return answer{}, true
	}
	return f.answer(), false
}

// WaitRequest waits until a request of a method whose path begins with prefix was answered.
func (s *Server) WaitRequest(ctx context.Context, method, prefix string) error {
	return s.Repeat(ctx, method, prefix, 1)
}

// Repeat waits until n requests of a method whose path begins with prefix were answered.
func (s *Server) Repeat(ctx context.Context, method, prefix string, n int) error {
	for {
		s.mu.Lock()
		changed := s.changed
		s.mu.Unlock()
		if len(s.Sent(method, prefix)) >= n {
			return nil
		}
		select {
		case <-ctx.Done():
			return errLate
		case <-changed:
		}
	}
}
