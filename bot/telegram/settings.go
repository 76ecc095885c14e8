package telegram

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/markup"
)

// The keys of what administrators choose for a group.
const (
	keyMode     = "mode"    // "auto" or empty
	keyPrivate  = "private" // "on" or empty
	keyLanguage = "language"
	keyRegion   = "region"
	keyTopic    = "topic"    // an article's id
	keyCooldown = "cooldown" // seconds
	keyDelete   = "delete_commands"
)

// setPrefix starts the data of settings buttons: "t" of this adapter, never the "1" of a Choice.
const setPrefix = "ts:"

const defaultCooldown = 10 * time.Second

// rules are what administrators chose for a chat.
type rules struct {
	auto, private, deleteCommands bool
	language, region, topic       string
	cooldown                      time.Duration
}

func (r rules) locale(person string) string {
	if r.language != "" {
		return r.language
	}
	return person
}

func scope(chat int64) string { return Platform + "/" + strconv.FormatInt(chat, 10) }

// rules reads what holds in the chat of an event. A failing store costs no answer: the defaults hold.
func (s *session) rules(ctx context.Context, e event) rules {
	r := rules{deleteCommands: s.DeleteCommands, cooldown: defaultCooldown}
	if !e.group {
		return r
	}
	m, err := s.settings.Settings(ctx, scope(e.chat))
	if err != nil {
		s.count("store_error")
		s.log.Error("settings not read", "err", err)
		return r
	}
	r.auto, r.private = m[keyMode] == "auto", m[keyPrivate] == "on"
	r.language, r.region, r.topic = m[keyLanguage], m[keyRegion], m[keyTopic]
	if m[keyDelete] != "" {
		r.deleteCommands = m[keyDelete] == "on"
	}
	if n, err := strconv.Atoi(m[keyCooldown]); err == nil && n >= 0 {
		r.cooldown = time.Duration(n) * time.Second
	}
	return r
}

// moveSettings takes a group's settings along when it becomes a supergroup.
func (s *session) moveSettings(ctx context.Context, from, to int64) {
	m, err := s.settings.Settings(ctx, scope(from))
	if err == nil && len(m) > 0 {
		err = s.settings.SetSettings(ctx, scope(to), m)
	}
	if err == nil && len(m) > 0 {
		err = s.settings.SetSettings(ctx, scope(from), map[string]string{})
	}
	if err != nil {
		s.count("store_error")
		s.log.Error("settings of a migrated group not moved", "err", err)
	}
}

// admin asks whether the person may change a group's settings.
func (j *job) admin(ctx context.Context) bool {
	if j.e.anonymous {
		return true
	}
	return j.isAdmin(ctx, j.e.person)
}

func (j *job) isAdmin(ctx context.Context, user int64) bool {
	var m struct {
		Status string `json:"status"`
	}
	params := map[string]string{"chat_id": strconv.FormatInt(j.e.chat, 10), "user_id": strconv.FormatInt(user, 10)}
	if err := j.once(ctx, "getChatMember", params, &m); err != nil {
		j.log.Warn("rights not known", slog.Any("err", err))
		return false
	}
	return m.Status == "creator" || m.Status == "administrator"
}

// showSettings answers /settings, and "/settings key value".
func (j *job) showSettings(ctx context.Context) error {
	say := j.words()
	switch {
	case !j.e.group:
		return j.deliver(ctx, j.fixed(say.Adapter.GroupOnly))
	case !j.admin(ctx):
		return j.deliver(ctx, j.fixed(say.Adapter.AdminsOnly))
	case j.e.args != "":
		key, value, _ := strings.Cut(j.e.args, " ")
		return j.deliver(ctx, j.change(ctx, strings.ToLower(key), strings.TrimSpace(value)))
	}
	return j.deliver(ctx, j.settingsMenu(ctx, ""))
}

// pressSettings answers a pressed settings button, whose data is "key:value", "key" for a list of its values, or empty for
// all settings.
func (j *job) pressSettings(ctx context.Context) error {
	if !j.e.group || !j.admin(ctx) {
		j.acknowledge(ctx, j.words().Adapter.AdminsOnly)
		return nil
	}
	key, value, chosen := strings.Cut(j.e.args, ":")
	var r bot.Reply
	if chosen {
		r = j.change(ctx, key, value)
	} else {
		r = j.settingsList(ctx, key)
	}
	r.Replace = true
	return j.deliver(ctx, r)
}

// A choiceOf is a setting with its possible values, "" being the default.
type choiceOf struct {
	key, title string
	values     []string
	show       func(string) string
}

// choices lists the settings in a language.
func (j *job) choices() []choiceOf {
	say := j.words()
	t := say.Settings
	onOff := func(v string) string { return map[string]string{"on": t.On, "off": t.Off, "": t.Default}[v] }
	languages := []string{""}
	for _, set := range phrases.All() {
		languages = append(languages, set.Language)
	}
	articles, titles := []string{""}, map[string]string{"": t.AllTopics}
	for _, topic := range j.Catalog.Topics() {
		if titles[topic.Ref.Article] == "" {
			articles, titles[topic.Ref.Article] = append(articles, topic.Ref.Article), topic.Article
		}
	}
	orDefault := func(v string) string {
		if v == "" {
			return t.Default
		}
		return v
	}
	return []choiceOf{
		{keyMode, t.Mode, []string{"", "auto"}, func(v string) string {
			return map[string]string{"": t.ModeMention, "auto": t.ModeAuto}[v]
		}},
		{keyPrivate, t.Private, []string{"", "on"}, func(v string) string { return onOff(max(v, "off")) }},
		{keyTopic, t.Topic, articles, func(v string) string { return max(titles[v], "") }},
		{keyLanguage, t.Language, languages, func(v string) string {
			if name := say.Languages[v]; name != "" {
				return name
			}
			return orDefault(v)
		}},
		{keyRegion, t.Region, []string{"", "US", "GB", "IE", "CA", "AU", "DE", "AT", "CH", "FR", "ES", "PT", "BR"}, orDefault},
		{keyCooldown, t.Cooldown, []string{"", "0", "10", "30", "60", "300"}, orDefault},
		{keyDelete, t.DeleteCommands, []string{"", "on", "off"}, onOff},
	}
}

