package bot_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/markup"
	"docent/knowledge"
)

// shelf is a Base over articles in memory that finds sections by the words of their headings: two words are sure, one is
// unsure.
type shelf struct {
	articles []*knowledge.Article
	version  string
	asked    []knowledge.Query
}

func (s *shelf) Articles() []*knowledge.Article {
	var out []*knowledge.Article
	for _, a := range s.articles {
		if a.Withdrawn == "" {
			out = append(out, a)
		}
	}
	return out
}

func (s *shelf) Version() string { return s.version }

func (s *shelf) sections() []*knowledge.Section {
	var out []*knowledge.Section
	for _, a := range s.articles {
		out = append(out, a.Sections...)
	}
	return out
}

func (s *shelf) SectionByKey(key string) (*knowledge.Section, bool) {
	for _, sec := range s.sections() {
		if sec.Ref.Key() == key {
			return sec, true
		}
	}
	return nil, false
}

func (s *shelf) Related(of *knowledge.Section, n int) []*knowledge.Section {
	var out []*knowledge.Section
	for _, sec := range of.Article.Sections {
		if sec != of && len(out) < n {
			out = append(out, sec)
		}
	}
	return out
}

func (s *shelf) Suggest(prefix string, n int) []knowledge.Suggestion {
	var out []knowledge.Suggestion
	for _, sec := range s.sections() {
		if strings.HasPrefix(strings.ToLower(sec.Heading), strings.ToLower(prefix)) && len(out) < n {
			out = append(out, knowledge.Suggestion{Section: sec, Label: sec.Heading + " · " + sec.Article.Title, Tier: knowledge.TierPrefix})
		}
	}
	return out
}

func (s *shelf) Search(q knowledge.Query) knowledge.Result {
	s.asked = append(s.asked, q)
	var res knowledge.Result
	text := strings.ToLower(q.Text)
	for _, sec := range s.sections() {
		hits := 0
		for w := range strings.FieldsSeq(strings.ToLower(sec.Heading)) {
			if strings.Contains(text, w) {
				hits++
			}
		}
		if hits == 0 {
			continue
		}
		m := knowledge.Match{Ref: sec.Ref, Section: sec, Score: min(0.95, 0.45*float64(hits)), Why: []knowledge.Evidence{
			{Kind: "word", Detail: strings.Fields(sec.Heading)[0], Weight: 1}}}
		if hits > 1 {
			m.Lead = lastSentence(sec.Text)
			res.Matches = append([]knowledge.Match{m}, res.Matches...)
			res.Verdict = knowledge.Sure
			continue
		}
		res.Matches = append(res.Matches, m)
		res.Verdict = max(res.Verdict, knowledge.Unsure)
	}
	if len(res.Matches) == 0 && len(s.sections()) > 0 {
		sec := s.sections()[0]
		res.Matches = []knowledge.Match{{Ref: sec.Ref, Section: sec, Score: 0.05}}
	}
	if strings.Contains(text, "pane") {
		res.Repairs = []knowledge.Repair{{From: "pane", To: "pain"}}
	}
	return res
}

func lastSentence(text string) string {
	s := markup.Sentences(text)
	return s[len(s)-1]
}

// article makes an article of (id, heading, text) triples.
func article(id, title string, sections ...[3]string) *knowledge.Article {
	a := &knowledge.Article{
		ID: id, Title: title, Language: "en", Source: knowledge.Source{Title: title + " source", URL: "https://example.org/" + id},
		Reviewed: day("2026-05-03"), ReviewBy: day("2027-05-03"), File: id + ".md",
	}
	for i, s := range sections {
		body := markup.Parse([]byte(s[2]))
		a.Sections = append(a.Sections, &knowledge.Section{
			Ref: knowledge.Ref{Article: id, Section: s[0]}, Article: a, Heading: s[1], Body: body, Text: body.Plain(),
			Ask: []string{"What about " + s[1] + "?"}, Line: 10 * (i + 1), EndLine: 10*(i+1) + 5, Version: "v00001",
		})
	}
	return a
}

func day(s string) time.Time {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		panic(err)
	}
	return t
}

