package discordtest

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"time"

	"crypto/ed25519"
)

// Permissions that matter here.
const (
	PermManageGuild    = 1 << 5
	PermManageMessages = 1 << 13
	permAll            = 1<<10 | 1<<11 | 1<<14 | 1<<16 | 1<<38 // view, send, embed links, read history, send in threads
)

func (s *Server) appPermissions(channel string) int64 {
	p := int64(permAll)
	for name, bit := range map[string]int64{"SEND_MESSAGES": 1 << 11, "EMBED_LINKS": 1 << 14, "READ_MESSAGE_HISTORY": 1 << 16, "SEND_MESSAGES_IN_THREADS": 1 << 38} {
		if s.lacks(channel, name) {
			p &^= bit
		}
	}
	return p
}

func (u User) locale() string {
	if u.Locale == "" {
		return "en-US"
	}
	return u.Locale
}

func (u User) json() map[string]any {
	return map[string]any{"id": u.ID, "username": "user" + u.ID, "discriminator": "0", "avatar": nil, "public_flags": 0, "global_name": nil}
}

func (c Channel) json() map[string]any {
	m := map[string]any{"id": c.ID, "type": 0, "name": "general"}
	switch {
	case c.Guild == "":
		m["type"] = 1
	case c.Parent != "":
		m["type"], m["parent_id"] = 11, c.Parent
	}
	return m
}

// place adds who and where to an interaction's payload.
func (u User) place(p map[string]any, at Channel) {
	if at.Guild == "" {
		p["user"], p["context"] = u.json(), 1
		p["authorizing_integration_owners"] = map[string]any{"1": u.ID}
		return
	}
	p["guild_id"], p["guild_locale"], p["context"] = at.Guild, "en-US", 0
	p["authorizing_integration_owners"] = map[string]any{"0": at.Guild}
	p["member"] = map[string]any{
		"user": u.json(), "roles": []any{}, "permissions": strconv.FormatInt(u.Permissions, 10), "joined_at": "2024-01-01T00:00:00Z",
		"deaf": false, "mute": false, "flags": 0,
	}
}

// targetJSON is a message as an interaction with its button carries it. The caller holds s.mu.
func (s *Server) targetJSON(st *stored) map[string]any {
	m := s.messageJSON(st)
	if st.asker != "" {
		m["interaction_metadata"] = map[string]any{"id": st.id, "type": 2, "user": User{ID: st.asker}.json(), "authorizing_integration_owners": map[string]any{}}
	}
	return m
}

// An Option is an option of a slash command. Type 3 is text, 4 a number, 5 a boolean, 6 a user, 7 a channel.
type Option struct {
	Name    string   `json:"name"`
	Type    int      `json:"type"`
	Value   any      `json:"value,omitempty"`
	Focused bool     `json:"focused,omitempty"`
	Options []Option `json:"options,omitempty"`
}

// Text returns an option of type text.
func Text(name, value string) Option { return Option{Name: name, Type: 3, Value: value} }

// Bool returns a boolean option.
func Bool(name string, value bool) Option { return Option{Name: name, Type: 5, Value: value} }

// An endpoint receives interactions over HTTP instead of the gateway.
type endpoint struct{ handler http.Handler }

// UseHTTP sends interactions to h, signed with the application's key, instead of over the gateway.
func (s *Server) UseHTTP(h http.Handler) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.endpoint = &endpoint{handler: h}
}

// Sign returns a request to an interactions endpoint with a valid signature.
func (s *Server) Sign(body []byte) *http.Request {
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	ts := strconv.FormatInt(time.Now().Unix(), 10)
	r.Header.Set("X-Signature-Timestamp", ts)
	r.Header.Set("X-Signature-Ed25519", hex.EncodeToString(ed25519.Sign(s.key, append([]byte(ts), body...))))
	return r
}

// deliver sends an interaction to the bot. An answer in the HTTP reply is taken like a callback.
func (s *Server) deliver(ctx context.Context, i *Interaction, p map[string]any) error {
	s.mu.Lock()
	ep := s.endpoint
	s.mu.Unlock()
	if ep == nil {
		return s.Dispatch(ctx, "INTERACTION_CREATE", i.channel.Guild, p)
	}
	raw, err := json.Marshal(p)
	if err != nil {
		return err
	}
	w := httptest.NewRecorder()
	ep.handler.ServeHTTP(w, s.Sign(raw).WithContext(ctx))
	switch w.Code {
	case http.StatusAccepted, http.StatusNoContent:
		return nil
	case http.StatusOK:
		s.mu.Lock()
		defer s.mu.Unlock()
		c := &call{Request: httptest.NewRequest(http.MethodPost, "/callback", nil), body: w.Body.Bytes()}
		if a := s.firstAnswer(c, i); a.status >= 300 {
			return fmt.Errorf("the answer in the HTTP reply was refused: %v", a.body)
		}
		return nil
	}
	return fmt.Errorf("the endpoint answered %d", w.Code)
}

var errLate = errors.New("the bot did not answer in time")

// Wait returns what the person sees in the end.
func (i *Interaction) Wait(ctx context.Context) (Message, error) {
	select {
	case <-i.done:
	case <-ctx.Done():
		return Message{}, errLate
	}
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	if i.result == nil {
		return Message{}, nil
	}
	return i.result.view(), nil
}

// Done is closed when the person sees something, or when an autocomplete was answered.
func (i *Interaction) Done() <-chan struct{} { return i.done }

// Acked returns how long the first answer took, and its type.
func (i *Interaction) Acked() (took time.Duration, callback int) {
	i.s.mu.Lock()
	defer i.s.mu.Unlock()
	return i.acked, i.callback
}

// Forget removes an interaction and its messages, for tests that make very many.
func (s *Server) Forget(i *Interaction) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byToken, i.Token)
	if i.original != nil {
		delete(s.messages, i.original.id)
	}
	if i.result != nil {
		delete(s.messages, i.result.id)
	}
}

// Start uses a slash command without waiting for the answer.
func (s *Server) Start(ctx context.Context, u User, at Channel, command string, options ...Option) (*Interaction, error) {
	i, p := s.newInteraction(u, at, 2, s.commandData(command, 1, options), nil)
	return i, s.deliver(ctx, i, p)
}

func (s *Server) commandData(name string, kind int, options []Option) map[string]any {
	d := map[string]any{"id": s.commandID(name), "name": name, "type": kind}
	if len(options) > 0 {
		d["options"] = options
	}
	users, members := map[string]any{}, map[string]any{}
	for _, o := range options {
		if id, isID := o.Value.(string); isID && o.Type == 6 {
			users[id] = User{ID: id}.json()
			members[id] = map[string]any{"roles": []any{}, "permissions": "0"}
		}
	}
	if len(users) > 0 {
		d["resolved"] = map[string]any{"users": users, "members": members}
	}
	return d
}

// WaitAcked waits for the first answer.
func (i *Interaction) WaitAcked(ctx context.Context) error {
	for {
		i.s.mu.Lock()
		answered, changed := i.answered, i.s.changed
		i.s.mu.Unlock()
		if answered {
			return nil
		}
		select {
		case <-ctx.Done():
			return errLate
		case <-changed:
		}
	}
}
