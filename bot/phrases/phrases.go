// Package phrases holds every sentence that the bot says itself, in each language. All other words that a person reads
// come from an article. It knows nothing of platforms.
package phrases

import (
	"strings"
	"time"

	"golang.org/x/text/language"
)

// A Set is the bot's own words in one language. Words in braces, such as {section}, are filled in with Fill.
type Set struct {
	Language  string // BCP 47
	Commands  Commands
	Talk      Talk
	Answer    Answer
	Buttons   Buttons
	Why       Why
	Safety    Safety
	Privacy   Privacy
	Adapter   Adapter
	Settings  Settings
	Names     Names
	Months    [12]string
	DateOrder string            // {day}, {month} and {year} in the order of the language
	Languages map[string]string // names of languages by code
}

// Commands describes commands and their options: at most 100 runes each.
type Commands struct {
	Ask, Topics, Topic, Help, Privacy, Forget, Settings, HelpNow, Status, Start string
	OptionQuestion, OptionPrivate, OptionFor, OptionName                        string
	AskMessage                                                                  string // the name of the context-menu command, at most 32 runes
	Docent                                                                      string // the parent of the settings and status commands
	TopicShow                                                                   string // a topic's own command: "Show: {section}"
}

// Talk is small talk.
type Talk struct {
	Greeting, Help, HelpHow, TryAsking, Thanks, Bye, Who, Robot, Empty, Welcome string
}

// Answer is what stands around and between the words of articles.
type Answer struct {
	DidYouMean, NoneReply, NotCovered, Nearest, NoArticles string
	ReadAs                                                 string // {from} {to}
	TooLong, Gone, Withdrawn, Changed, OldButton           string
	ChooseArticle, ChooseTopic                             string
	Page                                                   string // {page} {pages}
	Both                                                   string // two questions in one
	Mention                                                string // {term}
	Source, General                                        string
	Reviewed, Overdue                                      string // {date}
	Expired                                                string // {section} {date}
	OtherLanguage                                          string // {language}
	RateThanks, WhatWasWrong                               string
}

// Buttons are labels: at most 34 runes, so that no platform cuts them.
type Buttons struct {
	ReadMore, ReadLess, Why, Helpful, NotHelpful, NoneOfThese       string
	Back, Next, Previous, Topics, Articles, HelpNow, Countries      string
	NotAsked, Unclear, Outdated, Missing                            string
	Delete, ContinuePrivately, AskAgain, NothingFound, Show, Source string
}

// Why explains an answer.
type Why struct {
	Title                                    string // {section}
	Words                                    string // {words}
	Repaired                                 string // {words}
	Example                                  string // {words}
	Alias                                    string // {words}
	Heading, Meaning, Topic, Pressed, Follow string
	RunnerUp                                 string // {section} {margin}
	Only, Forgotten                          string
}

// Safety is what the bot says about danger and about what it does not answer.
type Safety struct {
	Danger                            string // {number}: comes first
	DangerStay, SelfHarmNext, Program string
	SelfHarm                          string // {contact}: comes first
	HelpLine                          string // {contact}: one line under an answer
	Dose, Diagnosis                   string
	Pregnancy, Children               string // the articles are silent
	Reachable                         string // above the buttons of a refusal
	HelpNow, ChooseCountry            string
	International                     string
	Emergency, Talk                   string // headings of a contact's kind
	Unverified                        string
	VerifiedOn                        string // {date}
}

// Privacy is what /privacy and /forget say. {days} and {minutes} are numbers.
type Privacy struct {
	Title, NoText, NoMemory          string
	NoPerson                         string // in place of NoText, before Unanswered, where questions are collected
	Memory                           string // {minutes}
	Turns, Ratings, Updates          string // {days}
	Unanswered                       string // {days}
	NoUnanswered, Settings, Platform string
	Forget, Operator                 string // Operator: {operator}
	Forgotten                        string
}

// Adapter is what the platforms' own limits make necessary.
type Adapter struct {
	NoEmbed, NoSend, NoPermission, NotYours, PrivateOnly, GroupOnly, AdminsOnly, Broken, Late, Deleted, Expired string
	Cooldown                                                                                                    string // {seconds}
	LeftOut                                                                                                     string // {count}
	ChannelOff, Replied                                                                                         string
	AnswerFor                                                                                                   string // {person}
	NothingFound, InlineOpen, NoText, ReasonTitle, ReasonPlaceholder, ContinueInPrivate                         string
	BotShort                                                                                                    string // at most 120 runes
	BotAbout                                                                                                    string // at most 512 runes
}

// Settings names what operators of a server or group can choose.
type Settings struct {
	Title, Saved, Unchanged                                                                                string
	Channels, AllChannels, Mode, ModeMention, ModeAuto, Private, Language, Region, Cooldown                string
	Topic, AllTopics, DeleteCommands, Forum, On, Off, Default                                              string
	AutoNeeds                                                                                              string // what ModeAuto needs in Telegram
	BadValue                                                                                               string // {value} {allowed}
	StatusTitle, StatusArticles, StatusSections, StatusReloaded, StatusVersion, StatusShard, StatusLatency string
	NeedsContent                                                                                           string // answering unasked is chosen, but messages do not come
	StatusLacking                                                                                          string // before a list of permissions
}

// Names are the names of commands, of their parts and of their options: lower case, without spaces, at most 32 runes.
type Names struct {
	Ask, Topics, Topic, Help, Privacy, Forget, HelpNow, Settings, Status string
	Question, Private, For, Name                                         string
	Channel, AllChannels, Forum, Mode, Language, Region, Cooldown        string
}

// sets holds the languages; the first is the fallback. Nothing changes it.
var sets = [...]*Set{&english, &german, &spanish, &french, &portuguese}

// All returns the sets of every language, English first.
func All() []*Set { return append([]*Set(nil), sets[:]...) }

var matcher = language.NewMatcher([]language.Tag{
	language.English, language.German, language.Spanish, language.French, language.Portuguese,
})

// For returns the set for the first BCP 47 locale that there is one for, by the rules of language matching: "de-AT" gives
// German. Where there is none it returns English.
func For(locales ...string) *Set {
	for _, locale := range locales {
		tag, err := language.Parse(locale)
		if err != nil || locale == "" {
			continue
		}
		if _, i, confidence := matcher.Match(tag); confidence != language.No {
			return sets[i]
		}
	}
	return sets[0]
}

// Fill replaces {name} in a phrase. It takes names and values by turns.
func Fill(phrase string, pairs ...string) string {
	old := make([]string, 0, len(pairs))
	for i, p := range pairs {
		if i%2 == 0 {
			p = "{" + p + "}"
		}
		old = append(old, p)
	}
	return strings.NewReplacer(old...).Replace(phrase)
}

// Date writes a day as the language does.
func (s *Set) Date(t time.Time) string {
	return Fill(s.DateOrder, "day", t.Format("2"), "month", s.Months[t.Month()-1], "year", t.Format("2006"))
}

// LanguageName names the language of a BCP 47 code in the words of this Set.
func (s *Set) LanguageName(code string) string {
	tag, err := language.Parse(code)
	if err != nil {
		return code
	}
	base, _ := tag.Base()
	if name, ok := s.Languages[base.String()]; ok {
		return name
	}
	return code
}
