package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"go.yaml.in/yaml/v4"
)

func env(pairs ...string) func(string) (string, bool) {
	m := map[string]string{}
	for i := 0; i < len(pairs); i += 2 {
		m[pairs[i]] = pairs[i+1]
	}
	return func(k string) (string, bool) { v, ok := m[k]; return v, ok }
}

func write(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoadReadsTheFile(t *testing.T) {
	path := write(t, `
articles: {dirs: [articles, more], shipped: no}
store: {url: "postgres://u:p@h/d", retention: 1d12h}
log: {level: DEBUG}
bot: {confirmed_numbers: {988-us: 2026-05-03}}
discord: {token: abc.def-123, shards: 8, shard_range: 2-3, message_content: on}
telegram:
  token: 123:AB_c
  name: {en: Docent, de: Dozent}
  description: One text for all
  webhook: {url: "https://bot.example/telegram/", secret: s3cret, max_connections: 7}
`)
	c, err := Load(path, noEnv)
	if err != nil {
		t.Fatal(err)
	}
	want := Default()
	want.Articles.Dirs, want.Articles.Shipped = []string{"articles", "more"}, false
	want.Store.URL, want.Store.Retention = NewSecret("postgres://u:p@h/d"), 36*time.Hour
	want.Log.Level = "debug"
	want.Bot.ConfirmedNumbers = map[string]string{"988-us": "2026-05-03"}
	want.Discord.Token, want.Discord.Shards = NewSecret("abc.def-123"), 8
	want.Discord.ShardRange, want.Discord.MessageContent = ShardRange{true, 2, 3}, true
	want.Telegram.Token = NewSecret("123:AB_c")
	want.Telegram.Name = Texts{"en": "Docent", "de": "Dozent"}
	want.Telegram.Description = Texts{"": "One text for all"}
	want.Telegram.Webhook.URL, want.Telegram.Webhook.Secret = "https://bot.example/telegram", NewSecret("s3cret")
	want.Telegram.Webhook.MaxConnections = 7
	if !reflect.DeepEqual(c, want) {
		t.Errorf("got\n%+v\nwant\n%+v", c, want)
	}
}

func TestNoFileAndEmptyFilesGiveTheDefaults(t *testing.T) {
	for _, path := range []string{"", write(t, ""), write(t, "# nothing\n"), write(t, "discord:\nlog:\n  level:\n")} {
		c, err := Load(path, noEnv)
		if err != nil || !reflect.DeepEqual(c, Default()) {
			t.Errorf("%s: %+v, %v", path, c, err)
		}
	}
}

func TestEnvironmentWinsOverTheFile(t *testing.T) {
	path := write(t, "log: {level: debug}\ndiscord: {token: fromfile}\n")
	c, err := Load(path, env(
		"DOCENT_LOG_LEVEL", "error", "DISCORD_TOKEN", "short", "TELEGRAM_TOKEN", "1:short",
		"DOCENT_TELEGRAM_TOKEN", "1:long", "DOCENT_ARTICLES_DIRS", "a, b", "DOCENT_TELEGRAM_NAME", "{en: A, de: B}",
		"DOCENT_TELEGRAM_MAX_AGE", "2h", "DOCENT_SERVER_LISTEN", "off", "DOCENT_LOG_FORMAT", ""))
	if err != nil {
		t.Fatal(err)
	}
	got := []any{c.Log.Level, c.Discord.Token.Reveal(), c.Telegram.Token.Reveal(), c.Articles.Dirs, c.Telegram.Name, c.Telegram.MaxAge, c.Server.Listen}
	want := []any{"error", "short", "1:long", []string{"a", "b"}, Texts{"en": "A", "de": "B"}, 2 * time.Hour, ""}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestEveryKeyCanComeFromTheEnvironment(t *testing.T) {
	c := Default()
	for _, k := range keys(&c) {
		asked := map[string]bool{}
		Load("", func(name string) (string, bool) { asked[name] = true; return "", false })
		if want := "DOCENT_" + strings.ToUpper(strings.ReplaceAll(k.name, ".", "_")); !asked[want] {
			t.Errorf("%s is not looked up", want)
		}
	}
}

func TestSecretsFromFiles(t *testing.T) {
	file := write(t, "  987:from-a-file \n")
	c, err := Load("", env("TELEGRAM_TOKEN_FILE", file))
	if err != nil || c.Telegram.Token.Reveal() != "987:from-a-file" {
		t.Errorf("TELEGRAM_TOKEN_FILE: %q, %v", c.Telegram.Token.Reveal(), err)
	}
	path := write(t, "telegram: {token_file: "+file+"}\n")
	if c, err = Load(path, noEnv); err != nil || c.Telegram.Token.Reveal() != "987:from-a-file" {
		t.Errorf("token_file: %q, %v", c.Telegram.Token.Reveal(), err)
	}
	if c, err = Load(path, env("TELEGRAM_TOKEN", "1:env")); err != nil || c.Telegram.Token.Reveal() != "1:env" {
		t.Errorf("the environment's token must win: %q, %v", c.Telegram.Token.Reveal(), err)
	}
	path = write(t, "telegram: {token: '1:old'}\n")
	if c, err = Load(path, env("TELEGRAM_TOKEN_FILE", file)); err != nil || c.Telegram.Token.Reveal() != "987:from-a-file" {
		t.Errorf("the environment's file must win: %q, %v", c.Telegram.Token.Reveal(), err)
	}
}

// TestMistakes checks that each mistake names its place, its key and what to write.
func TestMistakes(t *testing.T) {
	for _, tt := range []struct{ name, file, want string }{
		{"unknown key", "log:\n  levle: info\n", "config.yaml:2: log.levle: there is no such key: did you mean log.level?"},
		{"unknown section", "logs: {}\n", "config.yaml:1: logs: there is no such key: did you mean log?"},
		{"nothing near", "zzzzzzzzzz: 1\n", "config.yaml:1: zzzzzzzzzz: there is no such key: config.example.yaml lists them all"},
		{"twice", "log: {level: info}\nbot: {}\nlog: {level: warn}\n", "config.yaml:3: log: the key stands in line 1 already: delete one"},
		{"bad word", "log:\n  level: loud\n", `config.yaml:2: log.level: "loud" is not allowed here; write one of debug, info, warn, error`},
		{"bad duration", "telegram: {max_age: 90}\n", `config.yaml:1: telegram.max_age: "90" is not a duration: write it like 30d, 12h, 10m or 30s; write a duration from 1m to 1d`},
		{"long duration", "telegram: {max_age: 2d}\n", `config.yaml:1: telegram.max_age: "2d" is not allowed here; write a duration from 1m to 1d`},
		{"bad number", "telegram: {webhook: {max_connections: 1.5}}\n", `config.yaml:1: telegram.webhook.max_connections: "1.5" is not allowed here; write a number of connections from 1 to 100`},
		{"bad bool", "server: {preview: maybe}\n", `config.yaml:1: server.preview: "maybe" is not allowed here; write true or false`},
		{"list for text", "log: {level: [info]}\n", "config.yaml:1: log.level: write one value here, not a list or a group of keys; write one of debug, info, warn, error"},
		{"text for section", "log: info\n", "config.yaml:1: log: write keys here, one to a line, each with a colon"},
		{"bad address", "server: {listen: localhost}\n", `config.yaml:1: server.listen: "localhost" is not allowed here; write host:port, such as 127.0.0.1:8080, or off for no web server`},
		{"bad date", "bot: {confirmed_numbers: {988-us: soon}}\n", `config.yaml:1: bot.confirmed_numbers: "988-us" is not a number's id with a day like 2026-05-03; write ids of help numbers with the day of the check: {988-us: 2026-05-03}`},
		{"long text", "telegram: {name: " + strings.Repeat("x", 65) + "}\n", "config.yaml:1: telegram.name: the text has 65 characters; write a text, or one for each language: {en: ..., de: ...}, at most 64 characters"},
		{"http without key", "discord:\n  interactions: http\n", "config.yaml:2: discord.interactions: http needs discord.public_key, which Discord's developer portal shows"},
		{"range without shards", "discord: {shard_range: 0-1}\n", "config.yaml:1: discord.shard_range: a range needs a fixed number of shards: set discord.shards"},
		{"range past shards", "discord: {shards: 2, shard_range: 0-2}\n", "config.yaml:1: discord.shard_range: with 2 shards the last one is 1"},
		{"webhook without secret", "telegram: {webhook: {url: 'https://x'}}\n", "config.yaml:1: telegram.webhook.url: a webhook needs telegram.webhook.secret, so that nobody else can send updates"},
		{"no articles", "articles: {shipped: false}\n", "config.yaml:1: articles.shipped: there are no articles: name folders in articles.dirs, or write true"},
		{"missing secret file", "discord: {token_file: /nowhere/token}\n", "config.yaml:1: discord.token_file: read the secret: open /nowhere/token: no such file or directory"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.WriteFile(filepath.Join(dir, "config.yaml"), []byte(tt.file), 0o600); err != nil {
				t.Fatal(err)
			}
			t.Chdir(dir)
			_, err := Load("config.yaml", noEnv)
			if err == nil || err.Error() != tt.want {
				t.Errorf("got  %v\nwant %s", err, tt.want)
			}
		})
	}
}

func TestAllMistakesAtOnce(t *testing.T) {
	path := write(t, "log:\n  level: loud\n  colour: red\nbot:\n  memory: long\n")
	_, err := Load(path, env("DOCENT_DISCORD_SHARDS", "many", "DISCORD_TOKEN", "a b"))
	var all Errors
	if !errors.As(err, &all) {
		t.Fatalf("%v is not an Errors", err)
	}
	var got []string
	for _, e := range all {
		got = append(got, filepath.Base(e.Where)+" "+e.Key)
	}
	want := []string{"config.yaml:2 log.level", "config.yaml:3 log.colour", "config.yaml:5 bot.memory", "DISCORD_TOKEN discord.token", "DOCENT_DISCORD_SHARDS discord.shards"}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestBrokenFiles(t *testing.T) {
	for _, text := range []string{"log: [", "a: b: c", "log:\n\tlevel: info\n", "- a\n", "a: 1\n---\nb: 2\n", "\xff\xfe\xfa", "log: *nobody\n"} {
		_, err := Load(write(t, text), noEnv)
		var all Errors
		if !errors.As(err, &all) || !strings.Contains(all[0].Where, "config.yaml") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := Load("/nowhere/config.yaml", noEnv); err == nil || !strings.Contains(err.Error(), "there is no such file") {
		t.Errorf("missing file: %v", err)
	}
}

// TestNoErrorShowsASecret plants a secret in every secret key, in a form that is refused.
func TestNoErrorShowsASecret(t *testing.T) {
	const canary = "CANARY"
	c := Default()
	n := 0
	for _, k := range keys(&c) {
		if _, isSecret := k.dst.(*Secret); !isSecret {
			continue
		}
		n++
		_, err := Load("", env(k.env(), "bad value "+canary))
		if err == nil || strings.Contains(err.Error(), canary) || !strings.Contains(err.Error(), k.env()) {
			t.Errorf("%s: %v", k.name, err)
		}
		file := write(t, "bad value "+canary)
		_, err = Load("", env(k.env()+"_FILE", file))
		if err == nil || strings.Contains(err.Error(), canary) || !strings.Contains(err.Error(), file) {
			t.Errorf("%s from a file: %v", k.name, err)
		}
	}
	if n != 4 {
		t.Errorf("%d secrets", n)
	}
}

func TestSecretIsNeverPrinted(t *testing.T) {
	s := struct{ Token Secret }{NewSecret("CANARY")}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("start", "config", s, "token", s.Token)
	j, _ := json.Marshal(s)
	y, err := yaml.Dump(s)
	if err != nil {
		t.Fatal(err)
	}
	out := fmt.Sprintf("%v %+v %#v %s %q %x %d", s, s, s, s, s.Token, s.Token, s.Token) + log.String() + string(j) + string(y)
	if strings.Contains(out, "CANARY") || strings.Contains(out, fmt.Sprintf("%x", "CANARY")) || strings.Count(out, "[secret]") < 9 {
		t.Errorf("printed %s", out)
	}
	if NewSecret("").String() != "" {
		t.Error("an empty secret must print as empty")
	}
}

func TestDurations(t *testing.T) {
	for s, want := range map[string]time.Duration{"30d": 720 * time.Hour, "0d": 0, "0s": 0, "1d12h": 36 * time.Hour, "90m": 90 * time.Minute} {
		if got, err := ParseDuration(s); err != nil || got != want {
			t.Errorf("%q is %v, %v", s, got, err)
		}
	}
	for _, s := range []string{"", "d", "30", "-1h", "1.5d", "-1d", "1d-2h", "999999999d", "1dd", "ten"} {
		if got, err := ParseDuration(s); err == nil {
			t.Errorf("%q is %v, want an error", s, got)
		}
	}
	for _, d := range []time.Duration{0, time.Second, 90 * time.Second, time.Hour, 25 * time.Hour, 30 * day} {
		if got, err := ParseDuration(FormatDuration(d)); err != nil || got != d {
			t.Errorf("%v is written %q and read as %v, %v", d, FormatDuration(d), got, err)
		}
	}
}

func TestUnknownEnv(t *testing.T) {
	got := UnknownEnv([]string{"HOME=/", "DOCENT_LOG_LEVL=x", "DOCENT_LOG_LEVEL=x", "DOCENT_CONFIG=c", "DOCENT_SERVICE_HOST=h", "DOCENT_PORT=p"}, "DOCENT_CONFIG")
	if !reflect.DeepEqual(got, []string{"DOCENT_LOG_LEVL"}) {
		t.Errorf("got %q", got)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add("log: {level: info}\n")
	f.Add("telegram: {webhook: {url: 'https://x', secret: a}}\n&a b: *a\n")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := Load(write(t, text), noEnv)
		if err != nil && !reflect.DeepEqual(c, Config{}) {
			t.Error("a configuration with mistakes must not be returned")
		}
	})
}