const longText = "The first sentence of the long text is short. " +
	"The second one goes on about pain and about how people who have it are looked after in many places, at some length. " +
	"The third one says that research continues and that nobody knows yet. " +
	"The fourth one adds more words so that the text is long enough to be cut into a short form and a long one. " +
	"The fifth one mentions glutamate, a messenger in the brain, and a receptor that it acts on in many cells.\n\n" +
	"A second paragraph begins here and has more to say about the same thing, again at some length for the test. " +
	"It goes on with one more sentence that nobody needs, and with another one after that. " +
	"It also speaks of hospitals, of clinics, and of people who work there by day and by night.\n\n" +
	"A third paragraph closes the section with the sentence that answers."

func fixtures() *shelf {
	a := article("kava", "Kava in Medicine",
		[3]string{"overview", "Kava overview", "Kava is a plant. People have long used it."},
		[3]string{"pain-relief", "Pain relief", longText},
		[3]string{"low-mood", "Low mood", "Kava changes how glutamate acts. Trials are going on."},
		[3]string{"children-use", "Anesthesia choice", "It is also an option in pediatric anesthesia. Doctors decide."})
	return &shelf{articles: []*knowledge.Article{a}, version: "version1"}
}

// journal records what the bot keeps; it fails when told to.
type journal struct {
	turns   []bot.Turn
	ratings []bot.Rating
	err     error
}

func (j *journal) RecordTurn(_ context.Context, t bot.Turn) error {
	j.turns = append(j.turns, t)
	return j.err
}

func (j *journal) RecordRating(_ context.Context, r bot.Rating) error {
	j.ratings = append(j.ratings, r)
	return j.err
}

type unanswered []string

func (u *unanswered) RecordUnanswered(_ context.Context, _ time.Time, redacted string) error {
	*u = append(*u, redacted)
	return nil
}

// chat is a person who talks to a bot.
type chat struct {
	t    *testing.T
	bot  *bot.Bot
	base *shelf
	now  time.Time
	q    bot.Question
	last bot.Reply
}

func newChat(t *testing.T, base *shelf) *chat {
	c := &chat{t: t, base: base, now: day("2026-11-23")}
	c.bot = &bot.Bot{Base: base, Clock: func() time.Time { return c.now }}
	c.q = bot.Question{Place: bot.Place{Platform: "test", Channel: "room"}, Person: "person-7"}
	return c
}

func (c *chat) answer(q bot.Question) bot.Reply {
	c.t.Helper()
	r, err := c.bot.Answer(c.t.Context(), q)
	if err != nil {
		c.t.Fatalf("%q %q: %v", q.Text, q.Choice, err)
	}
	c.last = r
	return r
}

// ask asks in words.
func (c *chat) ask(text string) bot.Reply {
	c.t.Helper()
	q := c.q
	q.Text = text
	return c.answer(q)
}

// press presses a choice by its value.
func (c *chat) press(value string) bot.Reply {
	c.t.Helper()
	q := c.q
	q.Choice = value
	return c.answer(q)
}

// pressLabel presses the choice of the last reply with the label.
func (c *chat) pressLabel(label string) bot.Reply {
	c.t.Helper()
	for _, ch := range c.last.Choices {
		if ch.Label == label {
			return c.press(ch.Value)
		}
	}
	c.t.Fatalf("no choice %q among %s", label, labels(c.last))
	return bot.Reply{}
}

func labels(r bot.Reply) string {
	var out []string
	for _, ch := range r.Choices {
		out = append(out, ch.Label)
	}
	return strings.Join(out, " | ")
}

// wantText fails unless the reply's body and footer have each part.
func wantText(t *testing.T, r bot.Reply, parts ...string) {
	t.Helper()
	text := r.Body.Plain() + "\n" + r.Footer.Plain()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in:\n%s", p, text)
		}
	}
}

func wantNoText(t *testing.T, r bot.Reply, parts ...string) {
	t.Helper()
	text := r.Body.Plain() + "\n" + r.Footer.Plain()
	for _, p := range parts {
		if strings.Contains(text, p) {
			t.Errorf("%q in:\n%s", p, text)
		}
	}
}

func wantKind(t *testing.T, r bot.Reply, k bot.Kind) {
	t.Helper()
	if r.Kind != k {
		t.Errorf("kind %s (%d), want %s (%d):\n%s", r.Kind, r.Kind, k, k, r.Body.Plain())
	}
}

func manySections(n int) *knowledge.Article {
	var s [][3]string
	for i := range n {
		s = append(s, [3]string{fmt.Sprintf("s%d", i), fmt.Sprintf("Topic %d", i), "One sentence here."})
	}
	return article("many", "Many topics", s...)
}
