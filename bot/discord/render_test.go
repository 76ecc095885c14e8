package discord

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"docent/bot"
	"docent/internal/discordtest"
	"docent/internal/markup"
)

var update = flag.Bool("update", false, "write the golden files again")

func span(s string, style markup.Style) markup.Span { return markup.Span{Text: s, Style: style} }

// samples are Replies that show everything that a Reply can have.
func samples() map[string]bot.Reply {
	title := markup.Block{Kind: markup.Heading, Level: 1, Spans: []markup.Span{markup.Text("PTSD & *trauma*")}}
	foot := markup.Doc{markup.Para(markup.Text("Source: "), markup.Span{Text: "Ketamine", URL: "https://example.org/k"}, markup.Text(" · reviewed 1 May 2026"))}
	return map[string]bot.Reply{
		"section": {Kind: bot.Sure, Locale: "en", Body: markup.Doc{
			title,
			markup.Para(markup.Text("It is "), span("not", markup.Bold), markup.Text(" a "), span("cure", markup.Italic), markup.Text(".")),
			{Kind: markup.Item, Spans: []markup.Span{markup.Text("one")}},
			{Kind: markup.Item, Level: 1, Spans: []markup.Span{markup.Text("nested")}},
			{Kind: markup.Item, Number: 2, Spans: []markup.Span{markup.Text("numbered")}},
			{Kind: markup.Quote, Spans: []markup.Span{markup.Text("said\nso")}},
			{Kind: markup.Code, Spans: []markup.Span{markup.Text("a ``` b")}},
		}, Footer: foot, Choices: sectionReply(bot.Question{}).Choices},
		"menu": {Kind: bot.Menu, Locale: "de", Body: fixedDoc("Wähle:"), Choices: many(18)},
		"pick": {Kind: bot.Unsure, Locale: "fr", Body: fixedDoc("Lequel ?"), Choices: append(many(3),
			bot.Choice{Label: "Aucun", Value: "1none", Group: bot.GroupNav},
			bot.Choice{Label: "Source", URL: "https://example.org/a_(b)", Group: bot.GroupNav})},
		"hostile": {Kind: bot.Sure, Locale: "en", Body: markup.Doc{
			markup.Para(markup.Text("@everyone <@1> <@&2> <#3> </ask:4> ||spoiler|| [x](https://evil.example) https://evil.example/a_b\n# no\n- no\n1. no\n> no\n-# no")),
			markup.Para(span("a", markup.Bold), span("b", markup.Italic), span(" c ", markup.Strike), span("d`e", markup.Mono), span("f", markup.Mono)),
			markup.Para(markup.Span{Text: "link](x)", URL: "https://example.org/)>"}, markup.Span{Text: "bad", URL: "javascript:alert(1)"}),
		}},
		"empty": {Kind: bot.Fixed, Locale: "en"},
	}
}

func many(n int) []bot.Choice {
	var out []bot.Choice
	for i := range n {
		out = append(out, bot.Choice{Label: strings.Repeat("Topic ", 3) + string(rune('A'+i)), Value: "1s-" + string(rune('a'+i))})
	}
	return out
}

func TestGolden(t *testing.T) {
	for name, reply := range samples() {
		for look, l := range map[string]look{"": {asker: "1001", delete: true}, "-plain": {asker: "1001", plain: true, person: "1002"}} {
			got := encode(t, render(reply, l))
			file := filepath.Join("testdata", name+look+".golden")
			if *update {
				if err := os.WriteFile(file, got, 0o644); err != nil {
					t.Fatal(err)
				}
				continue
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Errorf("%s differs; run go test -update and look at the difference:\n%s", file, got)
			}
		}
	}
}

