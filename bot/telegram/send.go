package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot"
)

// maxTries is how often a message is sent that was clearly not taken.
const maxTries = 8

// post makes a request that people see the effect of. A request that was clearly not carried out is repeated; one that
// may have been is repeated only when it is idempotent, else errAmbiguous is returned.
func (j *job) post(ctx context.Context, method string, params tgbotapi.Params, idempotent bool) (json.RawMessage, error) {
	for try := 0; ; try++ {
		if err := j.room(ctx); err != nil {
			return nil, err
		}
		raw, err := j.api.callAfter(ctx, method, params, func() { j.mark(ctx) })
		if err == nil {
			j.posted = true
			return raw, nil
		}
		var e *callError
		if !errors.As(err, &e) {
			return nil, err
		}
		if e.Left && !idempotent {
			j.posted = true
			return nil, errors.Join(errAmbiguous, err)
		}
		if !passing(err) {
			j.unmark(ctx)
			if fatal(err) || try > 4 || !j.mend(ctx, e, params) {
				return nil, err
			}
			continue
		}
		j.unmark(ctx)
		if try >= maxTries {
			return nil, err
		}
		if e.Code == 429 {
			j.count("rate_limited")
			j.pause.limited(params["chat_id"], j.clock.Now(), e.After)
		}
		if waited := j.await(ctx, backoff(try, err)); waited != nil {
			return nil, errors.Join(waited, err)
		}
	}
}

// room waits until Telegram's limits leave room for one more message.
func (j *job) room(ctx context.Context) error {
	for {
		wait := j.pause.left(j.clock.Now())
		if wait <= 0 && j.e.group && !j.lasting {
			wait = j.groups.take(j.e.chat, j.clock.Now())
		}
		if wait <= 0 && ctx.Err() != nil {
			return errAgain
		}
		if wait <= 0 {
			return nil
		}
		if err := j.await(ctx, wait); err != nil {
			return err
		}
	}
}

// await waits for a limit to end. It returns errDropped where the answer is better left out, and errAgain where it must be
// given later or by another instance.
func (j *job) await(ctx context.Context, d time.Duration) error {
	leave := j.leave
	if j.posted || j.lasting { // half an answer is worse than a late one
		leave = nil
	} else if j.e.group && j.clock.Now().Add(d).Sub(j.since()) > maxWait {
		return errDropped
	}
	err := j.nap(ctx, d, leave)
	select {
	case <-leave:
		return errDropped
	default:
	}
	switch {
	case err != nil:
		return errAgain
	case !j.renew(ctx):
		return errTaken
	}
	return nil
}

// since returns from when on somebody waits for this bot: when they asked, or when the bot began to work.
func (j *job) since() time.Time {
	switch at := j.e.question.At; {
	case at.IsZero():
		return j.taken
	case at.Before(j.started):
		return j.started
	default:
		return at
	}
}

// renew keeps the update for this instance after a wait. It returns false when another has taken it meanwhile.
func (j *job) renew(ctx context.Context) bool {
	if j.posted || j.Webhook == "" && j.Leases == nil {
		return true // nobody else is there
	}
	stage, claimed, err := j.updates.ClaimUpdate(ctx, j.stream(), int64(j.id), j.holder, claimTime)
	return err != nil || claimed && stage == bot.StageNew
}

// mark notes, just before the request, that an answer may leave; unmark, that it did not.
func (j *job) mark(ctx context.Context) {
	if !j.marked {
		j.setStage(ctx, j.id, bot.StageSending)
		j.marked = true
	}
}

func (j *job) unmark(ctx context.Context) {
	if j.marked && !j.posted {
		j.setStage(ctx, j.id, bot.StageNew)
		j.marked = false
	}
}

// mend changes a refused request so that it may be taken. It returns false for refusals that are final.
func (j *job) mend(ctx context.Context, e *callError, params tgbotapi.Params) bool {
	drop := func(name string) bool {
		_, had := params[name]
		delete(params, name)
		return had
	}
	switch {
	case e.MigrateTo != 0:
		j.moveSettings(ctx, j.e.chat, e.MigrateTo)
		j.e.chat = e.MigrateTo
		params["chat_id"] = strconv.FormatInt(e.MigrateTo, 10)
		drop("reply_parameters")
		return true
	case says(e, "message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED"):
		return drop("message_thread_id") || drop("reply_parameters")
	case says(e, "message to be replied not found", "replied message not found"):
		return drop("reply_parameters")
	case says(e, "reply markup is too long", "BUTTON_", "can't parse reply keyboard"):
		j.count("keyboard_refused")
		return drop("reply_markup")
	}
	return false
}

// send posts one part; where Telegram refuses its tags, without them. It returns the message's id, 0 where that is unknown.
func (j *job) send(ctx context.Context, p part, extra tgbotapi.Params) (int, error) {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(j.e.chat, 10), "link_preview_options": `{"is_disabled":true}`}
	for k, v := range extra {
		params[k] = v
	}
	raw, err := j.postText(ctx, "sendMessage", params, p, false)
	if err != nil {
		return 0, err
	}
	var m struct {
		ID int `json:"message_id"`
	}
	if err := json.Unmarshal(raw, &m); err != nil {
		return 0, nil // it was sent; only its number is unknown
	}
	return m.ID, nil
}

