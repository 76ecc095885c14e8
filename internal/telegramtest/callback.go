package telegramtest

import (
	"encoding/json"
	"fmt"
	"time"
)

// A callback is a pressed button that waits for answerCallbackQuery.
type callback struct {
	id       string
	from     User
	chat     int64
	inline   string
	at       time.Time
	answered bool
}

// callbackLife is how long a callback can be answered, and ephemeralLife how long it allows an ephemeral message.
const (
	callbackLife  = 150 * time.Second
	ephemeralLife = 15 * time.Second
)

func (s *Server) answerCallbackQuery(params map[string]string) (any, *apiError) {
	c := s.callbacks[params["callback_query_id"]]
	if c == nil || c.answered || s.now().Sub(c.at) > callbackLife {
		return nil, refuse("query is too old and response timeout expired or query ID is invalid")
	}
	if units(params["text"]) > 200 {
		return nil, refuse("MESSAGE_TOO_LONG")
	}
	c.answered = true
	if text := params["text"]; text != "" {
		s.effects = append(s.effects, effect{chat: c.chat, inline: c.inline, user: c.from.ID, kind: "toast", text: text})
	}
	return true, nil
}

// Unanswered returns how many pressed buttons still show progress because nobody answered them.
func (s *Server) Unanswered() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, c := range s.callbacks {
		if !c.answered {
			n++
		}
	}
	return n
}

// sendEphemeral sends a message that one member of a group sees.
func (s *Server) sendEphemeral(m *record, raw string, params map[string]string) (any, *apiError) {
	var e struct {
		Receiver int64  `json:"receiver_user_id"`
		Callback string `json:"callback_query_id"`
	}
	if err := json.Unmarshal([]byte(raw), &e); err != nil || e.Receiver == 0 {
		return nil, refuse("can't parse ephemeral message parameters JSON object")
	}
	var reply struct {
		Ephemeral int `json:"ephemeral_message_id"`
	}
	_ = json.Unmarshal([]byte(params["reply_parameters"]), &reply) // checked by place
	source := m.chat.messages[-reply.Ephemeral]
	call := s.callbacks[e.Callback]
	fresh := call != nil && s.now().Sub(call.at) <= ephemeralLife || source != nil && s.now().Sub(source.date) <= ephemeralLife
	switch {
	case !s.Ephemeral || m.chat.kind == "private":
		return nil, refuse("ephemeral messages are not supported in the chat")
	case !fresh && m.chat.members[s.Me.ID] != "administrator":
		return nil, refuse("not enough rights to send ephemeral messages")
	}
	m.ephemeral, m.receiver = s.newID(), e.Receiver
	m.chat.messages[-m.ephemeral] = m
	s.effects = append(s.effects, effect{chat: m.chat.id, user: e.Receiver, kind: "send", rec: m, text: m.text})
	return m.json(false), nil
}

// findEphemeral finds the message of a request that changes an ephemeral one.
func (s *Server) findEphemeral(params map[string]string) (*record, *apiError) {
	c, fail := s.target(params)
	if fail != nil {
		return nil, fail
	}
	id, _ := number(params, "ephemeral_message_id")
	user, _ := number(params, "receiver_user_id")
	m := c.messages[-int(id)]
	if m == nil || m.receiver != user || m.deleted {
		return nil, refuse("message to edit not found")
	}
	return m, nil
}

func (s *Server) editEphemeral(params map[string]string) (any, *apiError) {
	m, fail := s.findEphemeral(params)
	if fail != nil {
		return nil, fail
	}
	return s.edit(m, params)
}

func (s *Server) deleteEphemeral(params map[string]string) (any, *apiError) {
	m, fail := s.findEphemeral(params)
	if fail != nil {
		return nil, fail
	}
	m.deleted = true
	return true, nil
}

// press queues the callback of a button.
func (s *Server) press(u User, m *record, inline, data string) *pending {
	c := &callback{id: fmt.Sprint("cb", s.newID()), from: u, inline: inline, at: s.now()}
	body := map[string]any{"id": c.id, "from": u.json(), "chat_instance": "ci1", "data": data}
	if inline != "" {
		body["inline_message_id"] = inline
	} else {
		c.chat = m.chat.id
		body["message"] = m.json(true)
		if m.deleted {
			body["message"] = map[string]any{"message_id": m.id, "chat": m.chat.json(), "date": 0}
		}
	}
	s.callbacks[c.id] = c
	return s.push("callback_query", fmt.Sprint("user ", u.ID), body, keepCallback)
}
