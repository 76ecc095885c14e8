package main

import (
	"context"
	"os"
	"strings"
	"time"

	"docent/bot"
	"docent/bot/discord"
	"docent/bot/telegram"
	"docent/internal/config"
)

// discordPath is where Discord calls when interactions come over HTTP.
const discordPath = "/discord"

// A platform is a running adapter.
type platform struct {
	name   string
	run    func(context.Context) error // returns when ctx ends and its answers are finished, or when it cannot go on
	reload func(context.Context)       // makes commands follow the articles; nil: nothing to do
}

// openPlatforms makes an adapter for each platform that has a token.
func (s *service) openPlatforms(handler bot.Handler) error {
	if !s.config.Discord.Token.IsZero() {
		s.openDiscord(handler)
	}
	if !s.config.Telegram.Token.IsZero() {
		return s.openTelegram(handler)
	}
	return nil
}

func (s *service) openDiscord(handler bot.Handler) {
	c := s.config.Discord
	a := &discord.Adapter{
		Token:          c.Token.Reveal(),
		APIURL:         c.APIURL,
		Handler:        handler,
		Catalog:        s.bot,
		Settings:       s.db,
		State:          s.db,
		Log:            s.log.With("platform", discord.Platform),
		Count:          func(event string) { s.metrics.Event(discord.Platform, event) },
		HTTP:           c.Interactions == "http",
		PublicKey:      c.PublicKey,
		ApplicationID:  c.ApplicationID,
		Shards:         c.Shards,
		FirstShard:     c.ShardRange.First,
		LastShard:      c.ShardRange.Last,
		AllShards:      !c.ShardRange.Set,
		MessageContent: c.MessageContent,
		Guild:          c.Guild,
		PrivateDefault: c.PrivateDefault,
		Info:           s.info,
	}
	if a.HTTP {
		s.hooks[discordPath] = a
	}
	s.platforms = append(s.platforms, platform{discord.Platform, a.Run, a.Reload})
}

// info is what operators ask with /docent status.
func (s *service) info() discord.Info {
	articles, sections := count(s.base.Articles())
	return discord.Info{Version: buildVersion().module, Articles: articles, Sections: sections, Reloaded: time.Unix(0, s.reloaded.Load())}
}

func (s *service) openTelegram(handler bot.Handler) error {
	lists, err := newBot(s.config, s.base, s.log) // answers what inline mode lists, which nobody has asked yet: nothing is counted
	if err != nil {
		return err
	}
	lists.Clock = s.now
	c := s.config.Telegram
	a := &telegram.Adapter{
		Token:          c.Token.Reveal(),
		APIURL:         c.APIURL,
		Handler:        handler,
		Preview:        guard{lists, s.log},
		Catalog:        s.bot,
		Settings:       s.db,
		State:          s.db,
		Updates:        s.db,
		Leases:         s.db,
		Holder:         s.holder,
		Log:            s.log.With("platform", telegram.Platform),
		Count:          func(event string) { s.metrics.Event(telegram.Platform, event) },
		Webhook:        c.Webhook.URL,
		WebhookSecret:  c.Webhook.Secret.Reveal(),
		MaxConnections: c.Webhook.MaxConnections,
		RemoveWebhook:  c.RemoveWebhook,
		Language:       s.config.Bot.Language,
		MaxAge:         c.MaxAge,
		DeleteCommands: c.DeleteCommands,
		NoInline:       !c.Inline,
		Popular:        (&popular{db: s.db, now: s.now, log: s.log}).list,
		Name:           c.Name,
		Short:          c.ShortDescription,
		About:          c.Description,
	}
	if a.Webhook != "" {
		s.hooks[c.Webhook.Path] = a
	}
	s.platforms = append(s.platforms, platform{telegram.Platform, a.Run, a.Reload})
	return nil
}

// holder names this process in leases. It is the same after a restart, so that a killed process need not wait for its own
// leases to end. SQLite belongs to one process; on PostgreSQL the machine and its port tell processes apart. Empty: a
// name that nobody else has is made up.
func holder(c config.Config) string {
	if strings.HasPrefix(c.Store.URL.Reveal(), "sqlite:") {
		return "sqlite"
	}
	host, err := os.Hostname()
	if err != nil || c.Server.Listen == "" {
		return ""
	}
	return host + "/" + c.Server.Listen
}
