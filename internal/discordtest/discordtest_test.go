package discordtest

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

func TestPlain(t *testing.T) {
	for in, want := range map[string]string{
		"**a** *b* __c__ ~~d~~ `e`":      "a b c d e",
		`\*a\* \_b\_ \[c\]`:              "*a* _b_ [c]",
		"[a](<https://x.example>)":       "a",
		`[a \[b\]](https://x.example/_)`: "a [b]",
		"-# small\n> said\n- item":       "small\nsaid\n• item",
		`https\://x.example/a\_b`:        "https://x.example/a_b",
		"see <https://x.example/a_b_c>.": "see https://x.example/a_b_c.",
	} {
		if got := Plain(in); got != want {
			t.Errorf("%q is read as %q, want %q", in, got, want)
		}
	}
}

// TestMissedRules breaks each rule that Discord's OpenAPI file does not know.
func TestMissedRules(t *testing.T) {
	mentions := `"allowed_mentions":{"parse":[]}`
	button := func(id string) string { return `{"type":2,"style":2,"label":"x","custom_id":"` + id + `"}` }
	row := func(in ...string) string { return `{"type":1,"components":[` + strings.Join(in, ",") + `]}` }
	long := strings.Repeat("x", 3001)
	for code, bad := range map[string]string{
		"BASE_TYPE_MAX_LENGTH": `{"content":"` + strings.Repeat("x", 2001) + `",` + mentions + `}`,
		"50006":                `{"content":"",` + mentions + `}`,
		"BASE_TYPE_BAD_LENGTH": `{"content":"x","components":[` + strings.Join([]string{row(button("a")), row(button("b")), row(button("c")),
			row(button("d")), row(button("e")), row(button("f"))}, ",") + `],` + mentions + `}`,
		"COMPONENT_CUSTOM_ID_DUPLICATED":                      `{"content":"x","components":[` + row(button("a"), button("a")) + `],` + mentions + `}`,
		"BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE":   `{"content":"x","components":[` + row(`{"type":2,"style":5,"label":"x","url":"https://x.example","custom_id":"a"}`) + `],` + mentions + `}`,
		"MAX_EMBED_SIZE_EXCEEDED":                             `{"embeds":[{"description":"` + long + `"},{"description":"` + long + `"}],` + mentions + `}`,
		"MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2": `{"content":"x","flags":32768,` + mentions + `}`,
		"MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE":            `{"content":"x","allowed_mentions":{"parse":["users"],"users":["1"]}}`,
		"HOUSE_RULE": `{"content":"x"}`,
		"BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED": `{"content":"x","components":[` + row(`{"type":2,"style":2,"custom_id":"a"}`) + `],` + mentions + `}`,
	} {
		if got := CheckMessage([]byte(bad)); len(got) != 1 || got[0].Code != code {
			t.Errorf("%s: %+v", code, got)
		}
	}
	if got := CheckMessage([]byte(`{"content":"x","components":[` + row(button("a"), button("b")) + `],` + mentions + `}`)); len(got) > 0 {
		t.Errorf("a good message: %+v", got)
	}
}

