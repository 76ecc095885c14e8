package terminal

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
	"golang.org/x/text/width"
)

// minWidth is the narrowest text column that wrap makes room for.
const minWidth = 10

// wrap breaks text into lines of at most limit columns, at spaces, and puts first before the first line and rest before
// the others. A word that is longer than a line is broken between graphemes, an address never. A limit of 0 breaks at
// "\n" only.
func wrap(text, first, rest string, limit int) string {
	var lines []string
	margin := first
	for hard := range strings.SplitSeq(text, "\n") {
		room := 0
		if limit > 0 {
			room = max(limit-columns(margin), minWidth)
		}
		for _, line := range fill(hard, room) {
			lines = append(lines, strings.TrimRight(margin+line, " "))
			margin = rest
		}
	}
	return strings.Join(lines, "\n")
}

// fill breaks one paragraph into lines of at most room columns.
func fill(text string, room int) []string {
	if room == 0 || columns(text) <= room {
		return []string{text}
	}
	var lines []string
	line, used := "", 0
	for word := range strings.SplitSeq(text, " ") {
		w := columns(word)
		if line != "" && used+1+w > room {
			lines = append(lines, line)
			line, used = "", 0
		}
		if line != "" {
			line += " "
			used++
		}
		if w > room && !strings.Contains(word, "://") {
			var whole []string
			whole, word, w = chop(word, room)
			lines = append(lines, whole...)
		}
		line += word
		used += w
	}
	return append(lines, line)
}

// chop cuts a long word into lines of room columns and returns the last piece apart, with its width.
func chop(word string, room int) (lines []string, tail string, tailWidth int) {
	for len(word) > 0 {
		n := cellLength(word)
		piece := word[:n]
		w := columns(piece)
		if tailWidth+w > room && tailWidth > 0 {
			lines = append(lines, tail)
			tail, tailWidth = "", 0
		}
		tail += piece
		tailWidth += w
		word = word[n:]
	}
	return lines, tail, tailWidth
}

// cellLength returns the length in bytes of the first escape sequence or grapheme of s.
func cellLength(s string) int {
	if n := escapeLength(s); n > 0 {
		return n
	}
	g := graphemes.FromString(s)
	g.Next()
	return len(g.Value())
}

// escapeLength returns the length of the colour sequence that s starts with, or 0.
func escapeLength(s string) int {
	if !strings.HasPrefix(s, "\x1b[") {
		return 0
	}
	return strings.IndexByte(s, 'm') + 1
}

// columns returns how many columns s takes, without its colour sequences.
func columns(s string) int {
	total := 0
	for len(s) > 0 {
		n := escapeLength(s)
		if n == 0 {
			n = cellLength(s)
			total += cellWidth(s[:n])
		}
		s = s[n:]
	}
	return total
}

func cellWidth(grapheme string) int {
	r, n := utf8.DecodeRuneInString(grapheme)
	if n == 0 || unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	switch width.LookupRune(r).Kind() {
	case width.EastAsianWide, width.EastAsianFullwidth:
		return 2
	}
	return 1
}

// indent puts margin before every line of text.
func indent(text, margin string) string {
	return margin + strings.ReplaceAll(text, "\n", "\n"+margin)
}

// Clean removes control characters, so that no text can move the cursor or change the terminal.
func Clean(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}
