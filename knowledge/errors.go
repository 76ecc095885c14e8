package knowledge

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Error is one mistake in an article, for the person who wrote it.
type Error struct {
	File string // the library's name and the path in it
	Line int    // from 1; 0 where the mistake is no line of the file's
	Msg  string // what is wrong
	Fix  string // what to do about it
}

// Error returns one line: "articles/x.md:12: what is wrong; what to do".
func (e Error) Error() string {
	at := e.File
	if e.Line > 0 {
		at = fmt.Sprintf("%s:%d", e.File, e.Line)
	}
	return at + ": " + e.Msg + "; " + e.Fix
}

// Errors lists every mistake that was found, by file and line.
type Errors []Error

// Error returns one line a mistake.
func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// asError returns nil for no mistakes, else the sorted list.
func (es Errors) asError() error {
	if len(es) == 0 {
		return nil
	}
	slices.SortStableFunc(es, func(a, b Error) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Line, b.Line))
	})
	return es
}

// A reporter collects the mistakes of one file.
type reporter struct {
	file string
	errs Errors
}

func (r *reporter) add(line int, fix, format string, args ...any) {
	r.errs = append(r.errs, Error{File: r.file, Line: line, Msg: oneLine(fmt.Sprintf(format, args...)), Fix: fix})
}
