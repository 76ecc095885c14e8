package main

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"os"
	"path/filepath"
	"strings"
	"time"

	"docent/bot"
	"docent/internal/config"
	"docent/knowledge"
	"docent/knowledge/library"
)

// defaultConfig is read when it is there and no other file is named.
const defaultConfig = "config.yaml"

func fileExists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// libraries returns the folders of articles: the program's own and the operator's.
func libraries(c config.Articles) []knowledge.Library {
	var out []knowledge.Library
	if c.Shipped {
		out = append(out, knowledge.Library{FS: library.FS(), Name: "library"})
	}
	for _, dir := range c.Dirs {
		out = append(out, folder(dir))
	}
	return out
}

func folder(dir string) knowledge.Library {
	return knowledge.Library{FS: os.DirFS(dir), Name: dir}
}

// openBase reads the articles and indexes them. Cache is a file for vectors, or nothing.
func openBase(c config.Config, cache string, log *slog.Logger) (*knowledge.Base, error) {
	base, err := knowledge.Open(libraries(c.Articles), knowledge.Options{Log: log, Meaning: meaning(c.Knowledge.Meaning), Cache: cache})
	var mistakes knowledge.Errors
	if errors.As(err, &mistakes) {
		return nil, fmt.Errorf("the articles have %s:\n%w", countOf(len(mistakes), "mistake"), err)
	}
	if err != nil {
		return nil, fmt.Errorf("open articles: %w", err)
	}
	return base, nil
}

// meaning turns the configuration's word into the number of sections up to which meanings are compared.
func meaning(word string) int {
	switch word {
	case "on":
		return math.MaxInt
	case "off":
		return -1
	}
	return knowledge.DefaultMeaning
}

// cacheFile turns the configuration's word or path into a path; empty means none. A service without a home does without,
// unless it is told where.
func (p *program) cacheFile(path string) string {
	switch path {
	case "off":
		return ""
	case "auto":
		if dir, ok := p.lookup("XDG_CACHE_HOME"); ok && filepath.IsAbs(dir) {
			return filepath.Join(dir, "docent", "vectors")
		}
		if home, ok := p.lookup("HOME"); ok && filepath.IsAbs(home) {
			return filepath.Join(home, ".cache", "docent", "vectors")
		}
		return ""
	}
	return path
}

// newBot returns the conversation over base. It keeps nothing; serve adds the store.
func newBot(c config.Config, base *knowledge.Base, log *slog.Logger) (*bot.Bot, error) {
	numbers, mistakes, err := contacts(c.Bot)
	if err != nil {
		return nil, err
	}
	if len(mistakes) > 0 {
		return nil, errors.New(strings.Join(mistakes, "\n"))
	}
	embed, err := embedder(c.Knowledge.Meaning)
	if err != nil {
		return nil, err
	}
	return &bot.Bot{
		Base:     base,
		Contacts: numbers,
		Embed:    embed,
		Log:      log,
		Config: bot.Config{
			Locale:   c.Bot.Language,
			Region:   c.Bot.Region,
			LongText: c.Bot.LongText,
			Memory:   orNever(c.Bot.Memory),
			Grace:    orNever(c.Bot.ReviewGrace),
			Keeps:    bot.Keeps{Operator: c.Bot.Operator},
		},
	}, nil
}

// embedder returns what the safety rules compare meanings with, or nil where the configuration's word is "off".
func embedder(word string) (bot.Embed, error) {
	if word == "off" {
		return nil, nil
	}
	m, err := knowledge.Meaning()
	if err != nil {
		return nil, err
	}
	return m.Recall, nil
}

// orNever turns the configuration's zero, which means "not at all", into the bot's.
func orNever(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

// open makes the parts that the small commands share, with warnings on the error output.
func (p *program) open() (config.Config, *bot.Bot, error) {
	c, err := p.loadConfig()
	if err != nil {
		return c, nil, err
	}
	log := newLog(p.err, config.Log{Level: "warn", Format: c.Log.Format})
	base, err := openBase(c, p.cacheFile(c.Knowledge.Cache), log)
	if err != nil {
		return c, nil, err
	}
	b, err := newBot(c, base, log)
	return c, b, err
}

// examples returns up to n questions that the articles answer, from as many sections.
func examples(base *knowledge.Base, n int) []string {
	var out []string
	for _, a := range base.Articles() {
		for _, s := range a.Sections {
			if len(out) == n {
				return out
			}
			if len(s.Ask) > 0 && s.Withdrawn == "" {
				out = append(out, s.Ask[0])
			}
		}
	}
	return out
}

// count returns the numbers of articles and of the sections in them.
func count(list []*knowledge.Article) (articles, sections int) {
	for _, a := range list {
		sections += len(a.Sections)
	}
	return len(list), sections
}
