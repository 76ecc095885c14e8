package config

import (
	"fmt"
	"regexp"
	"strings"
	"time"
)

// A key is one setting: its name in the file, what it accepts and where its value goes.
type key struct {
	name    string // with dots: "log.level"
	short   string // a second environment variable; may be empty
	allowed string // what to write, for messages and for config.example.yaml
	dst     any    // the field
	set     setter
}

// env returns the environment variable of the key: DOCENT_LOG_LEVEL of log.level.
func (k key) env() string {
	return "DOCENT_" + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_"))
}

var (
	languageRE    = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)
	regionRE      = regexp.MustCompile(`^[A-Z]{2}$`)
	dateRE        = regexp.MustCompile(`^\d{4}-\d{2}-\d{2}$`)
	snowflakeRE   = regexp.MustCompile(`^\d{1,20}$`)
	publicKeyRE   = regexp.MustCompile(`^[0-9A-Fa-f]{64}$`)
	discordRE     = regexp.MustCompile(`^[A-Za-z0-9._~+/=-]{1,200}$`)
	telegramRE    = regexp.MustCompile(`^[0-9]{1,20}:[A-Za-z0-9_-]{1,100}$`)
	webhookRE     = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)
	pathRE        = regexp.MustCompile(`^/[A-Za-z0-9/_.-]*$`)
	storeRE       = regexp.MustCompile(`^(sqlite:.+|postgres(ql)?://.+)$`)
	meaningWords  = []string{"auto", "on", "off"}
	levelWords    = []string{"debug", "info", "warn", "error"}
	formatWords   = []string{"auto", "text", "json"}
	interactWords = []string{"gateway", "http"}
)

const (
	allowBool  = "true or false"
	allowFile  = "the path of a file"
	allowText  = "any text"
	allowTexts = "a text, or one for each language: {en: ..., de: ...}"
)

// keys lists every setting, bound to the fields of c.
func keys(c *Config) []key {
	var all []key
	for _, section := range [][]key{commonKeys(c), botKeys(&c.Bot), discordKeys(&c.Discord), telegramKeys(&c.Telegram)} {
		all = append(all, section...)
	}
	return all
}

func commonKeys(c *Config) []key {
	return []key{
		{"articles.dirs", "", "a list of folders", &c.Articles.Dirs, list(&c.Articles.Dirs)},
		flag("articles.shipped", &c.Articles.Shipped),
		duration("articles.rescan", &c.Articles.Rescan, 0, day),

		{"server.listen", "", "host:port, such as 127.0.0.1:8080, or off for no web server", &c.Server.Listen, address(&c.Server.Listen)},
		flag("server.preview", &c.Server.Preview),
		duration("server.drain", &c.Server.Drain, 0, 5*time.Minute),

		{"store.url", "", "sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE", &c.Store.URL, secret(&c.Store.URL, storeRE)},
		{"store.url_file", "", allowFile, &c.Store.URLFile, text(&c.Store.URLFile, nil)},
		duration("store.retention", &c.Store.Retention, day, 3650*day),

		choice("log.level", &c.Log.Level, levelWords),
		choice("log.format", &c.Log.Format, formatWords),

		choice("knowledge.meaning", &c.Knowledge.Meaning, meaningWords),
		{"knowledge.cache", "", "the path of a file, auto or off", &c.Knowledge.Cache, text(&c.Knowledge.Cache, nil)},
	}
}

func botKeys(b *Bot) []key {
	return []key{
		{"bot.language", "", "a language tag, such as en or pt-BR", &b.Language, text(&b.Language, languageRE)},
		{"bot.region", "", "two capital letters, such as DE, or nothing for international", &b.Region, text(&b.Region, regionRE)},
		{"bot.operator", "", allowText, &b.Operator, text(&b.Operator, nil)},
		count("bot.long_text", &b.LongText, 100, 3500, "characters"),
		duration("bot.memory", &b.Memory, 0, day),
		duration("bot.review_grace", &b.ReviewGrace, 0, 3650*day),
		flag("bot.collect_unanswered", &b.CollectUnanswered),
		duration("bot.unanswered_retention", &b.UnansweredRetention, day, 365*day),
		{"bot.numbers_file", "", allowFile, &b.NumbersFile, text(&b.NumbersFile, nil)},
		{"bot.confirmed_numbers", "", "ids of help numbers with the day of the check: {988-us: 2026-05-03}", &b.ConfirmedNumbers, table(&b.ConfirmedNumbers, checkDate)},
	}
}

