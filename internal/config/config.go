// Package config reads the configuration file and the environment into one checked value. It knows the keys, their
// defaults and their limits; it knows nothing of the parts of the program that use them.
package config

import "time"

// A Config is everything that an operator can choose. Its fields are named like the keys of the file: Server.Listen is
// server.listen.
type Config struct {
	Articles  Articles
	Server    Server
	Store     Store
	Log       Log
	Knowledge Knowledge
	Bot       Bot
	Discord   Discord
	Telegram  Telegram
}

// Articles says which articles are answered from.
type Articles struct {
	Dirs    []string      // folders of *.md files, relative to the working directory
	Shipped bool          // also the articles inside the program
	Rescan  time.Duration // how often folders are read again when no change was noticed; 0: never
}

// Server is the program's own web server.
type Server struct {
	Listen  string        // host:port; empty: no web server
	Preview bool          // serve the browser preview
	Drain   time.Duration // how long a stop waits for answers that have begun
}

// Store says where the program keeps what must survive a restart.
type Store struct {
	URL       Secret        // sqlite:FILE or postgres://...
	URLFile   string        // a file that holds URL
	Retention time.Duration // how long turns and ratings are kept
}

// Log says what is logged and how.
type Log struct {
	Level  string // debug, info, warn or error
	Format string // auto, text or json
}

// Knowledge changes how questions are matched.
type Knowledge struct {
	Meaning string // auto, on or off: compare meanings as well as words
	Cache   string // a file for what meaning computes at the start; auto: in the user's folder for such files; off: none
}

// Bot is what the conversation does on every platform.
type Bot struct {
	Language            string            // BCP 47 language of the bot's own sentences when a person's is unknown
	Region              string            // ISO 3166 country whose help numbers are shown; empty: international
	Operator            string            // who runs the bot and how to reach them, for /privacy
	LongText            int               // runes above which only the start of a section is shown first
	Memory              time.Duration     // how long a conversation is remembered, in memory only; 0: not at all
	ReviewGrace         time.Duration     // how long after review_by a section still answers
	CollectUnanswered   bool              // keep redacted questions that found nothing
	UnansweredRetention time.Duration     // how long those are kept
	NumbersFile         string            // help numbers of the operator's own, as JSON; empty: none
	ConfirmedNumbers    map[string]string // id of a help number to the day on which the operator called it
}

// Discord connects the bot to Discord. It is on when there is a token.
type Discord struct {
	Token          Secret
	TokenFile      string
	APIURL         string // empty: Discord's own
	Interactions   string // gateway or http
	PublicKey      string // 64 hexadecimal digits; needed for http
	ApplicationID  string // empty: asked from Discord
	Shards         int    // 0: as many as Discord recommends
	ShardRange     ShardRange
	MessageContent bool   // ask for the privileged intent of that name
	Guild          string // register commands in this server only, for testing
	PrivateDefault bool   // answer so that only the asker sees it
}

// A ShardRange is the shards that this process runs, both ends included. The zero value means all of them.
type ShardRange struct {
	Set         bool
	First, Last int
}

// Telegram connects the bot to Telegram. It is on when there is a token.
type Telegram struct {
	Token            Secret
	TokenFile        string
	APIURL           string // empty: Telegram's own
	Webhook          Webhook
	RemoveWebhook    bool          // polling may remove a webhook that somebody set
	MaxAge           time.Duration // older updates of groups are not answered
	DeleteCommands   bool          // delete a group member's command message after answering, where the bot may
	Name             Texts         // the bot's name; nil: left alone
	ShortDescription Texts         // nil: left alone
	Description      Texts         // nil: left alone
	Inline           bool          // answer @bot questions in any chat
}

// Webhook lets Telegram push updates instead of being polled. It is on when URL is set.
type Webhook struct {
	URL            string // https address that Telegram calls; empty: polling
	Secret         Secret // Telegram sends it along with each update
	SecretFile     string
	Path           string // path on server.listen
	MaxConnections int    // updates that Telegram sends at the same time
}

// Texts is one text in several languages. The empty language is every other language.
type Texts map[string]string

const day = 24 * time.Hour

// Default returns the configuration that holds when nothing is configured.
func Default() Config {
	return Config{
		Articles:  Articles{Shipped: true, Rescan: time.Minute},
		Server:    Server{Listen: "127.0.0.1:8080", Preview: true, Drain: 8 * time.Second},
		Store:     Store{URL: NewSecret("sqlite:data/docent.db"), Retention: 90 * day},
		Log:       Log{Level: "info", Format: "auto"},
		Knowledge: Knowledge{Meaning: "auto", Cache: "auto"},
		Bot: Bot{Language: "en", LongText: 1000, Memory: 10 * time.Minute, ReviewGrace: 90 * day,
			UnansweredRetention: 30 * day},
		Discord: Discord{Interactions: "gateway"},
		Telegram: Telegram{MaxAge: time.Hour, Inline: true,
			Webhook: Webhook{Path: "/telegram", MaxConnections: 40}},
	}
}
