// Package talk recognises small talk: messages that greet, thank, say goodbye or ask about the bot, and nothing else. It
// knows nothing of what is replied.
package talk

import (
	"embed"
	"sync"

	"docent/bot/rule"
)

// The kinds of small talk.
const (
	Greeting = "greeting"
	Thanks   = "thanks"
	Bye      = "bye"
	Who      = "who"
	Robot    = "robot"
	Can      = "can" // what can you do, help
)

//go:embed *.txt
var files embed.FS

// Rules returns the rules of small talk in every language. They are read once; the error says that a rule file is wrong.
var Rules = sync.OnceValues(func() (*rule.Set, error) { return rule.Read(files) })
