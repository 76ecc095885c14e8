package discord

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/knowledge"
)

// event takes an event of the gateway. It must not block, and a payload that cannot be read costs only itself.
func (a *Adapter) event(kind string, data json.RawMessage) {
	switch kind {
	case "INTERACTION_CREATE":
		var i interaction
		if err := json.Unmarshal(data, &i); err != nil {
			a.Log.Warn("event cannot be read", "event", kind)
			return
		}
		a.interaction(&i)
	case "MESSAGE_CREATE":
		var m message
		if err := json.Unmarshal(data, &m); err != nil {
			a.Log.Warn("event cannot be read", "event", kind)
			return
		}
		a.message(&m)
	case "THREAD_CREATE":
		var t struct {
			ID       string `json:"id"`
			ParentID string `json:"parent_id"`
			Name     string `json:"name"`
			New      bool   `json:"newly_created"`
		}
		if err := json.Unmarshal(data, &t); err == nil && t.New {
			a.parents.add(t.ID, t.ParentID)
			a.titles.add(t.ID, t.Name)
		}
	case "GUILD_CREATE":
		var g struct {
			ID     string `json:"id"`
			Locale string `json:"preferred_locale"`
		}
		const unset = "en-US" // what Discord says for most servers, where the configured language counts
		if err := json.Unmarshal(data, &g); err == nil && g.Locale != "" && g.Locale != unset {
			a.locales.add(g.ID, g.Locale)
		}
	}
}

// interaction takes an interaction. It returns false when there is too much to do.
func (a *Adapter) interaction(i *interaction) bool {
	if i.ID == "" || i.Token == "" || i.person() == "" || !a.seen.add(i.ID, "") {
		return true // not usable, or delivered twice
	}
	a.count("received")
	switch i.Type {
	case typeAutocomplete:
		return a.lanes.submit("list "+i.ID, func() { a.complete(i) })
	case typeCommand, typeComponent, typeModal:
		r := a.respondTo(i)
		took := a.lanes.submit(i.ChannelID+" "+i.person(), func() { a.answer(i, r) })
		if !took {
			r.timer.Stop()
			a.count("dropped")
			a.Log.Error("interaction dropped", "reason", "too much to do")
		}
		return took
	}
	return true
}

// answer answers one interaction, and says so when it cannot.
func (a *Adapter) answer(i *interaction, r *responder) {
	ctx, cancel := context.WithTimeout(a.working(), a.timing.answer)
	defer cancel()
	done := false
	defer func() {
		if !done { // it panicked; the lane recovers
			r.send(ctx, []outMessage{notice(phrases.For(i.Locale).Adapter.Broken)}, true, false)
		}
	}()
	err := a.handle(ctx, i, r)
	done = true
	if err != nil {
		a.Log.Error("answer interaction", "error", err)
	}
}

// handle decides what an interaction is.
func (a *Adapter) handle(ctx context.Context, i *interaction, r *responder) error {
	set := a.setFor(i)
	switch {
	case i.Type == typeComponent:
		return a.press(ctx, i, r)
	case i.Type == typeModal:
		return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
	case i.Data.Name == "docent":
		return a.operate(ctx, i, r)
	}
	q, known := fromCommand(i, a.Catalog.Topics())
	switch {
	case !known:
		return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
	case q.empty:
		return r.send(ctx, []outMessage{notice(set.Adapter.NoText)}, true, false)
	}
	rules := a.places.get(ctx, i.GuildID, a.Log)
	reply, err := a.ask(ctx, q.Question, rules)
	if err != nil {
		return r.fail(ctx, set, err)
	}
	if !rules.allows(i.ChannelID, i.Channel.ParentID) && reply.Kind != bot.Crisis && !everywhere(q.Choice) {
		return r.send(ctx, []outMessage{notice(set.Adapter.ChannelOff)}, true, false)
	}
	if best, found := a.bestTopic(q, reply); found {
		if reply, err = a.ask(ctx, best, rules); err != nil {
			return r.fail(ctx, set, err)
		}
	}
	return a.show(ctx, i, r, q, reply, rules)
}

// everywhere says whether a command is answered, privately, in channels in which the bot does not answer: help must always
// be within reach.
func everywhere(choice string) bool {
	switch choice {
	case bot.ChoiceHelp, bot.ChoiceHelpNow, bot.ChoicePrivacy, bot.ChoiceForget:
		return true
	}
	return false
}

