package telegramtest

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A User is a person or a bot.
type User struct {
	ID       int64
	Name     string
	Username string
	Language string // IETF language tag
	Bot      bool
}

func (u User) json() map[string]any {
	m := map[string]any{"id": u.ID, "is_bot": u.Bot, "first_name": u.Name}
	if u.Username != "" {
		m["username"] = u.Username
	}
	if u.Language != "" {
		m["language_code"] = u.Language
	}
	return m
}

// A Chat is where a message is written: a private chat, a group, or a topic of one.
type Chat struct {
	ID    int64
	Topic int // a forum topic; 0: none, or General
}

// chat is what the server knows of a Chat.
type chat struct {
	id       int64
	kind     string // private, group, supergroup, channel
	title    string
	user     User // the person of a private chat
	forum    bool
	topics   map[int]bool
	members  map[int64]string
	messages map[int]*record
	moved    int64  // the supergroup that a group became
	refusal  string // why the bot may not write here: a 403 text
	lastBot  int64  // the last bot that wrote here
	outside  bool   // the bot is not a member
	mayDrop  bool   // the bot may delete messages
}

// A record is a message.
type record struct {
	id, thread       int
	chat             *chat
	from             User
	asChat           int64
	text, html       string
	markup           keyboard
	replyTo          int
	topicMessage     bool
	date             time.Time
	ephemeral        int
	receiver         int64
	rawMarkup, extra map[string]any
	deleted          bool
}

// Private returns the chat of a person with the bot.
func (s *Server) Private(u User) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.chats[u.ID] == nil {
		s.chats[u.ID] = &chat{id: u.ID, kind: "private", user: u, messages: map[int]*record{}, topics: map[int]bool{},
			members: map[int64]string{}}
	}
	return Chat{ID: u.ID}
}

// Group makes a supergroup that the bot is a member of.
func (s *Server) Group(title string) Chat { return s.newGroup(title, "supergroup", -1001000000000) }

// BasicGroup makes a group that can become a supergroup with Migrate.
func (s *Server) BasicGroup(title string) Chat { return s.newGroup(title, "group", -1000) }

// Channel makes a channel.
func (s *Server) Channel(title string) Chat { return s.newGroup(title, "channel", -1002000000000) }

func (s *Server) newGroup(title, kind string, base int64) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := base - int64(len(s.chats)) - 1
	s.chats[id] = &chat{id: id, kind: kind, title: title, messages: map[int]*record{}, topics: map[int]bool{},
		members: map[int64]string{}}
	return Chat{ID: id}
}

// Forum turns a group into a forum and opens a topic in it.
func (s *Server) Forum(c Chat) Chat {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.lastID++
	ch := s.chats[c.ID]
	ch.forum = true
	ch.topics[s.lastID] = true
	ch.messages[s.lastID] = &record{id: s.lastID, chat: ch, from: s.Me, thread: s.lastID, topicMessage: true, date: s.now(),
		extra: map[string]any{"forum_topic_created": map[string]any{"name": "Topic", "icon_color": 7322096}}}
	return Chat{ID: c.ID, Topic: s.lastID}
}

// CloseTopic deletes a topic.
func (s *Server) CloseTopic(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.chats[c.ID].topics, c.Topic)
}

// Role makes a person "creator", "administrator", "member", "restricted", "left" or "kicked" in a group.
func (s *Server) Role(c Chat, u User, role string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[c.ID].members[u.ID] = role
	if u.ID == s.Me.ID {
		s.chats[c.ID].mayDrop = role == "administrator"
	}
}

// Refuse makes every message to a chat fail with 403 and the given text, such as "bot was blocked by the user"; "" ends it.
func (s *Server) Refuse(c Chat, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[c.ID].refusal = text
}

// Leave takes the bot out of a group.
func (s *Server) Leave(c Chat) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chats[c.ID].outside = true
}

// Migrate turns a group into a supergroup. Announce tells the bot of it with service messages.
func (s *Server) Migrate(c Chat, announce bool) Chat {
	to := s.Group("migrated")
	s.mu.Lock()
	defer s.mu.Unlock()
	old := s.chats[c.ID]
	old.moved = to.ID
	if announce {
		s.push("message", chatKey(c.ID), map[string]any{"message_id": s.newID(), "date": s.now().Unix(), "chat": old.json(),
			"migrate_to_chat_id": to.ID}, keepMessage)
		s.push("message", chatKey(to.ID), map[string]any{"message_id": s.newID(), "date": s.now().Unix(),
			"chat": s.chats[to.ID].json(), "migrate_from_chat_id": c.ID}, keepMessage)
	}
	return to
}

func (s *Server) newID() int { s.lastID++; return s.lastID }

func chatKey(id int64) string { return fmt.Sprint("chat ", id) }

func (c *chat) json() map[string]any {
	m := map[string]any{"id": c.id, "type": c.kind}
	if c.kind == "private" {
		m["first_name"] = c.user.Name
		return m
	}
	m["title"] = c.title
	if c.forum {
		m["is_forum"] = true
	}
	return m
}

func (r *record) json(deep bool) map[string]any {
	m := map[string]any{"message_id": r.id, "date": r.date.Unix(), "chat": r.chat.json()}
	if r.from.ID != 0 {
		m["from"] = r.from.json()
	}
	if r.text != "" {
		m["text"] = r.text
	}
	if list := entities(r.text); len(list) > 0 && (!r.from.Bot || r.asChat != 0) {
		m["entities"] = list
	}
	if r.thread != 0 {
		m["message_thread_id"] = r.thread
	}
	if r.topicMessage {
		m["is_topic_message"] = true
	}
	if r.ephemeral != 0 {
		m["message_id"], m["ephemeral_message_id"] = 0, r.ephemeral
	}
	if r.rawMarkup != nil {
		m["reply_markup"] = r.rawMarkup
	}
	for k, v := range r.extra {
		m[k] = v
	}
	if target := r.chat.messages[r.replyTo]; deep && target != nil {
		m["reply_to_message"] = target.json(false)
	}
	return m
}

var entityPattern = regexp.MustCompile(`/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]{3,32})?|@[A-Za-z0-9_]{3,32}`)

// entities finds commands and mentions, with offsets in UTF-16 units.
func entities(text string) []map[string]any {
	var out []map[string]any
	for _, at := range entityPattern.FindAllStringIndex(text, -1) {
		if at[0] > 0 && isWord(text[at[0]-1]) {
			continue
		}
		kind := "mention"
		if text[at[0]] == '/' {
			kind = "bot_command"
		}
		out = append(out, map[string]any{"type": kind, "offset": units(text[:at[0]]), "length": units(text[at[0]:at[1]])})
	}
	return out
}

func isWord(c byte) bool {
	return c == '_' || c == '/' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}

// routed says whether the bot receives a message: everything in private and without privacy mode, else what is for it.
func (s *Server) routed(m *record) bool {
	c := m.chat
	if c.outside {
		return false
	}
	if c.kind == "private" || !s.Privacy || c.members[s.Me.ID] == "administrator" {
		return !m.from.Bot || m.asChat != 0
	}
	if target := c.messages[m.replyTo]; target != nil && target.from.ID == s.Me.ID && !(m.topicMessage && m.replyTo == m.thread) {
		return true
	}
	me := strings.ToLower("@" + s.Me.Username)
	for _, e := range entityPattern.FindAllString(m.text, -1) {
		e = strings.ToLower(e)
		if e == me || strings.HasSuffix(e, me) || strings.HasPrefix(e, "/") && !strings.Contains(e, "@") && c.lastBot == s.Me.ID {
			return true
		}
	}
	return false
}
