package telegramtest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"
)

// A caller makes requests as a bot does.
type caller struct {
	*testing.T
	*Server
}

type reply struct {
	OK          bool            `json:"ok"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Result      json.RawMessage `json:"result"`
	Parameters  map[string]any  `json:"parameters"`
	status      int
	header      http.Header
}

func begin(t *testing.T) (caller, User, Chat) {
	s := New(t)
	u := User{ID: 5, Name: "Ann"}
	return caller{t, s}, u, s.Private(u)
}

// call makes a request; args are names and values by turns.
func (c caller) call(method string, args ...any) reply {
	c.T.Helper()
	form := url.Values{}
	for i := 0; i < len(args); i += 2 {
		form.Set(fmt.Sprint(args[i]), fmt.Sprint(args[i+1]))
	}
	resp, err := http.PostForm(c.URL+"/bot"+c.Token+"/"+method, form)
	if err != nil {
		c.T.Error(err) // not Fatal: calls are made from other goroutines too
		return reply{}
	}
	defer resp.Body.Close()
	r := reply{status: resp.StatusCode, header: resp.Header}
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		c.T.Errorf("%s: %v", method, err)
	}
	return r
}

// refused checks the words of a refusal.
func (c caller) refused(want, method string, args ...any) {
	c.T.Helper()
	r := c.call(method, args...)
	if r.OK || r.Code != r.status || !strings.Contains(r.Description, want) {
		c.T.Errorf("%s %v: %d %q, want %q", method, args, r.status, r.Description, want)
	}
}

func (c caller) ids(args ...any) []int {
	c.T.Helper()
	var list []struct {
		ID int `json:"update_id"`
	}
	if err := json.Unmarshal(c.call("getUpdates", args...).Result, &list); err != nil {
		c.T.Fatal(err)
	}
	out := []int{}
	for _, u := range list {
		out = append(out, u.ID)
	}
	return out
}

func TestRefusals(t *testing.T) {
	c, u, chat := begin(t)
	group := c.Group("G")
	id := chat.ID
	long := strings.Repeat("x", 4097)
	for _, r := range []struct {
		want string
		args []any
	}{
		{"chat not found", []any{"chat_id", 404, "text", "x"}},
		{"message text is empty", []any{"chat_id", id, "text", " \n"}},
		{"message is too long", []any{"chat_id", id, "text", long}},
		{"message is too long", []any{"chat_id", id, "text", strings.Repeat("😀", 2049)}},
		{`can't parse entities: Unsupported start tag "p" at byte offset 2`, []any{"chat_id", id, "text", "a <p>", "parse_mode", "HTML"}},
		{`Unmatched end tag at byte offset 7, expected "</i>", found "</b>"`, []any{"chat_id", id, "text", "<b><i>x</b></i>", "parse_mode", "HTML"}},
		{`Can't find end tag corresponding to start tag "b"`, []any{"chat_id", id, "text", "<b>x", "parse_mode", "HTML"}},
		{"Character '.' is reserved", []any{"chat_id", id, "text", "x.", "parse_mode", "MarkdownV2"}},
		{"Can't find end of Italic entity at byte offset 1", []any{"chat_id", id, "text", "a_b", "parse_mode", "MarkdownV2"}},
		{"BUTTON_DATA_INVALID", []any{"chat_id", id, "text", "x", "reply_markup", `{"inline_keyboard":[[{"text":"x","callback_data":"` + long[:65] + `"}]]}`}},
		{"object expected as reply markup", []any{"chat_id", id, "text", "x", "reply_markup", `{"inline_keyboard":null}`}},
		{"message to be replied not found", []any{"chat_id", id, "text", "x", "reply_parameters", `{"message_id":9999}`}},
		{"message thread not found", []any{"chat_id", group.ID, "text", "x", "message_thread_id", 1}},
		{"message thread not found", []any{"chat_id", group.ID, "text", "x", "message_thread_id", 77}},
	} {
		c.refused(r.want, "sendMessage", r.args...)
	}
	c.refused("method not found", "sendNothing")
	c.Refuse(chat, "bot was blocked by the user")
	c.refused("Forbidden: bot was blocked by the user", "sendMessage", "chat_id", id, "text", "x")
	c.Leave(group)
	c.refused("Forbidden: bot is not a member", "sendMessage", "chat_id", group.ID, "text", "x")
	small := c.BasicGroup("Small")
	to := c.Migrate(small, false)
	r := c.call("sendMessage", "chat_id", small.ID, "text", "x")
	if got, _ := r.Parameters["migrate_to_chat_id"].(float64); int64(got) != to.ID {
		t.Errorf("migration: %+v", r)
	}
	c.Role(to, u, "creator")
	if r := c.call("getChatMember", "chat_id", to.ID, "user_id", u.ID); !strings.Contains(string(r.Result), "creator") {
		t.Errorf("member %s", r.Result)
	}
	resp, err := http.Get(c.URL + "/botwrong/getMe")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("a wrong token: %d", resp.StatusCode)
	}
}

