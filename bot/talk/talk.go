// Package talk recognises how people talk to the bot: messages that greet, thank, say goodbye, ask about the bot or for
// more of the last answer. It knows nothing of what is replied.
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
	Can      = "can"     // what can you do, help
	More     = "more"    // go on with the last answer
	Why      = "why"     // why this answer
	Overlap  = "overlap" // which sections say a word
)

//go:embed *.txt
var files embed.FS

// Rules returns the rules of small talk in every language. They are read once; the error says that a rule file is wrong.
var Rules = sync.OnceValues(func() (*rule.Set, error) { return rule.Read(files) })
