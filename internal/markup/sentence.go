package markup

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentences returns the sentences of text in order, each a slice of it without white space around it. A line break ends
// a sentence; the full stop of an abbreviation, an initial or a number does not.
func Sentences(text string) []string {
	var out []string
	start := 0
	for at := 0; at < len(text); {
		end := sentenceEnd(text, at)
		if end < 0 {
			_, n := utf8.DecodeRuneInString(text[at:])
			at += n
			continue
		}
		out = appendTrimmed(out, text[start:end])
		start, at = end, end
	}
	return appendTrimmed(out, text[start:])
}

func appendTrimmed(out []string, s string) []string {
	if s = strings.TrimSpace(s); s != "" {
		out = append(out, s)
	}
	return out
}

// sentenceEnd returns where the sentence ends whose last mark is at text[at], or -1 when none ends there.
func sentenceEnd(text string, at int) int {
	r, n := utf8.DecodeRuneInString(text[at:])
	switch r {
	case '\n', '\u2028', '\u2029':
		return at + n
	case '。', '！', '？':
		return closers(text, at+n)
	case '.', '!', '?', '…':
	default:
		return -1
	}
	end := at + n
	for end < len(text) && strings.ContainsRune(".!?…", rune(firstRune(text[end:]))) {
		_, n := utf8.DecodeRuneInString(text[end:])
		end += n
	}
	single := r == '.' && end == at+n
	end = closers(text, end)
	rest := strings.TrimLeftFunc(text[end:], unicode.IsSpace)
	if rest == "" {
		return len(text)
	}
	if len(rest) == len(text)-end || unicode.IsLower(firstLetter(rest)) {
		return -1
	}
	if single && abbreviated(text[:at], rest) {
		return -1
	}
	return end
}

func firstRune(s string) rune {
	r, _ := utf8.DecodeRuneInString(s)
	return r
}

// firstLetter returns the first rune of s that is no quotation mark or bracket.
func firstLetter(s string) rune {
	for _, r := range s {
		if !strings.ContainsRune(`"'“”‘’«»([`, r) {
			return r
		}
	}
	return 0
}

// closers returns the end of the quotation marks and brackets that start at text[at].
func closers(text string, at int) int {
	for at < len(text) {
		r, n := utf8.DecodeRuneInString(text[at:])
		if !strings.ContainsRune(`"'”’»)]」』`, r) {
			break
		}
		at += n
	}
	return at
}

// abbreviated reports whether before, which a full stop follows, ends in an abbreviation; rest is the text after it.
func abbreviated(before, rest string) bool {
	word := before[strings.LastIndexFunc(before, func(r rune) bool {
		return unicode.IsSpace(r) || strings.ContainsRune(`("'“‘[`, r)
	})+1:]
	if i := strings.IndexFunc(word, unicode.IsLetter); i > 0 { // a bracket of more than one byte
		word = word[i:]
	}
	low := strings.ToLower(word)
	switch low {
	case "e.g", "i.e", "eg", "ie", "dr", "mr", "mrs", "ms", "prof", "vs", "cf", "viz", "approx", "ca", "st", "al", "jr",
		"sr", "fig", "figs", "eq", "dept", "gen", "gov", "rev", "sgt", "capt", "lt", "col", "mt", "u.s", "u.k", "ph.d", "m.d",
		"z.b", "d.h", "u.a", "bzw", "ggf", "inkl", "vgl", "z", "d":
		return true
	case "no", "nos", "vol", "pp", "p", "art", "sec", "ch", "nr", "s":
		return unicode.IsDigit(firstRune(rest))
	}
	return initial(word, before)
}

// initial reports whether word is one capital that abbreviates a name ("J. Smith") and not a name of its own
// ("vitamin C.").
func initial(word, before string) bool {
	r, n := utf8.DecodeRuneInString(word)
	if n == 0 || n != len(word) || !unicode.IsUpper(r) || r == 'I' {
		return false
	}
	ahead := strings.Fields(before[:len(before)-len(word)])
	if len(ahead) == 0 {
		return true
	}
	last := ahead[len(ahead)-1]
	return unicode.IsUpper(firstLetter(last)) || strings.HasSuffix(last, ".")
}