// postText posts a part with a method that takes a text.
func (j *job) postText(ctx context.Context, method string, params tgbotapi.Params, p part, idempotent bool) (json.RawMessage, error) {
	params["text"], params["parse_mode"] = p.html, "HTML"
	if len(p.rows) > 0 {
		params["reply_markup"] = board(p.rows)
	}
	raw, err := j.post(ctx, method, params, idempotent)
	if says(err, "can't parse entities", "text is too long") {
		j.count("markup_refused")
		j.log.Error("telegram refuses the markup, so it is sent as plain text", "err", err)
		params["text"] = p.plain
		delete(params, "parse_mode")
		raw, err = j.post(ctx, method, params, idempotent)
	}
	return raw, err
}

// where returns the parameters that put a message into its topic, as a reply.
func (j *job) where(first bool) tgbotapi.Params {
	params := tgbotapi.Params{}
	if j.e.topic != 0 {
		params["message_thread_id"] = strconv.Itoa(j.e.topic)
	}
	if first && j.e.replyTo != 0 && !(j.removes() && j.e.replyTo == j.e.source) {
		params["reply_parameters"] = `{"message_id":` + strconv.Itoa(j.e.replyTo) + `,"allow_sending_without_reply":true}`
	}
	return params
}

// sendAll posts the parts of a reply as new messages.
func (j *job) sendAll(ctx context.Context, parts []part) error {
	for i, p := range parts {
		id, err := j.send(ctx, p, j.where(i == 0))
		if err != nil {
			return err
		}
		if id != 0 {
			j.sent = append(j.sent, id)
		}
	}
	if n := len(j.sent); n > 1 { // a press under the last takes the others away
		j.answers.put(asked{j.e.chat, j.sent[n-1]}, answer{messages: j.sent[:n-1]})
	}
	return nil
}

// edit changes a message of ours. It returns false where it is no longer there to be changed.
func (j *job) edit(ctx context.Context, target tgbotapi.Params, p part) (bool, error) {
	params := tgbotapi.Params{"link_preview_options": `{"is_disabled":true}`}
	for k, v := range target {
		params[k] = v
	}
	method := "editMessageText"
	if target["ephemeral_message_id"] != "" {
		method = "editEphemeralMessageText"
	}
	_, err := j.postText(ctx, method, params, p, true)
	switch {
	case err == nil, says(err, "message is not modified"):
		return true, nil
	case says(err, "message to edit not found", "message can't be edited", "MESSAGE_ID_INVALID", "message not found"):
		return false, nil
	}
	return false, err
}

func (j *job) target(message int) tgbotapi.Params {
	return tgbotapi.Params{"chat_id": strconv.FormatInt(j.e.chat, 10), "message_id": strconv.Itoa(message)}
}

// remove deletes a message, if the bot may.
func (j *job) remove(ctx context.Context, message int) {
	_, err := j.api.call(ctx, "deleteMessage", j.target(message))
	if err != nil {
		j.log.Debug("message not deleted", "err", err)
	}
	if message == j.e.source && says(err, "can't be deleted", "not enough rights", "CHAT_ADMIN_REQUIRED") {
		j.groups.deny(refusal{j.e.chat, "delete"}, j.clock.Now())
	}
}

// removes reports whether the message with the command is to be removed.
func (j *job) removes() bool {
	return j.e.command && j.e.ephemeral == 0 && j.r.deleteCommands && j.groups.may(refusal{j.e.chat, "delete"}, j.clock.Now())
}

// tidy removes an answered command's message.
func (j *job) tidy(ctx context.Context) {
	if j.removes() {
		j.remove(ctx, j.e.source)
	}
}

func (j *job) typing(ctx context.Context) {
	params := tgbotapi.Params{"chat_id": strconv.FormatInt(j.e.chat, 10), "action": "typing"}
	if j.e.topic != 0 {
		params["message_thread_id"] = strconv.Itoa(j.e.topic)
	}
	if _, err := j.api.call(ctx, "sendChatAction", params); err != nil {
		j.log.Debug("typing not shown", "err", err)
	}
}

// acknowledge ends the progress that a pressed button shows, once, with a notice if text is not empty. It returns false
// where it was done before or came too late.
func (j *job) acknowledge(ctx context.Context, text string) bool {
	j.ack.Lock()
	defer j.ack.Unlock()
	if j.acked || j.e.callback == "" {
		return false
	}
	j.acked = true
	params := tgbotapi.Params{"callback_query_id": j.e.callback}
	params.AddNonEmpty("text", strings.TrimSpace(text))
	if utf8.RuneCountInString(text) > maxGlance {
		params["show_alert"] = "true" // stays until it is closed
	}
	_, err := j.api.call(ctx, "answerCallbackQuery", params)
	if passing(err) {
		_, err = j.api.call(ctx, "answerCallbackQuery", params)
	}
	return err == nil
}
