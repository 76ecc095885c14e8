package discordtest

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

type identifyRequest struct {
	Token          string          `json:"token"`
	Properties     json.RawMessage `json:"properties"`
	Compress       bool            `json:"compress"`
	LargeThreshold int             `json:"large_threshold"`
	Shard          *[2]int         `json:"shard"`
	Presence       json.RawMessage `json:"presence"`
	Intents        int             `json:"intents"`
}

// Privileged intents.
const (
	IntentPresences      = 1 << 8
	IntentMembers        = 1 << 1
	IntentMessageContent = 1 << 15
)

// identify starts a session and says whether the connection goes on.
func (h *hub) identify(c *conn, raw json.RawMessage) bool {
	var r identifyRequest
	if err := json.Unmarshal(raw, &r); err != nil {
		c.close(4002, "Error while decoding payload.")
		return false
	}
	shard := [2]int{0, 1}
	if r.Shard != nil {
		shard = *r.Shard
	}
	h.note(func(n *Counts) {
		n.Identifies++
		n.Shards = append(n.Shards, shard[0])
	})
	if code := h.refuseIdentify(r, shard); code != 0 {
		c.close(code, closeText(code))
		return false
	}
	if !h.takeIdentify(shard[0]) {
		c.send(payload{Op: 9, D: json.RawMessage("false")})
		return true
	}
	h.start(c, shard)
	return true
}

// start makes a session and attaches its connection at once, so that no event slips in before READY.
func (h *hub) start(c *conn, shard [2]int) {
	url := "ws" + strings.TrimPrefix(h.s.URL, "http") + "/gateway-socket/resume/"
	h.note(func(*Counts) {
		sess := &session{id: "session" + strconv.Itoa(len(h.sessions)+1), shard: shard, first: 1, conn: c}
		h.sessions[sess.id], c.sess = sess, sess
		ready, _ := json.Marshal(map[string]any{
			"v": 9, "user": botUser(true), "guilds": []any{map[string]any{"id": Guild, "unavailable": true}}, "session_id": sess.id,
			"resume_gateway_url": url, "shard": shard, "application": map[string]any{"id": AppID, "flags": 0},
		})
		h.push(sess, "READY", ready)
		if serves(shard, Guild) {
			h.push(sess, "GUILD_CREATE", guildJSON(User{Locale: h.s.Locale}.locale()))
		}
	})
}

// guildJSON is the server as GUILD_CREATE carries it.
func guildJSON(locale string) json.RawMessage {
	channel := func(id, name string, kind int) map[string]any {
		return map[string]any{
			"id": id, "type": kind, "name": name, "guild_id": Guild, "position": 0, "permission_overwrites": []any{}, "flags": 0,
			"parent_id": nil, "topic": nil, "nsfw": false, "last_message_id": nil, "rate_limit_per_user": 0, "available_tags": []any{},
		}
	}
	raw, _ := json.Marshal(map[string]any{
		"id": Guild, "name": "A server", "owner_id": "42", "icon": nil, "splash": nil, "banner": nil, "description": nil, "features": []any{},
		"preferred_locale": locale, "afk_channel_id": nil, "afk_timeout": 300, "verification_level": 0, "mfa_level": 0, "nsfw_level": 0,
		"default_message_notifications": 0, "explicit_content_filter": 0, "system_channel_id": nil, "system_channel_flags": 0,
		"rules_channel_id": nil, "public_updates_channel_id": nil, "premium_tier": 0, "member_count": 100000, "large": true,
		"joined_at": "2024-01-01T00:00:00Z", "unavailable": false, "emojis": []any{}, "stickers": []any{}, "threads": []any{},
		"stage_instances": []any{}, "guild_scheduled_events": []any{}, "voice_states": []any{}, "presences": []any{}, "soundboard_sounds": []any{},
		"roles": []any{map[string]any{
			"id": Guild, "name": "@everyone", "color": 0, "hoist": false, "position": 0, "permissions": "2248473465835073", "managed": false,
			"mentionable": false, "flags": 0,
		}},
		"members": []any{map[string]any{
			"user": botUser(false), "roles": []any{}, "joined_at": "2024-01-01T00:00:00Z", "deaf": false, "mute": false, "flags": 0,
		}},
		"channels": []any{channel(General, "general", 0), channel(Forum, "questions", 15)},
	})
	return raw
}

func (h *hub) refuseIdentify(r identifyRequest, shard [2]int) int {
	switch {
	case r.Token != "Bot "+Token && r.Token != Token:
		return 4004
	case shard[0] < 0 || shard[1] < 1 || shard[0] >= shard[1]:
		return 4010
	case r.Intents < 0 || r.Intents >= 1<<26:
		return 4013
	case r.Intents&(IntentPresences|IntentMembers|IntentMessageContent)&^h.s.Privileged != 0:
		return 4014
	}
	return 0
}

// takeIdentify says whether the rate limit of Identifies allows one more.
func (h *hub) takeIdentify(shard int) bool {
	s := h.s
	s.mu.Lock()
	defer s.mu.Unlock()
	bucket := shard % s.Concurrent
	last, seen := s.identifyAt[bucket]
	if seen && time.Since(last) < s.IdentifyWindow {
		s.broke("gateway: two Identifies of bucket %d within %v", bucket, s.IdentifyWindow)
		return false
	}
	s.identifyAt[bucket] = time.Now()
	s.limit--
	return true
}

