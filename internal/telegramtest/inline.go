package telegramtest

import (
	"encoding/json"
	"fmt"
	"time"
)

// An inlineQuery is what somebody typed behind the bot's name, or a mention where the bot is no member.
type inlineQuery struct {
	at    time.Time
	guest bool
	done  bool
	Results
}

// Results are what people see of an answer to an inline query.
type Results struct {
	List       []Result
	Next       string // offset of the next page
	Button     string // label of the button above the list
	Start      string // what its /start carries
	CacheTime  int
	IsPersonal bool
}

// A Result is one of a list.
type Result struct {
	ID, Title, Description, Text string
	Buttons                      []Button
	html                         string
	board                        keyboard
}

type inlineResult struct {
	Type, ID, Title, Description string
	Content                      struct {
		Text string `json:"message_text"`
		Mode string `json:"parse_mode"`
	} `json:"input_message_content"`
	Markup json.RawMessage `json:"reply_markup"`
}

func readResult(r inlineResult) (Result, *apiError) {
	if r.Type != "article" || r.Title == "" {
		return Result{}, refuse("can't parse inline query result: title is empty")
	}
	if n := len(r.ID); n == 0 || n > 64 {
		return Result{}, refuse("RESULT_ID_INVALID")
	}
	text, fail := words(map[string]string{"text": r.Content.Text, "parse_mode": r.Content.Mode}, "text")
	if fail != nil {
		return Result{}, fail
	}
	board, fail := readKeyboard(string(r.Markup))
	if fail != nil {
		return Result{}, fail
	}
	return Result{r.ID, r.Title, r.Description, text, board.flat(), r.Content.Text, board}, nil
}

func (s *Server) answerInlineQuery(params map[string]string) (any, *apiError) {
	q := s.inlines[params["inline_query_id"]]
	if q == nil || q.done || s.now().Sub(q.at) > keepInline {
		return nil, refuse("query is too old and response timeout expired or query ID is invalid")
	}
	var list []inlineResult
	if err := json.Unmarshal([]byte(params["results"]), &list); err != nil || list == nil {
		return nil, refuse("can't parse inline query results JSON object")
	}
	if len(list) > 50 {
		return nil, refuse("too many inline query results specified")
	}
	if len(params["next_offset"]) > 64 {
		return nil, refuse("NEXT_OFFSET_INVALID")
	}
	out := Results{Next: params["next_offset"], CacheTime: 300, IsPersonal: truth(params["is_personal"])}
	if n, ok := number(params, "cache_time"); ok {
		out.CacheTime = int(n)
	}
	seen := map[string]bool{}
	for _, raw := range list {
		r, fail := readResult(raw)
		if fail != nil {
			return nil, fail
		}
		if seen[r.ID] {
			return nil, refuse("RESULT_ID_DUPLICATE")
		}
		seen[r.ID] = true
		out.List = append(out.List, r)
	}
	if fail := out.readButton(params["button"]); fail != nil {
		return nil, fail
	}
	q.Results, q.done = out, true
	return true, nil
}

func (r *Results) readButton(raw string) *apiError {
	if raw == "" {
		return nil
	}
	var b struct {
		Text  string `json:"text"`
		Start string `json:"start_parameter"`
	}
	if err := json.Unmarshal([]byte(raw), &b); err != nil || b.Text == "" || b.Start == "" {
		return refuse("can't parse inline query results button JSON object")
	}
	r.Button, r.Start = b.Text, b.Start
	return nil
}

func (s *Server) answerGuestQuery(params map[string]string) (any, *apiError) {
	q := s.inlines[params["guest_query_id"]]
	if q == nil || !q.guest || q.done {
		return nil, refuse("query is too old and response timeout expired or query ID is invalid")
	}
	var raw inlineResult
	if err := json.Unmarshal([]byte(params["result"]), &raw); err != nil {
		return nil, refuse("can't parse inline query result JSON object")
	}
	r, fail := readResult(raw)
	if fail != nil {
		return nil, fail
	}
	q.List, q.done = []Result{r}, true
	return map[string]any{"inline_message_id": s.keepInline(r)}, nil
}

// keepInline keeps a message that was sent through the bot.
func (s *Server) keepInline(r Result) string {
	id := fmt.Sprint("inline", s.newID())
	s.inline[id] = &record{text: r.Text, html: r.html, markup: r.board, rawMarkup: r.board.json(), from: s.Me, date: s.now()}
	return id
}

// Inline types text behind the bot's name and returns the list that appears.
func (s *Server) Inline(u User, text, offset string) Results {
	s.tb.Helper()
	s.mu.Lock()
	id := fmt.Sprint("iq", s.newID())
	q := &inlineQuery{at: s.now()}
	s.inlines[id] = q
	p := s.push("inline_query", fmt.Sprint("user ", u.ID), map[string]any{"id": id, "from": u.json(), "query": text,
		"offset": offset, "chat_type": "supergroup"}, keepInline)
	s.mu.Unlock()
	s.settle(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	return q.Results
}

// Choose posts an inline result and returns the message.
func (s *Server) Choose(r Result) Message {
	s.mu.Lock()
	defer s.mu.Unlock()
	id := s.keepInline(r)
	return Message{Inline: id, Text: r.Text, Buttons: r.Buttons}
}

// Mention asks the bot in a group that it is no member of, and returns its answer.
func (s *Server) Mention(u User, text string) Message {
	s.tb.Helper()
	s.mu.Lock()
	id := fmt.Sprint("gq", s.newID())
	q := &inlineQuery{at: s.now(), guest: true}
	s.inlines[id] = q
	ch := &chat{id: -1003000000001, kind: "supergroup", title: "Elsewhere", messages: map[int]*record{}}
	m := &record{id: s.newID(), chat: ch, from: u, text: text, date: s.now(), extra: map[string]any{"guest_query_id": id}}
	p := s.push("guest_message", "guest", m.json(false), keepInline)
	s.mu.Unlock()
	s.settle(p)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(q.List) == 0 {
		return Message{}
	}
	for inline, rec := range s.inline {
		if rec.text == q.List[0].Text && rec.html == q.List[0].html {
			return Message{Inline: inline, Text: rec.text, Buttons: rec.markup.flat()}
		}
	}
	return Message{}
}
