package terminal

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"docent/bot"
	"docent/internal/markup"
)

var update = flag.Bool("update", false, "write the golden files again")

// sample is a Reply with every kind of block, style and choice.
func sample() bot.Reply {
	return bot.Reply{
		Kind: bot.Sure,
		Body: markup.Doc{
			{Kind: markup.Heading, Level: 2, Spans: []markup.Span{markup.Text("Growing tomatoes")}},
			markup.Para(markup.Text("Tomatoes need "), markup.Span{Text: "six hours", Style: markup.Bold},
				markup.Text(" of sun a day, a deep pot and water at the same time every day, see "),
				markup.Span{Text: "the guide", URL: "https://example.org/guide"}, markup.Text(".")),
			{Kind: markup.Item, Spans: []markup.Span{markup.Text("Pinch out the side shoots of tall kinds once a week in summer.")}},
			{Kind: markup.Item, Level: 1, Spans: []markup.Span{markup.Text("Bush kinds keep theirs.")}},
			{Kind: markup.Item, Number: 12, Spans: []markup.Span{markup.Text("Feed them when the first fruit has set, and not before that.")}},
			{Kind: markup.Quote, Spans: []markup.Span{markup.Text("A tomato that hurries tastes of water, so the old gardeners said.")}},
			{Kind: markup.Code, Spans: []markup.Span{{Text: "sow:   march\nplant: may", Style: markup.Mono}}},
			markup.Para(markup.Text("日本語のとても長い文章はスペースがなくても折り返されます。e\u0301tude \x1b[31mred\x07")),
		},
		Footer: markup.Doc{markup.Para(markup.Text("From “Growing vegetables”, checked 2026-10-01."))},
		Choices: []bot.Choice{
			{Label: "Read more", Value: "1a", Group: bot.GroupMore},
			{Label: "Source", URL: "https://example.org/source", Group: bot.GroupMore},
			{Label: "Helpful", Value: "1b", Group: bot.GroupRate},
		},
	}
}

func TestRenderGolden(t *testing.T) {
	for name, style := range map[string]Style{
		"plain":  {Links: true},
		"narrow": {Width: 40},
		"color":  {Width: 60, Color: true},
	} {
		t.Run(name, func(t *testing.T) {
			got := Render(sample(), style)
			path := filepath.Join("testdata", name+".golden")
			if *update {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got); diff != "" {
				t.Errorf("rendering changed (-want +got):\n%s", diff)
			}
		})
	}
}

// TestRenderKeepsWords checks that colours and wrapping change no word, and that lines fit.
func TestRenderKeepsWords(t *testing.T) {
	r := sample()
	r.Body = r.Body[:len(r.Body)-1] // a word without spaces is broken, rightly
	unbar := func(s string) []string { return strings.Fields(strings.ReplaceAll(s, "│", "")) }
	plain := unbar(Render(r, Style{}))
	for width := 34; width <= 120; width += 7 {
		got := Render(r, Style{Width: width})
		if diff := cmp.Diff(plain, unbar(got)); diff != "" {
			t.Fatalf("width %d changes words:\n%s", width, diff)
		}
		for line := range strings.SplitSeq(got, "\n") {
			if columns(line) > width {
				t.Errorf("width %d: line of %d columns: %q", width, columns(line), line)
			}
		}
	}
}

func TestRenderRemovesControlCharacters(t *testing.T) {
	if got := Render(sample(), Style{}); strings.ContainsAny(got, "\x1b\x07") {
		t.Errorf("control characters reach the terminal: %q", got)
	}
}

func TestLongWordsAreBroken(t *testing.T) {
	address := "https://example.org/a-rather-long-path"
	if got := wrap(address, "", "", 10); got != address {
		t.Errorf("a broken address cannot be followed: %q", got)
	}
	got := wrap("ab "+strings.Repeat("x", 25)+" cd", "", "", 10)
	want := "ab\nxxxxxxxxxx\nxxxxxxxxxx\nxxxxx cd"
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
