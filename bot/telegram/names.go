package telegram

import (
	"strconv"
	"strings"

	"docent/bot"
	"docent/knowledge"
)

// maxTopicCommands is how many topics have a command in the menu. All have one that can be typed.
const maxTopicCommands = 88

// names maps commands to the Choice values that they ask. It is not changed after newNames.
type names struct {
	choice map[string]string // by command
	topics []topicCommand    // for the menu, in reading order
	value  map[knowledge.Ref]bot.Topic
}

type topicCommand struct {
	name  string
	topic bot.Topic
}

// fixedCommands returns the commands that are always there.
func fixedCommands() map[string]string {
	return map[string]string{
		"start": bot.ChoiceStart, "help": bot.ChoiceHelp, "topics": bot.ChoiceTopics, "privacy": bot.ChoicePrivacy,
		"forget": bot.ChoiceForget, "helpnow": bot.ChoiceHelpNow,
	}
}

// newNames gives every topic a command. Names that two topics would share are told apart in the order of the topics.
func newNames(topics []bot.Topic) *names {
	n := &names{choice: fixedCommands(), value: make(map[knowledge.Ref]bot.Topic, len(topics))}
	for _, t := range topics {
		n.value[t.Ref] = t
		name := n.free(commandName(t.Name))
		if name == "" {
			continue
		}
		n.choice[name] = t.Value
		if len(n.topics) < maxTopicCommands {
			n.topics = append(n.topics, topicCommand{name, t})
		}
	}
	return n
}

// commandName maps a topic's name to the letters of a command.
func commandName(name string) string {
	var b strings.Builder
	for _, r := range strings.ToLower(name) {
		switch {
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			b.WriteRune(r)
		case b.Len() > 0 && !strings.HasSuffix(b.String(), "_"):
			b.WriteByte('_')
		}
	}
	s := b.String()
	return strings.Trim(s[:min(len(s), 32)], "_")
}

// free returns name, or name with the first number that nobody has.
func (n *names) free(name string) string {
	if name == "" {
		return ""
	}
	taken := func(s string) bool { return n.choice[s] != "" || s == "ask" || s == "settings" }
	if !taken(name) {
		return name
	}
	for i := 2; ; i++ {
		suffix := "_" + strconv.Itoa(i)
		if s := name[:min(len(name), 32-len(suffix))] + suffix; !taken(s) {
			return s
		}
	}
}
