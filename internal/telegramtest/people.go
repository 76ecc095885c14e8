package telegramtest

import (
	"strings"
	"time"
)

// A Message is what somebody sees of what the bot did: a message, a changed one, or the notice that pops up when a button
// was pressed.
type Message struct {
	Chat      Chat
	ID        int
	Inline    string // inline_message_id of a message that was sent through the bot
	Text      string // all visible words; several messages are joined with an empty line
	HTML      string // as it was sent
	Buttons   []Button
	ReplyTo   int
	Parts     int  // how many messages it came in
	Edited    bool // an earlier message was changed
	Toast     bool // a notice that pops up
	Ephemeral int  // only one member of the group sees it
	Receiver  int64
}

// Labels returns the labels of the buttons.
func (m Message) Labels() []string {
	var out []string
	for _, b := range m.Buttons {
		out = append(out, b.Label)
	}
	return out
}

// A Post is something that somebody writes.
type Post struct {
	From    User
	Chat    Chat
	Text    string
	ReplyTo int            // id of the message that it answers
	Date    time.Time      // zero: now
	As      int64          // sender_chat: an anonymous administrator or a channel
	Extra   map[string]any // more fields of the message
	Hidden  bool           // an ephemeral command
}

// Write posts a message without waiting for anything. It returns its id, and false where the bot does not receive it.
func (s *Server) Write(p Post) (id int, received bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, q := s.write(p)
	return m.id, q != nil
}

func (s *Server) write(p Post) (*record, *pending) {
	c := s.chats[p.Chat.ID]
	if c == nil {
		s.tb.Fatalf("telegramtest: there is no chat %d", p.Chat.ID)
	}
	m := &record{id: s.newID(), chat: c, from: p.From, text: p.Text, replyTo: p.ReplyTo, date: p.Date, asChat: p.As, extra: p.Extra}
	if m.date.IsZero() {
		m.date = s.now()
	}
	if p.As != 0 {
		m.extra = merge(p.Extra, map[string]any{"sender_chat": map[string]any{"id": p.As, "type": "supergroup", "title": "anonymous"}})
		m.from = User{ID: 1087968824, Name: "Group", Username: "GroupAnonymousBot", Bot: true}
	}
	s.thread(m, p.Chat)
	c.messages[m.id] = m
	if p.Hidden {
		m.ephemeral = m.id
		c.messages[-m.id] = m
	}
	if !p.Hidden && !s.routed(m) {
		return m, nil
	}
	kind := "message"
	if c.kind == "channel" {
		kind = "channel_post"
	}
	return m, s.push(kind, chatKey(c.id), m.json(true), keepMessage-s.now().Sub(m.date))
}

// thread puts a person's message into a topic, where it answers the topic's root unless it answers something else, or
// into a reply thread of a group that is no forum.
func (s *Server) thread(m *record, at Chat) {
	if at.Topic != 0 {
		m.thread, m.topicMessage = at.Topic, true
		if m.replyTo == 0 {
			m.replyTo = at.Topic
		}
		return
	}
	if m.replyTo != 0 && m.chat.kind == "supergroup" && !m.chat.forum {
		m.thread = m.replyTo
		if target := m.chat.messages[m.replyTo]; target != nil && target.thread != 0 {
			m.thread = target.thread
		}
	}
}

func merge(maps ...map[string]any) map[string]any {
	out := map[string]any{}
	for _, m := range maps {
		for k, v := range m {
			out[k] = v
		}
	}
	return out
}

// Ask writes a message and returns what the writer sees in answer: the zero Message when the bot stays silent. It waits
// until the bot has confirmed the update.
func (s *Server) Ask(u User, at Chat, text string) Message {
	s.tb.Helper()
	return s.AskPost(Post{From: u, Chat: at, Text: text})
}

