package discord

import (
	"strings"
	"testing"
	"unicode/utf8"

	"docent/internal/discordtest"
)

// hostile are texts that people send to see what happens. The clerk repeats them, which the real bot hardly does.
func hostile() map[string]string {
	return map[string]string{
		"everyone":          "pain @everyone @here",
		"a role":            "pain <@&8001> and <@&8002>",
		"users":             "pain <@1002> <@!1003>",
		"markdown":          "pain **bold** __under__ ~~gone~~ ||hidden|| `code` ```block``` > quote # head - item 1. item",
		"markdown lines":    "pain\n# head\n> quote\n>>> all\n- item\n1. item\n-# small\n```\nblock",
		"a masked link":     "pain [click here](https://evil.example/login) <https://evil.example> [x](<https://evil.example>)",
		"a command":         "pain </ask:123> <#700000000000000001> <id:customize> <t:1:R> <:smile:5>",
		"10,000 characters": "pain " + strings.Repeat("x", 9995),
		"10,000 marks":      "pain " + strings.Repeat("*_`|", 2499),
		"zalgo":             "pa\u0336\u0300\u0301\u0302\u0303\u0304i\u0335n\u0334" + strings.Repeat("a\u0300\u0301\u0302", 300),
		"right to left":     "pain \u202eevil.exe\u202c \u2066x\u2069 \u05e9\u05dc\u05d5\u05dd",
		"zero width":        "pa\u200bin \u200c\u200d\u2060\ufeff @\u200beveryone",
		"control":           "pain \x00\x01\x1b[31m\x7f",
		"emoji":             strings.Repeat("\U0001f9d1\u200d\U0001f680", 200),
	}
}

// TestHostileText sends each text in every way in which text comes in. Nobody may be notified, no link or mark of the
// text may take effect, and every message keeps the platform's rules, which the fake checks.
func TestHostileText(t *testing.T) {
	for name, text := range hostile() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := newRig(t).start()
			at := discordtest.InGeneral()
			r.srv.Complete(ada, at, "ask", "question", text)
			first, _ := r.srv.OnMessage(ada, at, "Ask the articles", text, nil)
			seen := []discordtest.Message{
				first, r.srv.Ask(ada, at, text), r.srv.Slash(ada, at, "topic", discordtest.Text("name", text)),
				r.srv.Mention(ada, at, text), r.srv.Say(ada, discordtest.DM(ada.ID), text),
			}
			for n, m := range append(seen, r.srv.Messages(at)...) {
				if len(m.Pings) > 0 || m.Text == "" || !utf8.ValidString(m.Raw) {
					t.Errorf("%d: %d bytes, notifies %v", n, len(m.Raw), m.Pings)
				}
				if strings.Contains(m.Raw, "](<https://evil") || strings.Contains(m.Raw, "](https://evil") || strings.Contains(m.Raw, "\n# ") {
					t.Errorf("%d: a mark of the text counts: %q", n, m.Raw)
				}
			}
			if name == "a masked link" && !strings.Contains(seen[1].Text, "[click here](https://evil.example/login)") {
				t.Errorf("the link is not shown as it was written: %q", seen[1].Text)
			}
		})
	}
}

// TestHostileComponents presses what the bot never made: forged ids, values of menus and components that nobody knows.
func TestHostileComponents(t *testing.T) {
	r := newRig(t).start()
	m := r.srv.Ask(ada, discordtest.InGeneral(), "pain")
	asked := len(r.clerk.questions())
	for _, id := range []string{"", "x", "d1|", "d1||", "d1|!!|a", "d0|rt|1more", "d1|rt|" + strings.Repeat("x", 90), "d1|rt|\x00\u202e",
		"d1|rt|<@&5>", "d1|99999999999999999999999|1more", "d1|rt|1more|1more\n"} {
		if got := r.srv.PressID(ada, m, id); !got.Ephemeral || got.Text == "" || len(got.Pings) > 0 {
			t.Errorf("%q: %+v", id, got)
		}
	}
	menu := buttonID(ada.ID, menuValue)
	for name, data := range map[string]map[string]any{
		"no values":         {"custom_id": menu, "component_type": 3},
		"many values":       {"custom_id": menu, "component_type": 3, "values": []string{"1yes", "1no"}},
		"a forged value":    {"custom_id": menu, "component_type": 3, "values": []string{"\u202e"}},
		"a long value":      {"custom_id": menu, "component_type": 3, "values": []string{strings.Repeat("1", 200)}},
		"an unknown type":   {"custom_id": "x", "component_type": 99, "what": map[string]any{"ever": 1}},
		"a user select":     {"custom_id": menu, "component_type": 5, "values": []string{}, "resolved": map[string]any{"users": map[string]any{}}},
		"no data of a kind": {},
	} {
		if got := r.srv.PressData(ada, m, data); !got.Ephemeral || got.Text == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
	if n := len(r.clerk.questions()) - asked; n != 0 {
		t.Errorf("%d forged components became questions", n)
	}
	if got := r.srv.PressID(bea, m, buttonID(ada.ID, deleteValue)); got.Deleted {
		t.Error("somebody deleted another one's answer")
	}
}
