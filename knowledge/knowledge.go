// Package knowledge holds articles and finds the section that answers a question. It knows nothing of chats, platforms
// or wording: it returns sections, scores and the reasons for them.
package knowledge

import (
	"crypto/sha256"
	"encoding/base64"
	"time"

	"docent/internal/markup"
)

// A Ref names a section: the ids of its article and of the section in it.
type Ref struct{ Article, Section string }

// String returns the Ref as "article/section".
func (r Ref) String() string { return r.Article + "/" + r.Section }

// Key returns a short name of the Ref that is the same on every machine: 11 characters of [A-Za-z0-9_-].
func (r Ref) Key() string {
	h := sha256.Sum256([]byte(r.String()))
	return base64.RawURLEncoding.EncodeToString(h[:8])
}

// An Article is one checked text.
type Article struct {
	ID         string
	Title      string
	Language   string // BCP 47, such as "en"
	Source     Source
	Reviewed   time.Time // the day on which somebody last checked it
	ReviewBy   time.Time // the day by which it should be checked again; zero: never
	Aliases    []string  // other names of the subject
	Withdrawn  string    // the reason why the whole article must not be shown; empty: shown
	NotCovered []string  // example questions near the subject that the article does not answer
	Sections   []*Section
	File       string // where it was read from
}

// A Source says where an article's facts come from.
type Source struct{ Title, URL string }

// A Section is the part of an article under one heading. It is the unit that answers a question.
type Section struct {
	Ref       Ref
	Article   *Article
	Heading   string
	Body      markup.Doc // without the heading
	Text      string     // Body as plain text: what is searched
	Aliases   []string   // other names of the topic
	Ask       []string   // example questions that the section answers
	Withdrawn string     // the reason why it must not be shown; empty: shown
	Line      int        // first line in the file, from 1
	EndLine   int        // last line in the file
	Version   string     // 6 characters of [A-Za-z0-9_-] that change with the text
}

// Verdict says how well a question was answered.
type Verdict uint8

// The verdicts.
const (
	None   Verdict = iota // no section answers
	Unsure                // one of the matches may answer
	Sure                  // the first match answers
)

// String returns "none", "unsure" or "sure".
func (v Verdict) String() string { return [...]string{"none", "unsure", "sure"}[v] }

// A Query is a question with what surrounds it.
type Query struct {
	Text    string
	History []string // the person's earlier questions in this conversation, oldest first
	Article string   // search only this article; empty: all
	Heard   *Heard   // what was computed of texts before, for this exchange; may be nil
}

// A Result is the answer to a Query.
type Result struct {
	Verdict Verdict
	Matches []Match  // best first; at most 10; also filled for None, with the nearest sections
	Repairs []Repair // the words that were read as others, in order
	TooLong bool     // the question was longer than MaxQuestion and not searched
}

// MaxQuestion is the length in bytes above which a question is not searched.
const MaxQuestion = 4000

// A Match is a section that may answer.
type Match struct {
	Ref     Ref
	Section *Section
	Score   float64    // calibrated probability in [0,1] that this section answers
	Lead    string     // the section's own sentence that answers best, a slice of Section.Text; may be empty
	Why     []Evidence // strongest first
}

// A Repair is a word of the question that was read as another.
type Repair struct{ From, To string }

// Evidence is one reason for a Match, for people and operators to read.
type Evidence struct {
	Kind   string  // "word", "repaired", "example", "alias", "heading", "meaning", "topic"
	Detail string  // what matched: the word, "from -> to", the example question
	Weight float64 // share of the score, in [0,1]
}

// A Suggestion completes what a person is typing.
type Suggestion struct {
	Section *Section
	Label   string // "Section · Article"; not shortened
	Tier    Tier
}

// Tier says why a Suggestion is shown.
type Tier uint8

// The tiers, best first.
const (
	TierPopular Tier = iota // nothing was typed
	TierExact
	TierPrefix
	TierFuzzy
	TierContent
)
