package knowledge_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"docent/knowledge"
)

// nasty are questions made to take long or to break something. The longest that is searched has MaxQuestion bytes.
func nasty() map[string]string {
	rnd := rand.New(rand.NewPCG(1, 1))
	var misspelt []string
	for range 400 {
		w := make([]byte, 9)
		for i := range w {
			w[i] = byte('a' + rnd.IntN(26))
		}
		misspelt = append(misspelt, string(w))
	}
	fill := func(s string) string { return strings.Repeat(s, knowledge.MaxQuestion/len(s)) }
	return map[string]string{
		"empty": "", "NUL": fill("\x00"), "bad UTF-8": fill("\xff\xc3"), "one word": fill("a"), "emoji": fill("🙂"),
		"family": fill("👩‍👩‍👧‍👦"), "question marks": fill("?"), "marks on marks": fill("e\u0301\u0323"), "Arabic": fill("ﷺ "), "Chinese": fill("痛"),
		"hyphens": fill("a-"), "words": fill("pain relief "), "misspelt": strings.Join(misspelt, " ")[:knowledge.MaxQuestion-1],
		"deppresion": fill("deppresion migranes anasthesia "), "digits": fill("1.1,"),
	}
}

func TestAnyBytes(t *testing.T) {
	b := shipped(t)
	for name, q := range nasty() {
		if r := b.Find(q); r.TooLong || r.Verdict == knowledge.Sure && name != "words" && name != "deppresion" {
			t.Errorf("%s: %v, too long: %v", name, r.Verdict, r.TooLong)
		}
	}
	for _, n := range []int{knowledge.MaxQuestion + 1, 5000, 10 << 20} {
		if r := b.Find(strings.Repeat("?", n)); !r.TooLong || len(r.Matches) > 0 {
			t.Errorf("%d bytes: %+v", n, r)
		}
	}
}

// BenchmarkFindNasty: every one must stay below 20 ms on one core.
func BenchmarkFindNasty(b *testing.B) {
	base := shipped(b)
	for name, q := range nasty() {
		b.Run(fmt.Sprintf("%s/bytes=%d", name, len(q)), func(b *testing.B) {
			for b.Loop() {
				base.Find(q)
			}
		})
	}
}
