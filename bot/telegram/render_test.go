package telegram

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"docent/bot"
	"docent/internal/markup"
	"docent/internal/telegramtest"
)

var updateGolden = flag.Bool("update", false, "write the golden files")

// TestGolden compares renderings with testdata/render/*.golden.
func TestGolden(t *testing.T) {
	for name, r := range goldenReplies() {
		t.Run(name, func(t *testing.T) {
			var b strings.Builder
			for i, p := range render(r) {
				fmt.Fprintf(&b, "--- message %d\n%s\n", i+1, p.html)
				for _, row := range p.rows {
					for _, k := range row {
						fmt.Fprintf(&b, "[%s|%s%s] ", k.Text, k.Data, k.URL)
					}
					b.WriteByte('\n')
				}
			}
			path := filepath.Join("testdata", "render", name+".golden")
			if *updateGolden {
				if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatalf("%v: run with -update", err)
			}
			if b.String() != string(want) {
				t.Errorf("got\n%s\nwant\n%s", b.String(), want)
			}
		})
	}
}

func goldenReplies() map[string]bot.Reply {
	menu := bot.Reply{Kind: bot.Menu, Body: markup.Doc{markup.Para(markup.Text("Choose a topic:"))}}
	for i := range 5 {
		menu.Choices = append(menu.Choices, bot.Choice{Label: fmt.Sprint("Topic ", i), Value: fmt.Sprint("1P", i), Group: bot.GroupPick})
	}
	menu.Choices = append(menu.Choices, bot.Choice{Label: "Back", Value: "1A0", Group: bot.GroupNav},
		bot.Choice{Label: "Next", Value: "1A2", Group: bot.GroupNav})
	crisis := say("Call 112 now.")
	crisis.Kind = bot.Crisis
	crisis.Choices = []bot.Choice{{Label: "Open", URL: "https://example.org/?a=1&b=\"2\""}, {Label: "Bad", URL: "javascript:alert(1)"},
		{Label: "Too long", Value: strings.Repeat("x", 65)}, {Label: "", Value: "1x"}}
	return map[string]bot.Reply{
		"section": section("It eases pain <b>& \"more\"</b>."),
		"menu":    menu,
		"crisis":  crisis,
		"blocks": {Body: markup.Doc{
			{Kind: markup.Heading, Level: 2, Spans: []markup.Span{{Text: "Title & more"}}},
			{Kind: markup.Item, Number: 1, Spans: []markup.Span{{Text: "one "}, {Text: "bold", Style: markup.Bold}}},
			{Kind: markup.Item, Number: 2, Spans: []markup.Span{{Text: "two", Style: markup.Bold | markup.Italic | markup.Strike}}},
			{Kind: markup.Item, Level: 1, Spans: []markup.Span{{Text: "inner"}}},
			{Kind: markup.Quote, Spans: []markup.Span{{Text: "a quotation\nof two lines"}}},
			{Kind: markup.Code, Spans: []markup.Span{{Text: "if a < b && c {\n\treturn\n}"}}},
			markup.Para(markup.Span{Text: "code", Style: markup.Mono | markup.Bold}, markup.Text(" and "),
				markup.Span{Text: "link", URL: `https://example.org/?a="b"&c=<d>`, Style: markup.Mono}),
		}},
	}
}

// checkParts looks for what Telegram would refuse.
func checkParts(t *testing.T, parts []part) string {
	t.Helper()
	var all strings.Builder
	for _, p := range parts {
		seen, err := telegramtest.ParseHTML(p.html)
		if err != nil {
			t.Fatalf("%v in %q", err, p.html)
		}
		if seen != p.plain {
			t.Fatalf("people see %q, the plain text is %q", seen, p.plain)
		}
		n := 0
		for _, r := range seen {
			if n++; r > 0xffff {
				n++
			}
		}
		if n > 4096 || n == 0 || len(p.html) > maxBytes || !utf8.ValidString(p.html) || strings.TrimSpace(seen) == "" {
			t.Fatalf("a message of %d units and %d bytes: %q", n, len(p.html), p.html)
		}
		all.WriteString(seen)
	}
	return all.String()
}