func TestHowParametersCome(t *testing.T) {
	c, _, chat := begin(t)
	body := fmt.Sprintf(`{"chat_id":%d,"text":"json","reply_markup":{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}}`, chat.ID)
	resp, err := http.Post(c.URL+"/bot"+c.Token+"/SENDMESSAGE", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	resp, err = http.Get(c.URL + "/bot" + c.Token + "/sendMessage?chat_id=5&text=query&text=second")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	list := c.Messages(chat)
	if len(list) != 2 || list[0].Text != "json" || len(list[0].Buttons) != 1 || list[1].Text != "query" {
		t.Errorf("%+v", list)
	}
}

func TestQueue(t *testing.T) {
	c, u, chat := begin(t)
	c.LowestUpdate = 100
	for i := range 120 {
		c.Write(Post{From: u, Chat: chat, Text: fmt.Sprint(i)})
	}
	if got := c.ids("timeout", 0); len(got) != 100 || got[0] != 100 {
		t.Errorf("a backlog: %d updates from %d", len(got), got[0])
	}
	c.mu.Lock()
	c.queue.lastAt = time.Time{}
	c.mu.Unlock()
	if got := c.ids("timeout", 0, "offset", 150, "limit", 5); len(got) != 5 || got[0] != 150 {
		t.Errorf("confirmed below 150: %v", got)
	}
	if got := c.ids("timeout", 0, "offset", 150); len(got) != 1 {
		t.Errorf("the same offset at once is throttled to one update, got %d", len(got))
	}
	if got := c.ids("timeout", 0, "offset", 5000); len(got) == 0 || got[0] != 150 {
		t.Errorf("an offset far past the end is ignored: %v", got)
	}
	if got := c.ids("timeout", 0, "offset", -2); len(got) != 2 || got[0] != 218 {
		t.Errorf("a negative offset keeps the last: %v", got)
	}
	if got := c.ids("timeout", 0, "offset", 220); len(got) != 0 || c.Waiting() != 0 {
		t.Errorf("all are confirmed: %v", got)
	}
	c.RestartUpdates(7)
	c.Write(Post{From: u, Chat: chat, Text: "after a quiet week"})
	if got := c.ids("timeout", 0, "offset", 220); len(got) != 1 || got[0] != 7 {
		t.Errorf("ids that restart lower: %v", got)
	}
	c.Advance(25 * time.Hour)
	if c.Waiting() != 0 {
		t.Error("an update lives for a day")
	}
}

func TestAllowedUpdatesStick(t *testing.T) {
	c, u, chat := begin(t)
	c.ids("timeout", 0, "allowed_updates", `["callback_query"]`)
	c.Write(Post{From: u, Chat: chat, Text: "not wanted"})
	c.ids("timeout", 0, "allowed_updates", `null`)
	if n := c.Waiting(); n != 0 {
		t.Errorf("%d updates that nobody asked for", n)
	}
	c.ids("timeout", 0, "allowed_updates", `[]`)
	c.Write(Post{From: u, Chat: chat, Text: "wanted"})
	if n := c.Waiting(); n != 1 {
		t.Errorf("%d updates", n)
	}
}

func TestConflicts(t *testing.T) {
	c, u, chat := begin(t)
	older := make(chan reply, 1)
	go func() { older <- c.call("getUpdates", "timeout", 50) }()
	for c.polling() == nil {
		<-time.After(time.Millisecond)
	}
	first := c.polling()
	newer := make(chan reply, 1)
	go func() { newer <- c.call("getUpdates", "timeout", 50) }()
	if r := <-older; r.status != 409 || !strings.Contains(r.Description, "terminated by other getUpdates request") {
		t.Errorf("the older poll: %+v", r)
	}
	for c.polling() == first || c.polling() == nil {
		<-time.After(time.Millisecond)
	}
	c.Write(Post{From: u, Chat: chat, Text: "ends the newer one"})
	if r := <-newer; r.status != 200 {
		t.Errorf("the newer poll: %+v", r)
	}
	c.SetWebhook("https://example.org")
	c.refused("can't use getUpdates method while webhook is active", "getUpdates", "timeout", 0)
}

func (s *Server) polling() chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue.poll
}

