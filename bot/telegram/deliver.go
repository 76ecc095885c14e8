package telegram

import (
	"context"
	"strconv"
	"unicode/utf16"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot"
	"docent/internal/markup"
)

// maxNotice is the length in UTF-16 units of the longest notice that a pressed button can pop up; maxGlance that of what
// can be read before a notice goes by itself.
const (
	maxNotice = 200
	maxGlance = 80
)

// deliver shows a reply where it belongs.
func (j *job) deliver(ctx context.Context, r bot.Reply) error {
	e := &j.e
	if e.inline != "" {
		return j.deliverInline(ctx, r)
	}
	parts := render(r)
	if j.notice(ctx, r, parts) {
		return nil
	}
	j.acknowledge(ctx, "")
	switch {
	case e.edited:
		if e.group && j.r.private && !r.Private && !j.lasting {
			parts = j.leadAway(r)
		}
		return j.rewrite(ctx, parts)
	case e.group && (e.ephemeral != 0 || r.Private || j.r.private && r.Kind != bot.Crisis && e.callback == ""):
		return j.deliverPrivately(ctx, r, parts)
	case r.Replace && e.pressed != 0 && !e.lost:
		return j.replace(ctx, e.pressed, parts)
	}
	return j.sendAll(ctx, parts)
}

// notice shows a short private reply as what pops up when a button was pressed.
func (j *job) notice(ctx context.Context, r bot.Reply, parts []part) bool {
	if j.e.callback == "" || !r.Private || r.Replace || len(parts) != 1 || len(r.Choices) > 0 {
		return false
	}
	text := parts[0].plain
	return len(utf16.Encode([]rune(text))) <= maxNotice && j.acknowledge(ctx, text)
}

// deliverInline changes a message that was sent through the bot. It belongs to everybody in that chat, so what is for the
// person who pressed alone only pops up.
func (j *job) deliverInline(ctx context.Context, r bot.Reply) error {
	switch {
	case bot.Rates(j.e.question.Choice):
		j.acknowledge(ctx, j.words().Answer.RateThanks) // there is no place for a list of reasons
		return nil
	case !r.Replace:
		first := markup.Doc(r.Body).Split(maxNotice, units)
		if len(first) > 0 {
			j.acknowledge(ctx, docPlain(first[0]))
		}
		return nil
	}
	j.acknowledge(ctx, "")
	_, err := j.edit(ctx, tgbotapi.Params{"inline_message_id": j.e.inline}, j.single(r))
	return err
}

// single fits a reply into one message that is sent through the bot. What does not fit can be read in private.
func (j *job) single(r bot.Reply) part {
	choices := inlineChoices(r.Choices, j.me)
	r.Choices = nil
	parts := render(r)
	if link := j.privateLink(r); link != "" && len(parts) > 1 {
		choices = append([]bot.Choice{{Label: j.words().Buttons.ContinuePrivately, URL: link}}, choices...)
	}
	parts[0].rows = layout(choices)
	return parts[0]
}

// replace changes the pressed message into the first part and sends the others behind it.
func (j *job) replace(ctx context.Context, message int, parts []part) error {
	done, err := j.edit(ctx, j.target(message), parts[0])
	if err != nil {
		return err
	}
	if !done {
		return j.sendAll(ctx, parts)
	}
	if above, ok := j.answers.get(asked{j.e.chat, message}); ok {
		for _, id := range above.messages {
			j.remove(ctx, id)
		}
		j.answers.put(asked{j.e.chat, message}, answer{})
	}
	j.e.replyTo, j.sent = 0, []int{message}
	return j.sendAll(ctx, parts[1:])
}

// rewrite changes the answer to an edited question: its messages become the parts, one by one.
func (j *job) rewrite(ctx context.Context, parts []part) error {
	old, _ := j.answers.get(asked{j.e.chat, j.e.source})
	ids := old.messages
	for i, p := range parts {
		if i < len(ids) {
			done, err := j.edit(ctx, j.target(ids[i]), p)
			if err != nil {
				return err
			}
			if done {
				j.sent = append(j.sent, ids[i])
				continue
			}
		}
		id, err := j.send(ctx, p, j.where(len(j.sent) == 0))
		if err != nil {
			return err
		}
		j.sent = append(j.sent, id)
	}
	for _, id := range ids[min(len(parts), len(ids)):] {
		j.remove(ctx, id)
	}
	return nil
}

// deliverPrivately shows a reply in a group to the person who asked only, where Telegram allows it. Else a reply that the
// group or the person wanted to be private leads to the private chat, and another is sent as any.
func (j *job) deliverPrivately(ctx context.Context, r bot.Reply, parts []part) error {
	e := &j.e
	if r.Replace && e.ephemeral != 0 && e.callback != "" {
		target := tgbotapi.Params{"chat_id": strconv.FormatInt(e.chat, 10), "receiver_user_id": strconv.FormatInt(e.person, 10),
			"ephemeral_message_id": strconv.Itoa(e.ephemeral)}
		if done, err := j.edit(ctx, target, parts[0]); err == nil && done {
			return j.sendEphemeral(ctx, parts[1:])
		}
	}
	if r.Replace && e.ephemeral == 0 && e.pressed != 0 && !e.lost {
		return j.replace(ctx, e.pressed, parts)
	}
	if e.person > 0 && (e.callback != "" || e.ephemeral != 0 || j.groups.may(refusal{e.chat, "ephemeral"}, j.clock.Now())) {
		err := j.sendEphemeral(ctx, parts)
		if j.posted || !refused(err) {
			return err
		}
		j.groups.deny(refusal{e.chat, "ephemeral"}, j.clock.Now())
	}
	if !j.lasting && (e.ephemeral != 0 || j.r.private && !r.Private) {
		return j.sendAll(ctx, j.leadAway(r))
	}
	return j.sendAll(ctx, parts)
}

// sendEphemeral sends parts that only the person who asked sees.
func (j *job) sendEphemeral(ctx context.Context, parts []part) error {
	extra := j.where(false)
	params := `{"receiver_user_id":` + strconv.FormatInt(j.e.person, 10)
	if j.e.callback != "" {
		params += `,"callback_query_id":` + strconv.Quote(j.e.callback)
	}
	extra["ephemeral_message_parameters"] = params + "}"
	if j.e.ephemeral != 0 && j.e.callback == "" {
		extra["reply_parameters"] = `{"ephemeral_message_id":` + strconv.Itoa(j.e.ephemeral) + `}`
	}
	for _, p := range parts {
		if _, err := j.send(ctx, p, extra); err != nil {
			return err
		}
	}
	return nil
}

// leadAway is what a group sees instead of an answer that it wants private.
func (j *job) leadAway(r bot.Reply) []part {
	link := j.privateLink(r)
	if link == "" {
		link = deepLink(j.me, bot.ChoiceStart)
	}
	return render(j.fixed(j.words().Adapter.ContinueInPrivate, bot.Choice{Label: j.words().Buttons.ContinuePrivately, URL: link}))
}

// inlineChoices keeps what works under a message that was sent through the bot: what changes it, and ratings. The rest
// leads to the private chat, but for the explanation of an answer, of which nothing is known there.
func inlineChoices(choices []bot.Choice, me identity) []bot.Choice {
	var out []bot.Choice
	for _, c := range choices {
		if bot.Explains(c.Value) {
			continue
		}
		if c.URL == "" && !bot.Replaces(c.Value) && !bot.Rates(c.Value) {
			if c.URL = deepLink(me, c.Value); c.URL == "" {
				continue
			}
			c.Value = ""
		}
		out = append(out, c)
	}
	return out
}