func discordKeys(d *Discord) []key {
	return []key{
		{"discord.token", "DISCORD_TOKEN", "the bot's token from Discord's developer portal, without the word Bot", &d.Token, secret(&d.Token, discordRE)},
		{"discord.token_file", "DISCORD_TOKEN_FILE", allowFile, &d.TokenFile, text(&d.TokenFile, nil)},
		{"discord.api_url", "", "a http:// or https:// address, or nothing for Discord's own", &d.APIURL, link(&d.APIURL, "http", "https")},
		choice("discord.interactions", &d.Interactions, interactWords),
		{"discord.public_key", "", "the 64 hexadecimal digits from Discord's developer portal", &d.PublicKey, text(&d.PublicKey, publicKeyRE)},
		{"discord.application_id", "", "the digits from Discord's developer portal", &d.ApplicationID, text(&d.ApplicationID, snowflakeRE)},
		{"discord.shards", "", "auto, or a number from 1 to 10000", &d.Shards, shardCount(&d.Shards, 10000)},
		{"discord.shard_range", "", "one number or two with a hyphen, such as 0-3, or nothing for all", &d.ShardRange, shardRange(&d.ShardRange)},
		flag("discord.message_content", &d.MessageContent),
		{"discord.guild", "", "the id of a server, in digits", &d.Guild, text(&d.Guild, snowflakeRE)},
		flag("discord.private_default", &d.PrivateDefault),
	}
}

func telegramKeys(t *Telegram) []key {
	w := &t.Webhook
	return []key{
		{"telegram.token", "TELEGRAM_TOKEN", "the bot's token from BotFather: digits, a colon and letters", &t.Token, secret(&t.Token, telegramRE)},
		{"telegram.token_file", "TELEGRAM_TOKEN_FILE", allowFile, &t.TokenFile, text(&t.TokenFile, nil)},
		{"telegram.api_url", "", "a http:// or https:// address, or nothing for Telegram's own", &t.APIURL, link(&t.APIURL, "http", "https")},
		{"telegram.webhook.url", "", "an https:// address, or nothing for polling", &w.URL, link(&w.URL, "https", "http")},
		{"telegram.webhook.secret", "", "1 to 256 of A-Z, a-z, 0-9, _ and -", &w.Secret, secret(&w.Secret, webhookRE)},
		{"telegram.webhook.secret_file", "", allowFile, &w.SecretFile, text(&w.SecretFile, nil)},
		{"telegram.webhook.path", "", "a path that starts with /", &w.Path, text(&w.Path, pathRE)},
		count("telegram.webhook.max_connections", &w.MaxConnections, 1, 100, "connections"),
		flag("telegram.remove_webhook", &t.RemoveWebhook),
		duration("telegram.max_age", &t.MaxAge, time.Minute, day),
		flag("telegram.delete_commands", &t.DeleteCommands),
		{"telegram.name", "", allowTexts + ", at most 64 characters", &t.Name, table(&t.Name, checkText(64))},
		{"telegram.short_description", "", allowTexts + ", at most 120 characters", &t.ShortDescription, table(&t.ShortDescription, checkText(120))},
		{"telegram.description", "", allowTexts + ", at most 512 characters", &t.Description, table(&t.Description, checkText(512))},
		flag("telegram.inline", &t.Inline),
	}
}

func flag(name string, dst *bool) key { return key{name, "", allowBool, dst, onOff(dst)} }

func choice(name string, dst *string, words []string) key {
	return key{name, "", "one of " + strings.Join(words, ", "), dst, oneOf(dst, words...)}
}

func count(name string, dst *int, least, most int, unit string) key {
	return key{name, "", fmt.Sprintf("a number of %s from %d to %d", unit, least, most), dst, number(dst, least, most)}
}

func duration(name string, dst *time.Duration, least, most time.Duration) key {
	allowed := fmt.Sprintf("a duration from %s to %s", FormatDuration(least), FormatDuration(most))
	return key{name, "", allowed, dst, span(dst, least, most)}
}

func checkDate(id, date string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil || id == "" || !dateRE.MatchString(date) {
		return fmt.Errorf("%q is not a number's id with a day like 2026-05-03", id)
	}
	return nil
}

func checkText(most int) func(string, string) error {
	return func(language, s string) error {
		if language != "" && !languageRE.MatchString(language) {
			return fmt.Errorf("%q is not a language", language)
		}
		if n := len([]rune(s)); n > most {
			return fmt.Errorf("the text has %d characters", n)
		}
		return nil
	}
}
