// Package web is everything that the program shows over HTTP: the browser preview and the health pages, behind one guard
// that sets security headers and refuses foreign hosts. It knows nothing of Discord and Telegram beyond how a Reply looks
// there, and it never sees a token.
package web

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"syscall"
	"time"
)

// The time limits of the server. WriteTimeout leaves room for the slowest answer.
const (
	readHeaderTimeout = 5 * time.Second
	readTimeout       = 15 * time.Second
	writeTimeout      = 45 * time.Second
	idleTimeout       = 60 * time.Second
	maxHeaderBytes    = 16 << 10
)

// A Server serves a Handler on one address until it is told to stop.
type Server struct {
	Handler http.Handler
	Log     *slog.Logger // nil: discard
}

// Listen takes the address. Its error says who can help when the address is taken or not allowed.
func Listen(address string) (net.Listener, error) {
	l, err := net.Listen("tcp", address)
	switch {
	case err == nil:
		return l, nil
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("listen on %s: another program uses this port: stop it, or choose another with server.listen (DOCENT_SERVER_LISTEN)", address)
	case errors.Is(err, os.ErrPermission):
		return nil, fmt.Errorf("listen on %s: not allowed: choose a port from 1024 up with server.listen (DOCENT_SERVER_LISTEN)", address)
	}
	return nil, fmt.Errorf("listen on %s: %w: correct server.listen (DOCENT_SERVER_LISTEN)", address, err)
}

// Serve answers requests until ctx ends, then takes no more and lets those that have begun finish, for at most drain.
func (s *Server) Serve(ctx context.Context, l net.Listener, drain time.Duration) error {
	log := s.Log
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	var active atomic.Int64 // requests
	srv := &http.Server{
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			active.Add(1)
			defer active.Add(-1)
			s.Handler.ServeHTTP(w, r)
		}),
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug),
	}
	done := make(chan error, 1)
	go func() { done <- srv.Serve(l) }()
	select {
	case err := <-done:
		return fmt.Errorf("serve web pages: %w", err)
	case <-ctx.Done():
	}
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := srv.Shutdown(stop); err != nil {
		srv.Close()
		if active.Load() > 0 { // else there are only connections that a proxy opened and has not used yet
			return fmt.Errorf("stop the web server: %w", err)
		}
	}
	return nil
}
