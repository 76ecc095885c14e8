package discord

import (
	"fmt"
	"strings"

	"github.com/bwmarrin/discordgo"

	"docent/bot"
	"docent/bot/phrases"
	"docent/knowledge"
)

// Names of options, and how many commands there are at most. Discord takes 100.
const (
	optionQuestion   = "question"
	optionPrivate    = "private"
	optionFor        = "for"
	optionName       = "name"
	commandOnMessage = 3
	maxCommands      = 95
	maxChoices       = 25
	maxName          = 32
)

// localesOf returns Discord's locales for a language of the phrases.
func localesOf(language string) []discordgo.Locale {
	switch language {
	case "en":
		return []discordgo.Locale{discordgo.EnglishUS, discordgo.EnglishGB}
	case "es":
		return []discordgo.Locale{discordgo.SpanishES, discordgo.SpanishLATAM}
	case "pt":
		return []discordgo.Locale{discordgo.PortugueseBR}
	}
	return []discordgo.Locale{discordgo.Locale(language)}
}

// A text is a text of the bot in one language: a description, or the name of a command or an option.
type text func(*phrases.Set) string

// said returns a text in English and in every language, at most n runes each.
func said(pick text, n int) (string, map[discordgo.Locale]string) {
	all := phrases.All()
	m := map[discordgo.Locale]string{}
	for _, set := range all {
		for _, l := range localesOf(set.Language) {
			m[l] = clip(pick(set), n)
		}
	}
	return clip(pick(all[0]), n), m
}

// commandsFor returns the commands that Discord should have: the fixed ones, then one for each topic while there is room.
// The rest are reached with /topic. In a server (scope guild) the contexts may not be named.
func commandsFor(topics []bot.Topic, guild string) []*discordgo.ApplicationCommand {
	list := fixedCommands()
	taken := map[string]bool{}
	for _, c := range list {
		taken[c.Name] = true
	}
	for _, t := range topics {
		if len(list) >= maxCommands {
			break
		}
		if t.Name == "" || taken[t.Name] {
			continue
		}
		taken[t.Name] = true
		list = append(list, topicCommand(t))
	}
	for _, c := range list {
		if guild != "" {
			c.Contexts, c.IntegrationTypes = nil, nil
		}
		free(c, taken)
	}
	return list
}

// free takes the translations from a command's name that another command has for its own.
func free(c *discordgo.ApplicationCommand, taken map[string]bool) {
	if c.NameLocalizations == nil {
		return
	}
	for l, name := range *c.NameLocalizations {
		if name != c.Name && taken[name] {
			delete(*c.NameLocalizations, l)
		}
	}
}

// topicCommand is the command of one topic. Its name is made from the article and has no translations.
func topicCommand(t bot.Topic) *discordgo.ApplicationCommand {
	c := command(func(*phrases.Set) string { return t.Name }, func(s *phrases.Set) string {
		return phrases.Fill(s.Commands.TopicShow, "section", t.Title)
	}, howOptions()...)
	c.NameLocalizations = nil
	return c
}

func fixedCommands() []*discordgo.ApplicationCommand {
	question := textOption(func(s *phrases.Set) string { return s.Names.Question }, func(s *phrases.Set) string { return s.Commands.OptionQuestion })
	question.MaxLength = 1000
	name := textOption(func(s *phrases.Set) string { return s.Names.Name }, func(s *phrases.Set) string { return s.Commands.OptionName })
	return []*discordgo.ApplicationCommand{
		command(func(s *phrases.Set) string { return s.Names.Ask }, func(s *phrases.Set) string { return s.Commands.Ask }, how(question)...),
		command(func(s *phrases.Set) string { return s.Names.Topics }, func(s *phrases.Set) string { return s.Commands.Topics }, how()...),
		command(func(s *phrases.Set) string { return s.Names.Topic }, func(s *phrases.Set) string { return s.Commands.Topic }, how(name)...),
		command(func(s *phrases.Set) string { return s.Names.Help }, func(s *phrases.Set) string { return s.Commands.Help }, how()...),
		command(func(s *phrases.Set) string { return s.Names.HelpNow }, func(s *phrases.Set) string { return s.Commands.HelpNow }), // always private
		command(func(s *phrases.Set) string { return s.Names.Privacy }, func(s *phrases.Set) string { return s.Commands.Privacy }),
		command(func(s *phrases.Set) string { return s.Names.Forget }, func(s *phrases.Set) string { return s.Commands.Forget }),
		onMessageCommand(),
		operatorCommand(),
	}
}

// command returns a slash command for servers, direct messages and users who installed the bot for themselves.
func command(name, describe text, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	english, names := said(name, maxName)
	description, descriptions := said(describe, 100)
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: english, NameLocalizations: &names, Description: description,
		DescriptionLocalizations: &descriptions, Options: options,
		Contexts: &[]discordgo.InteractionContextType{0, 1, 2}, IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0, 1},
	}
}

func onMessageCommand() *discordgo.ApplicationCommand {
	name, names := said(func(s *phrases.Set) string { return s.Commands.AskMessage }, maxName)
	return &discordgo.ApplicationCommand{
		Type: discordgo.MessageApplicationCommand, Name: name, NameLocalizations: &names,
		Contexts: &[]discordgo.InteractionContextType{0, 1, 2}, IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0, 1},
	}
}

// how returns options with those that say how an answer is shown.
func how(first ...*discordgo.ApplicationCommandOption) []*discordgo.ApplicationCommandOption {
	return append(first, howOptions()...)
}

func howOptions() []*discordgo.ApplicationCommandOption {
	return []*discordgo.ApplicationCommandOption{
		opt(discordgo.ApplicationCommandOptionBoolean, func(s *phrases.Set) string { return s.Names.Private }, func(s *phrases.Set) string { return s.Commands.OptionPrivate }),
		opt(discordgo.ApplicationCommandOptionUser, func(s *phrases.Set) string { return s.Names.For }, func(s *phrases.Set) string { return s.Commands.OptionFor }),
	}
}

func opt(kind discordgo.ApplicationCommandOptionType, name, describe text) *discordgo.ApplicationCommandOption {
	english, names := said(name, maxName)
	description, descriptions := said(describe, 100)
	return &discordgo.ApplicationCommandOption{
		Type: kind, Name: english, NameLocalizations: names, Description: description, DescriptionLocalizations: descriptions,
	}
}

func textOption(name, describe text) *discordgo.ApplicationCommandOption {
	o := opt(discordgo.ApplicationCommandOptionString, name, describe)
	o.Required, o.Autocomplete = true, true
	return o
}

// choicesFor returns an autocomplete list. A mark before each label says why it is there; the label says it all without.
func choicesFor(list []bot.Suggestion) []*discordgo.ApplicationCommandOptionChoice {
	out := []*discordgo.ApplicationCommandOptionChoice{}
	for _, s := range list {
		if len(out) == maxChoices || s.Topic.Value == "" {
			break
		}
		label := clip(fmt.Sprint(tierMark(s.Tier), " ", strings.TrimSpace(s.Label)), 100)
		out = append(out, &discordgo.ApplicationCommandOptionChoice{Name: label, Value: pickMark + s.Topic.Ref.Key()})
	}
	return out
}

func tierMark(t knowledge.Tier) string {
	switch t {
	case knowledge.TierPopular:
		return "📌"
	case knowledge.TierExact:
		return "✅"
	case knowledge.TierContent:
		return "📄"
	}
	return "🔑"
}