// visible letters of a text, in order: what splitting must keep.
func letters(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \n\t\r\v\f\u0085\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u2028\u2029\u202f\u205f\u3000", r) {
			return -1
		}
		return r
	}, s)
}

func TestSplit(t *testing.T) {
	for name, text := range map[string]string{
		"words":      strings.Repeat("word ", 3000),
		"sentences":  strings.Repeat("A sentence ends. ", 1000),
		"no space":   strings.Repeat("x", 10000),
		"emoji":      strings.Repeat("👩‍👩‍👧‍👦", 2000),
		"combining":  strings.Repeat("e\u0301\u0323", 4000),
		"flags":      strings.Repeat("🇩🇪", 3000),
		"escapes":    strings.Repeat("<&>", 4000),
		"rtl":        strings.Repeat("שלום עולם \u202e\u200b", 900),
		"surrogates": "a" + strings.Repeat("𝔘", 5000),
	} {
		t.Run(name, func(t *testing.T) {
			parts := render(say(text))
			seen := checkParts(t, parts)
			if len(parts) < 2 {
				t.Errorf("%d messages", len(parts))
			}
			if letters(seen) != letters(text) {
				t.Error("splitting lost or added something")
			}
			for _, p := range parts {
				if r, _ := utf8.DecodeRuneInString(p.plain); r == '\u200d' || r == '\u0301' || r == '\u0323' {
					t.Errorf("a message starts inside a character: %q", p.plain[:20])
				}
			}
		})
	}
}

func FuzzRender(f *testing.F) {
	f.Add("**bold** and `code`\n\n> quote\n\n- item\n  1. inner\n\n```\n<pre>\n```\n[a](https://x.org?a&b)", 1)
	f.Add(strings.Repeat("<b>&amp; x\u0301 👩‍👩‍👧‍👦 ", 50), 40)
	f.Add("# head\n\ntext\x00\x1b\xff\u2028end", 3)
	f.Fuzz(func(t *testing.T, source string, times int) {
		if len(source) > 2000 {
			return
		}
		text := strings.Repeat(source+"\n\n", min(max(times, 1), 60))
		r := bot.Reply{Body: markup.Parse([]byte(text)), Footer: markup.Parse([]byte(source)),
			Choices: []bot.Choice{{Label: source, Value: source}, {Label: "x", URL: source}}}
		checkParts(t, render(r))
		raw := bot.Reply{Body: markup.Doc{{Kind: markup.Kind(times & 7), Level: times, Number: times,
			Spans: []markup.Span{{Text: source, Style: markup.Style(times), URL: source}, {Text: text}}}}}
		checkParts(t, render(raw))
	})
}

func FuzzReceive(f *testing.F) {
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":-1,"type":"supergroup"},"from":{"id":1},"text":"@docent_test_bot x","entities":[{"type":"mention","offset":0,"length":16}]}}`))
	f.Add([]byte(`{"update_id":1,"message":{"message_id":1,"chat":{"id":1,"type":"private"},"from":{"id":1},"text":"/x","entities":[{"type":"bot_command","offset":0,"length":99}]}}`))
	f.Add([]byte(`{"update_id":1,"callback_query":{"id":"1","from":{"id":1},"data":"x","message":{"date":0,"chat":{"id":1}}}}`))
	f.Add([]byte(`{"update_id":1,"guest_message":{"guest_query_id":"1","from":{"id":1}}}`))
	n := newNames(newCatalog(3).topics)
	f.Fuzz(func(t *testing.T, raw []byte) {
		u, ok, err := parseUpdate(raw)
		if !ok || err != nil {
			return
		}
		e, wanted := receive(u, identity{7, "docent_test_bot", true}, n)
		if wanted && len(e.question.Choice) > bot.MaxChoice {
			t.Errorf("choice of %d bytes", len(e.question.Choice))
		}
	})
}
