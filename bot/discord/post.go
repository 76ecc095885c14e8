package discord

import (
	"context"
	"errors"
	"hash/fnv"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/bwmarrin/discordgo"

	"docent/bot"
	"docent/bot/phrases"
	"docent/knowledge"
)

// message takes a message that somebody wrote.
func (a *Adapter) message(m *message) {
	_, botID := a.ids()
	if m.Author.ID == botID || m.ID == "" {
		return
	}
	q, addressed, ok := fromMessage(m, botID, a.MessageContent)
	if !ok || !a.seen.add(m.ID, "") {
		return
	}
	if !a.lanes.submit(m.ChannelID+" "+m.Author.ID, func() { a.workMessage(m, q, addressed) }) {
		a.count("dropped")
		a.Log.Error("message dropped", "reason", "too much to do")
	}
}

// workMessage answers one message.
func (a *Adapter) workMessage(m *message, q ask, addressed bool) {
	ctx, cancel := context.WithTimeout(a.working(), a.timing.answer)
	defer cancel()
	rules := a.places.get(ctx, m.GuildID, a.Log)
	first := m.ID == m.ChannelID && len(rules.Forums) > 0 // of a post
	parent := a.parentOf(ctx, m.ChannelID, addressed && len(rules.Channels) > 0 || first)
	if !rules.allows(m.ChannelID, parent) {
		return
	}
	if !addressed && !rules.volunteers(m, parent) {
		return
	}
	if first && q.Choice == "" {
		q.entitle(a.titles, m.ChannelID)
	}
	if q.Text == "" && q.Choice == "" {
		return
	}
	q.Locale, _ = a.locales.get(m.GuildID)
	reply, ok := a.replyTo(ctx, m, q, addressed, rules)
	if !ok {
		return
	}
	l := look{asker: m.Author.ID, delete: m.GuildID != ""}
	if err := a.post(ctx, m.ChannelID, m.ID, q.about, reply, l); err != nil && !errors.Is(err, errNotHere) {
		a.Log.Error("send answer", "error", err)
	}
}

// replyTo returns what to say to a message. It returns false for silence: unasked the bot only says what it is sure of.
func (a *Adapter) replyTo(ctx context.Context, m *message, q ask, addressed bool, rules rules) (bot.Reply, bool) {
	reply, err := a.ask(ctx, q.Question, rules)
	if err != nil {
		a.Log.Error("answer message", "error", err)
		return bot.Reply{Body: fixedDoc(a.wordsOf(m.GuildID, rules).Adapter.Broken)}, addressed
	}
	if !addressed && reply.Kind != bot.Sure {
		return reply, false
	}
	if m.GuildID == "" || reply.Kind != bot.Sure || rules.Cooldown == 0 {
		return reply, true
	}
	if wait := a.shown.soon(m.ChannelID+" "+shownKey(reply), rules.Cooldown); wait > 0 {
		seconds := strconv.Itoa(int(wait/time.Second) + 1)
		return bot.Reply{Body: fixedDoc(phrases.Fill(a.wordsOf(m.GuildID, rules).Adapter.Cooldown, "seconds", seconds))}, addressed
	}
	a.showed(m.ChannelID, reply)
	return reply, true
}

// entitle puts the title of a post before its text: people often ask in the title.
func (q *ask) entitle(titles *recent, post string) {
	title, _ := titles.get(post)
	if q.Text = strings.TrimSpace(title + "\n" + q.Text); len(q.Text) > knowledge.MaxQuestion && title != "" {
		q.Text = title
	}
}

// wordsOf returns the adapter's words for a server: in the language that its operators chose, or in its own.
func (a *Adapter) wordsOf(guild string, rules rules) *phrases.Set {
	locale, _ := a.locales.get(guild)
	if rules.Language != "" {
		locale = rules.Language
	}
	return phrases.For(locale)
}

// parentOf returns the channel that a thread belongs to, or "". It asks Discord only where the rules need it.
func (a *Adapter) parentOf(ctx context.Context, channel string, needed bool) string {
	parent, known := a.parents.get(channel)
	if known || !needed {
		return parent
	}
	c, err := a.session.Channel(channel, discordgo.WithContext(ctx))
	if err != nil {
		a.Log.Warn("ask for a channel", "error", redacted(err))
		return ""
	}
	if c.IsThread() {
		parent = c.ParentID
		a.titles.add(channel, c.Name)
	}
	a.parents.add(channel, parent)
	return parent
}

// errNotHere says that the bot may not write in a channel, which it learned a moment ago.
var errNotHere = errors.New("the bot may not write in that channel")

// post sends a Reply as messages of its own, in reply to a message. The nonce, made from cause, keeps Discord from
// making a message twice when it is sent twice. Where a permission is missing it sends what is possible without.
func (a *Adapter) post(ctx context.Context, channel, cause, about string, reply bot.Reply, l look) error {
	leave, err := a.posting.enter(ctx, channel) // what Discord says about one message counts for the next
	if err != nil {
		return err
	}
	defer leave()
	for {
		can := a.manners.of(channel)
		if can.silent {
			return errNotHere
		}
		l.plain = l.plain || can.plain
		if can.alone {
			about = ""
		}
		err := a.postAll(ctx, channel, cause, about, reply, l)
		again, lacking := a.manners.learn(channel, err)
		if lacking != "" {
			a.Log.Warn("a permission is missing in a channel", "permission", lacking, "channel", channel)
		}
		if !again {
			return err
		}
	}
}

func (a *Adapter) postAll(ctx context.Context, channel, cause, about string, reply bot.Reply, l look) error {
	for n, m := range render(reply, l) {
		m.Nonce, m.EnforceNonce = nonce(cause, n, l.plain), true
		if n == 0 && about != "" {
			no := false
			m.Reference = &discordgo.MessageReference{MessageID: about, ChannelID: channel, FailIfNotExists: &no}
		}
		if err := a.postOne(ctx, channel, m); err != nil {
			return err
		}
	}
	return nil
}

// nonce returns at most 25 characters that are the same whenever the same part of the same answer is sent.
func nonce(cause string, part int, plain bool) string {
	n := cause + "-" + strconv.Itoa(part)
	if plain {
		n += "p"
	}
	if len(n) <= 25 {
		return n
	}
	h := fnv.New64a()
	h.Write([]byte(n))
	return strconv.FormatUint(h.Sum64(), 36)
}

func (a *Adapter) postOne(ctx context.Context, channel string, m outMessage) error {
	return a.send(ctx, http.MethodPost, discordgo.EndpointChannelMessages(channel), "Bot "+a.Token, m)
}
