package bot

import (
	"context"
	"log/slog"
	"slices"
	"strconv"
	"strings"

	"docent/bot/phrases"
	"docent/internal/markup"
	"docent/knowledge"
)

// reasons are the values of Rating.Reason, by the argument of actReason. Only append.
var reasons = [...]string{"not-asked", "unclear", "outdated", "missing"}

// pressed answers a pressed choice.
func (x *exchange) pressed(ctx context.Context, value string) Reply {
	p, err := parsePress(value)
	if err != nil {
		return x.oldButton()
	}
	r := x.press(ctx, p)
	r.Replace = Replaces(value)
	return r
}

func (x *exchange) press(ctx context.Context, p press) Reply {
	switch p.act {
	case actWord:
		return x.command(p.arg)
	case actNone:
		return x.noneOfThese(ctx)
	case actArticles:
		return x.articlesMenu(page(p.arg))
	case actTopics:
		return x.topicsMenu(p.key, page(p.arg))
	case actRegion:
		x.next.region = p.arg
		return x.helpNow(p.arg)
	}
	s, ok := x.Base.SectionByKey(p.key)
	if !ok {
		return x.gone(x.say.Answer.Gone)
	}
	return x.pressSection(ctx, p, s)
}

// pressSection does to a section what a choice asks for.
func (x *exchange) pressSection(ctx context.Context, p press, s *knowledge.Section) Reply {
	changed := p.version != s.Version
	switch p.act {
	case actHelpful:
		return x.rate(ctx, s, p, Rating{Helpful: true})
	case actNot:
		return x.rate(ctx, s, p, Rating{})
	case actReason:
		n, err := strconv.Atoi(p.arg)
		if err != nil || n < 0 || n >= len(reasons) {
			return x.oldButton()
		}
		return x.rate(ctx, s, p, Rating{Reason: reasons[n]})
	case actWhy:
		return x.why(s)
	}
	back := p.arg
	if back != "" {
		back = strconv.Itoa(page(back))
	}
	r := x.section(s, view{whole: p.act == actMore, back: back, changed: changed})
	r.Result = x.chosen(s)
	if r.Kind == Sure && (p.act == actShow || p.act == actPick) {
		x.rememberChosen(s, r.Result)
	}
	return r
}

// rememberChosen makes a chosen section what follow-up questions are about: its heading counts as the question.
func (x *exchange) rememberChosen(s *knowledge.Section, res knowledge.Result) {
	x.next.questions, x.next.result = x.conv.add(s.Heading), res
	x.next.pressed = true
}

// chosen is the result of choosing a section with a button.
func (x *exchange) chosen(s *knowledge.Section) knowledge.Result {
	return knowledge.Result{Verdict: knowledge.Sure, Matches: []knowledge.Match{{Ref: s.Ref, Section: s, Score: 1}}}
}

// page reads a page number; anything else is the first page, 0.
func page(arg string) int {
	n, err := strconv.Atoi(arg)
	if err != nil || n < 0 {
		return 0
	}
	return n
}

// rate keeps a person's opinion, once for an answer in a conversation, and thanks for it.
func (x *exchange) rate(ctx context.Context, s *knowledge.Section, p press, rating Rating) Reply {
	mark := string(rune(p.act)) + p.key + p.version + p.arg
	if !slices.Contains(x.conv.rated, mark) {
		x.next.rated = append(slices.Clone(x.conv.rated), mark)
		x.next.rated = x.next.rated[max(0, len(x.next.rated)-20):]
		rating.At, rating.Platform, rating.Section, rating.Version = x.now, x.q.Place.Platform, s.Ref, p.version
		x.recordRating(ctx, rating)
	}
	if p.act != actNot {
		// The thanks for a reason take the place of the list of reasons.
		return Reply{Kind: Fixed, Private: true, Replace: p.act == actReason, Body: markup.Doc{para(x.say.Answer.RateThanks)}}
	}
	b := x.say.Buttons
	r := Reply{Kind: Fixed, Private: true, Body: markup.Doc{para(x.say.Answer.WhatWasWrong)}}
	for i, label := range []string{b.NotAsked, b.Unclear, b.Outdated, b.Missing} {
		value := press{act: actReason, key: p.key, version: p.version, arg: strconv.Itoa(i)}.String()
		r.Choices = append(r.Choices, Choice{Label: label, Value: value, Group: GroupPick})
	}
	return r
}

func (x *exchange) recordRating(ctx context.Context, rating Rating) {
	if x.Journal == nil {
		return
	}
	if err := x.Journal.RecordRating(ctx, rating); err != nil {
		x.log().LogAttrs(ctx, slog.LevelWarn, "rating not recorded", slog.Any("err", err))
	}
}

// noneOfThese answers that no offered section was meant.
func (x *exchange) noneOfThese(ctx context.Context) Reply {
	if n := len(x.conv.questions); n > 0 && x.conv.result.Verdict == knowledge.Unsure {
		x.collect(ctx, x.conv.questions[n-1])
	}
	return Reply{Kind: None, Private: true, Body: markup.Doc{para(x.say.Answer.NoneReply)}, Choices: []Choice{x.topicsChoice()}}
}

// gone says why a section is not shown, and offers what there is.
func (x *exchange) gone(why string) Reply {
	return Reply{Kind: None, Private: true, Body: markup.Doc{para(why)}, Choices: x.firstTopics()}
}

func (x *exchange) oldButton() Reply {
	return Reply{Kind: Fixed, Private: true, Body: markup.Doc{para(x.say.Answer.OldButton)}, Choices: x.firstTopics()}
}

// typedChoice returns the value of the choice under the last reply whose label, or whose number in a list, the text is.
func (x *exchange) typedChoice(text string) (string, bool) {
	typed := plain(text)
	if typed == "" {
		return "", false
	}
	for _, set := range phrases.All() { // after a crisis too, which is not remembered and has the language of what was written
		if typed == plain(set.Buttons.HelpNow) {
			return ChoiceHelpNow, true
		}
	}
	number, _ := strconv.Atoi(typed)
	for i, c := range x.conv.offered {
		if c.Value != "" && (plain(c.Label) == typed || c.Group == GroupPick && number == i+1) {
			return c.Value, true
		}
	}
	return "", false
}

// plain folds a label for comparing: lower case, without marks at the ends.
func plain(s string) string {
	return strings.ToLower(strings.Trim(strings.Join(strings.Fields(s), " "), " .,:;!?¿¡…\"'“”«»"))
}
