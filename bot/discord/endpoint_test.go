package discord

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"docent/internal/discordtest"
)

func newHTTPRig(t *testing.T) *rig {
	r := newRig(t)
	r.HTTP, r.PublicKey = true, r.srv.PublicKey()
	r.srv.UseHTTP(r.Adapter)
	return r.start()
}

func TestInteractionsOverHTTP(t *testing.T) {
	r := newHTTPRig(t)
	at := discordtest.InGeneral()
	m := r.srv.Ask(ada, at, "pain")
	if !strings.Contains(m.Text, "You asked: pain") {
		t.Errorf("%+v", m)
	}
	if more := r.srv.Press(ada, m, "Read more"); more.ID != m.ID {
		t.Errorf("%+v", more)
	}
	if list, _ := r.srv.Complete(ada, at, "topic", "name", ""); len(list) != 2 {
		t.Errorf("%+v", list)
	}
	if m := r.srv.Slash(ada, at, "ask", discordtest.Text("question", "none"), discordtest.Bool("private", false)); !m.Ephemeral {
		t.Errorf("a refusal: %+v", m)
	}
	if first, target := r.srv.OnMessage(ada, at, "Ask the articles", "pain", nil); !first.Ephemeral || !replied(r.srv.Messages(at), target) {
		t.Errorf("%+v", first)
	}
	r.set(mod, discordtest.Bool("private", true))
	if private := r.srv.Ask(ada, at, "pain"); !private.Ephemeral {
		t.Errorf("%+v", private)
	}
	if status := r.srv.Slash(mod, at, "docent", discordtest.Option{Name: "status", Type: 1}); !strings.Contains(status.Text, "Status") {
		t.Errorf("%+v", status)
	}
	if gone := r.srv.Press(ada, m, "Delete"); !gone.Deleted {
		t.Errorf("%+v", gone)
	}
	if n := r.srv.Counts().Connects; n != 0 {
		t.Errorf("%d gateway connections", n)
	}
}

func replied(list []discordtest.Message, to string) bool {
	return slices.ContainsFunc(list, func(m discordtest.Message) bool { return m.ReplyTo == to })
}

func TestSignatures(t *testing.T) {
	r := newHTTPRig(t)
	ping := []byte(`{"type":1,"id":"1","application_id":"2","token":"x","version":1}`)
	post := func(change func(*http.Request)) int {
		req := r.srv.Sign(ping)
		change(req)
		w := httptest.NewRecorder()
		r.ServeHTTP(w, req)
		if w.Code == 200 && (w.Body.String() != `{"type":1}` || w.Header().Get("Content-Type") != "application/json") {
			t.Errorf("pong %q of type %q", w.Body, w.Header().Get("Content-Type"))
		}
		return w.Code
	}
	if got := post(func(*http.Request) {}); got != 200 {
		t.Errorf("a good signature: %d", got)
	}
	for name, change := range map[string]func(*http.Request){
		"no signature":      func(q *http.Request) { q.Header.Del("X-Signature-Ed25519") },
		"no timestamp":      func(q *http.Request) { q.Header.Del("X-Signature-Timestamp") },
		"other timestamp":   func(q *http.Request) { q.Header.Set("X-Signature-Timestamp", "1") },
		"short signature":   func(q *http.Request) { q.Header.Set("X-Signature-Ed25519", "ab") },
		"not hexadecimal":   func(q *http.Request) { q.Header.Set("X-Signature-Ed25519", strings.Repeat("zz", 64)) },
		"another signature": func(q *http.Request) { q.Header.Set("X-Signature-Ed25519", strings.Repeat("00", 64)) },
	} {
		if got := post(change); got != 401 {
			t.Errorf("%s: %d, want 401", name, got)
		}
	}
	w := httptest.NewRecorder()
	r.ServeHTTP(w, r.srv.Sign([]byte(strings.Repeat("x", maxInteraction+1))))
	if w.Code != http.StatusRequestEntityTooLarge {
		t.Errorf("a large body: %d", w.Code)
	}
	w = httptest.NewRecorder()
	r.ServeHTTP(w, httptest.NewRequest(http.MethodGet, "/", nil))
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("GET: %d", w.Code)
	}
}

func TestBadConfiguration(t *testing.T) {
	for name, change := range map[string]func(*Adapter){
		"no token": func(a *Adapter) { a.Token = "" }, "bad key": func(a *Adapter) { a.PublicKey = "zz" },
		"no key": func(a *Adapter) { a.HTTP = true }, "bad address": func(a *Adapter) { a.APIURL = "ftp://x" },
	} {
		r := newRig(t)
		change(r.Adapter)
		if err := r.Run(r.ctx()); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
