package discord

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"docent/bot"
)

// The keys of what operators choose for a server.
const (
	keyChannels = "channels" // ids with commas; empty: all
	keyForums   = "forums"   // ids of forums whose new posts are answered
	keyMode     = "mode"     // "auto" or empty
	keyPrivate  = "private"  // "on", "off" or empty
	keyLanguage = "language"
	keyRegion   = "region"
	keyCooldown = "cooldown" // seconds
)

// rules are what operators chose for a server. The zero value is the default.
type rules struct {
	Channels []string
	Forums   []string
	Auto     bool
	Private  string
	Language string
	Region   string
	Cooldown time.Duration
}

func rulesOf(m map[string]string) rules {
	seconds, err := strconv.Atoi(m[keyCooldown])
	if err != nil || seconds < 0 {
		seconds = 0
	}
	return rules{
		Channels: split(m[keyChannels]), Forums: split(m[keyForums]), Auto: m[keyMode] == "auto", Private: m[keyPrivate],
		Language: m[keyLanguage], Region: m[keyRegion], Cooldown: time.Duration(seconds) * time.Second,
	}
}

func split(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ',' })
}

// allows says whether the bot answers in a channel, or in a thread of it.
func (r rules) allows(channel, parent string) bool {
	return len(r.Channels) == 0 || slices.Contains(r.Channels, channel) || parent != "" && slices.Contains(r.Channels, parent) ||
		slices.Contains(r.Forums, parent)
}

// private says whether answers are for the asker only.
func (r rules) private(byDefault bool) bool {
	switch r.Private {
	case "on":
		return true
	case "off":
		return false
	}
	return byDefault
}

// volunteers says whether the bot looks at a message that does not address it: the first of a post in a chosen forum, or
// any where operators chose that. What is said to somebody else is left to them.
func (r rules) volunteers(m *message, forum string) bool {
	if m.GuildID == "" || m.Type != 0 || len(m.Mentions) > 0 {
		return false
	}
	if forum != "" && slices.Contains(r.Forums, forum) {
		return m.ID == m.ChannelID
	}
	return r.Auto
}

// settingsCache keeps what was chosen for a few seconds, so that not every message asks the store.
type settingsCache struct {
	store bot.SettingsStore // nil: memory is all there is

	mu    sync.Mutex
	known map[string]cached
}

type cached struct {
	values map[string]string
	at     time.Time
}

// fresh is how long settings are used without asking the store again.
const fresh = 5 * time.Second

func newSettingsCache(store bot.SettingsStore) *settingsCache {
	return &settingsCache{store: store, known: map[string]cached{}}
}

func scopeOf(guild string) string { return Platform + "/" + guild }

// values returns what was chosen for a server. When the store fails the last known choices hold.
func (c *settingsCache) values(ctx context.Context, guild string, log *slog.Logger) map[string]string {
	if guild == "" {
		return nil
	}
	c.mu.Lock()
	k, known := c.known[guild]
	c.mu.Unlock()
	if c.store == nil || known && time.Since(k.at) < fresh {
		return k.values
	}
	m, err := c.store.Settings(ctx, scopeOf(guild))
	if err != nil {
		log.Error("read settings", "error", err)
		return k.values
	}
	c.keep(guild, m)
	return m
}

// stored returns a copy of what was chosen as the store has it now.
func (c *settingsCache) stored(ctx context.Context, guild string) (map[string]string, error) {
	c.mu.Lock()
	values := c.known[guild].values
	c.mu.Unlock()
	if c.store != nil {
		var err error
		if values, err = c.store.Settings(ctx, scopeOf(guild)); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
	}
	if values == nil {
		return map[string]string{}, nil
	}
	return maps.Clone(values), nil
}

func (c *settingsCache) keep(guild string, m map[string]string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.known) > 10000 && c.store != nil {
		clear(c.known)
	}
	c.known[guild] = cached{m, time.Now()}
}

func (c *settingsCache) get(ctx context.Context, guild string, log *slog.Logger) rules {
	return rulesOf(c.values(ctx, guild, log))
}

// set stores what was chosen.
func (c *settingsCache) set(ctx context.Context, guild string, m map[string]string) error {
	if c.store != nil {
		if err := c.store.SetSettings(ctx, scopeOf(guild), m); err != nil {
			return err
		}
	}
	c.keep(guild, m)
	return nil
}
