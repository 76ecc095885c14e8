package discordtest

import (
	"context"
	"net"
	"net/http/httptest"
	"sync"
	"testing"
)

// NewInBubble starts a Discord that is reached by Dial alone and not over the network, so that testing/synctest can run
// its clock: waits of minutes take no time.
func NewInBubble(tb testing.TB) *Server {
	tb.Helper()
	l := &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}
	s := prepare(tb)
	s.pipes = l
	s.http = httptest.NewUnstartedServer(s.routes())
	s.http.Listener.Close()
	s.http.Listener = l
	s.http.Start()
	s.URL = s.http.URL
	tb.Cleanup(s.close)
	return s
}

// Dial connects to a Server that NewInBubble made. It takes the place of a net.Dialer's DialContext.
func (s *Server) Dial(ctx context.Context, _, _ string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	select {
	case s.pipes.conns <- theirs:
		return ours, nil
	case <-s.pipes.closed:
		return nil, net.ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// pipes is a net.Listener whose connections are pipes.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// Accept returns the other end of what was dialled.
func (l *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-l.conns:
		return c, nil
	case <-l.closed:
		return nil, net.ErrClosed
	}
}

// Close ends Accept and Dial.
func (l *pipes) Close() error {
	l.once.Do(func() { close(l.closed) })
	return nil
}

// Addr returns an address that nobody connects to.
func (l *pipes) Addr() net.Addr { return &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 1} }
