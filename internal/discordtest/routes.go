package discordtest

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// answer returns what the platform says when it is broken or busy in the way of f.
func (f *Fault) answer() answer {
	if f.Status != http.StatusTooManyRequests {
		a := refuse(f.Status, f.Code, http.StatusText(f.Status))
		if f.Status >= 500 {
			a.body = nil
		}
		return a
	}
	wait := strconv.FormatFloat(f.Wait.Seconds(), 'f', 3, 64)
	h := map[string]string{"Retry-After": strconv.Itoa(int(f.Wait/time.Second) + 1), "X-RateLimit-Scope": f.Scope}
	if f.Scope == "global" {
		h["X-RateLimit-Global"] = "true" // and no Reset-After, as on the real platform
	} else {
		h["X-RateLimit-Limit"], h["X-RateLimit-Remaining"] = "5", "0"
		h["X-RateLimit-Reset-After"], h["X-RateLimit-Bucket"] = wait, "faultbucket"
	}
	body := map[string]any{"message": "You are being rate limited.", "retry_after": f.Wait.Seconds(), "global": f.Scope == "global"}
	return answer{status: http.StatusTooManyRequests, body: body, header: h}
}

// route finds what a request asks for and answers it.
func (s *Server) route(c *call) answer {
	if ua := c.Header.Get("User-Agent"); !strings.HasPrefix(ua, "DiscordBot (") {
		s.broke("%s %s: the User-Agent is not \"DiscordBot (url, version)\"", c.Method, c.URL.Path)
		return refuse(http.StatusForbidden, 40333, "internal network error")
	}
	switch c.path[0] {
	case "interactions":
		return s.callback(c)
	case "webhooks":
		return s.webhook(c)
	}
	if !c.auth {
		return refuse(http.StatusUnauthorized, 0, "401: Unauthorized")
	}
	switch key := c.Method + " " + c.path[0]; key {
	case "GET gateway":
		return s.getGateway(c)
	case "GET users":
		return ok(botUser(true))
	case "GET oauth2":
		return ok(map[string]any{"id": AppID, "name": "Docent", "verify_key": s.PublicKey()})
	case "GET channels":
		if len(c.path) == 2 {
			return s.getChannel(c.path[1])
		}
	}
	switch c.path[0] {
	case "applications":
		return s.applications(c)
	case "channels":
		return s.channels(c)
	}
	return s.unknownRoute(c)
}

func (s *Server) unknownRoute(c *call) answer {
	s.broke("%s %s: there is no such route", c.Method, c.URL.Path)
	return refuse(http.StatusNotFound, 0, "404: Not Found")
}

func botUser(self bool) map[string]any {
	u := map[string]any{
		"id": BotID, "username": "docent", "avatar": nil, "discriminator": "0001", "public_flags": 0, "flags": 0,
		"global_name": nil, "primary_guild": nil, "bot": true,
	}
	if self {
		u["mfa_enabled"], u["locale"] = false, "en-US"
	}
	return u
}

