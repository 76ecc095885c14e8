package rule

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// A token is a word of a message: the ids of the pattern words that it may stand for, and whether a sentence ends after
// it.
type token struct {
	ids  []int
	ends bool
}

// A word of a pattern.
type word struct {
	text   []rune
	exact  bool // no typos
	prefix bool // any ending
}

// A vocabulary is the words of all patterns, found by their first letter.
type vocabulary struct {
	words   []word
	byFirst map[rune][]int
	ids     map[string]int
}

// add returns the ids of a pattern word, of which there are several when an apostrophe is in it: "=word" must be exact and
// "word*" may have any ending.
func (v *vocabulary) add(s string) []int {
	text, exact := strings.CutPrefix(s, "=")
	text, prefix := strings.CutSuffix(text, "*")
	var ids []int
	for _, part := range split(text) {
		ids = append(ids, v.addWord(word{text: []rune(part), exact: exact, prefix: prefix}))
	}
	return ids
}

func (v *vocabulary) addWord(w word) int {
	s := fmt.Sprint(string(w.text), w.exact, w.prefix)
	if id, ok := v.ids[s]; ok {
		return id
	}
	id := len(v.words)
	v.words = append(v.words, w)
	if v.ids == nil {
		v.ids, v.byFirst = map[string]int{}, map[rune][]int{}
	}
	v.ids[s] = id
	v.byFirst[w.text[0]] = append(v.byFirst[w.text[0]], id)
	return id
}

// A message is the words of a text, and which pattern words any of them may stand for.
type message struct {
	words   []token
	present []bool
}

// read turns a text into a message.
func (v *vocabulary) read(text string) message {
	var out []token
	present := make([]bool, len(v.words))
	seen := map[string][]int{}
	for _, w := range split(text) {
		if w == sentenceEnd {
			if len(out) > 0 {
				out[len(out)-1].ends = true
			}
			continue
		}
		ids, ok := seen[w]
		if !ok {
			ids = v.lookup([]rune(w))
			seen[w] = ids
			for _, id := range ids {
				present[id] = true
			}
		}
		out = append(out, token{ids: ids})
	}
	return message{out, present}
}

