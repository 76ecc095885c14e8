package terminal

import (
	"strconv"
	"strings"

	"docent/bot"
)

// An Act says what to do with a line.
type Act uint8

// The acts.
const (
	Ask    Act = iota // ask the Question
	Ignore            // nothing was typed
	Leave             // the person wants to go
)

// Receive turns a line into a Question: a number presses a choice of the last reply, a line that starts with "/" is a
// command, everything else is asked.
func (c *Chat) Receive(line string) (bot.Question, Act) {
	line = strings.TrimSpace(line)
	if line == "" {
		return bot.Question{}, Ignore
	}
	if n, err := strconv.Atoi(strings.TrimSuffix(line, ")")); err == nil && n >= 1 && n <= len(c.choices) {
		return bot.Question{Choice: c.choices[n-1].Value}, Ask
	}
	if name, ok := strings.CutPrefix(line, "/"); ok {
		return c.command(name)
	}
	return bot.Question{Text: line}, Ask
}

func (c *Chat) command(line string) (bot.Question, Act) {
	name, rest, _ := strings.Cut(line, " ")
	switch name {
	case "quit", "exit":
		return bot.Question{}, Leave
	case "ask":
		return bot.Question{Text: strings.TrimSpace(rest)}, Ask
	}
	if value, ok := commands()[name]; ok {
		return bot.Question{Choice: value}, Ask
	}
	for _, t := range c.Catalog.Topics() {
		if t.Name == name {
			return bot.Question{Choice: t.Value}, Ask
		}
	}
	return bot.Question{Text: line}, Ask
}

// commands returns the choice that each fixed command stands for.
func commands() map[string]string {
	return map[string]string{
		"start":    bot.ChoiceStart,
		"help":     bot.ChoiceHelp,
		"topics":   bot.ChoiceTopics,
		"privacy":  bot.ChoicePrivacy,
		"forget":   bot.ChoiceForget,
		"help-now": bot.ChoiceHelpNow,
	}
}
