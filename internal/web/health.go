package web

import (
	"net/http"
	"sync/atomic"
)

// Readiness says whether the program takes questions. The zero value does not.
type Readiness struct{ ready atomic.Bool }

// Set changes the readiness.
func (r *Readiness) Set(ready bool) { r.ready.Store(ready) }

// Health returns the pages for machines that watch the program: /healthz answers 200 while it lives, /readyz answers 200
// while it takes questions and 503 otherwise.
func Health(r *Readiness) http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { plain(w, http.StatusOK, "ok") })
	mux.HandleFunc("GET /readyz", func(w http.ResponseWriter, _ *http.Request) {
		if !r.ready.Load() {
			plain(w, http.StatusServiceUnavailable, "not ready")
			return
		}
		plain(w, http.StatusOK, "ready")
	})
	return mux
}

func plain(w http.ResponseWriter, status int, text string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write([]byte(text + "\n"))
}
