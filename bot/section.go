package bot

import (
	"time"
	"unicode/utf8"

	"docent/internal/markup"
	"docent/knowledge"

	"golang.org/x/text/language"
)

// How many runes of a long section its short form has, and how many sections are offered as related.
const (
	shortText  = 400
	maxRelated = 3
)

// A view is how a section is shown.
type view struct {
	lead    string // the section's own sentence that answers
	whole   bool   // all of a long text
	back    string // the page of the menu that it was picked from; empty: none
	changed bool   // the choice was made for another text
}

// section shows a section, or says why it is not shown.
func (x *exchange) section(s *knowledge.Section, v view) Reply {
	switch {
	case withdrawn(s):
		return x.gone(x.say.Answer.Withdrawn)
	case x.expired(s):
		return x.expiredReply(s)
	}
	x.next.shown = s.Ref
	r := Reply{Kind: Sure, ID: Fingerprint(s), Body: markup.Doc{heading(s.Heading)}}
	if v.changed {
		r.Body = append(r.Body, para(x.say.Answer.Changed))
	}
	body, cut := x.text(s, v)
	r.Body = append(r.Body, body...)
	r.Footer = x.footer(s)
	r.Choices = x.sectionChoices(s, v, cut)
	return r
}

// text returns what is shown of a section, and whether more can be read.
func (x *exchange) text(s *knowledge.Section, v view) (markup.Doc, bool) {
	long := utf8.RuneCountInString(s.Text) > x.Config.longText()
	var lead markup.Doc
	if v.lead != "" && !startsWith(s.Text, v.lead) {
		lead = markup.Doc{markup.Para(markup.Span{Text: v.lead, Style: markup.Bold})}
	}
	if !long || v.whole {
		return append(lead, s.Body...), false
	}
	return append(lead, head(s.Body, shortText)...), true // a sentence alone may lean on the ones before it
}

// startsWith reports whether lead is the first sentence of text.
func startsWith(text, lead string) bool {
	sentences := markup.Sentences(text)
	return len(sentences) > 0 && sentences[0] == lead
}

// head returns the beginning of d of at most n runes, cut where a block, a line or a sentence ends. It returns the first
// block where that is longer and cannot be cut so.
func head(d markup.Doc, n int) markup.Doc {
	parts := d.Split(n, func(d markup.Doc) int { return utf8.RuneCountInString(d.Plain()) })
	if len(parts) == 0 {
		return nil
	}
	return parts[0]
}

// sectionChoices returns the choices under a section.
func (x *exchange) sectionChoices(s *knowledge.Section, v view, cut bool) []Choice {
	b := x.say.Buttons
	var out []Choice
	switch {
	case cut:
		out = append(out, Choice{Label: b.ReadMore, Value: sectionValue(actMore, s, v.back), Group: GroupMore})
	case v.whole && utf8.RuneCountInString(s.Text) > x.Config.longText():
		out = append(out, Choice{Label: b.ReadLess, Value: sectionValue(actLess, s, v.back), Group: GroupMore})
	}
	out = append(out, Choice{Label: b.Why, Value: sectionValue(actWhy, s, ""), Group: GroupMore})
	for _, other := range x.related(s) {
		out = append(out, Choice{Label: other.Heading, Value: ShowChoice(other), Group: GroupRelated})
	}
	if v.back != "" {
		out = append(out, Choice{Label: b.Back, Value: articleValue(s.Article, v.back), Group: GroupNav})
	}
	return append(out,
		Choice{Label: b.Helpful, Value: sectionValue(actHelpful, s, ""), Group: GroupRate},
		Choice{Label: b.NotHelpful, Value: sectionValue(actNot, s, ""), Group: GroupRate})
}

// related returns the nearest sections that may be shown.
func (x *exchange) related(s *knowledge.Section) []*knowledge.Section {
	var out []*knowledge.Section
	for _, other := range x.Base.Related(s, maxRelated+2) {
		if other != nil && other.Ref != s.Ref && x.showable(other) && len(out) < maxRelated {
			out = append(out, other)
		}
	}
	return out
}

