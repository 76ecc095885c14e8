// Package text turns text into words that can be compared: it folds case, accents and spellings, splits words, stems
// them, knows which are common, and repairs misspelt ones. It knows nothing of articles.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/words"
	"golang.org/x/text/unicode/norm"
)

// Fold returns s in the form in which words are compared: compatibility forms replaced (NFKD), accents removed, lower
// case, typographic apostrophes plain. Folding twice equals folding once.
func Fold(s string) string {
	if isASCII(s) {
		return strings.ToLower(s)
	}
	s = strings.ToValidUTF8(s, " ")
	for range 3 { // lower-casing can produce new accents, as İ does; three rounds reach the fixed point
		t := foldOnce(s)
		if t == s {
			break
		}
		s = t
	}
	return s
}

func foldOnce(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range norm.NFKD.String(strings.ToLower(s)) {
		switch {
		case unicode.Is(unicode.Mn, r), r == '\u200b', r == '\u200c', r == '\u200d', r == '\u2060', r == '\ufeff', r == '\u00ad':
		case r == '’' || r == '‘' || r == 'ʼ' || r == '`' || r == '´':
			b.WriteByte('\'')
		default:
			if t, ok := letterFold(r); ok {
				b.WriteString(t)
			} else {
				b.WriteRune(unicode.ToLower(r))
			}
		}
	}
	return b.String()
}

// letterFold spells letters that Unicode does not decompose.
func letterFold(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð':
		return "d", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	}
	return "", false
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// Words appends the words of folded text to dst and returns it: runs of letters and digits as UAX #29 sees them, with the
// parts of hyphenated words apart, numbers such as "1.5" whole, and possessive endings dropped.
func Words(dst []string, folded string) []string {
	if isASCII(folded) {
		return asciiWords(dst, folded)
	}
	for it := words.FromString(folded); it.Next(); {
		if w := it.Value(); isASCII(w) {
			dst = asciiWords(dst, w)
		} else if hasWordRune(w) {
			dst = append(dst, strings.Trim(strings.TrimSuffix(w, "'s"), "'_"))
		}
	}
	return dst
}

func asciiWords(dst []string, s string) []string {
	for i := 0; i < len(s); {
		if !alnum(s[i]) {
			i++
			continue
		}
		j := i + 1
		for j < len(s) && (alnum(s[j]) || joins(s, j)) {
			j++
		}
		if w := possessive(s[i:j]); w != "" {
			dst = append(dst, w)
		}
		i = j
	}
	return dst
}

// joins reports whether the byte at i holds two halves of one word together: an apostrophe between letters, a point or
// comma between digits.
func joins(s string, i int) bool {
	if i+1 >= len(s) || !alnum(s[i+1]) {
		return false
	}
	switch s[i] {
	case '\'':
		return !digit(s[i-1])
	case '.', ',':
		return digit(s[i-1]) && digit(s[i+1])
	}
	return false
}

func possessive(w string) string {
	if n := len(w); n > 2 && w[n-1] == 's' && w[n-2] == '\'' {
		return w[:n-2]
	}
	return w
}

func alnum(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || digit(c)
}

func digit(c byte) bool { return '0' <= c && c <= '9' }

func hasWordRune(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			return true
		}
	}
	return false
}