// lookup returns the pattern words that a word may stand for. A typo may change its first letter only by swapping it with
// the second.
func (v *vocabulary) lookup(w []rune) []int {
	var out []int
	first := []rune{w[0]}
	if len(w) > 1 && w[1] != w[0] {
		first = append(first, w[1])
	}
	if w[0] == censored {
		for r := range v.byFirst {
			first = append(first, r)
		}
	}
	for _, r := range first {
		for _, id := range v.byFirst[r] {
			if v.words[id].stands(w) {
				out = append(out, id)
			}
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// stands reports whether w may be the pattern word.
func (p word) stands(w []rune) bool {
	if p.prefix {
		return len(w) >= len(p.text) && same(w[:len(p.text)], p.text)
	}
	if same(w, p.text) {
		return true
	}
	if stretched(w) && string(squeeze(w)) == string(squeeze(p.text)) {
		return true
	}
	if p.exact {
		return false
	}
	switch n := len(p.text); {
	case n < 3 || len(w) < 3:
		return false
	case n < 5 || len(w) < 4:
		return len(w) == n && swapped(w, p.text)
	case n < 8:
		return distance(w, p.text, 1) <= 1
	}
	return distance(w, p.text, 2) <= 2
}

// censored stands for any letter.
const censored = '*'

func like(a, b rune) bool { return a == b || a == censored }

func same(w, p []rune) bool { return slices.EqualFunc(w, p, like) }

// swapped reports whether w is p with two neighbours exchanged.
func swapped(w, p []rune) bool {
	for i := 0; i+1 < len(w); i++ {
		if w[i] != p[i] {
			return w[i] == p[i+1] && w[i+1] == p[i] && slices.Equal(w[i+2:], p[i+2:])
		}
	}
	return false
}

func stretched(w []rune) bool {
	for i := 2; i < len(w); i++ {
		if w[i] == w[i-1] && w[i] == w[i-2] {
			return true
		}
	}
	return false
}

// squeeze makes one letter of each run of equal ones.
func squeeze(w []rune) []rune { return slices.Compact(slices.Clone(w)) }

// maxLetters is the length above which words must be spelt right.
const maxLetters = 31

// distance is the number of letters to add, drop, change or swap with their neighbour to make b of a; above limit it is
// some number above limit.
func distance(a, b []rune, limit int) int {
	if len(a)-len(b) > limit || len(b)-len(a) > limit || len(a) > maxLetters || len(b) > maxLetters {
		return limit + 1
	}
	var rows [3][maxLetters + 1]int
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		row, last, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		row[0] = i
		best := i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if like(a[i-1], b[j-1]) {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
			best = min(best, row[j])
		}
		if best > limit+1 {
			return best
		}
	}
	return rows[len(a)%3][len(b)]
}

// sentenceEnd stands among words for the end of a sentence.
const sentenceEnd = "."

// leet maps digits and signs that stand for letters inside words.
var leet = map[rune]rune{'0': 'o', '1': 'i', '3': 'e', '4': 'a', '5': 's', '7': 't', '@': 'a', '$': 's', '!': 'i'}

// shorthand is what is written with marks that would be lost.
var shorthand = strings.NewReplacer("od'd", "overdosed", "od'ed", "overdosed", "od'ing", "overdosing", "o.d.", "overdose",
	"k.m.s.", "kms", "mg/kg", "mgkg", "ß", "ss", "w/", "with ")

// fold returns s in small letters without accents and invisible characters.
func fold(s string) string {
	s = strings.ToLower(strings.ToValidUTF8(s, " "))
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r) || unicode.Is(unicode.Cf, r):
			return -1
		case r == '’' || r == '‘' || r == '`' || r == '´' || r == 'ʼ':
			return '\''
		}
		return r
	}, shorthand.Replace(strings.ReplaceAll(norm.NFKD.String(s), "’", "'")))
}

// split returns the folded words of s, with sentenceEnd between sentences.
func split(s string) []string {
	runes := []rune(fold(s))
	var out []string
	var w []rune
	flush := func() {
		if len(w) > 0 {
			out = append(out, string(w))
			w = w[:0:0]
		}
	}
	for i, r := range runes {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if l, ok := leet[r]; ok && between(runes, i) {
				r = l
			}
			w = append(w, r)
		case (r == '@' || r == '$' || r == '!') && between(runes, i):
			w = append(w, leet[r])
		case r == censored && between(runes, i):
			w = append(w, r)
		case r == '\'' && between(runes, i) && !elision(w):
		default:
			flush()
			if strings.ContainsRune(".?!;\n", r) {
				out = append(out, sentenceEnd)
			}
		}
	}
	flush()
	return join(out)
}

// Words returns the words of a text in the form in which patterns are compared: small letters without accents.
func Words(text string) []string {
	return slices.DeleteFunc(split(text), func(w string) bool { return w == sentenceEnd })
}

// between reports whether the rune at i stands inside a word.
func between(rs []rune, i int) bool {
	inside := func(r rune) bool { return unicode.IsLetter(r) || r == censored }
	return i > 0 && i+1 < len(rs) && inside(rs[i-1]) && inside(rs[i+1])
}

// elision reports whether w is the French article or pronoun that an apostrophe follows.
func elision(w []rune) bool {
	return len(w) == 1 && strings.ContainsRune("ldjmtsnc", w[0]) || string(w) == "qu"
}

// join makes one word of three or more letters that stand alone, such as "k m s", unless they are words: "r u a".
func join(words []string) []string {
	var out []string
	for i := 0; i < len(words); {
		n := 0
		for i+n < len(words) && len(words[i+n]) == 1 && 'a' <= words[i+n][0] && words[i+n][0] <= 'z' {
			n++
		}
		if run := strings.Join(words[i:i+n], ""); n >= 3 && strings.Trim(run, "airuy") != "" {
			out = append(out, run)
			i += n
			continue
		}
		out = append(out, words[i])
		i++
	}
	return out
}
