package discord

import (
	"context"
	"strings"
	"time"

	"docent/bot"
)

// press answers a pressed button or an entry of a menu.
func (a *Adapter) press(ctx context.Context, i *interaction, r *responder) error {
	set := a.setFor(i)
	asker, value, ok := fromButton(i.Data.CustomID)
	menu := value == menuValue
	if menu {
		value, ok = i.selected()
	}
	if !ok || i.Message == nil {
		return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
	}
	own := asker == i.person() || i.GuildID == ""
	if value == deleteValue {
		if !own && !i.may(permManageMessages) {
			return r.send(ctx, []outMessage{notice(set.Adapter.NotYours)}, true, false)
		}
		return r.remove(ctx)
	}
	rules := a.places.get(ctx, i.GuildID, a.Log)
	q := i.question()
	q.Choice = value
	reply, err := a.ask(ctx, q, rules)
	if err != nil {
		return r.fail(ctx, set, err)
	}
	return a.showPressed(ctx, i, r, reply, rules, own, menu)
}

// showPressed shows the answer to a pressed button: in place of the message that had it, or below, to all or to the person.
func (a *Adapter) showPressed(ctx context.Context, i *interaction, r *responder, reply bot.Reply, rules rules, own, menu bool) error {
	inServer := i.GuildID != ""
	hidden := i.Message.Flags&flagEphemeral != 0
	update := reply.Replace && (hidden || own && !(inServer && reply.Private)) || menu && (hidden || !inServer)
	l := look{plain: !i.botMay(permEmbedLinks), asker: i.person()}
	out := render(reply, l)
	if update && inServer && !hidden && len(out) > 1 {
		update = false // the rest would be messages of their own, in everybody's way
		own = false
	}
	private := !update && inServer && (hidden || !own || forOne(reply) || !rules.allows(i.ChannelID, i.Channel.ParentID) ||
		a.cooling(i.ChannelID, reply, rules))
	if !private && !update {
		a.showed(i.ChannelID, reply)
	}
	l.delete = inServer && !private && !hidden
	if update {
		l.person = i.Message.addressee()
	}
	return r.send(ctx, render(reply, l), private, update)
}

// selected returns the value of the chosen entry of a menu. It returns false for one that this version did not make.
func (i *interaction) selected() (string, bool) {
	if len(i.Data.Values) != 1 || !isValue(i.Data.Values[0]) {
		return "", false
	}
	return i.Data.Values[0], true
}

// addressee returns whom a message of the bot mentions above the answer, or "".
func (m *message) addressee() string {
	for _, u := range m.Mentions {
		if strings.Contains(m.Content, "<@"+u.ID+">") {
			return u.ID
		}
	}
	return ""
}

// complete answers an autocomplete.
func (a *Adapter) complete(i *interaction) {
	ctx, cancel := context.WithTimeout(a.working(), 3*time.Second)
	defer cancel()
	typed := ""
	for _, o := range i.Data.Options {
		if s, isText := o.Value.(string); isText && o.Focused {
			typed = strings.TrimSpace(s)
		}
	}
	r := &responder{a: a, i: i}
	if err := r.complete(ctx, choicesFor(a.suggest(typed))); err != nil {
		a.Log.Warn("answer autocomplete", "error", err)
	}
}

// suggest completes what a person types. Nothing typed gives the topics that people look for most.
func (a *Adapter) suggest(typed string) []bot.Suggestion {
	if typed == "" {
		return a.popular.first(a.Catalog.Suggest("", len(a.Catalog.Topics())))
	}
	return a.Catalog.Suggest(clip(typed, 100), maxChoices)
}
