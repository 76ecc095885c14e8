package markup

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf16"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"github.com/google/go-cmp/cmp"
)

func units(d Doc) int { return len(utf16.Encode([]rune(d.Plain()))) }

func plains(ds []Doc) []string {
	var out []string
	for _, d := range ds {
		out = append(out, d.Plain())
	}
	return out
}

func TestSplitPlaces(t *testing.T) {
	for name, c := range map[string]struct {
		text  string
		limit int
		want  []string
	}{
		"fits":     {"One. Two.", 9, []string{"One. Two."}},
		"block":    {"First block.\n\nSecond. Block.", 24, []string{"First block.", "Second. Block."}},
		"line":     {"One two. Three\\\nfour. Five six", 22, []string{"One two. Three", "four. Five six"}},
		"sentence": {"One two three. Four e.g. five. Six seven eight", 40, []string{"One two three. Four e.g. five.", "Six seven eight"}},
		"word":     {"one two three four", 10, []string{"one two", "three four"}},
		"grapheme": {"abcdefghij", 4, []string{"abcd", "efgh", "ij"}},
		"family":   {"a👨‍👩‍👧b", 9, []string{"a👨‍👩‍👧", "b"}},
		"flags":    {"🇩🇪🇫🇷🇪🇸", 5, []string{"🇩🇪", "🇫🇷", "🇪🇸"}},
		"heading":  {"aaaa\n\n## Head\n\nbody", 12, []string{"aaaa", "Head\n\nbody"}},
		"long":     {"## Head\n\none two three", 13, []string{"Head\n\none two", "three"}},
		"tiny":     {"ab cd", 0, []string{"a", "b", "c", "d"}},
	} {
		t.Run(name, func(t *testing.T) {
			if diff := cmp.Diff(c.want, plains(Parse([]byte(c.text)).Split(c.limit, units))); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestSplitKeepsLook(t *testing.T) {
	got := Parse([]byte("3. see [the whole long page](https://example.org)")).Split(15, units)
	want := []Doc{
		{{Kind: Item, Number: 3, Spans: []Span{{Text: "see "}, {Text: "the whole", URL: "https://example.org"}}}},
		{{Kind: Paragraph, Spans: []Span{{Text: "long page", URL: "https://example.org"}}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestSplitCodeKeepsIndent(t *testing.T) {
	got := plains(Parse([]byte("```\nif x {\n\treturn\n}\n```")).Split(10, units))
	if diff := cmp.Diff([]string{"if x {", "\treturn\n}"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestSplitDoesNotChangeItsDoc(t *testing.T) {
	d := Parse([]byte("One two **three four** five.\n\n- six seven eight nine"))
	before := dump(d)
	d.Split(6, units)
	if diff := cmp.Diff(before, dump(d)); diff != "" {
		t.Error(diff)
	}
}

func TestSplitHugeGrapheme(t *testing.T) {
	zalgo := "a" + strings.Repeat("\u0301", 5000)
	pieces := Doc{Para(Text(zalgo))}.Split(1000, units)
	if got := strings.Join(plains(pieces), ""); got != zalgo || len(pieces) != 6 {
		t.Errorf("%d pieces, %d bytes of %d", len(pieces), len(got), len(zalgo))
	}
}

func TestSplitLongBlockIsQuick(t *testing.T) {
	text := strings.Repeat("word ", 400_000)
	measured := 0
	pieces := Doc{Para(Text(text))}.Split(4000, func(d Doc) int {
		n := len(d.Plain())
		measured += n
		return n
	})
	if len(pieces) < 500 || measured > 200*len(text) {
		t.Errorf("%d pieces, %d bytes measured for %d", len(pieces), measured, len(text))
	}
}

func FuzzSplit(f *testing.F) {
	f.Add("One. Two *three*\n\n- four\n\n```\n  five\n```", 7)
	f.Add("# h\n\n# i\n\na👨‍👩‍👧b \u0301 c\u200d", 3)
	f.Add("e\u0301**\u0301** \u00a0 x", 1)
	f.Fuzz(func(t *testing.T, src string, limit int) {
		limit = limit % 5000
		d := Parse([]byte(src))
		pieces := d.Split(limit, units)
		if got, want := squeeze(strings.Join(plains(pieces), "")), squeeze(d.Plain()); got != want {
			t.Fatalf("split then joined:\n%q\nwant\n%q", got, want)
		}
		for i, p := range pieces {
			checkDoc(t, p)
			text := p.Plain()
			if n := units(p); n > limit && len([]rune(text)) > 1 {
				t.Fatalf("piece %d has %d of at most %d: %q", i, n, limit, text)
			}
		}
	})
}

// TestSplitNeverCutsGraphemes uses text whose graphemes all fit.
func TestSplitNeverCutsGraphemes(t *testing.T) {
	text := strings.Repeat("e\u0301👩🏽‍🚒🇩🇪한국 ก็ x. ", 200)
	for limit := 12; limit < 60; limit++ {
		var got []string
		for _, p := range plains(Doc{Para(Text(text))}.Split(limit, units)) {
			got = append(got, graphemesOf(p)...)
		}
		if diff := cmp.Diff(graphemesOf(squeeze(text)), without(got, " ")); diff != "" {
			t.Fatalf("limit %d: %s", limit, diff)
		}
	}
}

func graphemesOf(s string) []string {
	var out []string
	for g := graphemes.FromString(s); g.Next(); {
		out = append(out, g.Value())
	}
	return out
}

func without(in []string, drop string) []string {
	var out []string
	for _, s := range in {
		if s != drop {
			out = append(out, s)
		}
	}
	return out
}

// squeeze drops all white space: Split leaves out what lies at a cut.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, s)
}

func TestSentences(t *testing.T) {
	for text, want := range map[string][]string{
		"":                                   nil,
		"One.":                               {"One."},
		"One. Two! Three? Four":              {"One.", "Two!", "Three?", "Four"},
		"Take e.g. this. Then that":          {"Take e.g. this.", "Then that"},
		"Dr. Smith came. He left.":           {"Dr. Smith came.", "He left."},
		"About 1.5 mg. Not 2.":               {"About 1.5 mg.", "Not 2."},
		"J. R. Smith said so. Yes.":          {"J. R. Smith said so.", "Yes."},
		"Pain, e.g. Migraine. End.":          {"Pain, e.g. Migraine.", "End."},
		"He has hepatitis C. It is a virus.": {"He has hepatitis C.", "It is a virus."},
		"He said \"Stop.\" Then he left (now.) Bye": {"He said \"Stop.\"", "Then he left (now.)", "Bye"},
		"Wait... what? Really?!  Yes":               {"Wait... what?", "Really?!", "Yes"},
		"Line one\nline two\n\nNew block":           {"Line one", "line two", "New block"},
		"See no. 5 for it. No. That is all.":        {"See no. 5 for it.", "No.", "That is all."},
		"Smith et al. Found it. Fine.":              {"Smith et al. Found it.", "Fine."},
		"これは文です。次の文。":                               {"これは文です。", "次の文。"},
		"docs.example.org is a site. Good":          {"docs.example.org is a site.", "Good"},
	} {
		if diff := cmp.Diff(want, Sentences(text)); diff != "" {
			t.Errorf("Sentences(%q): %s", text, diff)
		}
	}
}

func FuzzSentences(f *testing.F) {
	f.Add("A. b! C?\n\"D.\" E")
	f.Add("\xff.\u2028. \x00")
	f.Fuzz(func(t *testing.T, text string) {
		rest := text
		for _, s := range Sentences(text) {
			i := strings.Index(rest, s)
			if i < 0 || strings.TrimSpace(rest[:i]) != "" {
				t.Fatalf("%q is not the next slice of %q", s, rest)
			}
			rest = rest[i+len(s):]
		}
		if strings.TrimSpace(rest) != "" {
			t.Fatalf("%q is left over", rest)
		}
	})
}
