package telegramtest

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"
)

// An effect is something that people saw the bot do.
type effect struct {
	chat   int64
	user   int64 // who alone saw it; 0: all
	inline string
	kind   string // send, edit, delete, toast, results, guest
	rec    *record
	text   string
}

// target finds the chat of a request and says why the bot may not write there.
func (s *Server) target(params map[string]string) (*chat, *apiError) {
	id, ok := number(params, "chat_id")
	c := s.chats[id]
	if !ok || c == nil {
		return nil, refuse("chat not found")
	}
	if c.refusal != "" {
		return nil, forbid(c.refusal)
	}
	if c.outside {
		return nil, forbid("bot is not a member of the " + c.kind + " chat")
	}
	if c.moved != 0 {
		return nil, &apiError{code: 400, text: "Bad Request: group chat was upgraded to a supergroup chat",
			params: map[string]any{"migrate_to_chat_id": c.moved}}
	}
	return c, nil
}

// words checks a text as sendMessage and editMessageText do and returns what people see of it.
func words(params map[string]string, name string) (string, *apiError) {
	text := params[name]
	if len(text) > 1<<15 {
		return "", refuse("text is too long")
	}
	visible, err := visibleText(text, params["parse_mode"])
	if err != nil {
		return "", refuse("can't parse entities: " + err.Error())
	}
	visible = strings.TrimSpace(visible)
	if visible == "" {
		return "", refuse("message text is empty")
	}
	if units(visible) > 4096 {
		return "", refuse("message is too long")
	}
	return visible, nil
}

func (s *Server) sendMessage(params map[string]string) (any, *apiError) {
	c, fail := s.target(params)
	if fail != nil {
		return nil, fail
	}
	if fail := s.limit(c); fail != nil {
		return nil, fail
	}
	text, fail := words(params, "text")
	if fail != nil {
		return nil, fail
	}
	board, fail := readKeyboard(params["reply_markup"])
	if fail != nil {
		return nil, fail
	}
	m := &record{chat: c, from: s.Me, text: text, html: params["text"], markup: board, rawMarkup: board.json(), date: s.now()}
	if fail := s.place(m, params); fail != nil {
		return nil, fail
	}
	if raw := params["ephemeral_message_parameters"]; raw != "" {
		return s.sendEphemeral(m, raw, params)
	}
	m.id = s.newID()
	c.messages[m.id] = m
	c.lastBot = s.Me.ID
	s.answeredOne(c.id)
	s.effects = append(s.effects, effect{chat: c.id, kind: "send", rec: m, text: text})
	return m.json(true), nil
}

// place puts a message into its topic and finds what it answers.
func (s *Server) place(m *record, params map[string]string) *apiError {
	if raw, ok := params["message_thread_id"]; ok {
		n, _ := number(params, "message_thread_id")
		if !m.chat.topics[int(n)] {
			return refuse("message thread not found")
		}
		if raw != "" {
			m.thread, m.topicMessage = int(n), true
		}
	}
	raw := params["reply_parameters"]
	if raw == "" {
		return nil
	}
	var reply struct {
		MessageID int  `json:"message_id"`
		Ephemeral int  `json:"ephemeral_message_id"`
		Allow     bool `json:"allow_sending_without_reply"`
	}
	if err := json.Unmarshal([]byte(raw), &reply); err != nil {
		return refuse("can't parse reply parameters JSON object")
	}
	if reply.Ephemeral != 0 {
		return nil
	}
	target := m.chat.messages[reply.MessageID]
	if target == nil || target.deleted {
		if !reply.Allow {
			return refuse("message to be replied not found")
		}
		return nil
	}
	m.replyTo = target.id
	if target.topicMessage && m.thread == 0 {
		m.thread, m.topicMessage = target.thread, true
	}
	return nil
}

// limit keeps the rates. The caller holds the lock.
func (s *Server) limit(c *chat) *apiError {
	if !s.Limits {
		return nil
	}
	now := s.now()
	span, most := time.Second, 5 // short bursts pass in a private chat
	if c.kind != "private" {
		span, most = time.Minute, 20
	}
	if wait := s.over(c.id, now, span, most); wait > 0 {
		return tooMany(wait)
	}
	if wait := s.over(0, now, time.Second, 30); wait > 0 {
		return tooMany(wait)
	}
	s.sent[c.id] = append(s.sent[c.id], now)
	s.sent[0] = append(s.sent[0], now)
	return nil
}