func TestEditing(t *testing.T) {
	c, _, chat := begin(t)
	board := `{"inline_keyboard":[[{"text":"a","callback_data":"b"}]]}`
	c.call("sendMessage", "chat_id", chat.ID, "text", "one", "reply_markup", board)
	m := c.Messages(chat)[0]
	c.refused("message is not modified", "editMessageText", "chat_id", chat.ID, "message_id", m.ID, "text", "one", "reply_markup", board)
	c.refused("message to edit not found", "editMessageText", "chat_id", chat.ID, "message_id", 9999, "text", "x")
	if r := c.call("editMessageText", "chat_id", chat.ID, "message_id", m.ID, "text", "two"); !r.OK {
		t.Error(r.Description)
	}
	if got := c.Messages(chat)[0]; got.Text != "two" || len(got.Buttons) != 0 {
		t.Errorf("an edit without a keyboard removes it: %+v", got)
	}
	r, _ := readResult(inlineResult{Type: "article", ID: "1", Title: "t", Content: struct {
		Text string `json:"message_text"`
		Mode string `json:"parse_mode"`
	}{Text: "posted"}})
	posted := c.Choose(r)
	if r := c.call("editMessageText", "inline_message_id", posted.Inline, "text", "new"); string(r.Result) != "true" {
		t.Errorf("an inline message: %s", r.Result)
	}
}

func TestCallbacks(t *testing.T) {
	c, u, chat := begin(t)
	c.call("sendMessage", "chat_id", chat.ID, "text", "one")
	m := c.Messages(chat)[0]
	c.mu.Lock()
	for range 2 {
		c.press(u, c.chats[chat.ID].messages[m.ID], "", "x")
	}
	var ids []string
	for id := range c.callbacks {
		ids = append(ids, id)
	}
	c.mu.Unlock()
	if r := c.call("answerCallbackQuery", "callback_query_id", ids[0], "text", "ok"); !r.OK {
		t.Error(r.Description)
	}
	c.refused("query is too old", "answerCallbackQuery", "callback_query_id", ids[0])
	c.Advance(3 * time.Minute)
	c.refused("query is too old", "answerCallbackQuery", "callback_query_id", ids[1])
}

func TestRateLimits(t *testing.T) {
	c, _, _ := begin(t)
	c.Limits = true
	now := time.Now()
	c.SetClock(func() time.Time { return now })
	group := c.Group("G")
	for range 20 {
		if r := c.call("sendMessage", "chat_id", group.ID, "text", "x"); !r.OK {
			t.Fatal(r.Description)
		}
	}
	r := c.call("sendMessage", "chat_id", group.ID, "text", "x")
	if r.status != 429 || r.Parameters["retry_after"] != 60.0 || r.header.Get("Retry-After") != "60" {
		t.Errorf("%+v", r)
	}
	c.Advance(time.Minute)
	if r := c.call("sendMessage", "chat_id", group.ID, "text", "x"); !r.OK {
		t.Error(r.Description)
	}
}

func TestCommandRules(t *testing.T) {
	c, _, _ := begin(t)
	scope := `{"type":"all_private_chats"}`
	c.refused("expected an Array of BotCommand", "setMyCommands", "commands", "null")
	c.refused("BOT_COMMAND_INVALID", "setMyCommands", "commands", `[{"command":"Ab","description":"x"}]`)
	c.refused("must not exceed 256", "setMyCommands", "commands", `[{"command":"a","description":"`+strings.Repeat("x", 257)+`"}]`)
	c.refused("unsupported type", "setMyCommands", "commands", `[]`, "scope", `{"type":"nobody"}`)
	c.call("setMyCommands", "commands", `[{"command":"a","description":"x"}]`, "scope", scope, "language_code", "de")
	if got := c.Commands("all_private_chats", "de"); len(got) != 1 || len(c.Commands("all_private_chats", "")) != 0 {
		t.Errorf("%v", got)
	}
	c.call("deleteMyCommands", "scope", scope, "language_code", "de")
	if r := c.call("getMyCommands", "scope", scope, "language_code", "de"); string(r.Result) != "[]" {
		t.Errorf("%s", r.Result)
	}
}

// A recorder is a test that notes its failures.
type recorder struct {
	testing.TB
	mu     sync.Mutex
	failed []string
}

