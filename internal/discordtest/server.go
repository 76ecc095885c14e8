// Package discordtest is a Discord for tests: its REST interface and its gateway on a local port, in the manner of
// httptest. It keeps messages, checks what a bot sends against the platform's rules with the platform's own error
// texts, records every request, and breaks on demand. It knows nothing of the adapter under test.
package discordtest

import (
	"crypto/ed25519"
	"encoding/hex"
	"fmt"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"
)

// The places and people that exist from the start.
const (
	AppID   = "900000000000000001" // the application
	BotID   = "900000000000000001" // the bot's user
	Guild   = "800000000000000001" // a server
	General = "700000000000000001" // a text channel in it
	Forum   = "700000000000000002" // a forum channel in it
	Token   = "loopback-token-for-tests"
)

// A Server is a Discord. Its methods may be called from several goroutines, but those that say "fails the test" only
// from the test's own.
type Server struct {
	URL        string // base address, for the setting discord.api_url
	Tolerant   bool   // do not fail the test when the bot breaks a rule of the platform; the answer is still an error
	Heartbeat  time.Duration
	Shards     int    // what /gateway/bot recommends
	Concurrent int    // max_concurrency
	Privileged int    // privileged intents that the application has
	Locale     string // the server's preferred one; empty: en-US

	IdentifyWindow time.Duration // Identifies of one bucket inside it are refused; 5 s on the real platform

	tb    testing.TB
	http  *httptest.Server
	pipes *pipes // nil: it is on the network
	key   ed25519.PrivateKey

	mu           sync.Mutex
	offset       time.Duration // of the fake clock
	lastID       int64
	nonces       map[string]*stored // channel + nonce
	messages     map[string]*stored // by id
	byToken      map[string]*Interaction
	interactions int
	commands     map[string][]map[string]any // by scope: "" or a guild's id
	created      int                         // commands created today
	requests     []Request
	keep         int // how many requests are kept
	faults       []*Fault
	changed      chan struct{} // closed and replaced when a message changes
	hub          *hub
	identifyAt   map[int]time.Time
	limit        int // Identifies left today
	threads      map[string]string
	endpoint     *endpoint
	deny         map[string]bool // permissions that the bot lacks; with a channel's id before them only there
	limits       limits
}

// New starts a Discord that ends with the test. At the end it checks every recorded request, and its own answers, with
// Discord's OpenAPI file where that is present.
func New(tb testing.TB) *Server {
	tb.Helper()
	s := prepare(tb)
	s.http = httptest.NewServer(s.routes())
	s.URL = s.http.URL
	tb.Cleanup(s.close)
	return s
}

// prepare makes a Server that does not listen yet.
func prepare(tb testing.TB) *Server {
	tb.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	if err != nil {
		tb.Fatal(err)
	}
	s := &Server{
		tb: tb, key: key, Heartbeat: 41250 * time.Millisecond, Shards: 1, Concurrent: 1,
		lastID: 600000000000000000, limit: 1000, keep: 20000,
		nonces: map[string]*stored{}, messages: map[string]*stored{}, byToken: map[string]*Interaction{},
		commands: map[string][]map[string]any{}, changed: make(chan struct{}), identifyAt: map[int]time.Time{},
		threads: map[string]string{}, deny: map[string]bool{},
	}
	s.hub = newHub(s)
	return s
}

func (s *Server) close() {
	s.hub.closeAll()
	s.http.CloseClientConnections()
	s.http.Close()
	s.hub.done.Wait()
	s.checkRecorded()
}

// PublicKey returns the application's Ed25519 key in hexadecimal, as the developer portal shows it.
func (s *Server) PublicKey() string {
	return hex.EncodeToString(s.key.Public().(ed25519.PublicKey))
}

// Advance moves the fake's clock forward: interaction tokens expire by it.
func (s *Server) Advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.offset += d
}

// SetSessionsLeft sets how many Identifies /gateway/bot says are left today.
func (s *Server) SetSessionsLeft(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.limit = n
}

// Deny takes a permission from the bot in all channels: "EMBED_LINKS", "READ_MESSAGE_HISTORY",
// "SEND_MESSAGES" or "SEND_MESSAGES_IN_THREADS".
func (s *Server) Deny(permission string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.deny[permission] = true
}

// Discard keeps no more than n requests from here on: for tests that send very many.
func (s *Server) Discard(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.keep = n
	if len(s.requests) > n {
		s.requests = s.requests[:n]
	}
}

// DenyIn takes a permission from the bot in one channel.
func (s *Server) DenyIn(at Channel, permission string) { s.Deny(at.ID + " " + permission) }

// lacks says whether the bot lacks a permission in a channel. The caller holds s.mu.
func (s *Server) lacks(channel, permission string) bool {
	return s.deny[permission] || s.deny[channel+" "+permission]
}

func (s *Server) now() time.Time { return time.Now().Add(s.offset) }

// nextID returns a new snowflake. The caller holds s.mu.
func (s *Server) nextID() string {
	s.lastID++
	return strconv.FormatInt(s.lastID, 10)
}

// signal wakes those who wait for messages. The caller holds s.mu.
func (s *Server) signal() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// broke reports that the bot broke a rule of the platform.
func (s *Server) broke(format string, args ...any) {
	if !s.Tolerant {
		s.tb.Errorf("discordtest: the bot broke a rule: %s", fmt.Sprintf(format, args...))
	}
}

// DM returns the channel of the bot's direct messages with a user.
func DM(user string) Channel { return Channel{ID: "5" + user} }

// A Channel is where something is said. Without a Guild it is a direct message.
type Channel struct {
	ID     string
	Guild  string
	Parent string // of a thread or post
}

// InGeneral returns the text channel that every Server has.
func InGeneral() Channel { return Channel{ID: General, Guild: Guild} }

// A User is a person on the fake.
type User struct {
	ID          string
	Locale      string // empty: en-US
	Permissions int64  // in the guild
}