func encode(t *testing.T, list []outMessage) []byte {
	t.Helper()
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(list); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// check reports what Discord would refuse, and everybody who would be notified.
func check(t *testing.T, list []outMessage, person string) {
	t.Helper()
	for _, m := range list {
		raw, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		for _, v := range discordtest.CheckMessage(raw) {
			t.Errorf("%s: %s (%s)", v.Field, v.Message, v.Code)
		}
		for _, who := range discordtest.Pings(raw) {
			if who != person {
				t.Errorf("%s would be notified", who)
			}
		}
		if size(m.Content) > 2000 {
			t.Errorf("content of %d", size(m.Content))
		}
		for _, e := range m.Embeds {
			if size(e.Description) > 4096 || size(e.Title)+size(e.Description) > 6000 {
				t.Errorf("embed of %d and %d", size(e.Title), size(e.Description))
			}
		}
	}
}

// TestHelpCanBePressed shows an address that stands for itself, and one in the words of a crisis.
func TestHelpCanBePressed(t *testing.T) {
	const address = "https://help.example/a_b"
	for _, reply := range []bot.Reply{
		{Kind: bot.Crisis, Body: fixedDoc("Talk to somebody: A line, " + address + ". Now.")},
		{Kind: bot.Fixed, Body: markup.Doc{markup.Para(markup.Text("Talk to somebody: A line, "), markup.Span{Text: address, URL: address}, markup.Text(". Now."))}},
	} {
		got := render(reply, look{})[0].Embeds[0].Description
		if got != "Talk to somebody: A line, <"+address+">. Now." || discordtest.Plain(got) != "Talk to somebody: A line, "+address+". Now." {
			t.Errorf("%q", got)
		}
	}
	if got := render(bot.Reply{Kind: bot.Sure, Body: fixedDoc("You wrote " + address)}, look{})[0].Embeds[0].Description; strings.Contains(got, address) {
		t.Errorf("what a person wrote is a link: %q", got)
	}
}

func TestSamplesKeepTheRules(t *testing.T) {
	for _, reply := range samples() {
		for _, plain := range []bool{false, true} {
			check(t, render(reply, look{plain: plain, asker: "1", delete: true}), "")
		}
	}
	check(t, render(longReply(), look{plain: true}), "")
}

// words are what two platforms must agree on: no marks, one space between words.
func words(s string) string {
	s = strings.NewReplacer("•", " ", "\u200b", "").Replace(s)
	return strings.Join(strings.Fields(s), " ")
}

func FuzzRender(f *testing.F) {
	f.Add("What is *this*?", "https://example.org", uint8(1), false)
	f.Add("@everyone <@1> ||x|| `code` \\* [a](b) https://x.example/_a_\n# h\n- i\n1. j", "", uint8(0), true)
	f.Add(strings.Repeat("🧑‍🚀 zalgo h̷̛e ", 900), "http://x/)", uint8(7), true)
	f.Add("\u202eright to left\u200b", "ftp://x", uint8(12), false)
	f.Add(strings.Repeat("*", 5000), "", uint8(0), true)
	f.Fuzz(func(t *testing.T, text, address string, style uint8, plain bool) {
		if !utf8.ValidString(text) || len(text) > 20000 {
			return
		}
		reply := bot.Reply{Body: markup.Doc{
			{Kind: markup.Heading, Spans: []markup.Span{markup.Text(text)}},
			markup.Para(markup.Text(text), markup.Span{Text: text, URL: address, Style: markup.Style(style & 15)}),
			{Kind: markup.Item, Spans: []markup.Span{markup.Text(text)}},
		}, Footer: fixedDoc(clip(text, 200)), Choices: []bot.Choice{{Label: text, Value: "1x"}, {Label: text, URL: address}}}
		check(t, render(reply, look{plain: plain, asker: "1", person: "2"}), "2")
	})
}

func FuzzEscape(f *testing.F) {
	f.Add("plain")
	f.Add("*a* _b_ ~~c~~ `d` ||e|| [f](g) <@1> @everyone \\\n# h\n> i\n- j\n+ k\n12. l\n-# m https://n.example")
	f.Fuzz(func(t *testing.T, text string) {
		if !utf8.ValidString(text) || strings.ContainsAny(text, "\u200b•") {
			return
		}
		if got := discordtest.Plain(escape(text, true)); words(got) != words(strings.ReplaceAll(text, "\r", "")) {
			t.Errorf("%q is shown as %q", text, got)
		}
	})
}

func FuzzButtonID(f *testing.F) {
	f.Add("600000000000000001", "1s-abc")
	f.Fuzz(func(t *testing.T, asker, value string) {
		id := buttonID(asker, value)
		if who, v, ok := fromButton(id); ok && (v != value || buttonID(who, v) != id) {
			t.Errorf("%q, %q came back as %q, %q", asker, value, who, v)
		}
		fromButton(value)
	})
}

func TestRowsOfButtons(t *testing.T) {
	for n := range 40 {
		reply := bot.Reply{Body: fixedDoc("x"), Choices: append(many(n), sectionReply(bot.Question{}).Choices...)}
		m := render(reply, look{asker: "1", delete: true})[0]
		check(t, []outMessage{m}, "")
		if n > 0 && n <= 2 && len(m.Components[0].Components) != 1 {
			t.Errorf("%d picks do not stand one to a row", n)
		}
	}
}