// footer returns the small print of an answer from the sections: one line for each article, with a fingerprint for each of
// its sections.
func (x *exchange) footer(sections ...*knowledge.Section) markup.Doc {
	d := x.otherLanguages(sections)
	for i, s := range sections {
		a := s.Article
		if i > 0 && a.ID == sections[i-1].Article.ID {
			last := &d[len(d)-1]
			last.Spans = append(last.Spans, markup.Text(" · "+Fingerprint(s)))
			continue
		}
		line := x.sourceLine(a)
		if i == 0 {
			line.Spans[0].Text = x.say.Answer.General + " · " + line.Spans[0].Text
		}
		line.Spans = append(line.Spans, markup.Text(" · "+x.review(a)+Fingerprint(s)))
		d = append(d, line)
	}
	return d
}

// otherLanguages says which languages the sections are in, where they are not the person's.
func (x *exchange) otherLanguages(sections []*knowledge.Section) markup.Doc {
	var d markup.Doc
	said := ""
	for _, s := range sections {
		if name, other := x.otherLanguage(s.Article); other && name != said {
			said = name
			d = append(d, para(fill(x.say.Answer.OtherLanguage, "language", name)))
		}
	}
	return d
}

func (x *exchange) sourceLine(a *knowledge.Article) markup.Block {
	title := a.Source.Title
	if title == "" {
		title = a.Title
	}
	return markup.Para(markup.Text(x.say.Answer.Source+": "), markup.Span{Text: title, URL: a.Source.URL})
}

// review says when the article was checked, and that it should have been checked again.
func (x *exchange) review(a *knowledge.Article) string {
	text := ""
	if !a.Reviewed.IsZero() {
		text = fill(x.say.Answer.Reviewed, "date", x.say.Date(a.Reviewed)) + " · "
	}
	if overdue(a, x.now, 0) {
		text += fill(x.say.Answer.Overdue, "date", x.say.Date(a.ReviewBy)) + " · "
	}
	return text
}

// otherLanguage names the article's language where the person's is another.
func (x *exchange) otherLanguage(a *knowledge.Article) (string, bool) {
	tag, err := language.Parse(a.Language)
	if a.Language == "" || err != nil {
		return "", false
	}
	own, _ := tag.Base()
	person, err := language.Parse(x.q.Locale)
	if err != nil {
		person = language.English
	}
	theirs, _ := person.Base()
	return x.say.LanguageName(a.Language), own != theirs
}

// overdue reports whether the article's review is later than grace after its day.
func overdue(a *knowledge.Article, now time.Time, grace time.Duration) bool {
	return !a.ReviewBy.IsZero() && !now.Before(a.ReviewBy.AddDate(0, 0, 1).Add(grace))
}

func withdrawn(s *knowledge.Section) bool {
	return s.Withdrawn != "" || s.Article != nil && s.Article.Withdrawn != ""
}

// expired reports whether a section was not checked for so long that it no longer answers.
func (x *exchange) expired(s *knowledge.Section) bool {
	return s.Article != nil && overdue(s.Article, x.now, x.Config.grace())
}

func (x *exchange) showable(s *knowledge.Section) bool { return !withdrawn(s) && !x.expired(s) }

// expiredReply points to the source in place of a section that was not checked for too long.
func (x *exchange) expiredReply(s *knowledge.Section) Reply {
	r := Reply{Kind: None, Body: markup.Doc{
		para(fill(x.say.Answer.Expired, "section", s.Heading, "date", x.say.Date(s.Article.ReviewBy))),
		x.sourceLine(s.Article),
	}}
	if s.Article.Source.URL != "" {
		r.Choices = append(r.Choices, Choice{Label: x.say.Buttons.Source, URL: s.Article.Source.URL, Group: GroupMore})
	}
	r.Choices = append(r.Choices, x.topicsChoice())
	return r
}
