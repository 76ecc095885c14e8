package discord

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"docent/bot/phrases"
)

// The options of /docent settings.
const (
	setChannel  = "channel"
	setAll      = "all-channels"
	setForum    = "forum"
	setMode     = "mode"
	setPrivate  = "private"
	setLanguage = "language"
	setRegion   = "region"
	setCooldown = "cooldown"
	maxCooldown = 3600
)

// languageChoices are the languages that a server can choose; "auto" is each person's own.
func languageChoices() []string {
	list := []string{"auto"}
	for _, s := range phrases.All() {
		list = append(list, s.Language)
	}
	return list
}

// operate answers /docent settings and /docent status. Only those who manage the server may use them.
func (a *Adapter) operate(ctx context.Context, i *interaction, r *responder) error {
	set := a.setFor(i)
	switch {
	case i.GuildID == "":
		return r.send(ctx, []outMessage{notice(set.Adapter.GroupOnly)}, true, false)
	case !i.may(permManageGuild):
		return r.send(ctx, []outMessage{notice(set.Adapter.AdminsOnly)}, true, false)
	case len(i.Data.Options) == 1 && i.Data.Options[0].Name == "status":
		return r.send(ctx, []outMessage{a.statusMessage(i, set)}, true, false)
	case len(i.Data.Options) == 1 && i.Data.Options[0].Name == "settings":
		return a.settle(ctx, i, r, set, i.Data.Options[0].Options)
	}
	return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
}

// settle changes what the options name and shows all that is chosen.
func (a *Adapter) settle(ctx context.Context, i *interaction, r *responder, set *phrases.Set, options []option) error {
	values, err := a.places.stored(ctx, i.GuildID)
	if err != nil {
		return r.fail(ctx, set, err)
	}
	before := maps.Clone(values)
	for _, o := range options {
		if wrong := change(values, o, set); wrong != "" {
			return r.send(ctx, []outMessage{notice(wrong)}, true, false)
		}
	}
	head := set.Settings.Unchanged
	if !maps.Equal(before, values) {
		if err := a.places.set(ctx, i.GuildID, values); err != nil {
			return r.fail(ctx, set, err)
		}
		a.Log.Info("settings changed", "guild", i.GuildID, "now", changes(before, values))
		head = set.Settings.Saved
	}
	return r.send(ctx, []outMessage{a.settingsMessage(set, head, rulesOf(values))}, true, false)
}

// changes lists the settings that differ, for the log: who changed them is not kept.
func changes(before, after map[string]string) []string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(after)) {
		if before[k] != after[k] {
			out = append(out, k+"="+after[k])
		}
	}
	return out
}

// change applies one option. It returns what is wrong with it, or "".
func change(values map[string]string, o option, set *phrases.Set) string {
	text, _ := o.Value.(string)
	on, _ := o.Value.(bool)
	bad := func(allowed string) string {
		return phrases.Fill(set.Settings.BadValue, "value", clip(text, 50), "allowed", allowed)
	}
	switch o.Name {
	case setChannel, setForum:
		key := map[string]string{setChannel: keyChannels, setForum: keyForums}[o.Name]
		list, ok := toggled(values[key], text)
		if !ok {
			return bad("1 - " + strconv.Itoa(maxListed))
		}
		values[key] = list
	case setAll:
		if on {
			values[keyChannels] = ""
		}
	case setMode:
		values[keyMode] = map[bool]string{true: "auto"}[text == "auto"]
	case setPrivate:
		values[keyPrivate] = map[bool]string{true: "on", false: "off"}[on]
	case setLanguage:
		if !slices.Contains(languageChoices(), text) {
			return bad(strings.Join(languageChoices(), ", "))
		}
		values[keyLanguage] = strings.TrimPrefix(text, "auto")
	case setRegion:
		region := strings.ToUpper(strings.TrimSpace(text))
		if len(region) != 2 || strings.Trim(region, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
			return bad("DE, FR, GB, US, …")
		}
		values[keyRegion] = region
	case setCooldown:
		seconds, _ := o.Value.(float64)
		if seconds < 0 || seconds > maxCooldown {
			return bad("0 - " + strconv.Itoa(maxCooldown))
		}
		values[keyCooldown] = strconv.Itoa(int(seconds))
	}
	return ""
}

