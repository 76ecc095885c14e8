package encoder

import (
	"encoding/json"
	"os"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"
)

// tokens.json holds what the Python package "tokenizers" makes of each text with the model's own tokenizer.json,
// special tokens in the text taken as text, cut to 128.
func TestTokenizeGolden(t *testing.T) {
	m := load(t)
	data, err := os.ReadFile("testdata/tokens.json")
	if err != nil {
		t.Fatal(err)
	}
	var golden []struct {
		Text string
		IDs  []int32
	}
	if err := json.Unmarshal(data, &golden); err != nil {
		t.Fatal(err)
	}
	if len(golden) < 200 {
		t.Fatalf("only %d texts", len(golden))
	}
	var s tokScratch
	for _, g := range golden {
		if got := m.vocab.tokenize(&s, g.Text, 128); !slices.Equal(got, g.IDs) {
			t.Errorf("%q: got %v, want %v", g.Text, got, g.IDs)
		}
	}
}

func TestTokenizeLimit(t *testing.T) {
	m := load(t)
	var s tokScratch
	long := strings.Repeat("one two three ", 100)
	whole := slices.Clone(m.vocab.tokenize(&s, long, MaxPassage))
	for limit := 3; limit <= MaxPassage; limit++ {
		got := m.vocab.tokenize(&s, long, limit)
		if len(got) != limit || got[limit-1] != idEnd || !slices.Equal(got[:limit-1], whole[:limit-1]) {
			t.Fatalf("limit %d: %v", limit, got)
		}
	}
}

func FuzzTokenize(f *testing.F) {
	for _, s := range nasty() {
		f.Add(s)
	}
	m := load(f)
	f.Fuzz(func(t *testing.T, text string) {
		var s tokScratch
		ids := m.vocab.tokenize(&s, text, MaxQuery)
		if len(ids) < 2 || len(ids) > MaxQuery || ids[0] != idStart || ids[len(ids)-1] != idEnd {
			t.Fatalf("%q: %v", text, ids)
		}
		for _, id := range ids[1 : len(ids)-1] {
			if id < idUnknown || id >= numWords || id == idStart || id == idEnd {
				t.Fatalf("%q: %v", text, ids)
			}
		}
		if utf8.ValidString(text) && len(text) < 500 { // lower and upper ends of the text are white space or not there
			again := slices.Clone(ids)
			if got := m.vocab.tokenize(&s, " \n"+text+"\t", MaxQuery); !slices.Equal(got, again) {
				t.Fatalf("%q: %v, with white space %v", text, again, got)
			}
		}
	})
}

// nasty gives texts that have broken programs before.
func nasty() []string {
	return []string{
		"", " ", "\x00", "\xff\xfe\xfd", "a\xc3", "hello", strings.Repeat("?", 5000), strings.Repeat("a", 10<<20),
		strings.Repeat("\x00", 10<<20), strings.Repeat("😀", 5000), strings.Repeat("\u0301", 5000),
		strings.Repeat("a b ", 5000), strings.Repeat("é", 3000), strings.Repeat("\xf0\x9f", 5000), "[SEP][CLS]",
		strings.Repeat("漢", 9999), "e" + strings.Repeat("\u0323\u0301", 4000), strings.Repeat("\ufdfa", 3000),
	}
}
