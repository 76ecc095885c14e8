package bot

import (
	"context"
	"log/slog"
	"strings"

	"docent/internal/markup"
	"docent/knowledge"
)

// maxOffered is how many sections "did you mean" and "nearest" offer.
const maxOffered = 3

// ask searches for a question and puts the verdict into words.
func (x *exchange) ask(ctx context.Context, text string) Reply {
	q := x.query(text)
	q.History = x.conv.questions
	return x.verdict(ctx, text, x.Base.Search(q))
}

// verdict puts what was found into words, and remembers it.
func (x *exchange) verdict(ctx context.Context, text string, res knowledge.Result) Reply {
	if res.TooLong {
		r := x.fixed(x.say.Answer.TooLong)
		r.Private, r.Result = true, res
		return r
	}
	x.next.questions, x.next.result = x.conv.add(text), res
	x.next.pressed = false
	res.Matches = known(res.Matches)
	r, silent := x.silent(text, &res)
	switch {
	case silent:
	case res.Verdict == knowledge.Sure && len(res.Matches) > 0:
		r = x.section(res.Matches[0].Section, view{lead: res.Matches[0].Lead})
		r.Footer = append(x.readAs(res.Repairs), r.Footer...)
	case res.Verdict == knowledge.Unsure && len(x.offers(res)) > 0:
		r = x.unsure(res)
	default:
		r = x.none(res)
		x.collect(ctx, text)
	}
	r.Result = res
	return r
}

// known returns the matches that have a section.
func known(ms []knowledge.Match) []knowledge.Match {
	var out []knowledge.Match
	for _, m := range ms {
		if m.Section != nil {
			out = append(out, m)
		}
	}
	return out
}

// offers returns the best sections of a result that may be shown.
func (x *exchange) offers(res knowledge.Result) []*knowledge.Section {
	var out []*knowledge.Section
	for _, m := range res.Matches {
		if x.showable(m.Section) && len(out) < maxOffered {
			out = append(out, m.Section)
		}
	}
	return out
}

// unsure asks which section was meant.
func (x *exchange) unsure(res knowledge.Result) Reply {
	r := Reply{Kind: Unsure, Private: true, Body: markup.Doc{para(x.say.Answer.DidYouMean)}, Footer: x.readAs(res.Repairs)}
	r.Choices = x.picks(x.offers(res), actPick)
	r.Choices = append(r.Choices, Choice{Label: x.say.Buttons.NoneOfThese, Value: press{act: actNone}.String(), Group: GroupNav})
	return r
}

// none says that the articles do not cover the question, and what comes nearest.
func (x *exchange) none(res knowledge.Result) Reply {
	r := Reply{Kind: None, Private: true, Body: markup.Doc{para(x.say.Answer.NotCovered)}}
	if near := x.offers(res); len(near) > 0 {
		r.Body = append(r.Body, para(x.say.Answer.Nearest))
		r.Choices = x.picks(near, actShow)
	}
	r.Choices = append(r.Choices, x.topicsChoice())
	return r
}

// picks returns a choice for each section; the article is named where there are several.
func (x *exchange) picks(sections []*knowledge.Section, act action) []Choice {
	several := len(x.Base.Articles()) > 1
	var out []Choice
	for _, s := range sections {
		label := s.Heading
		if several {
			label += " · " + s.Article.Title
		}
		out = append(out, Choice{Label: label, Value: sectionValue(act, s, ""), Group: GroupPick})
	}
	return out
}

// readAs says which words of the question were read as others.
func (x *exchange) readAs(repairs []knowledge.Repair) markup.Doc {
	var d markup.Doc
	for _, r := range repairs[:min(len(repairs), 2)] {
		d = append(d, para(fill(x.say.Answer.ReadAs, "from", clip(r.From, 40), "to", r.To)))
	}
	return d
}

// collect keeps the redacted question, where the operator asked for that.
func (x *exchange) collect(ctx context.Context, text string) {
	if x.Unanswered == nil {
		return
	}
	if err := x.Unanswered.RecordUnanswered(ctx, x.now, Redact(text, x.subjects()...)); err != nil {
		x.log().LogAttrs(ctx, slog.LevelWarn, "unanswered question not recorded", slog.Any("err", err))
	}
}

// subjects returns the words of the articles' titles, headings and other names, in small letters.
func (x *exchange) subjects() []string {
	var out []string
	for _, a := range x.Base.Articles() {
		names := append([]string{a.Title}, a.Aliases...)
		for _, s := range a.Sections {
			names = append(append(names, s.Heading), s.Aliases...)
		}
		for w := range strings.FieldsSeq(strings.Join(names, " ")) {
			out = append(out, bare(w))
		}
	}
	return out
}