// maxListed is how many channels can be chosen.
const maxListed = 50

// toggled adds an id to a list, or removes it. It returns false when the list is full or the id is none.
func toggled(list, id string) (string, bool) {
	ids := split(list)
	if n := slices.Index(ids, id); n >= 0 {
		return strings.Join(slices.Delete(ids, n, n+1), ","), true
	}
	if _, err := strconv.ParseUint(id, 10, 64); err != nil || len(ids) >= maxListed {
		return list, false
	}
	return strings.Join(append(ids, id), ","), true
}

func (a *Adapter) settingsMessage(set *phrases.Set, head string, r rules) outMessage {
	s := set.Settings
	onOff := map[bool]string{true: s.On, false: s.Off}
	mode := map[bool]string{true: s.ModeAuto, false: s.ModeMention}[r.Auto]
	or := func(v, other string) string {
		if v == "" {
			return other
		}
		return v
	}
	m := table(s.Title, head, [][2]string{
		{s.Channels, or(channelMentions(r.Channels), s.AllChannels)},
		{s.Forum, or(channelMentions(r.Forums), s.Off)},
		{s.Mode, mode},
		{s.Private, onOff[r.private(a.PrivateDefault)]},
		{s.Language, or(set.LanguageName(r.Language), s.Default)},
		{s.Region, or(r.Region, s.Default)},
		{s.Cooldown, strconv.Itoa(int(r.Cooldown / time.Second))},
	})
	if (r.Auto || len(r.Forums) > 0) && (a.HTTP || !a.MessageContent) {
		m.Content += "\n\n" + escape(s.NeedsContent, true)
	}
	return m
}

func channelMentions(ids []string) string {
	var out []string
	for _, id := range ids {
		out = append(out, "<#"+id+">")
	}
	return strings.Join(out, " ")
}

// maxTable leaves room for a note below.
const maxTable = 1600

// table is a message with a title and one line an entry.
func table(title, head string, rows [][2]string) outMessage {
	lines := []string{"**" + escape(title, false) + "**"}
	if head != "" {
		lines = append(lines, escape(head, true))
	}
	for _, row := range rows {
		lines = append(lines, "- "+escape(row[0], false)+": "+row[1])
	}
	m := emptyMessage()
	m.Content = strings.Join(lines, "\n")
	if size(m.Content) > maxTable {
		m.Content = string([]rune(m.Content)[:maxTable-1]) + "…"
	}
	return m
}

// statusMessage tells an operator how the bot is.
func (a *Adapter) statusMessage(i *interaction, set *phrases.Set) outMessage {
	s := set.Settings
	var rows [][2]string
	if a.Info != nil {
		info := a.Info()
		rows = append(rows, [2]string{s.StatusArticles, strconv.Itoa(info.Articles)}, [2]string{s.StatusSections, strconv.Itoa(info.Sections)})
		if !info.Reloaded.IsZero() {
			rows = append(rows, [2]string{s.StatusReloaded, info.Reloaded.UTC().Format("2006-01-02 15:04 UTC")})
		}
		rows = append(rows, [2]string{s.StatusVersion, escape(info.Version, false)})
	}
	if link := a.links.of(i.GuildID); link != nil {
		rows = append(rows, [2]string{s.StatusShard, strconv.Itoa(link.id) + "/" + strconv.Itoa(link.count)})
		if ns := link.latency.Load(); ns > 0 {
			rows = append(rows, [2]string{s.StatusLatency, strconv.FormatInt(max(ns/int64(time.Millisecond), 1), 10) + " ms"})
		}
	}
	if lacking := i.lacking(); len(lacking) > 0 {
		rows = append(rows, [2]string{s.StatusLacking, strings.Join(lacking, ", ")})
	}
	return table(s.StatusTitle, "", rows)
}

// lacking names the permissions that the bot should have in the channel and has not, as Discord names them.
func (i *interaction) lacking() []string {
	var out []string
	for _, p := range []struct {
		bit  int64
		name string
	}{
		{permViewChannel, "View Channel"}, {permSendMessages, "Send Messages"}, {permSendInThreads, "Send Messages in Threads"},
		{permEmbedLinks, "Embed Links"}, {permReadHistory, "Read Message History"},
	} {
		if !i.botMay(p.bit) {
			out = append(out, p.name)
		}
	}
	return out
}