func (s *Server) getGateway(c *call) answer {
	url := "ws" + strings.TrimPrefix(s.URL, "http") + "/gateway-socket/"
	if len(c.path) == 1 {
		return ok(map[string]any{"url": url})
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return ok(map[string]any{"url": url, "shards": s.Shards, "session_start_limit": map[string]any{
		"total": 1000, "remaining": s.limit, "reset_after": 3600000, "max_concurrency": s.Concurrent,
	}})
}

func (s *Server) getChannel(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := map[string]any{"id": id, "guild_id": Guild, "flags": 0, "type": 0, "name": "general", "position": 0}
	if parent, isThread := s.threads[id]; isThread {
		delete(c, "position")
		c["type"], c["parent_id"], c["owner_id"] = 11, parent, "42"
		c["message_count"], c["member_count"], c["total_message_sent"] = 1, 1, 1
		c["thread_metadata"] = map[string]any{
			"archived": false, "archive_timestamp": "2026-01-01T00:00:00Z", "auto_archive_duration": 1440, "locked": false,
		}
	}
	return ok(c)
}

// channels answers what is said and deleted in channels.
func (s *Server) channels(c *call) answer {
	switch n := len(c.path); {
	case n == 3 && c.path[2] == "typing" && c.Method == http.MethodPost:
		return noContent()
	case n == 3 && c.path[2] == "messages" && c.Method == http.MethodPost:
		return s.createMessage(c)
	case n == 4 && c.path[2] == "messages" && c.Method == http.MethodPatch:
		return s.editChannelMessage(c)
	case n == 4 && c.path[2] == "messages" && c.Method == http.MethodDelete:
		return s.deleteMessage(c.path[3])
	}
	return s.unknownRoute(c)
}

func (s *Server) createMessage(c *call) answer {
	var m messageRequest
	if !c.decode(s, &m) {
		return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	}
	if bad := checkMessage(&m, true); len(bad) > 0 {
		return s.invalid(c, bad)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if a, denied := s.denied(c.path[1], &m); denied {
		return a
	}
	key := c.path[1] + " " + fmt.Sprint(m.Nonce)
	if m.EnforceNonce && m.Nonce != nil {
		if old := s.nonces[key]; old != nil {
			return ok(s.messageJSON(old))
		}
	}
	st := s.newStored(c.path[1], &m)
	if m.MessageReference != nil {
		st.reply = m.MessageReference.MessageID
	}
	if m.Nonce != nil {
		st.nonce = fmt.Sprint(m.Nonce)
		s.nonces[key] = st
	}
	s.signal()
	return ok(s.messageJSON(st))
}

// denied says whether the bot lacks a permission for a message. The caller holds s.mu.
func (s *Server) denied(channel string, m *messageRequest) (answer, bool) {
	switch {
	case s.threads[channel] == "" && s.lacks(channel, "SEND_MESSAGES"), s.threads[channel] != "" && s.lacks(channel, "SEND_MESSAGES_IN_THREADS"):
		return refuse(http.StatusForbidden, 50013, "Missing Permissions"), true
	case s.lacks(channel, "EMBED_LINKS") && len(m.Embeds) > 0:
		return refuse(http.StatusForbidden, 50013, "Missing Permissions"), true
	case s.lacks(channel, "READ_MESSAGE_HISTORY") && m.MessageReference != nil:
		return refuse(http.StatusBadRequest, 160002, "Cannot reply without permission to read message history"), true
	}
	return answer{}, false
}

func (s *Server) editChannelMessage(c *call) answer {
	var m messageRequest
	if !c.decode(s, &m) {
		return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
	}
	if bad := checkMessage(&m, false); len(bad) > 0 {
		return s.invalid(c, bad)
	}
	return s.edit(c.path[3], &m)
}

func (s *Server) edit(id string, m *messageRequest) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.messages[id]
	if st == nil || st.deleted {
		return refuse(http.StatusNotFound, 10008, "Unknown Message")
	}
	st.apply(m)
	st.edits++
	st.loading = false
	s.signal()
	return ok(s.messageJSON(st))
}

func (s *Server) deleteMessage(id string) answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.messages[id]
	if st == nil || st.deleted {
		return refuse(http.StatusNotFound, 10008, "Unknown Message")
	}
	st.deleted = true
	s.signal()
	return noContent()
}

func (s *Server) invalid(c *call, bad []Violation) answer {
	for _, v := range bad {
		s.broke("%s %s: %s: %s (%s)", c.Method, c.URL.Path, v.Field, v.Message, v.Code)
	}
	if bad[0].Code == "50006" {
		return refuse(http.StatusBadRequest, 50006, bad[0].Message)
	}
	errs := map[string]any{}
	for _, v := range bad {
		errs[v.Field] = map[string]any{"_errors": []any{map[string]any{"code": v.Code, "message": v.Message}}}
	}
	return answer{status: http.StatusBadRequest, body: map[string]any{"message": "Invalid Form Body", "code": 50035, "errors": errs}}
}
