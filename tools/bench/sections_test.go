package main

import (
	"bufio"
	"compress/gzip"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"sort"
	"strconv"
	"strings"
	"testing"

	"docent/knowledge/text"
)

// A section is what every engine indexes: a title of 3 to 7 words and a body of 30 to 90.
type section struct {
	title, body string
}

// A question asks for the section it was made from.
type question struct {
	text   string
	answer int
}

// seed makes each run ask the same of the same.
const seed = 20261124

// A vocabulary draws the words of English as often as people write them, which is very nearly Zipf's law.
type vocabulary struct {
	words []string
	upTo  []float64 // running sum of the words' shares
	rand  *rand.Rand
}

// newVocabulary reads the word list of knowledge/text: a word and its rarity in tenths of a nat on a line.
func newVocabulary(tb testing.TB) *vocabulary {
	f, err := os.Open("../../knowledge/text/words.txt.gz")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		tb.Fatal(err)
	}
	v := &vocabulary{rand: rand.New(rand.NewPCG(seed, 0))}
	sum := 0.0
	for sc := bufio.NewScanner(z); sc.Scan(); {
		w, tenths, _ := strings.Cut(sc.Text(), " ")
		n, err := strconv.Atoi(tenths)
		if err != nil {
			tb.Fatalf("word list: %q: %v", sc.Text(), err)
		}
		sum += math.Exp(-float64(n) / 10)
		v.words, v.upTo = append(v.words, w), append(v.upTo, sum)
	}
	return v
}

func (v *vocabulary) word() string {
	return v.words[sort.SearchFloat64s(v.upTo, v.rand.Float64()*v.upTo[len(v.upTo)-1])]
}

// telling returns a word that says what a text is about.
func (v *vocabulary) telling() string {
	for {
		if w := v.word(); len(w) > 2 && !text.Stop(w) {
			return w
		}
	}
}

func (v *vocabulary) between(from, to int) int { return from + v.rand.IntN(to-from+1) }

func (v *vocabulary) sections(n int) []section {
	out := make([]section, n)
	for i := range out {
		var b strings.Builder
		for range v.between(3, 7) {
			b.WriteString(v.telling() + " ")
		}
		out[i].title = strings.TrimSpace(b.String())
		out[i].body = v.body()
	}
	return out
}

// body returns sentences of 8 to 16 words, 30 to 90 in all.
func (v *vocabulary) body() string {
	var b strings.Builder
	for left := v.between(30, 90); left > 0; {
		n := min(left, v.between(8, 16))
		for i := range n {
			w := v.word()
			if i == 0 {
				w = strings.ToUpper(w[:1]) + w[1:]
			} else {
				b.WriteByte(' ')
			}
			b.WriteString(w)
		}
		b.WriteString(". ")
		left -= n
	}
	return strings.TrimSpace(b.String())
}

// questions asks for n sections in the way of people: 3 to 6 of the section's telling words among function words.
func (v *vocabulary) questions(sections []section, n int) []question {
	openings := []string{"what is the", "how do I get", "can you tell me about", "when should I have the", "why does my", "what about"}
	links := []string{"of the", "and", "with a", "in", "for the", "to", "or", "when it is"}
	out := make([]question, n)
	for i := range out {
		answer := v.rand.IntN(len(sections))
		words := tellingWords(sections[answer])
		v.rand.Shuffle(len(words), func(a, b int) { words[a], words[b] = words[b], words[a] })
		var b strings.Builder
		b.WriteString(openings[v.rand.IntN(len(openings))])
		for j, w := range words[:min(len(words), v.between(3, 6))] {
			if j > 0 {
				b.WriteString(" " + links[v.rand.IntN(len(links))])
			}
			b.WriteString(" " + w)
		}
		out[i] = question{text: b.String() + "?", answer: answer}
	}
	return out
}

// tellingWords returns the different words of a section that are not function words, in order.
func tellingWords(s section) []string {
	var out []string
	seen := map[string]bool{}
	for _, w := range text.Words(nil, text.Fold(s.title+" "+s.body)) {
		if len(w) > 2 && !text.Stop(w) && !seen[w] {
			seen[w] = true
			out = append(out, w)
		}
	}
	return out
}

// TestQuestionsAreOfTheirSections holds that the generator does what the table says it does, and the same each time.
func TestQuestionsAreOfTheirSections(t *testing.T) {
	v := newVocabulary(t)
	sections := v.sections(200)
	for _, s := range sections {
		if n := len(strings.Fields(s.title)); n < 3 || n > 7 {
			t.Errorf("title of %d words: %q", n, s.title)
		}
		if n := len(strings.Fields(s.body)); n < 30 || n > 90 {
			t.Errorf("body of %d words: %q", n, s.body)
		}
	}
	questions := v.questions(sections, 100)
	for _, q := range questions {
		has := map[string]bool{}
		for _, w := range tellingWords(sections[q.answer]) {
			has[w] = true
		}
		asked := tellingWords(section{body: q.text})
		if len(asked) < 3 || len(asked) > 6 {
			t.Errorf("%d telling words: %q", len(asked), q.text)
		}
		for _, w := range asked {
			if !has[w] {
				t.Errorf("%q asks for %q, which its section lacks", q.text, w)
			}
		}
	}
	again := newVocabulary(t)
	if s := again.sections(200); fmt.Sprint(s, again.questions(s, 100)) != fmt.Sprint(sections, questions) {
		t.Error("the same seed gave other sections or questions")
	}
}