// resume goes on with a session and replays what was missed.
func (h *hub) resume(c *conn, raw json.RawMessage) bool {
	var r struct {
		Token     string `json:"token"`
		SessionID string `json:"session_id"`
		Seq       int64  `json:"seq"`
	}
	if err := json.Unmarshal(raw, &r); err != nil {
		c.close(4002, "Error while decoding payload.")
		return false
	}
	h.note(func(n *Counts) { n.Resumes++ })
	if !strings.HasPrefix(c.path, "/gateway-socket/resume") {
		h.s.broke("gateway: Resume was not sent to resume_gateway_url")
	}
	if r.Token != "Bot "+Token && r.Token != Token {
		c.close(4004, closeText(4004))
		return false
	}
	h.mu.Lock()
	sess := h.sessions[r.SessionID]
	bad := sess == nil || sess.dead
	h.mu.Unlock()
	if bad {
		c.send(payload{Op: 9, D: json.RawMessage("false")})
		return true
	}
	if !h.replay(c, sess, r.Seq) {
		c.close(4007, closeText(4007))
		return false
	}
	return true
}

// replay sends what came after seq, then RESUMED. It returns false when the client knows a seq that never was.
func (h *hub) replay(c *conn, sess *session, seq int64) (ok bool) {
	h.note(func(*Counts) {
		if seq > sess.seq {
			return
		}
		for n := seq + 1; n <= sess.seq; n++ {
			if n >= sess.first {
				c.sendRaw(sess.events[n-sess.first])
			}
		}
		c.sess, sess.conn = sess, c
		h.push(sess, "RESUMED", json.RawMessage(`{}`))
		ok = true
	})
	return ok
}

const sessionBuffer = 5000

// push gives an event the session's next number, keeps it and sends it. The caller holds h.mu.
func (h *hub) push(sess *session, kind string, data json.RawMessage) {
	sess.seq++
	seq := sess.seq
	raw, err := json.Marshal(payload{Op: 0, D: data, S: &seq, T: kind})
	if err != nil {
		return
	}
	sess.events = append(sess.events, raw)
	if over := len(sess.events) - sessionBuffer; over > 0 {
		sess.events, sess.first = sess.events[over:], sess.first+int64(over)
	}
	if sess.conn != nil {
		sess.conn.sendRaw(raw)
	}
}

// Dispatch sends an event to the sessions that serve a guild (empty: direct messages), connected or not. It waits for the
// first session.
func (s *Server) Dispatch(ctx context.Context, kind, guild string, data any) error {
	raw, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("encode event: %w", err)
	}
	sent := false
	return s.Wait(ctx, func(Counts) bool {
		s.hub.mu.Lock()
		defer s.hub.mu.Unlock()
		for _, sess := range s.hub.sessions {
			if !sess.dead && serves(sess.shard, guild) {
				s.hub.push(sess, kind, raw)
				sent = true
			}
		}
		return sent
	})
}

func serves(shard [2]int, guild string) bool {
	if guild == "" {
		return shard[0] == 0
	}
	id, _ := strconv.ParseInt(guild, 10, 64)
	return int((id>>22)%int64(shard[1])) == shard[0]
}

// each runs f on every connection.
func (h *hub) each(f func(*conn)) {
	h.mu.Lock()
	var cs []*conn
	for c := range h.conns {
		cs = append(cs, c)
	}
	h.mu.Unlock()
	for _, c := range cs {
		f(c)
	}
}

// endSessions makes all sessions impossible to resume.
func (h *hub) endSessions() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, sess := range h.sessions {
		sess.dead = true
	}
}

func (h *hub) closeAll() {
	h.mu.Lock()
	h.closed = true
	h.mu.Unlock()
	h.each(func(c *conn) { c.close(1001, "") })
}

// CloseGateway closes all connections with a code. After 1000, 1001, 4007 and 4009 their sessions are over.
func (s *Server) CloseGateway(code int) {
	if code == 1000 || code == 1001 || code == 4007 || code == 4009 {
		s.hub.endSessions()
	}
	s.hub.each(func(c *conn) { c.close(code, closeText(code)) })
}

// CutGateway ends all connections in the middle of a frame.
func (s *Server) CutGateway() { s.hub.each((*conn).cut) }

// MuteGateway stops acknowledging heartbeats on the connections that are open now.
func (s *Server) MuteGateway() {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	for c := range s.hub.conns {
		c.mute = true
	}
}

// SendOp sends an op without an event, such as 7 (reconnect), 1 (heartbeat now) or 9 (invalid session).
func (s *Server) SendOp(op int, d string) {
	if op == 9 && d == "false" {
		s.hub.endSessions()
	}
	s.hub.each(func(c *conn) { c.send(payload{Op: op, D: json.RawMessage(d)}) })
}

// SendRaw sends bytes that may not be a payload at all.
func (s *Server) SendRaw(raw string) { s.hub.each(func(c *conn) { c.sendRaw([]byte(raw)) }) }

// Connections returns how many gateway connections are open.
func (s *Server) Connections() int {
	s.hub.mu.Lock()
	defer s.hub.mu.Unlock()
	return len(s.hub.conns)
}