// over returns the seconds to wait when most messages were sent within the span.
func (s *Server) over(id int64, now time.Time, span time.Duration, most int) int {
	list := s.sent[id]
	for len(list) > 0 && now.Sub(list[0]) >= span {
		list = list[1:]
	}
	s.sent[id] = list
	if len(list) < most {
		return 0
	}
	return int((span - now.Sub(list[0]) + time.Second - 1) / time.Second)
}

// find returns the message of a request that edits one.
func (s *Server) find(params map[string]string) (*record, *apiError) {
	if id := params["inline_message_id"]; id != "" {
		if m := s.inline[id]; m != nil {
			return m, nil
		}
		return nil, refuse("MESSAGE_ID_INVALID")
	}
	c, fail := s.target(params)
	if fail != nil {
		return nil, fail
	}
	id, ok := number(params, "message_id")
	m := c.messages[int(id)]
	if !ok || m == nil || m.deleted {
		return nil, refuse("message to edit not found")
	}
	if m.from.ID != s.Me.ID {
		return nil, refuse("message can't be edited")
	}
	return m, nil
}

func (s *Server) editMessageText(params map[string]string) (any, *apiError) {
	m, fail := s.find(params)
	if fail != nil {
		return nil, fail
	}
	if m.chat != nil && m.chat.kind != "private" {
		if fail := s.limit(m.chat); fail != nil {
			return nil, fail
		}
	}
	return s.edit(m, params)
}

// edit changes a message. Without reply_markup its buttons go.
func (s *Server) edit(m *record, params map[string]string) (any, *apiError) {
	text, fail := words(params, "text")
	if fail != nil {
		return nil, fail
	}
	board, fail := readKeyboard(params["reply_markup"])
	if fail != nil {
		return nil, fail
	}
	if m.text == text && m.html == params["text"] && m.markup.equal(board) {
		return nil, refuse("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.text, m.html, m.markup, m.rawMarkup = text, params["text"], board, board.json()
	return s.edited(m), nil
}

func (s *Server) edited(m *record) any {
	e := effect{kind: "edit", rec: m, text: m.text, inline: params0(m, s)}
	if m.chat == nil {
		s.effects = append(s.effects, e)
		return true
	}
	e.chat, e.user = m.chat.id, m.receiver
	s.effects = append(s.effects, e)
	if m.ephemeral != 0 {
		return true
	}
	return m.json(true)
}

// params0 returns the inline id of a message, if it was sent through the bot.
func params0(m *record, s *Server) string {
	for id, other := range s.inline {
		if other == m {
			return id
		}
	}
	return ""
}

func (s *Server) editMessageReplyMarkup(params map[string]string) (any, *apiError) {
	m, fail := s.find(params)
	if fail != nil {
		return nil, fail
	}
	board, fail := readKeyboard(params["reply_markup"])
	if fail != nil {
		return nil, fail
	}
	if m.markup.equal(board) {
		return nil, refuse("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	m.markup, m.rawMarkup = board, board.json()
	return s.edited(m), nil
}

func (s *Server) deleteMessage(params map[string]string) (any, *apiError) {
	c, fail := s.target(params)
	if fail != nil {
		return nil, fail
	}
	id, _ := number(params, "message_id")
	m := c.messages[int(id)]
	if m == nil || m.deleted {
		return nil, refuse("message to delete not found")
	}
	if m.from.ID != s.Me.ID && c.kind != "private" && !c.mayDrop {
		return nil, refuse("message can't be deleted")
	}
	m.deleted = true
	s.effects = append(s.effects, effect{chat: c.id, kind: "delete", rec: m})
	return true, nil
}

func (s *Server) sendChatAction(params map[string]string) (any, *apiError) {
	if _, fail := s.target(params); fail != nil {
		return nil, fail
	}
	return true, nil
}

func (s *Server) getChatMember(params map[string]string) (any, *apiError) {
	c, fail := s.target(params)
	if fail != nil {
		return nil, fail
	}
	id, _ := number(params, "user_id")
	role := c.members[id]
	if role == "" {
		role = "member"
	}
	return map[string]any{"status": role, "user": User{ID: id, Name: fmt.Sprint("User ", id)}.json()}, nil
}

func (s *Server) getMe(map[string]string) (any, *apiError) {
	m := s.Me.json()
	m["can_join_groups"], m["can_read_all_group_messages"], m["supports_inline_queries"] = true, !s.Privacy, true
	if s.Guests {
		m["supports_guest_queries"] = true
	}
	return m, nil
}
