package telegramtest

import (
	"net/http"
	"strconv"
	"time"
)

// A Fault makes the next requests of a method fail.
type Fault struct {
	Method string
	Times  int
	Chat   int64 // only requests for this chat; 0: any
	Kind   FaultKind
	Code   int           // Status: the HTTP status; TooMany: the seconds of retry_after
	Text   string        // Refuse: the description after "Bad Request: " or, with Code 403, "Forbidden: "
	Hold   chan struct{} // Slow: the answer is held back until it is closed
}

// FaultKind says what a Fault does.
type FaultKind int

// The kinds of Fault.
const (
	TooMany     FaultKind = iota // 429 with retry_after
	Status                       // an HTML page with this status, as a gateway sends it; nothing was done
	Refuse                       // a refusal in words
	ResetBefore                  // the connection breaks before anything was done
	ResetAfter                   // the connection breaks after it was done
	BadJSON                      // it was done, but the answer cannot be read
	Slow                         // it was done, but the answer's body comes late
	StatusAfter                  // it was done, but an HTML page with this status comes back
)

// Fail makes the next requests meet a fault.
func (s *Server) Fail(f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, &f)
}

// before does what happens instead of the work. It returns true when the request is answered.
func (f *Fault) before(w http.ResponseWriter) bool {
	if f == nil {
		return false
	}
	switch f.Kind {
	case TooMany:
		writeError(w, tooMany(f.Code))
	case Status:
		writePage(w, f.Code)
	case Refuse:
		if f.Code == 403 {
			writeError(w, forbid(f.Text))
		} else {
			writeError(w, refuse(f.Text))
		}
	case ResetBefore:
		reset(w)
	default:
		return false
	}
	return true
}

// after does what happens instead of the answer.
func (f *Fault) after(w http.ResponseWriter) bool {
	if f == nil {
		return false
	}
	switch f.Kind {
	case ResetAfter:
		reset(w)
	case StatusAfter:
		writePage(w, f.Code)
	case BadJSON:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":true,"result":{"message_id":`))
	case Slow:
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(`{"ok":`))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-f.Hold:
		case <-time.After(20 * time.Second):
		}
		return true
	default:
		return false
	}
	return true
}

func writePage(w http.ResponseWriter, code int) {
	w.Header().Set("Content-Type", "text/html")
	w.WriteHeader(code)
	text := strconv.Itoa(code) + " " + http.StatusText(code)
	_, _ = w.Write([]byte("<html>\r\n<head><title>" + text + "</title></head>\r\n<body><center><h1>" + text +
		"</h1></center><hr><center>nginx/1.18.0</center></body></html>\r\n"))
}

// reset breaks the connection without an answer.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = conn.Close()
}

// Revoke makes the bot's token wrong.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.revoked = true
	if s.queue.poll != nil {
		close(s.queue.wake)
		s.queue.wake = make(chan struct{})
	}
}
