// Package phrases holds every sentence that the bot says itself, in each language. All other words that a person reads
// come from an article.
package phrases

// A Set is the bot's own words in one language.
type Set struct {
	Language string // BCP 47
	Commands Commands
}

// Commands describes commands and their options: at most 100 runes each.
type Commands struct {
	Ask, Topics, Topic, Help, Privacy, Forget, Settings, HelpNow, Status, Start string
	OptionQuestion, OptionPrivate, OptionFor, OptionName                        string
	AskMessage                                                                  string // the name of the context-menu command, at most 32 runes
}
