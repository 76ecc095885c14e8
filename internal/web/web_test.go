package web_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"docent/internal/web"
)

// TestStop stops a server that has a connection without a request, as proxies open them, and one that has a request.
func TestStop(t *testing.T) {
	for name, busy := range map[string]bool{"unused connection": false, "request": true} {
		t.Run(name, func(t *testing.T) {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			began, finish := make(chan bool), make(chan bool)
			s := &web.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				close(began)
				<-finish
			})}
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- s.Serve(ctx, l, 20*time.Millisecond) }()
			c, err := net.Dial("tcp", l.Addr().String())
			if err != nil {
				t.Fatal(err)
			}
			defer c.Close()
			if busy {
				io.WriteString(c, "GET / HTTP/1.1\r\nHost: x\r\n\r\n")
				<-began
			}
			stop()
			if err := <-done; (err != nil) != busy {
				t.Errorf("stopped with %v", err)
			}
			close(finish)
		})
	}
}