// maxCycle is how many values a setting may have for its button to go on to the next one.
const maxCycle = 3

// settingsMenu shows what holds. A button goes on to the next value, or to a list of the values where there are many.
func (j *job) settingsMenu(ctx context.Context, note string) bot.Reply {
	say := j.words()
	m, err := j.settings.Settings(ctx, scope(j.e.chat))
	if err != nil {
		j.log.Error("settings not read", "err", err)
		return j.fixed(say.Adapter.Broken)
	}
	r := bot.Reply{Kind: bot.Menu, Body: markup.Doc{{Kind: markup.Heading, Level: 2, Spans: []markup.Span{markup.Text(say.Settings.Title)}}}}
	for _, c := range j.choices() {
		value := m[c.key]
		r.Body = append(r.Body, markup.Block{Kind: markup.Item, Spans: []markup.Span{markup.Text(c.title + ": " + c.show(value))}})
		data := setPrefix + c.key
		if len(c.values) <= maxCycle {
			data += ":" + c.values[(slices.Index(c.values, value)+1)%len(c.values)]
		}
		r.Choices = append(r.Choices, bot.Choice{Label: c.title, Value: data, Group: bot.GroupPick})
	}
	if m[keyMode] == "auto" && !j.hears(ctx) {
		r.Footer = append(r.Footer, markup.Para(markup.Text(say.Settings.AutoNeeds)))
	}
	if note != "" {
		r.Footer = append(r.Footer, markup.Para(markup.Text(note)))
	}
	return r
}

// hears reports whether Telegram gives the bot all messages of the group.
func (j *job) hears(ctx context.Context) bool {
	return j.me.hears || j.isAdmin(ctx, j.me.id)
}

// settingsList shows the values of one setting, or all settings where there is no such one.
func (j *job) settingsList(ctx context.Context, key string) bot.Reply {
	list := j.choices()
	i := slices.IndexFunc(list, func(c choiceOf) bool { return c.key == key })
	if i < 0 {
		return j.settingsMenu(ctx, "")
	}
	m, err := j.settings.Settings(ctx, scope(j.e.chat))
	if err != nil {
		j.count("store_error")
		j.log.Error("settings not read", "err", err)
		return j.fixed(j.words().Adapter.Broken)
	}
	c := list[i]
	r := bot.Reply{Kind: bot.Menu, Body: markup.Doc{{Kind: markup.Heading, Level: 2, Spans: []markup.Span{markup.Text(c.title)}},
		markup.Para(markup.Text(c.show(m[key])))}}
	for _, v := range c.values {
		label := c.show(v)
		if v == m[key] {
			label = "✓ " + label
		}
		if data := setPrefix + key + ":" + v; len(data) <= maxData {
			r.Choices = append(r.Choices, bot.Choice{Label: label, Value: data, Group: bot.GroupPick})
		}
	}
	r.Choices = append(r.Choices, bot.Choice{Label: j.words().Buttons.Back, Value: setPrefix, Group: bot.GroupNav})
	return r
}

// change sets one setting and shows what holds then.
func (j *job) change(ctx context.Context, key, value string) bot.Reply {
	say := j.words()
	var at *choiceOf
	list := j.choices()
	var keys []string
	for i, c := range list {
		keys = append(keys, c.key)
		if c.key == key {
			at = &list[i]
		}
	}
	if at == nil {
		return j.fixed(phrases.Fill(say.Settings.BadValue, "value", key, "allowed", strings.Join(keys, ", ")))
	}
	value, ok := at.accept(value)
	if !ok {
		allowed := strings.TrimPrefix(strings.Join(at.values, ", "), ", ")
		return j.fixed(phrases.Fill(say.Settings.BadValue, "value", value, "allowed", "default, "+allowed))
	}
	m, err := j.settings.Settings(ctx, scope(j.e.chat))
	if err == nil {
		next := map[string]string{}
		for k, v := range m {
			next[k] = v
		}
		if next[key] = value; value == "" {
			delete(next, key)
		}
		err = j.settings.SetSettings(ctx, scope(j.e.chat), next)
	}
	if err != nil {
		j.count("store_error")
		j.log.Error("settings not kept", "err", err)
		return j.fixed(say.Adapter.Broken)
	}
	j.r = j.rules(ctx, j.e)
	j.e.question.Locale = j.r.locale(j.e.language)
	return j.settingsMenu(ctx, j.words().Settings.Saved)
}

// accept reads a value that an administrator wrote: one of the list, or any country or number of seconds.
func (c choiceOf) accept(value string) (string, bool) {
	switch value = strings.TrimSpace(value); {
	case value == "" || strings.EqualFold(value, "default"):
		return "", true
	case c.key == keyRegion:
		up := strings.ToUpper(value)
		return up, len(up) == 2 && strings.Trim(up, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
	case c.key == keyCooldown:
		n, err := strconv.Atoi(value)
		return value, err == nil && n >= 0 && n <= 3600
	case c.key == keyPrivate && value == "off", c.key == keyMode && value == "mention":
		return "", true
	}
	return value, slices.Contains(c.values, value)
}
