package bot

import (
	"errors"
	"strings"

	"docent/knowledge"
)

// An action is what pressing a choice asks for. The letters are in buttons that people already have: never reuse one.
type action byte

const (
	actShow     action = 'S' // a section, in a new message
	actPick     action = 'P' // a section, in place of the message with the choice
	actMore     action = 'M' // the whole text
	actLess     action = 'L' // the short form again
	actWhy      action = 'W' // why this answer
	actHelpful  action = 'H'
	actNot      action = 'N' // not helpful
	actReason   action = 'Q' // why it was not; arg is an index of reasons
	actNone     action = 'X' // none of these
	actTopics   action = 'T' // an article's sections; arg is the page
	actArticles action = 'A' // the articles; arg is the page
	actRegion   action = 'G' // people who help in a country; arg is its code
	actWord     action = 0   // a command such as ChoiceHelp; arg is its word
)

// A press is a parsed choice value: the version "1", the action, and what the action needs of a Ref's key, a section's
// version and an argument. A value has the letters of a Telegram deep link only.
type press struct {
	act     action
	key     string // of the section, or of the article with an empty section
	version string // of the section
	arg     string
}

const (
	keyLen     = 11
	versionLen = 6
	maxArg     = 8
)

var errChoice = errors.New("unknown choice value")

// hasKey and hasVersion say which parts the value of an action has.
func (a action) hasKey() bool {
	return a != actWord && a != actNone && a != actArticles && a != actRegion
}
func (a action) hasVersion() bool { return a.hasKey() && a != actTopics }

// String returns the value that parsePress reads.
func (p press) String() string {
	if p.act == actWord {
		return "1" + p.arg
	}
	return "1" + string(rune(p.act)) + p.key + p.version + p.arg
}

// parsePress reads a choice value. It accepts any bytes.
func parsePress(value string) (press, error) {
	if len(value) < 2 || len(value) > MaxChoice || value[0] != '1' {
		return press{}, errChoice
	}
	switch value {
	case ChoiceStart, ChoiceHelp, ChoiceTopics, ChoicePrivacy, ChoiceForget, ChoiceHelpNow:
		return press{arg: value[1:]}, nil
	}
	p := press{act: action(value[1])}
	if !strings.ContainsRune("SPMLWHNQXTAG", rune(p.act)) {
		return press{}, errChoice
	}
	rest, ok := value[2:], true
	if p.act.hasKey() {
		p.key, rest, ok = cut(rest, keyLen)
	}
	if ok && p.act.hasVersion() {
		p.version, rest, ok = cut(rest, versionLen)
	}
	p.arg = rest
	if !ok || len(p.arg) > maxArg || !isWord(value) {
		return press{}, errChoice
	}
	return p, nil
}

func cut(s string, n int) (head, tail string, ok bool) {
	if len(s) < n {
		return "", "", false
	}
	return s[:n], s[n:], true
}

// isWord reports whether s has letters, digits, "-" and "_" only.
func isWord(s string) bool {
	for i := range len(s) {
		c := s[i]
		if !('a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '-' || c == '_') {
			return false
		}
	}
	return true
}

// sectionValue returns the value that does act to s.
func sectionValue(act action, s *knowledge.Section, arg string) string {
	return press{act: act, key: s.Ref.Key(), version: s.Version, arg: arg}.String()
}

func articleValue(a *knowledge.Article, page string) string {
	return press{act: actTopics, key: knowledge.Ref{Article: a.ID}.Key(), arg: page}.String()
}

// ShowChoice returns the Choice value that shows s in a new message. It fits a Telegram deep link.
func ShowChoice(s *knowledge.Section) string { return sectionValue(actShow, s, "") }

// Replaces reports whether the answer to a Choice value changes the message that carried it, so that an adapter that has
// to acknowledge first can do it in the right way.
func Replaces(value string) bool {
	p, err := parsePress(value)
	if err != nil {
		return false
	}
	switch p.act {
	case actPick, actMore, actLess, actTopics, actArticles, actRegion, actReason:
		return true
	}
	return false
}

// Rates reports whether pressing a Choice value is a person's opinion of an answer, which is answered privately.
func Rates(value string) bool {
	p, err := parsePress(value)
	return err == nil && (p.act == actHelpful || p.act == actNot || p.act == actReason)
}

// Explains reports whether pressing a Choice value asks why an answer was given, which only the conversation knows in which
// it was.
func Explains(value string) bool {
	p, err := parsePress(value)
	return err == nil && p.act == actWhy
}
