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

// said returns a description in English and in every language.
func said(pick func(*phrases.Set) string) (string, map[discordgo.Locale]string) {
	all := phrases.All()
	m := map[discordgo.Locale]string{}
	for _, set := range all {
		for _, l := range localesOf(set.Language) {
			m[l] = clip(pick(set), 100)
		}
	}
	return clip(pick(all[0]), 100), m
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
		list = append(list, command(t.Name, func(s *phrases.Set) string {
			return phrases.Fill(s.Commands.TopicShow, "section", t.Title)
		}, howOptions()...))
	}
	if guild != "" {
		for _, c := range list {
			c.Contexts, c.IntegrationTypes = nil, nil
		}
	}
	return list
}

func fixedCommands() []*discordgo.ApplicationCommand {
	question := textOption(optionQuestion, func(s *phrases.Set) string { return s.Commands.OptionQuestion })
	question.MaxLength = 1000
	name := textOption(optionName, func(s *phrases.Set) string { return s.Commands.OptionName })
	list := []*discordgo.ApplicationCommand{
		command("ask", func(s *phrases.Set) string { return s.Commands.Ask }, append([]*discordgo.ApplicationCommandOption{question}, howOptions()...)...),
		command("topics", func(s *phrases.Set) string { return s.Commands.Topics }, howOptions()...),
		command("topic", func(s *phrases.Set) string { return s.Commands.Topic }, append([]*discordgo.ApplicationCommandOption{name}, howOptions()...)...),
		command("help", func(s *phrases.Set) string { return s.Commands.Help }),
		command("privacy", func(s *phrases.Set) string { return s.Commands.Privacy }),
		command("forget", func(s *phrases.Set) string { return s.Commands.Forget }),
		command("helpnow", func(s *phrases.Set) string { return s.Commands.HelpNow }),
		onMessageCommand(),
		operatorCommand(),
	}
	return list
}

// command returns a slash command for servers, direct messages and users who installed the bot for themselves.
func command(name string, describe func(*phrases.Set) string, options ...*discordgo.ApplicationCommandOption) *discordgo.ApplicationCommand {
	text, localized := said(describe)
	return &discordgo.ApplicationCommand{
		Type: discordgo.ChatApplicationCommand, Name: name, Description: text, DescriptionLocalizations: &localized, Options: options,
		Contexts: &[]discordgo.InteractionContextType{0, 1, 2}, IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0, 1},
	}
}

func onMessageCommand() *discordgo.ApplicationCommand {
	names := map[discordgo.Locale]string{}
	for _, set := range phrases.All() {
		for _, l := range localesOf(set.Language) {
			names[l] = clip(set.Commands.AskMessage, 32)
		}
	}
	return &discordgo.ApplicationCommand{
		Type: discordgo.MessageApplicationCommand, Name: clip(phrases.All()[0].Commands.AskMessage, 32), NameLocalizations: &names,
		Contexts: &[]discordgo.InteractionContextType{0, 1, 2}, IntegrationTypes: &[]discordgo.ApplicationIntegrationType{0, 1},
	}
}

// howOptions say how an answer is shown.
func howOptions() []*discordgo.ApplicationCommandOption {
	return []*discordgo.ApplicationCommandOption{
		opt(discordgo.ApplicationCommandOptionBoolean, optionPrivate, func(s *phrases.Set) string { return s.Commands.OptionPrivate }),
		opt(discordgo.ApplicationCommandOptionUser, optionFor, func(s *phrases.Set) string { return s.Commands.OptionFor }),
	}
}

func opt(kind discordgo.ApplicationCommandOptionType, name string, describe func(*phrases.Set) string) *discordgo.ApplicationCommandOption {
	text, localized := said(describe)
	return &discordgo.ApplicationCommandOption{Type: kind, Name: name, Description: text, DescriptionLocalizations: localized}
}

func textOption(name string, describe func(*phrases.Set) string) *discordgo.ApplicationCommandOption {
	o := opt(discordgo.ApplicationCommandOptionString, name, describe)
	o.Required, o.Autocomplete = true, true
	return o
}

// operatorCommand is /docent with its parts, for those who manage a server.
func operatorCommand() *discordgo.ApplicationCommand {
	c := command("docent", func(s *phrases.Set) string { return s.Commands.Docent })
	manage := int64(permManageGuild)
	c.DefaultMemberPermissions = &manage
	c.Contexts, c.IntegrationTypes = &[]discordgo.InteractionContextType{0}, &[]discordgo.ApplicationIntegrationType{0}
	settings := opt(discordgo.ApplicationCommandOptionSubCommand, "settings", func(s *phrases.Set) string { return s.Commands.Settings })
	settings.Options = settingOptions()
	c.Options = []*discordgo.ApplicationCommandOption{
		settings,
		opt(discordgo.ApplicationCommandOptionSubCommand, "status", func(s *phrases.Set) string { return s.Commands.Status }),
	}
	return c
}

func settingOptions() []*discordgo.ApplicationCommandOption {
	channel := opt(discordgo.ApplicationCommandOptionChannel, setChannel, func(s *phrases.Set) string { return s.Settings.Channels })
	channel.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildForum}
	forum := opt(discordgo.ApplicationCommandOptionChannel, setForum, func(s *phrases.Set) string { return s.Settings.Forum })
	forum.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildForum}
	mode := opt(discordgo.ApplicationCommandOptionString, setMode, func(s *phrases.Set) string { return s.Settings.Mode })
	mode.Choices = fixedChoices("mention", "auto")
	language := opt(discordgo.ApplicationCommandOptionString, setLanguage, func(s *phrases.Set) string { return s.Settings.Language })
	language.Choices = fixedChoices(languageChoices()...)
	region := opt(discordgo.ApplicationCommandOptionString, setRegion, func(s *phrases.Set) string { return s.Settings.Region })
	two := 2
	region.MinLength, region.MaxLength = &two, 2
	cooldown := opt(discordgo.ApplicationCommandOptionInteger, setCooldown, func(s *phrases.Set) string { return s.Settings.Cooldown })
	zero := 0.0
	cooldown.MinValue, cooldown.MaxValue = &zero, maxCooldown
	return []*discordgo.ApplicationCommandOption{
		channel,
		opt(discordgo.ApplicationCommandOptionBoolean, setAll, func(s *phrases.Set) string { return s.Settings.AllChannels }),
		forum, mode,
		opt(discordgo.ApplicationCommandOptionBoolean, setPrivate, func(s *phrases.Set) string { return s.Settings.Private }),
		language, region, cooldown,
	}
}

func fixedChoices(values ...string) []*discordgo.ApplicationCommandOptionChoice {
	var out []*discordgo.ApplicationCommandOptionChoice
	for _, v := range values {
		out = append(out, &discordgo.ApplicationCommandOptionChoice{Name: v, Value: v})
	}
	return out
}

// choicesFor returns an autocomplete list. A mark before each label says why it is there; the label says it all without.
func choicesFor(list []bot.Suggestion) []*discordgo.ApplicationCommandOptionChoice {
	out := []*discordgo.ApplicationCommandOptionChoice{}
	for _, s := range list {
		if len(out) == maxChoices || s.Topic.Value == "" {
			break
		}
		label := clip(fmt.Sprint(tierMark(s.Tier), " ", strings.TrimSpace(s.Label)), 100)
		out = append(out, &discordgo.ApplicationCommandOptionChoice{Name: label, Value: pickMark + s.Topic.Value})
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
