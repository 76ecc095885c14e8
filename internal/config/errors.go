package config

import (
	"fmt"
	"strings"
)

// An Error is one mistake in the configuration.
type Error struct {
	Where string // "config.yaml:12" or the name of an environment variable
	Key   string // such as "log.level"; empty when the mistake belongs to no key
	Text  string // what is wrong and what to write instead; never a secret
}

// Error returns the mistake on one line.
func (e Error) Error() string {
	if e.Key == "" {
		return e.Where + ": " + e.Text
	}
	return e.Where + ": " + e.Key + ": " + e.Text
}

// Errors is every mistake of a configuration, in the order of the file and then of the environment.
type Errors []Error

// Error returns one line for each mistake.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, x := range e {
		lines[i] = x.Error()
	}
	return strings.Join(lines, "\n")
}

func (e *Errors) add(where, key, format string, args ...any) {
	*e = append(*e, Error{where, key, fmt.Sprintf(format, args...)})
}
