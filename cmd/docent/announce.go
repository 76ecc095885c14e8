package main

import (
	"fmt"
	"io"
	"strings"
)

// A feature is something that serve can do.
type feature struct {
	name   string
	on     bool
	detail string // where it is, or how to turn it on
}

// announce says what is on and what is off, and how to turn that on.
func (s *service) announce(w io.Writer) {
	if s.config.Log.Format == "json" {
		for _, f := range s.features() {
			s.log.Info("feature", "name", f.name, "on", f.on, "detail", f.detail)
		}
		return
	}
	var b strings.Builder
	fmt.Fprintf(&b, "Docent %s\n\n", buildVersion().module)
	for _, f := range s.features() {
		state := "on "
		if !f.on {
			state = "off"
		}
		fmt.Fprintf(&b, "  %-10s %s  %s\n", f.name, state, f.detail)
	}
	fmt.Fprintf(&b, "\nStop with Ctrl-C.\n\n")
	io.WriteString(w, b.String())
}

func (s *service) features() []feature {
	return []feature{s.articlesFeature(), s.previewFeature(), s.discordFeature(), s.telegramFeature(), s.storeFeature(), s.webFeature()}
}

func (s *service) articlesFeature() feature {
	articles, sections := count(s.base.Articles())
	from := strings.Join(s.config.Articles.Dirs, ", ")
	switch {
	case from == "":
		from = "inside the program; name your own folders in articles.dirs"
	case s.config.Articles.Shipped:
		from += " and inside the program (turn off with articles.shipped)"
	}
	return feature{"Articles", true, fmt.Sprintf("%s, %s from %s", countOf(articles, "article"), countOf(sections, "section"), from)}
}

func (s *service) previewFeature() feature {
	switch {
	case s.listener == nil:
		return feature{"Preview", false, "set server.listen (DOCENT_SERVER_LISTEN) to host:port, such as 127.0.0.1:8080"}
	case !s.config.Server.Preview:
		return feature{"Preview", false, "set server.preview (DOCENT_SERVER_PREVIEW) to true"}
	}
	return feature{"Preview", true, s.address() + "/"}
}

func (s *service) discordFeature() feature {
	d := s.config.Discord
	if d.Token.IsZero() {
		return feature{"Discord", false, "set DISCORD_TOKEN, or discord.token_file in config.yaml; README.md says where tokens come from"}
	}
	detail := "connecting through the gateway"
	if d.Interactions == "http" {
		detail = "waiting for interactions on " + discordPath
	}
	return feature{"Discord", true, through(detail, d.APIURL)}
}

func (s *service) telegramFeature() feature {
	t := s.config.Telegram
	if t.Token.IsZero() {
		return feature{"Telegram", false, "set TELEGRAM_TOKEN, or telegram.token_file in config.yaml; README.md says where tokens come from"}
	}
	detail := "polling"
	if t.Webhook.URL != "" {
		detail = "waiting for updates on " + t.Webhook.Path
	}
	return feature{"Telegram", true, through(detail, t.APIURL)}
}

func through(detail, url string) string {
	if url == "" {
		return detail
	}
	return detail + ", through " + url
}

func (s *service) storeFeature() feature {
	detail := s.db.Name() + "; no question's words and no person's name"
	if s.config.Bot.CollectUnanswered {
		detail = s.db.Name() + "; also redacted questions that found nothing (bot.collect_unanswered)"
	}
	return feature{"Store", true, detail}
}

func (s *service) webFeature() feature {
	if s.listener == nil {
		return feature{"Health", false, "set server.listen (DOCENT_SERVER_LISTEN)"}
	}
	return feature{"Health", true, s.address() + "/healthz, /readyz and /metrics"}
}
