package markup

import "strings"

// maxNesting is how many quotations and lists deep text may stand. The parser's time grows with the square of it.
const maxNesting = 64

// flatten drops the marks of quotations and lists at the beginning of lines that are nested more deeply than that.
func flatten(s string) string {
	var b strings.Builder
	done := 0 // what is in b already
	for at := 0; at < len(s); {
		if from, to := excess(s[at:]); to > from {
			b.WriteString(s[done : at+from])
			done = at + to
		}
		next := strings.IndexByte(s[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	if done == 0 {
		return s
	}
	b.WriteString(s[done:])
	return b.String()
}

// excess returns where the marks are that are too many at the beginning of a line.
func excess(line string) (from, to int) {
	marks := 0
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case c == ' ' || c == '\t':
			continue
		case c == '>':
		case (c == '-' || c == '+' || c == '*') && i+1 < len(line) && (line[i+1] == ' ' || line[i+1] == '\t'):
		default:
			return from, to
		}
		switch marks++; {
		case marks == maxNesting:
			from, to = i+1, i+1
		case marks > maxNesting:
			to = i + 1
		}
	}
	return from, to
}
