package config

import (
	"fmt"
	"slices"
	"strings"
)

// check reports settings that do not fit each other.
func (l *loader) check(c *Config) {
	d, w := &c.Discord, &c.Telegram.Webhook
	if c.Bot.Language == "" {
		l.bad("bot.language", "it must not be empty: write en")
	}
	if !c.Articles.Shipped && len(c.Articles.Dirs) == 0 {
		l.bad("articles.shipped", "there are no articles: name folders in articles.dirs, or write true")
	}
	if d.Interactions == "http" && d.PublicKey == "" {
		l.bad("discord.interactions", "http needs discord.public_key, which Discord's developer portal shows")
	}
	if d.Interactions == "http" && c.Server.Listen == "" {
		l.bad("discord.interactions", "http needs the web server: set server.listen")
	}
	if d.ShardRange.Set && d.Shards == 0 {
		l.bad("discord.shard_range", "a range needs a fixed number of shards: set discord.shards")
	}
	if d.ShardRange.Set && d.Shards > 0 && d.ShardRange.Last >= d.Shards {
		l.bad("discord.shard_range", "with %d shards the last one is %d", d.Shards, d.Shards-1)
	}
	if w.URL != "" && w.Secret.IsZero() {
		l.bad("telegram.webhook.url", "a webhook needs telegram.webhook.secret, so that nobody else can send updates")
	}
	if w.URL != "" && w.Path == "" {
		l.bad("telegram.webhook.path", "a webhook needs a path: write /telegram")
	}
	if w.URL != "" && c.Server.Listen == "" {
		l.bad("telegram.webhook.url", "a webhook needs the web server: set server.listen")
	}
	if w.URL != "" && c.Telegram.APIURL == "" && !strings.HasPrefix(w.URL, "https://") {
		l.bad("telegram.webhook.url", "Telegram calls https:// addresses only")
	}
}

// bad reports a mistake of the key where it was set, or under its variable's name when it was not.
func (l *loader) bad(name, format string, args ...any) {
	where := l.from[name]
	if where == "" {
		where = "configuration"
	}
	l.errs.add(where, name, format, args...)
}

// suggest returns ": did you mean ..." for a key that resembles a known one.
func (l *loader) suggest(name string) string {
	best, least := "", 4
	var names []string
	for _, k := range l.keys {
		parts := strings.Split(k.name, ".")
		for i := range parts {
			names = append(names, strings.Join(parts[:i+1], "."))
		}
	}
	for _, n := range names {
		if strings.Count(n, ".") != strings.Count(name, ".") {
			continue
		}
		if d := distance(n, name); d < least {
			best, least = n, d
		}
	}
	if best == "" {
		return ": config.example.yaml lists them all"
	}
	return fmt.Sprintf(": did you mean %s?", best)
}

// distance is the number of letters to change, add or delete between two names.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		prev := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := prev
			if a[i] != b[j] {
				cost++
			}
			prev = row[j+1]
			row[j+1] = min(cost, prev+1, row[j]+1)
		}
	}
	return row[len(b)]
}

// UnknownEnv returns the names in environ, which is like os.Environ, that start with DOCENT_ and belong to no key.
// Allowed names other variables of the program. What clusters set for a service called docent is left out.
func UnknownEnv(environ []string, allowed ...string) []string {
	var c Config
	known := slices.Clone(allowed)
	for _, k := range keys(&c) {
		known = append(known, k.env())
	}
	var out []string
	for _, e := range environ {
		name, _, _ := strings.Cut(e, "=")
		service := strings.HasPrefix(name, "DOCENT_SERVICE_") || strings.HasPrefix(name, "DOCENT_PORT")
		if strings.HasPrefix(name, "DOCENT_") && !service && !slices.Contains(known, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}
