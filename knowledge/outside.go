package knowledge

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// outside are questions that articles seldom answer. A question that is nearer to one of them than to any section is
// probably not covered.
var outside = [...]string{
	"how much does it cost",
	"is it covered by insurance",
	"is it legal where I live",
	"where can I buy it",
	"how can I make it myself",
	"what are the side effects",
	"can you die from too much of it",
	"can I use it while pregnant",
	"can I mix it with other medicines",
	"how much should I take",
	"how long does it stay in the body",
	"does it show up in a test",
	"can I drive afterwards",
	"can pets have it",
	"who makes it",
	"what does it taste like",
	"what are the symptoms of an illness",
	"how do I treat a fever at home",
	"which food is healthy",
	"how can I lose weight",
	"which doctor should I see near me",
	"book an appointment for me",
	"what is your phone number",
	"when are you open",
	"who owns this company",
	"hello how are you",
	"what is your name",
	"are you a robot or a person",
	"tell me a joke",
	"what will the weather be tomorrow",
	"who won the match",
	"what time is it",
	"recommend a film or a restaurant",
	"how do I cook dinner",
	"my computer does not work",
	"how do I repair a car",
	"what is the capital of a country",
	"who is the president",
	"what is the price of a share",
	"translate this sentence",
	"write a poem or a program",
	"plan a trip and book a flight",
	"play some music",
	"solve this sum",
	"what does this word mean",
}

// notCovered returns an article's examples of questions that it does not answer, and those in which one of its other
// names stands also with "it" in the name's place, as people ask on.
func notCovered(a *Article) []string {
	out := a.NotCovered
	for _, q := range a.NotCovered {
		for _, name := range a.Aliases {
			if at := wordAt(q, name); at >= 0 {
				out = append(out[:len(out):len(out)], q[:at]+"it"+q[at+len(name):])
				break
			}
		}
	}
	return out
}

// wordAt returns where a name stands in a text as a whole word, in small or great letters, or -1.
func wordAt(s, name string) int {
	for at := 0; at+len(name) <= len(s); at++ {
		if strings.EqualFold(s[at:at+len(name)], name) && !letterBefore(s, at) && !letterAfter(s, at+len(name)) {
			return at
		}
	}
	return -1
}

func letterBefore(s string, at int) bool {
	r, _ := utf8.DecodeLastRuneInString(s[:at])
	return unicode.IsLetter(r)
}

func letterAfter(s string, at int) bool {
	r, _ := utf8.DecodeRuneInString(s[at:])
	return unicode.IsLetter(r)
}
