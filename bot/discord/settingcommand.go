package discord

import (
	"github.com/bwmarrin/discordgo"

	"docent/bot/phrases"
)

// operatorCommand is /docent with its parts, for those who manage a server. Its own name is the bot's and has no
// translations.
func operatorCommand() *discordgo.ApplicationCommand {
	c := command(func(*phrases.Set) string { return "docent" }, func(s *phrases.Set) string { return s.Commands.Docent })
	c.NameLocalizations = nil
	manage := int64(permManageGuild)
	c.DefaultMemberPermissions = &manage
	c.Contexts, c.IntegrationTypes = &[]discordgo.InteractionContextType{0}, &[]discordgo.ApplicationIntegrationType{0}
	settings := opt(discordgo.ApplicationCommandOptionSubCommand,
		func(s *phrases.Set) string { return s.Names.Settings }, func(s *phrases.Set) string { return s.Commands.Settings })
	settings.Options = settingOptions()
	c.Options = []*discordgo.ApplicationCommandOption{
		settings,
		opt(discordgo.ApplicationCommandOptionSubCommand,
			func(s *phrases.Set) string { return s.Names.Status }, func(s *phrases.Set) string { return s.Commands.Status }),
	}
	return c
}

func settingOptions() []*discordgo.ApplicationCommandOption {
	channel := opt(discordgo.ApplicationCommandOptionChannel,
		func(s *phrases.Set) string { return s.Names.Channel }, func(s *phrases.Set) string { return s.Settings.Channels })
	channel.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildText, discordgo.ChannelTypeGuildForum}
	forum := opt(discordgo.ApplicationCommandOptionChannel,
		func(s *phrases.Set) string { return s.Names.Forum }, func(s *phrases.Set) string { return s.Settings.Forum })
	forum.ChannelTypes = []discordgo.ChannelType{discordgo.ChannelTypeGuildForum}
	region := opt(discordgo.ApplicationCommandOptionString,
		func(s *phrases.Set) string { return s.Names.Region }, func(s *phrases.Set) string { return s.Settings.Region })
	two := 2
	region.MinLength, region.MaxLength = &two, 2
	cooldown := opt(discordgo.ApplicationCommandOptionInteger,
		func(s *phrases.Set) string { return s.Names.Cooldown }, func(s *phrases.Set) string { return s.Settings.Cooldown })
	zero := 0.0
	cooldown.MinValue, cooldown.MaxValue = &zero, maxCooldown
	return []*discordgo.ApplicationCommandOption{
		channel,
		opt(discordgo.ApplicationCommandOptionBoolean,
			func(s *phrases.Set) string { return s.Names.AllChannels }, func(s *phrases.Set) string { return s.Settings.AllChannels }),
		forum, modeOption(),
		opt(discordgo.ApplicationCommandOptionBoolean,
			func(s *phrases.Set) string { return s.Names.Private }, func(s *phrases.Set) string { return s.Settings.Private }),
		languageOption(), region, cooldown,
	}
}

func modeOption() *discordgo.ApplicationCommandOption {
	o := opt(discordgo.ApplicationCommandOptionString,
		func(s *phrases.Set) string { return s.Names.Mode }, func(s *phrases.Set) string { return s.Settings.Mode })
	o.Choices = []*discordgo.ApplicationCommandOptionChoice{
		fixedChoice("mention", func(s *phrases.Set) string { return s.Settings.ModeMention }),
		fixedChoice("auto", func(s *phrases.Set) string { return s.Settings.ModeAuto }),
	}
	return o
}

func languageOption() *discordgo.ApplicationCommandOption {
	o := opt(discordgo.ApplicationCommandOptionString,
		func(s *phrases.Set) string { return s.Names.Language }, func(s *phrases.Set) string { return s.Settings.Language })
	for _, value := range languageChoices() {
		o.Choices = append(o.Choices, fixedChoice(value, func(s *phrases.Set) string {
			if value == "auto" {
				return s.Settings.Default
			}
			return s.LanguageName(value)
		}))
	}
	return o
}

// fixedChoice is a value that an option may have, as people read it.
func fixedChoice(value string, name text) *discordgo.ApplicationCommandOptionChoice {
	english, names := said(name, 100)
	return &discordgo.ApplicationCommandOptionChoice{Name: english, NameLocalizations: names, Value: value}
}