func (r *recorder) Errorf(format string, args ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.failed = append(r.failed, fmt.Sprintf(format, args...))
}

func TestUnknownParameterFails(t *testing.T) {
	r := &recorder{TB: t}
	c := caller{t, New(r)}
	c.call("getMe", "txet", "x")
	if len(r.failed) != 1 || !strings.Contains(r.failed[0], "txet") {
		t.Errorf("%q", r.failed)
	}
}

func TestWebhookDelivery(t *testing.T) {
	c, u, chat := begin(t)
	c.refused("HTTPS URL must be provided", "setWebhook", "url", "http://127.0.0.1")
	c.Local = true
	var mu sync.Mutex
	var texts []string
	fail := 3
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		mu.Lock()
		defer mu.Unlock()
		if r.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "abc" {
			t.Error("no secret")
		}
		if fail--; fail >= 0 {
			w.WriteHeader(500)
			return
		}
		texts = append(texts, string(body))
		fmt.Fprintf(w, `{"method":"sendMessage","chat_id":%d,"text":"in the answer"}`, chat.ID)
	}))
	defer web.Close()
	c.LoseAnswers(1)
	c.call("setWebhook", "url", web.URL, "secret_token", "abc")
	for i := range 3 {
		c.Ask(u, chat, fmt.Sprint("message ", i))
	}
	mu.Lock()
	defer mu.Unlock()
	if len(texts) != 4 {
		t.Fatalf("%d deliveries, want 3 and a duplicate", len(texts))
	}
	for i, want := range []string{"message 0", "message 0", "message 1", "message 2"} {
		if !strings.Contains(texts[i], want) {
			t.Errorf("delivery %d: %s", i, texts[i])
		}
	}
	if n := len(c.Messages(chat)); n != 4 {
		t.Errorf("%d messages from methods in answers", n)
	}
}

func TestPrivacy(t *testing.T) {
	c, u, _ := begin(t)
	group := c.Group("G")
	for text, want := range map[string]bool{
		"hello": false, "@docent_test_bot hello": true, "hi @Docent_Test_Bot": true, "/a@docent_test_bot": true, "/a@other_bot": false,
		"/bare": false, "@docent_test_bot2": false,
	} {
		if _, got := c.Write(Post{From: u, Chat: group, Text: text}); got != want {
			t.Errorf("%q reaches the bot: %v", text, got)
		}
	}
	c.call("sendMessage", "chat_id", group.ID, "text", "x")
	if _, got := c.Write(Post{From: u, Chat: group, Text: "/bare"}); !got {
		t.Error("a bare command goes to the last bot that wrote")
	}
	if _, got := c.Write(Post{From: u, Chat: group, Text: "reply", ReplyTo: c.Messages(group)[0].ID}); !got {
		t.Error("a reply reaches the bot")
	}
}

func TestFaults(t *testing.T) {
	c, _, chat := begin(t)
	post := func() (int, error) {
		resp, err := http.PostForm(c.URL+"/bot"+c.Token+"/sendMessage", url.Values{"chat_id": {"5"}, "text": {"x"}})
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		var b bytes.Buffer
		_, err = b.ReadFrom(resp.Body)
		if err == nil && !json.Valid(b.Bytes()) {
			return resp.StatusCode, io.ErrUnexpectedEOF
		}
		return resp.StatusCode, err
	}
	for _, f := range []struct {
		fault  Fault
		status int
		broken bool
		effect int
	}{
		{Fault{Kind: TooMany, Code: 3}, 429, false, 0}, {Fault{Kind: Status, Code: 502}, 502, true, 0}, {Fault{Kind: ResetBefore}, 0, true, 0},
		{Fault{Kind: ResetAfter}, 0, true, 1}, {Fault{Kind: BadJSON}, 200, true, 1}, {Fault{Kind: StatusAfter, Code: 504}, 504, true, 1},
		{Fault{Kind: Refuse, Text: "no"}, 400, false, 0}, {Fault{Kind: Refuse, Code: 403, Text: "no"}, 403, false, 0},
	} {
		before := len(c.Messages(chat))
		f.fault.Method, f.fault.Times = "sendMessage", 1
		c.Fail(f.fault)
		status, err := post()
		if status != f.status || (err != nil) != f.broken || len(c.Messages(chat))-before != f.effect {
			t.Errorf("%+v: status %d, error %v, %d messages", f.fault, status, err, len(c.Messages(chat))-before)
		}
	}
}