// bestTopic returns the topic that comes nearest to what somebody wrote in place of a topic's name, where the answer to it
// as a question is none.
func (a *Adapter) bestTopic(q ask, reply bot.Reply) (bot.Question, bool) {
	if !q.named || q.Text == "" || reply.Kind != bot.None && reply.Kind != bot.Unsure {
		return bot.Question{}, false
	}
	list := a.Catalog.Suggest(clip(q.Text, 100), 1)
	if len(list) == 0 || list[0].Tier == knowledge.TierContent {
		return bot.Question{}, false
	}
	best := q.Question
	best.Text, best.Choice = "", list[0].Topic.Value
	return best, true
}

// ask asks the Handler by the rules of a place.
func (a *Adapter) ask(ctx context.Context, q bot.Question, rules rules) (bot.Reply, error) {
	if rules.Language != "" {
		q.Locale = rules.Language
	}
	if rules.Region != "" {
		q.Region = rules.Region
	}
	reply, err := a.Handler.Answer(ctx, q)
	if err == nil && reply.Kind == bot.Sure && len(reply.Result.Matches) > 0 {
		a.popular.add(reply.Result.Matches[0].Ref)
	}
	return reply, err
}

// fail says that something is broken.
func (r *responder) fail(ctx context.Context, set *phrases.Set, err error) error {
	if sent := r.send(ctx, []outMessage{notice(set.Adapter.Broken)}, true, false); sent != nil {
		r.a.Log.Warn("say that it is broken", "error", sent)
	}
	return err
}

// show sends the answer to a command.
func (a *Adapter) show(ctx context.Context, i *interaction, r *responder, q ask, reply bot.Reply, rules rules) error {
	private := i.GuildID != "" && (r.private() || forOne(reply) || a.cooling(i.ChannelID, reply, rules))
	l := look{plain: !i.botMay(permEmbedLinks), asker: i.person(), delete: i.GuildID != "" && !private}
	if !private {
		l.person = q.person
		a.showed(i.ChannelID, reply)
	}
	if q.about == "" || private || !i.botIsHere() {
		return r.send(ctx, render(reply, l), private, false)
	}
	if i.botMayWrite() {
		posted := l
		posted.person = ""
		if err := a.post(ctx, i.ChannelID, i.ID, q.about, reply, posted); err == nil {
			return r.send(ctx, []outMessage{notice(a.setFor(i).Adapter.Replied)}, true, false)
		}
	}
	reply.Footer = append(slices.Clone(reply.Footer), fixedDoc(a.setFor(i).Adapter.NoSend)...)
	return r.send(ctx, render(reply, l), private, false)
}

// cooling says whether an answer was shown in a channel too short a while ago to be shown to all again.
func (a *Adapter) cooling(channel string, reply bot.Reply, rules rules) bool {
	return reply.Kind == bot.Sure && rules.Cooldown > 0 && a.shown.soon(channel+" "+shownKey(reply), rules.Cooldown) > 0
}

// showed remembers that all in a channel saw an answer.
func (a *Adapter) showed(channel string, reply bot.Reply) {
	if reply.Kind == bot.Sure {
		a.shown.add(channel + " " + shownKey(reply))
	}
}

// forOne says whether only the asker should see a reply in a server: guesses, refusals, thanks for feedback.
func forOne(r bot.Reply) bool {
	return r.Private || r.Kind == bot.Unsure || r.Kind == bot.Refusal || r.Kind == bot.None || r.Kind == bot.Crisis
}

// privately says whether the answer to an interaction is for the person only, as far as is known before it is made.
func (a *Adapter) privately(i *interaction) bool {
	if i.GuildID == "" {
		return false
	}
	if i.Type == typeComponent {
		return i.Message != nil && i.Message.Flags&flagEphemeral != 0
	}
	ctx, cancel := context.WithTimeout(a.working(), time.Second)
	defer cancel()
	rules := a.places.get(ctx, i.GuildID, a.Log)
	if i.Data.Name == "docent" || !rules.allows(i.ChannelID, i.Channel.ParentID) {
		return true
	}
	if v, given := i.option(optionPrivate); given {
		private, _ := v.(bool)
		return private
	}
	return rules.private(a.PrivateDefault)
}

const flagEphemeral = 1 << 6

// setFor returns the adapter's words in the language of the person.
func (a *Adapter) setFor(i *interaction) *phrases.Set { return phrases.For(i.Locale) }

// shownKey names what an answer shows.
func shownKey(r bot.Reply) string {
	if len(r.Result.Matches) == 0 {
		return r.ID
	}
	return r.Result.Matches[0].Ref.String()
}
