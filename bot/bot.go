// Package bot turns a Question into a Reply. It holds the conversation: verdicts into words, choices, follow-ups,
// ratings, safety and memory. It knows nothing of any platform; adapters turn events into Questions and Replies into
// messages.
package bot

import (
	"context"
	"time"

	"docent/internal/markup"
	"docent/knowledge"
)

// A Handler answers questions. An error means that something is broken, never that nothing was found.
type Handler interface {
	Answer(context.Context, Question) (Reply, error)
}

// A Question is what a person asked: words, or a pressed Choice.
type Question struct {
	Text    string // what the person wrote; ignored when Choice is set
	Choice  string // the Value of the Choice that was pressed
	Place   Place
	Person  string // the platform's id of the person; kept in memory only
	Locale  string // BCP 47 language of the person; empty: the default
	Region  string // ISO 3166 country for emergency numbers; empty: the configured default
	Article string // search only this article; empty: all
	At      time.Time
}

// A Place is where a conversation happens.
type Place struct{ Platform, Channel, Thread string }

// A Reply is what the bot says. Its words are the same on every platform.
type Reply struct {
	ID      string // fingerprint of an answer, which "docent verify" explains; empty on fixed replies
	Kind    Kind
	Body    markup.Doc // starts with a Heading block when it has a title
	Footer  markup.Doc // source, reviewed date, general-information line; small print
	Choices []Choice
	Private bool // only the asker needs to see it, where the platform can do that
	Replace bool // answers a pressed Choice by changing the message that carried it
	Locale  string
	Result  knowledge.Result // what was found; zero for fixed replies
}

// Kind says what sort of reply it is.
type Kind uint8

// The kinds of Reply.
const (
	Fixed   Kind = iota // greeting, help, thanks, privacy, ...
	Sure                // a section, or part of it
	Unsure              // "did you mean"
	None                // the articles do not cover it
	Menu                // articles or topics to walk through
	Crisis              // help first, and alone
	Refusal             // dose, diagnosis, ...
)

// String returns the word that "ask --json" prints: "sure", "unsure", "none" or "fixed".
func (k Kind) String() string {
	switch k {
	case Sure:
		return "sure"
	case Unsure:
		return "unsure"
	case None:
		return "none"
	}
	return "fixed"
}

// A Choice is a button under a Reply. Pressing it asks a Question with its Value.
type Choice struct {
	Label string // at most MaxLabel runes
	Value string // at most MaxChoice bytes; versioned; names article, section and version
	Group Group
	URL   string // set instead of Value on a link
}

// MaxChoice is the greatest length of a Choice's Value in bytes. MaxLabel is the greatest length of its Label in runes.
const (
	MaxChoice = 56
	MaxLabel  = 60
)

// Group says which Choices belong together: an adapter starts a new row of buttons with each.
type Group uint8

// The groups, in the order in which they are shown.
const (
	GroupPick    Group = iota // did you mean, menus: one to a row
	GroupMore                 // read more, why this answer
	GroupRelated              // related sections
	GroupNav                  // back, pages
	GroupRate                 // helpful, not helpful
)

// A Topic is a section as commands and menus offer it.
type Topic struct {
	Ref         knowledge.Ref
	Value       string // the Choice value that shows it
	Name        string // unique and stable; [a-z0-9-]{1,32}; a command name
	Title       string // its heading
	Article     string // its article's title
	Description string // one line, at most 100 runes
}

// A Catalog lists what can be asked for. *Bot is one.
type Catalog interface {
	// Topics returns every topic in reading order. The slice is shared: do not change it.
	Topics() []Topic
	// Suggest completes what a person types, with up to n topics.
	Suggest(prefix string, n int) []Suggestion
}

// A Suggestion completes what a person is typing.
type Suggestion struct {
	Topic Topic
	Label string // "Section · Article"; not shortened
	Tier  knowledge.Tier
}

// The Choice values that stand for commands. An adapter sends them as Question.Choice.
const (
	ChoiceStart   = "1start"
	ChoiceHelp    = "1help"
	ChoiceTopics  = "1topics"
	ChoicePrivacy = "1privacy"
	ChoiceForget  = "1forget"
	ChoiceHelpNow = "1helpnow"
)
