package telegram

import (
	"strings"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// A command is what a message that starts with "/" asks for.
type command struct {
	name string // in lower case, without "/" and without the bot's name
	bot  string // the bot that it is for; empty: not said
	args string
}

// isFor reports whether a group's command is for this bot: it says so, or says nothing and is one of ours.
func (c command) isFor(me identity, n *names) bool {
	if c.bot != "" {
		return strings.EqualFold(c.bot, me.username)
	}
	return n.choice[c.name] != "" || c.name == "ask" || c.name == "settings"
}

// leadingCommand returns the command that a text starts with.
func leadingCommand(text string, entities []tgbotapi.MessageEntity) (command, bool) {
	for _, e := range entities {
		if e.Type != "bot_command" || e.Offset != 0 {
			continue
		}
		word, rest, ok := slice(text, 0, e.Length)
		if !ok || !strings.HasPrefix(word, "/") {
			return command{}, false
		}
		name, bot, _ := strings.Cut(word[1:], "@")
		return command{strings.ToLower(name), bot, strings.TrimSpace(rest)}, true
	}
	return command{}, false
}

// cutMention takes the mentions of the bot out of a text. They are told by entities, never by searching the text.
func cutMention(text string, entities []tgbotapi.MessageEntity, me identity) (rest string, found bool) {
	u := utf16.Encode([]rune(text))
	keep := make([]uint16, 0, len(u))
	at := 0
	for _, e := range entities {
		end := e.Offset + e.Length
		if e.Offset < at || e.Length <= 0 || end > len(u) || !isMention(e, string(utf16.Decode(u[e.Offset:end])), me) {
			continue
		}
		keep = append(keep, u[at:e.Offset]...)
		at, found = end, true
	}
	if !found {
		return text, false
	}
	rest = string(utf16.Decode(append(keep, u[at:]...)))
	return strings.TrimLeft(strings.TrimSpace(rest), ",:; \t\n"), true
}

func isMention(e tgbotapi.MessageEntity, word string, me identity) bool {
	switch e.Type {
	case "mention":
		return me.username != "" && strings.EqualFold(word, "@"+me.username)
	case "text_mention":
		return e.User != nil && e.User.ID == me.id
	}
	return false
}

// slice cuts a text at an entity, whose offset and length count UTF-16 units.
func slice(text string, offset, length int) (word, rest string, ok bool) {
	u := utf16.Encode([]rune(text))
	end := offset + length
	if offset < 0 || length < 0 || end > len(u) {
		return "", "", false
	}
	return string(utf16.Decode(u[offset:end])), string(utf16.Decode(u[end:])), true
}