func TestMissedRulesOfCommands(t *testing.T) {
	command := func(s string) string { return `{"name":"ask","description":"d",` + s + `"type":1}` }
	many := make([]string, 101)
	for i := range many {
		many[i] = fmt.Sprintf(`{"name":"c%d","description":"d"}`, i)
	}
	var large []string
	for i := range 25 {
		large = append(large, fmt.Sprintf(`{"type":3,"name":"o%d","description":"d","choices":[%s]}`, i,
			strings.TrimSuffix(strings.Repeat(`{"name":"`+strings.Repeat("n", 90)+`","value":"`+strings.Repeat("v", 90)+`"},`, 2), ",")))
	}
	for name, bad := range map[string]string{
		"STRING_TYPE_REGEX":  `[{"name":"Ask","description":"d"}]`,
		"BASE_TYPE_REQUIRED": `[{"name":"ask"}]`,
		"APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_CANNOT_BE_SET": `[{"name":"Ask this","type":3,"description":"d"}]`,
		"APPLICATION_COMMANDS_DUPLICATE_NAME":                        `[{"name":"ask","description":"d"},{"name":"ask","description":"d"}]`,
		"30032":                                                      `[` + strings.Join(many, ",") + `]`,
		"ENUM_TYPE_COERCE":                                           `[` + command(`"description_localizations":{"xx":"d"},`) + `]`,
		"APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID":               `[` + command(`"options":[{"type":3,"name":"a","description":"d"},{"type":3,"name":"b","description":"d","required":true}],`) + `]`,
		"APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES":                   `[` + command(`"options":[{"type":3,"name":"a","description":"d","autocomplete":true,"choices":[{"name":"x","value":"x"}]}],`) + `]`,
		"APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS":            `[` + command(`"options":[{"type":3,"name":"a","description":"d"},{"type":3,"name":"a","description":"d"}],`) + `]`,
		"APPLICATION_COMMAND_LOCALIZED_NAME_DUPLICATE":               `[{"name":"ask","description":"d"},{"name":"topics","description":"d","name_localizations":{"de":"ask"}}]`,
		"APPLICATION_COMMAND_TOO_LARGE":                              `[` + command(`"options":[`+strings.Join(large, ",")+`],`) + `]`,
	} {
		var list []commandRequest
		if err := json.Unmarshal([]byte(bad), &list); err != nil {
			t.Fatal(err)
		}
		if got := checkCommands(list); len(got) != 1 || got[0].Code != name {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if got := checkChoices([]Choice{{Name: "x", Value: strings.Repeat("x", 101)}}); len(got) != 1 {
		t.Errorf("a long value: %+v", got)
	}
	if got := checkModal([]byte(`{"custom_id":"x","title":"x","components":[{},{},{},{},{},{}]}`)); len(got) != 1 {
		t.Errorf("six labels: %+v", got)
	}
}

// client sends requests as a bot does.
func client(t *testing.T, s *Server) func(method, path, body string) (int, string) {
	return func(method, path, body string) (int, string) {
		t.Helper()
		req, err := http.NewRequest(method, s.URL+"/api/v10"+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("User-Agent", "DiscordBot (https://example.org, 1)")
		req.Header.Set("Authorization", "Bot "+Token)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		raw, _ := io.ReadAll(resp.Body)
		return resp.StatusCode, string(raw)
	}
}

// interact makes an interaction without a bot that hears of it.
func (s *Server) interact(at Channel) *Interaction {
	i, _ := s.newInteraction(User{ID: "1"}, at, 2, map[string]any{"name": "ask"}, nil)
	return i
}

func TestDeadlinesOfInteractions(t *testing.T) {
	s := New(t)
	do := client(t, s)
	say := `{"type":4,"data":{"content":"x","allowed_mentions":{"parse":[]}}}`
	more := `{"content":"more","allowed_mentions":{"parse":[]}}`
	i := s.interact(InGeneral())
	callback, hook := "/interactions/"+i.ID+"/"+i.Token+"/callback", "/webhooks/"+AppID+"/"+i.Token
	steps := []struct {
		method, path, body string
		status             int
		want               string
	}{
		{"POST", hook, more, 404, "10015"},
		{"POST", callback, say, 204, ""},
		{"POST", callback, say, 400, "40060"},
		{"POST", hook, more, 200, "more"},
		{"PATCH", hook + "/messages/@original", more, 200, "more"},
		{"DELETE", hook + "/messages/@original", "", 204, ""},
		{"GET", hook + "/messages/@original", "", 404, "10008"},
	}
	for _, step := range steps {
		if status, body := do(step.method, step.path, step.body); status != step.status || !strings.Contains(body, step.want) {
			t.Errorf("%s %s: %d %s", step.method, step.path, status, body)
		}
	}
	s.Advance(TokenLifetime + time.Second)
	if status, body := do("POST", hook, more); status != 401 || !strings.Contains(body, "50027") {
		t.Errorf("after 15 minutes: %d %s", status, body)
	}
	late := s.interact(InGeneral())
	s.Advance(AckDeadline + time.Second)
	if status, body := do("POST", "/interactions/"+late.ID+"/"+late.Token+"/callback", say); status != 404 || !strings.Contains(body, "10062") {
		t.Errorf("after 3 seconds: %d %s", status, body)
	}
}

func TestFollowUpFillsTheSpinner(t *testing.T) {
	s := New(t)
	do := client(t, s)
	i := s.interact(InGeneral())
	do("POST", "/interactions/"+i.ID+"/"+i.Token+"/callback", `{"type":5}`)
	do("POST", "/webhooks/"+AppID+"/"+i.Token, `{"content":"x","flags":64,"allowed_mentions":{"parse":[]}}`)
	all := s.Messages(InGeneral())
	if len(all) != 1 || all[0].Ephemeral {
		t.Errorf("a follow-up after a spinner keeps its own audience: %+v", all)
	}
}

func TestNonce(t *testing.T) {
	s := New(t)
	do := client(t, s)
	for range 2 {
		do("POST", "/channels/"+General+"/messages", `{"content":"x","nonce":"n","enforce_nonce":true,"allowed_mentions":{"parse":[]}}`)
	}
	if n := len(s.Messages(InGeneral())); n != 1 {
		t.Errorf("%d messages with one nonce", n)
	}
}

func TestPings(t *testing.T) {
	for body, want := range map[string]string{
		`{"content":"@everyone <@1> <@&2>"}`:                                                   "[everyone 1 role:2]",
		`{"content":"@everyone <@1> <@&2>","allowed_mentions":{"parse":[]}}`:                   "[]",
		`{"content":"@here <@1> <@3>","allowed_mentions":{"parse":[],"users":["3"]}}`:          "[3]",
		`{"content":"@everyone <@1> <@&2>","allowed_mentions":{"parse":["everyone","users"]}}`: "[everyone 1]",
	} {
		if got := fmt.Sprint(Pings([]byte(body))); got != want {
			t.Errorf("%s: %s, want %s", body, got, want)
		}
	}
}

func TestNoTokenNoAnswer(t *testing.T) {
	s := New(t)
	s.Tolerant = true
	resp, err := http.Get(s.URL + "/api/v10/users/@me")
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode == http.StatusOK {
		t.Error("answered without a token")
	}
}