// AskPost is Ask with all that a Post can have.
func (s *Server) AskPost(p Post) Message {
	s.tb.Helper()
	s.mu.Lock()
	seen := len(s.effects)
	_, q := s.write(p)
	s.mu.Unlock()
	s.settle(q)
	return s.seen(seen, p.From, p.Chat.ID, "")
}

// Edit changes a message and returns what its writer sees then.
func (s *Server) Edit(u User, at Chat, id int, text string) Message {
	s.tb.Helper()
	s.mu.Lock()
	seen := len(s.effects)
	m := s.chats[at.ID].messages[id]
	m.text = text
	body := m.json(true)
	body["edit_date"] = s.now().Unix()
	var q *pending
	if s.routed(m) {
		q = s.push("edited_message", chatKey(at.ID), body, keepMessage)
	}
	s.mu.Unlock()
	s.settle(q)
	return s.seen(seen, u, at.ID, "")
}

// Press presses the button with a label and returns what the person sees then. It fails the test where there is none.
func (s *Server) Press(u User, m Message, label string) Message {
	s.tb.Helper()
	for _, b := range m.Buttons {
		if b.Label == label && b.Data != "" {
			return s.PressData(u, m, b.Data)
		}
	}
	s.tb.Fatalf("telegramtest: there is no button %q; there are %q", label, m.Labels())
	return Message{}
}

// PressData presses a button by its data, which may be forged.
func (s *Server) PressData(u User, m Message, data string) Message {
	s.tb.Helper()
	s.mu.Lock()
	seen := len(s.effects)
	var rec *record
	switch {
	case m.Inline != "":
	case m.Ephemeral != 0:
		rec = s.chats[m.Chat.ID].messages[-m.Ephemeral]
	default:
		rec = s.chats[m.Chat.ID].messages[m.ID]
	}
	q := s.press(u, rec, m.Inline, data)
	s.mu.Unlock()
	s.settle(q)
	return s.seen(seen, u, m.Chat.ID, m.Inline)
}

// settle waits until an update is confirmed.
func (s *Server) settle(p *pending) {
	s.tb.Helper()
	if p == nil {
		return
	}
	select {
	case <-p.done:
	case <-time.After(s.Deadline):
		s.tb.Fatalf("telegramtest: the bot did not confirm the update within %v", s.Deadline)
	case <-s.stop:
	}
}

// seen joins what a person saw the bot do in a chat since then.
func (s *Server) seen(since int, u User, chatID int64, inline string) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out Message
	var texts []string
	for _, e := range s.effects[since:] {
		if e.chat != chatID || e.inline != inline || e.user != 0 && e.user != u.ID || e.kind == "delete" {
			continue
		}
		if e.rec == nil {
			texts = append(texts, e.text)
			out.Toast = true
			continue
		}
		out.Inline, out.Parts = inline, out.Parts+1
		out.ID, out.HTML, out.Buttons, out.ReplyTo = e.rec.id, e.rec.html, e.rec.markup.flat(), e.rec.replyTo
		out.Ephemeral, out.Receiver = e.rec.ephemeral, e.rec.receiver
		out.Chat = Chat{ID: chatID}
		if e.rec.topicMessage {
			out.Chat.Topic = e.rec.thread
		}
		out.Edited = out.Edited || e.kind == "edit"
		texts = append(texts, e.text)
	}
	if out.Chat.ID == 0 {
		out.Chat.ID = chatID
	}
	out.Text = strings.Join(texts, "\n\n")
	return out
}

// Messages returns what the bot has in a chat now, oldest first.
func (s *Server) Messages(c Chat) []Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []Message
	for id := 0; id <= s.lastID; id++ {
		m := s.chats[c.ID].messages[id]
		if m == nil || m.deleted || m.from.ID != s.Me.ID || m.extra != nil {
			continue
		}
		out = append(out, Message{Chat: c, ID: m.id, Text: m.text, HTML: m.html, Buttons: m.markup.flat(), ReplyTo: m.replyTo, Parts: 1})
	}
	return out
}
