package telegram

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"strconv"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/markup"
)

// ask answers a question or a pressed choice.
func (j *job) ask(ctx context.Context) error {
	e := &j.e
	if e.auto && !j.r.auto {
		return nil
	}
	if e.edited && !j.changed() {
		return nil
	}
	r := j.answer(ctx)
	if e.question.Choice == bot.ChoiceForget {
		j.answers.forget(e.chat)
	}
	if e.query != "" {
		return j.answerGuest(ctx, r)
	}
	if e.auto && r.Kind != bot.Sure && r.Kind != bot.Crisis {
		return nil
	}
	j.lasting = r.Kind == bot.Crisis
	if j.overflow && !j.lasting {
		j.acknowledge(ctx, "")
		j.drop()
		return nil
	}
	if j.late() {
		r.Body = append(markup.Doc{markup.Para(markup.Text(j.words().Adapter.Late))}, r.Body...)
	}
	if e.group {
		var silent bool
		if r, silent = j.cool(r); silent {
			return nil
		}
		r = j.groupReply(r)
	}
	if err := j.deliver(ctx, r); err != nil {
		return err
	}
	j.remember()
	j.tidy(ctx)
	return nil
}

// fixed is a reply of the adapter's own.
func (j *job) fixed(text string, choices ...bot.Choice) bot.Reply {
	return bot.Reply{Kind: bot.Fixed, Private: true, Body: markup.Doc{markup.Para(markup.Text(text))}, Choices: choices}
}

// changed reports whether an edited question was answered and has other words now.
func (j *job) changed() bool {
	a, ok := j.answers.get(asked{j.e.chat, j.e.source})
	return ok && a.question != fingerprint(j.e.question.Text+"\x00"+j.e.question.Choice)
}

// fingerprint stands for words that are not kept.
func fingerprint(s string) string {
	h := sha256.Sum256([]byte(s))
	return hex.EncodeToString(h[:12])
}

// remember keeps which messages answered the question, for when it is edited.
func (j *job) remember() {
	if j.e.callback != "" || j.e.source == 0 || j.e.ephemeral != 0 || len(j.sent) == 0 {
		return
	}
	question := fingerprint(j.e.question.Text + "\x00" + j.e.question.Choice)
	j.answers.put(asked{j.e.chat, j.e.source}, answer{question, j.sent})
}

// cool holds back an answer that was just given in the same place. The first time it says so.
func (j *job) cool(r bot.Reply) (bot.Reply, bool) {
	if j.r.cooldown <= 0 || j.e.callback != "" || j.e.edited || r.Kind == bot.Crisis {
		return r, false
	}
	key := fmt.Sprint(j.e.chat, "/", j.e.topic, "/", fingerprint(docPlain(r.Body)))
	wait, tell := j.recent.again(key, j.clock.Now(), j.r.cooldown)
	if wait <= 0 {
		return r, false
	}
	j.count("cooldown")
	seconds := strconv.Itoa(int(math.Ceil(wait.Seconds())))
	return j.fixed(phrases.Fill(j.words().Adapter.Cooldown, "seconds", seconds)), !tell
}

// groupReply adds what groups need: a way to go on in private, and what was left out.
func (j *job) groupReply(r bot.Reply) bot.Reply {
	if n := j.groups.takeDropped(j.e.chat); n > 0 && r.Kind != bot.Crisis {
		note := phrases.Fill(j.words().Adapter.LeftOut, "count", strconv.Itoa(n))
		r.Footer = append(append(markup.Doc{}, r.Footer...), markup.Para(markup.Text(note)))
	}
	if r.Kind != bot.Sure {
		return r
	}
	if link := j.privateLink(r); link != "" {
		r.Choices = append(append([]bot.Choice(nil), r.Choices...), bot.Choice{Label: j.words().Buttons.ContinuePrivately,
			URL: link, Group: bot.GroupNav})
	}
	return r
}

// privateLink leads to the private chat, where the section of r is shown.
func (j *job) privateLink(r bot.Reply) string {
	if len(r.Result.Matches) == 0 {
		return ""
	}
	return deepLink(j.me, j.names.Load().value[r.Result.Matches[0].Ref].Value)
}
