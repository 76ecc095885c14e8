package rule_test

import (
	"math"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"docent/bot/rule"
)

func read(t testing.TB, text string) *rule.Set {
	t.Helper()
	set, err := rule.Read(fstest.MapFS{"a.txt": {Data: []byte(text)}})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

func TestPatterns(t *testing.T) {
	for _, c := range []struct {
		pattern string
		yes, no []string
	}{
		{"breathing", []string{"not breathing", "BREATHING!", "breahting", "breathng", "brèathing"}, []string{"breath in", "reading"}},
		{"=doing", []string{"doing"}, []string{"dosing", "doings"}},
		{"kill my self", []string{"kill my self", "k1ll my self", "k*ll my self", "kiiiill my self"}, []string{"kill. my self", "kill self"}},
		{"kill .. myself", []string{"kill myself", "kill now all of myself"}, []string{"kill one two three four myself", "kill. me myself"}},
		{"aa bb? cc", []string{"aa cc", "aa bb cc"}, []string{"aa bb", "aa bb bb cc"}},
		{"^ hello $", []string{"hello", "Hello!!", "helllo"}, []string{"hello you", "oh hello"}},
		{"^ hello there? bye $", []string{"hello. bye!"}, []string{"hello you bye"}},
		{"suicid*", []string{"suicidal", "suicides"}, []string{"sui"}},
		{"one_two|three", []string{"one two", "three"}, []string{"one three_"[:3]}},
		{"overdosed", []string{"od'd", "overdoosed"}, []string{"odd"}},
		{"kms", []string{"k.m.s.", "k m s"}, []string{"kmz"}},
	} {
		set := read(t, "rule r k en\nmatch "+c.pattern)
		for _, text := range c.yes {
			if set.First(text) == nil {
				t.Errorf("%q does not match %q", c.pattern, text)
			}
		}
		for _, text := range c.no {
			if set.First(text) != nil {
				t.Errorf("%q matches %q", c.pattern, text)
			}
		}
	}
}

func TestUnless(t *testing.T) {
	set := read(t, "list x: one | two words\nrule r k en\nmatch take <x>\nunless game\nrule s other en\nmatch take")
	if set.First("take two words", "k") == nil || set.First("take two words in the game", "k") != nil {
		t.Error("unless does not count")
	}
	if got := set.Match("take one"); len(got) != 2 || got[0].ID != "r" {
		t.Errorf("%v", got)
	}
}

func TestCheckFindsWrongExamples(t *testing.T) {
	set := read(t, "rule r k en\nmatch one\nyes one\nyes two\nno one\nrule s k en\nmatch three")
	if got := set.Check(); len(got) != 3 {
		t.Errorf("%q", got)
	}
}

// letters is a toy of an encoder: texts are as near as they share letters.
func letters(text string) []float32 {
	v := make([]float32, 26)
	var sum float64
	for _, r := range text {
		if 'a' <= r && r <= 'z' {
			v[r-'a']++
		}
	}
	for _, x := range v {
		sum += float64(x * x)
	}
	for i := range v {
		v[i] /= float32(math.Sqrt(max(sum, 1)))
	}
	return v
}

func TestNear(t *testing.T) {
	set := read(t, "rule r k en\nmatch xyz\nunless stop\nyes xyz\nlike ninety nine bananas\nnear 0.8\nno mmmm\n"+
		"rule s k en\nmatch qqq\nyes qqq\nno q\nrule o other en\nmatch www\nyes www\nno w\nrule f k fr\nmatch vvv\nyes vvvjjj\nno v")
	near, err := rule.NewNear(set, set.Vectors(letters))
	if err != nil {
		t.Fatal(err)
	}
	for text, want := range map[string]string{
		"ninety nine banana": "r", "xyz": "r", "www www www. jjj kkk lll! ninety nine banana": "r",
		"xyz stop mmmm": "", "ninety nine bananas stop": "", // an exception; nearer to something else
		"qqq": "", "www": "", "vvvjjj": "", "": "", // no near; another kind; another language; nothing
	} {
		got := ""
		if r := near.First(text, letters, "k"); r != nil {
			got = r.ID
		}
		if got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
	other := read(t, "rule r k en\nmatch xyz\nyes xyz\nno abc")
	for _, vectors := range [][]byte{nil, set.Vectors(letters), other.Vectors(letters)[:40]} {
		if _, err := rule.NewNear(other, vectors); err == nil {
			t.Errorf("%d bytes of vectors that are not those of the examples are taken", len(vectors))
		}
	}
}

func TestMistakesNameFileAndLine(t *testing.T) {
	_, err := rule.Read(fstest.MapFS{"a.txt": {Data: []byte("match x\nrule a b\nrule a b en\nmatch <none>\nmatch a?|b\nfoo bar\nmatch ..|\nyes\nrule a b en\nlist x\nmatch ^ $\nnear 2\nnear x")}})
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{"a.txt:1:", "a.txt:2:", "a.txt:4:", "a.txt:5:", "a.txt:6:", "a.txt:8:", "a.txt:9:", "a.txt:10:", "a.txt:11:", "a.txt:12:", "a.txt:13:"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("no %s in:\n%v", want, err)
		}
	}
	if _, err := rule.Read(fstest.MapFS{}); err == nil {
		t.Error("no files are no mistake")
	}
}

func FuzzFirst(f *testing.F) {
	set := read(f, "rule r k en\nmatch a|b_c .. kill ... myself? $\nmatch suicid* ... now\nunless ^ x ...")
	for _, s := range []string{"", "a kill", "\x00\xff", "k*ll ***", "'''", strings.Repeat("a ", 4000), "l'a d'b"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		first := set.First(s)
		if again := set.First(s); first != again {
			t.Fatal("not the same twice")
		}
	})
}

func TestLongTextsAreFast(t *testing.T) {
	set := read(t, "rule r k en\nmatch a ... a ... a ... b")
	began := time.Now()
	set.First(strings.Repeat("a ", 2000))
	if took := time.Since(began); took > 5*time.Second {
		t.Errorf("2,000 words took %v", took)
	}
}
