package telegram

import (
	"context"
	"encoding/json"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot"
)

// Inline lists: pages of pageSize, up to maxInline in all. Telegram keeps one for cacheSeconds, for one person only, so that
// a reload of the articles shows soon.
const (
	pageSize     = 10
	maxInline    = 50
	cacheSeconds = 30
	startAsk     = "ask" // what the button above a list carries
)

// An inlineResult is an entry of a list; choosing it posts its text.
type inlineResult struct {
	Type        string        `json:"type"`
	ID          string        `json:"id"`
	Title       string        `json:"title"`
	Description string        `json:"description,omitempty"`
	Content     inlineContent `json:"input_message_content"`
	Markup      *inlineMarkup `json:"reply_markup,omitempty"`
}

type inlineContent struct {
	Text    string         `json:"message_text"`
	Mode    string         `json:"parse_mode"`
	Preview map[string]any `json:"link_preview_options"`
}

type inlineMarkup struct {
	Rows [][]button `json:"inline_keyboard"`
}

// list answers an inline query with sections. It changes nothing that lasts, so it may be done twice.
func (j *job) list(ctx context.Context) error {
	if j.NoInline {
		return nil
	}
	say := j.words()
	results, next := j.results(ctx)
	label := say.Adapter.InlineOpen
	if len(results) == 0 {
		label = say.Buttons.NothingFound
	}
	if results == nil {
		results = []inlineResult{}
	}
	raw, err := json.Marshal(results)
	if err != nil {
		return err
	}
	open, err := json.Marshal(map[string]string{"text": label, "start_parameter": startAsk})
	if err != nil {
		return err
	}
	params := tgbotapi.Params{"inline_query_id": j.e.query, "results": string(raw), "cache_time": strconv.Itoa(cacheSeconds),
		"is_personal": "true", "button": string(open), "next_offset": next}
	_, err = j.api.call(ctx, "answerInlineQuery", params)
	if passing(err) {
		_, err = j.api.call(ctx, "answerInlineQuery", params)
	}
	if says(err, "query is too old") {
		return nil
	}
	return err
}

// results returns one page of the list and the offset of the next; empty: none.
func (j *job) results(ctx context.Context) (page []inlineResult, next string) {
	from, err := strconv.Atoi(j.e.offset)
	if err != nil || from < 0 {
		from = 0
	}
	topics, alone := j.ranked(ctx)
	if alone != nil {
		return []inlineResult{*alone}, ""
	}
	for i := from; i < len(topics) && i < from+pageSize; i++ {
		q := j.e.question
		q.Text, q.Choice = "", topics[i].Value
		r, err := j.preview.Answer(ctx, q)
		if err != nil {
			j.log.Error("inline result not made", "err", err)
			continue
		}
		if r.Kind == bot.Sure {
			page = append(page, j.result(topics[i].Ref.Key(), topics[i].Title, topics[i].Description, r))
		}
	}
	if from+pageSize < len(topics) {
		next = strconv.Itoa(from + pageSize)
	}
	return page, next
}

// ranked returns the topics that a query finds, best first: those that answer it, then those that complete it; for an empty
// query those that are asked for most, then the others. A crisis or a refusal is alone.
func (j *job) ranked(ctx context.Context) ([]bot.Topic, *inlineResult) {
	var out []bot.Topic
	seen := map[string]bool{}
	add := func(t bot.Topic) {
		if t.Value != "" && !seen[t.Value] && len(out) < maxInline {
			seen[t.Value] = true
			out = append(out, t)
		}
	}
	if text := j.e.question.Text; text != "" {
		r, err := j.preview.Answer(ctx, j.e.question)
		if err != nil {
			j.log.Error("inline query not answered", "err", err)
		}
		switch r.Kind {
		case bot.Crisis, bot.Refusal:
			title := headline(r)
			alone := j.result("alone", title, "", r)
			return nil, &alone
		case bot.Sure, bot.Unsure:
			for _, m := range r.Result.Matches {
				add(j.names.Load().value[m.Ref])
			}
		}
	}
	if j.e.question.Text == "" && j.Popular != nil {
		for _, ref := range j.Popular(ctx) {
			add(j.names.Load().value[ref])
		}
	}
	for _, s := range j.Catalog.Suggest(j.e.question.Text, maxInline) {
		add(s.Topic)
	}
	return out, nil
}

// headline is the first words of a reply, as a title.
func headline(r bot.Reply) string {
	text := []rune(docPlain(r.Body))
	return describe(string(text[:min(len(text), 64)]))
}

// result turns a reply into an entry of a list.
func (j *job) result(id, title, description string, r bot.Reply) inlineResult {
	p := j.single(r)
	out := inlineResult{Type: "article", ID: id, Title: describe(title), Description: description,
		Content: inlineContent{p.html, "HTML", map[string]any{"is_disabled": true}}}
	if len(p.rows) > 0 {
		out.Markup = &inlineMarkup{p.rows}
	}
	return out
}

// answerGuest answers where the bot is no member, with one message.
func (j *job) answerGuest(ctx context.Context, r bot.Reply) error {
	raw, err := json.Marshal(j.result("guest", headline(r), "", r))
	if err != nil {
		return err
	}
	_, err = j.post(ctx, "answerGuestQuery", tgbotapi.Params{"guest_query_id": j.e.query, "result": string(raw)}, false)
	return err
}
