package knowledge

import (
	"slices"
	"strings"
	"unicode"

	"docent/knowledge/text"
)

// Lengths of an abbreviation in letters.
const (
	shortestAbbreviation = 2
	longestAbbreviation  = 8
)

// abbreviations finds what a text itself explains, as in "treatment-resistant depression (TRD)", and adds the long form
// of each abbreviation, folded, to known. The first explanation of an abbreviation stands.
func abbreviations(known map[string]string, s string) {
	for {
		before, rest, ok := strings.Cut(s, "(")
		if !ok {
			return
		}
		inside, after, ok := strings.Cut(rest, ")")
		if !ok {
			return
		}
		if short := strings.TrimSpace(inside); abbreviates(short) {
			if long := longForm(short, before); long != "" && known[text.Fold(short)] == "" {
				known[text.Fold(short)] = long
			}
		}
		s = after
	}
}

// abbreviates reports whether a word looks like an abbreviation: letters and digits, two capitals at least.
func abbreviates(s string) bool {
	capitals, n := 0, 0
	for _, r := range s {
		switch {
		case unicode.IsUpper(r):
			capitals++
		case !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-':
			return false
		}
		n++
	}
	return capitals >= 2 && n >= shortestAbbreviation && n <= longestAbbreviation
}

// longForm returns the end of a text that an abbreviation behind it stands for, or nothing: going backwards, each of its
// letters is found in turn, and the first of them starts a word (the method of Schwartz and Hearst, 2003). It is at most
// two words longer than the abbreviation has letters.
func longForm(short, before string) string {
	before = strings.TrimSpace(before)
	i := len(before) - 1
	for k := len(short) - 1; k >= 0; k-- {
		c := lower(short[k])
		if !isAlnum(c) {
			continue
		}
		for i >= 0 && (lower(before[i]) != c || k == 0 && i > 0 && isAlnum(lower(before[i-1]))) {
			i--
		}
		if i < 0 {
			return ""
		}
		i--
	}
	long := before[i+1:]
	if strings.ContainsAny(long, ".!?;:") || len(strings.Fields(long)) > len(short)+2 || len(long) <= len(short) {
		return ""
	}
	return long
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

func isAlnum(c byte) bool { return 'a' <= c && c <= 'z' || '0' <= c && c <= '9' }

// spelledOut adds the long forms of the abbreviations in a question to it, since the encoder does not know them.
func (x *index) spelledOut(question string, forms []string) string {
	for i, f := range forms {
		if long := x.abbreviations[f]; long != "" && !slices.Contains(forms[:i], f) {
			question += " (" + long + ")"
		}
	}
	return question
}
