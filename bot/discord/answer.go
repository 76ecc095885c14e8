package discord

import (
	"context"
	"encoding/json"
	"sync"
	"time"

	"docent/bot"
	"docent/bot/phrases"
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
			New      bool   `json:"newly_created"`
		}
		if err := json.Unmarshal(data, &t); err == nil && t.New {
			a.parents.add(t.ID, t.ParentID)
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
		private := a.privately(i)
		r := a.respondTo(i, private)
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
	if i.Type == typeComponent {
		return a.press(ctx, i, r)
	}
	if i.Type == typeCommand && i.Data.Name == "docent" {
		return a.operate(ctx, i, r)
	}
	if i.Type == typeModal {
		return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
	}
	q, known := fromCommand(i, a.Catalog.Topics())
	switch {
	case !known:
		return r.send(ctx, []outMessage{notice(set.Answer.OldButton)}, true, false)
	case q.empty:
		return r.send(ctx, []outMessage{notice(set.Adapter.NoText)}, true, false)
	}
	rules := a.places.get(ctx, i.GuildID, a.Log)
	if !rules.allows(i.ChannelID, i.Channel.ParentID) {
		return r.send(ctx, []outMessage{notice(set.Adapter.ChannelOff)}, true, false)
	}
	reply, err := a.ask(ctx, q.Question, rules)
	if err != nil {
		return r.fail(ctx, set, err)
	}
	return a.show(ctx, i, r, q, reply, rules)
}

// ask asks the Handler by the rules of a place.
func (a *Adapter) ask(ctx context.Context, q bot.Question, rules rules) (bot.Reply, error) {
	if rules.Language != "" {
		q.Locale = rules.Language
	}
	if rules.Region != "" {
		q.Region = rules.Region
	}
	return a.Handler.Answer(ctx, q)
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
	private := i.GuildID != "" && (r.private || forOne(reply))
	key := i.ChannelID + " " + shownKey(reply)
	if !private && i.GuildID != "" && reply.Kind == bot.Sure && rules.Cooldown > 0 {
		private = a.shown.soon(key, rules.Cooldown) > 0
	}
	l := look{plain: !i.botMay(permEmbedLinks), asker: i.person(), delete: i.GuildID != "" && !private}
	if !private {
		l.person = q.person
	}
	if q.about != "" && !private && i.GuildID != "" && i.Owners["0"] != "" && i.botMay(permSendMessages) {
		l.person = ""
		if err := a.post(ctx, i.ChannelID, i.ID, q.about, reply, l); err == nil {
			return r.send(ctx, []outMessage{notice(a.setFor(i).Adapter.Replied)}, true, false)
		}
	}
	if !private && reply.Kind == bot.Sure {
		a.shown.add(key)
	}
	return r.send(ctx, render(reply, l), private, false)
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
	if v, given := i.option(optionPrivate); given {
		private, _ := v.(bool)
		return private
	}
	if i.Data.Name == "docent" {
		return true
	}
	ctx, cancel := context.WithTimeout(a.working(), time.Second)
	defer cancel()
	return a.places.get(ctx, i.GuildID, a.Log).private(a.PrivateDefault)
}

const flagEphemeral = 1 << 6

// press answers a pressed button.
func (a *Adapter) press(ctx context.Context, i *interaction, r *responder) error {
	set := a.setFor(i)
	asker, value, ok := fromButton(i.Data.CustomID)
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
	hidden := i.Message.Flags&flagEphemeral != 0
	update := reply.Replace && (hidden || own && !(i.GuildID != "" && reply.Private))
	private := !update && i.GuildID != "" && (hidden || !own || forOne(reply))
	l := look{plain: !i.botMay(permEmbedLinks), asker: i.person(), delete: i.GuildID != "" && !private && !hidden}
	return r.send(ctx, render(reply, l), private, update)
}

// complete answers an autocomplete.
func (a *Adapter) complete(i *interaction) {
	ctx, cancel := context.WithTimeout(a.working(), 3*time.Second)
	defer cancel()
	typed := ""
	for _, o := range i.Data.Options {
		if s, isText := o.Value.(string); isText && o.Focused {
			typed = s
		}
	}
	r := &responder{a: a, i: i}
	if err := r.complete(ctx, choicesFor(a.Catalog.Suggest(clip(typed, 100), maxChoices))); err != nil {
		a.Log.Warn("answer autocomplete", "error", err)
	}
}

// setFor returns the adapter's words in the language of the person.
func (a *Adapter) setFor(i *interaction) *phrases.Set { return phrases.For(i.Locale) }

// shownKey names what an answer shows.
func shownKey(r bot.Reply) string {
	if len(r.Result.Matches) == 0 {
		return r.ID
	}
	return r.Result.Matches[0].Ref.String()
}

// moments remember when something last happened, such as an answer shown in a channel.
type moments struct {
	mu sync.Mutex
	at map[string]time.Time
}

func newMoments() *moments { return &moments{at: map[string]time.Time{}} }

// soon returns how much of a while since the last time is left, or 0.
func (m *moments) soon(key string, while time.Duration) time.Duration {
	m.mu.Lock()
	defer m.mu.Unlock()
	at, known := m.at[key]
	if !known {
		return 0
	}
	return max(0, while-time.Since(at))
}

func (m *moments) add(key string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.at) > 10000 {
		clear(m.at)
	}
	m.at[key] = time.Now()
}
