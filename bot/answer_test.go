package bot_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/bot/phrases"
	"docent/knowledge"
)

func TestSureShowsTheSectionWordForWord(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("does kava change a low mood?")
	wantKind(t, r, bot.Sure)
	if got := r.Body[0].Plain(); got != "Low mood" {
		t.Errorf("heading %q", got)
	}
	wantText(t, r, "Kava changes how glutamate acts. Trials are going on.", "Kava in Medicine source", "reviewed 3 May 2026",
		"General information, not medical advice", r.ID)
	if len(r.Footer) != 1 {
		t.Errorf("the small print is not one line: %q", r.Footer.Plain())
	}
	if r.Result.Verdict != knowledge.Sure || r.Result.Matches[0].Ref.Section != "low-mood" {
		t.Errorf("result %+v", r.Result)
	}
	if r.Private || r.Replace {
		t.Error("an answer is public and a message of its own")
	}
	if got, want := labels(r), "Why this answer? | Kava overview | Pain relief | Anesthesia choice | Helpful | Not helpful"; got != want {
		t.Errorf("choices %s, want %s", got, want)
	}
}

func TestLongSectionIsShortFirst(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("pain relief")
	wantText(t, r, "A third paragraph closes the section with the sentence that answers.", "The first sentence of the long text is short.")
	wantNoText(t, r, "A second paragraph begins here")
	r = c.pressLabel("Read more")
	if !r.Replace {
		t.Error("read more does not change its message")
	}
	wantText(t, r, longText)
	r = c.pressLabel("Show less")
	wantText(t, r, "The first sentence of the long text is short.")
	wantNoText(t, r, "A third paragraph")
}

func TestUnsureOffersSections(t *testing.T) {
	c := newChat(t, fixtures())
	var kept unanswered
	c.bot.Unanswered = &kept
	r := c.ask("mood or choice")
	wantKind(t, r, bot.Unsure)
	wantText(t, r, "Did you mean one of these?")
	if got, want := labels(r), "Low mood | Anesthesia choice | None of these"; got != want || !r.Private {
		t.Errorf("choices %s, private %v", got, r.Private)
	}
	first := r
	r = c.pressLabel("None of these")
	wantKind(t, r, bot.None)
	if len(kept) != 1 || kept[0] != "mood or choice" {
		t.Errorf("kept %q", kept)
	}
	c.last = first
	wantText(t, c.pressLabel("Low mood"), "Kava changes")
}

func TestNoneIsHonest(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("who won the match yesterday")
	wantKind(t, r, bot.None)
	wantText(t, r, "The articles don't cover that.", "These sections come nearest:")
	if got, want := labels(r), "Kava overview | Topics"; got != want || !r.Private {
		t.Errorf("choices %s, private %v", got, r.Private)
	}
}

func TestNoArticles(t *testing.T) {
	c := newChat(t, &shelf{version: "empty"})
	wantKind(t, c.ask("anything there for me"), bot.None)
	wantText(t, c.press(bot.ChoiceTopics), "There are no articles")
	if _, err := (&bot.Bot{}).Answer(t.Context(), bot.Question{Text: "x"}); err == nil {
		t.Error("a bot without a Base answers")
	}
}

func TestButtonsOutliveEverything(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	value := bot.ShowChoice(base.articles[0].Sections[2])
	wantText(t, c.press(value), "Kava changes how glutamate acts.")

	base.articles[0].Sections[2].Version = "v00002"
	wantText(t, c.press(value), "This text has changed since", "Kava changes how glutamate acts.")

	base.articles[0].Sections[2].Withdrawn = "wrong"
	r := c.press(value)
	wantText(t, r, "was withdrawn")
	wantNoText(t, r, "glutamate")

	base.articles[0].Sections = base.articles[0].Sections[:2]
	r = c.press(value)
	wantText(t, r, "no longer there")
	if !strings.Contains(labels(r), "Kava overview") {
		t.Errorf("no topics are offered: %s", labels(r))
	}
	for _, bad := range []string{"", "1", "0help", "1Zxxxxxxxxxxxxxxxxx", "1S", "1Sshort", strings.Repeat("1", 300), "1S\xff\x00"} {
		if bad != "" {
			wantText(t, c.press(bad), "I don't know that button any more.")
		}
	}
}

func TestRatings(t *testing.T) {
	c := newChat(t, fixtures())
	j := &journal{}
	c.bot.Journal = j
	answer := c.ask("low mood")
	r := c.pressLabel("Helpful")
	if !r.Private {
		t.Error("thanks is public")
	}
	c.last = answer
	c.pressLabel("Not helpful")
	c.pressLabel("Unclear")
	c.last = answer
	c.pressLabel("Helpful")
	if len(j.ratings) != 3 || !j.ratings[0].Helpful || j.ratings[1].Helpful || j.ratings[2].Reason != "unclear" {
		t.Errorf("ratings %+v", j.ratings)
	}
	if j.ratings[0].Section.Section != "low-mood" || j.ratings[0].Version != "v00001" || j.ratings[0].Platform != "test" {
		t.Errorf("rating %+v", j.ratings[0])
	}
	if len(j.turns) != 1 || j.turns[0].Kind != bot.Sure || j.turns[0].Section.Section != "low-mood" {
		t.Errorf("turns %+v", j.turns)
	}
}

func TestFailingJournalCostsNothingAndLogsNoWords(t *testing.T) {
	c := newChat(t, fixtures())
	var log bytes.Buffer
	c.bot.Log = slog.New(slog.NewTextHandler(&log, nil))
	c.bot.Journal = &journal{err: errors.New("disk full")}
	c.q.Person = "canary-person"
	wantKind(t, c.ask("low mood canaryword"), bot.Sure)
	c.pressLabel("Helpful")
	if !strings.Contains(log.String(), "disk full") {
		t.Errorf("the failure is not in the log: %s", &log)
	}
	for _, canary := range []string{"canary-person", "canaryword"} {
		if strings.Contains(log.String(), canary) {
			t.Errorf("%s is in the log: %s", canary, &log)
		}
	}
}

func TestMenus(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	r := c.press(bot.ChoiceTopics)
	wantKind(t, r, bot.Menu)
	if got, want := labels(r), "Kava overview | Pain relief | Low mood | Anesthesia choice"; got != want {
		t.Errorf("one article: %s", got)
	}

	base.articles = append(base.articles, manySections(25))
	base.version = "version2"
	r = c.press(bot.ChoiceTopics)
	if got, want := labels(r), "Kava in Medicine | Many topics"; got != want {
		t.Errorf("two articles: %s", got)
	}
	r = c.pressLabel("Many topics")
	wantText(t, r, "Page 1 of 3")
	if !r.Replace || len(r.Choices) != 12 {
		t.Errorf("page 1: replace %v, %s", r.Replace, labels(r))
	}
	r = c.pressLabel("Next")
	wantText(t, r, "Page 2 of 3")
	r = c.pressLabel("Topic 14")
	wantKind(t, r, bot.Sure)
	if !r.Replace {
		t.Error("a pick is not in place")
	}
	wantText(t, c.pressLabel("Back"), "Page 2 of 3")
	wantText(t, c.pressLabel("All articles"), "Choose an article:")
}

func TestLanguages(t *testing.T) {
	c := newChat(t, fixtures())
	c.q.Locale = "de-AT"
	r := c.ask("low mood")
	wantText(t, r, "Sprache des Artikels: Englisch.", "geprüft am 3. Mai 2026", "Kava changes")
	if r.Locale != "de" {
		t.Errorf("locale %s", r.Locale)
	}
	c.q.Locale = "ja"
	wantText(t, c.ask("low mood"), "The article is in English.")
	c.q.Locale = "en-GB"
	wantNoText(t, c.ask("low mood"), "The article is in")
}

func TestReviewDates(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	c.now = day("2027-05-03").Add(23 * time.Hour)
	wantNoText(t, c.ask("low mood"), "due for review")
	c.now = day("2027-05-04")
	wantText(t, c.ask("low mood"), "was due for review on 3 May 2027", "Kava changes")
	c.now = day("2027-05-04").AddDate(0, 0, 90)
	r := c.ask("low mood")
	wantKind(t, r, bot.None)
	wantText(t, r, "so I no longer show it", "Kava in Medicine source")
	wantNoText(t, r, "Kava changes")
	if r.Choices[0].URL != "https://example.org/kava" {
		t.Errorf("no link to the source: %+v", r.Choices)
	}
	c.bot.Config.Grace = 200 * 24 * time.Hour
	wantKind(t, c.ask("low mood"), bot.Sure)
}

func TestMemory(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	history := func() int { return len(base.asked[len(base.asked)-1].History) }
	c.ask("low mood")
	c.ask("for how long please")
	if history() != 1 {
		t.Errorf("history %d", history())
	}
	other := c.q
	other.Person, other.Text = "person-8", "low mood"
	c.answer(other)
	if history() != 0 {
		t.Error("another person's questions are history")
	}
	c.now = c.now.Add(10 * time.Minute)
	c.ask("low mood")
	if history() != 0 {
		t.Error("memory did not expire")
	}
	c.press(bot.ShowChoice(base.articles[0].Sections[1]))
	c.ask("for how long please")
	if h := base.asked[len(base.asked)-1].History; len(h) == 0 || h[len(h)-1] != "Pain relief" {
		t.Errorf("a chosen section is not what follow-ups are about: %q", h)
	}
	c.press(bot.ChoiceForget)
	c.ask("low mood")
	if history() != 0 {
		t.Error("forget did not forget")
	}
	c.bot.Config.Memory = 2 * time.Minute
	c.ask("low mood")
	c.now = c.now.Add(2*time.Minute - time.Second)
	if c.ask("low mood"); history() == 0 {
		t.Error("the configured memory is too short")
	}
	c.now = c.now.Add(2 * time.Minute)
	if c.ask("low mood"); history() != 0 {
		t.Error("the configured memory is too long")
	}
	c.bot.Config.Memory = -1
	c.ask("low mood")
	c.ask("low mood")
	if history() != 0 {
		t.Error("memory is off and remembers")
	}
}

func TestTypedButtons(t *testing.T) {
	c := newChat(t, fixtures())
	c.ask("pain relief")
	wantText(t, c.ask("read more!"), longText)
	c.ask("mood or choice")
	wantKind(t, c.ask("none of these"), bot.None)
	c.ask("mood or choice")
	wantText(t, c.ask("2"), "It is also an option in pediatric anesthesia.")
}

func TestWhy(t *testing.T) {
	c := newChat(t, fixtures())
	answer := c.ask("pane relief for pain")
	wantText(t, answer, "I read “pane” as “pain”.")
	r := c.pressLabel("Why this answer?")
	wantText(t, r, "Why “Pain relief”", "Your words that the section has: Pain", "pane → pain", "No other section came near.")
	if !r.Private {
		t.Error("why is public")
	}
	c.now = c.now.Add(time.Hour)
	c.last = answer
	wantText(t, c.pressLabel("Why this answer?"), "I no longer remember that question")
}

func TestFingerprints(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	id := c.ask("low mood").ID
	p, ok := bot.Verify(base.articles, id)
	if !ok || p.File != "kava.md" || p.Line != 30 || p.EndLine != 35 || p.Ref.Section != "low-mood" || p.Changed {
		t.Errorf("%+v, %v", p, ok)
	}
	base.articles[0].Sections[2].Text += " More."
	if p, ok := bot.Verify(base.articles, strings.ToUpper(id)); !ok || !p.Changed || p.Ref.Section != "low-mood" {
		t.Errorf("after a change: %+v, %v", p, ok)
	}
	base.articles[0].Sections[2].Withdrawn = "wrong"
	if p, ok := bot.Verify(base.articles, id); !ok || p.Withdrawn != "wrong" {
		t.Errorf("after it was withdrawn: %+v, %v", p, ok)
	}
	for _, bad := range []string{"", "x", "0000000000", strings.Repeat("a", 100)} {
		if p, ok := bot.Verify(base.articles, bad); ok {
			t.Errorf("%q is %+v", bad, p)
		}
	}
}

func TestPrivacyIsTheConfiguration(t *testing.T) {
	c := newChat(t, fixtures())
	wantText(t, c.press(bot.ChoicePrivacy), "for 10 minutes, in memory only", "are not collected")
	wantNoText(t, c.last, "days")
	c.bot.Journal, c.bot.Unanswered = &journal{}, &unanswered{}
	c.bot.Config.Keeps = bot.Keeps{Turns: 400 * 24 * time.Hour, Ratings: 30 * 24 * time.Hour, Unanswered: 7 * 24 * time.Hour,
		Updates: 36 * time.Hour, Settings: true, Operator: "a hospital"}
	c.bot.Config.Memory = 3 * time.Minute
	wantText(t, c.press(bot.ChoicePrivacy), "for 3 minutes", "400 days", "30 days", "7 days", "2 days", "a hospital")
	wantNoText(t, c.last, phrases.For("en").Privacy.NoText) // it would not be true
}

func TestTopicsAreCachedByVersion(t *testing.T) {
	base := fixtures()
	c := newChat(t, base)
	topics := c.bot.Topics()
	if len(topics) != 4 || topics[1].Name != "pain-relief" || topics[1].Description != "The first sentence of the long text is short." {
		t.Errorf("%+v", topics)
	}
	base.articles = append(base.articles, article("other", "Other", [3]string{"overview", "Other overview", "Text."},
		[3]string{"help", "Help", "Text."}))
	if len(c.bot.Topics()) != 4 {
		t.Error("topics changed without the version")
	}
	base.version = "version2"
	var names []string
	for _, topic := range c.bot.Topics() {
		names = append(names, topic.Name)
	}
	if got, want := strings.Join(names, " "), "kava-overview pain-relief low-mood children-use other-overview other-help"; got != want {
		t.Errorf("names %s, want %s", got, want)
	}
	if s := c.bot.Suggest("pain", 5); len(s) != 1 || s[0].Topic.Name != "pain-relief" || s[0].Label != "Pain relief · Kava in Medicine" {
		t.Errorf("%+v", s)
	}
}

func TestTooLong(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask(strings.Repeat("long ", 2000))
	if !r.Result.TooLong || len(c.base.asked) != 0 {
		t.Error("a question that is too long was searched")
	}
}

func TestCancelledContextStillAnswers(t *testing.T) {
	c := newChat(t, fixtures())
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if r, err := c.bot.Answer(ctx, bot.Question{Text: "low mood"}); err != nil || r.Kind != bot.Sure {
		t.Errorf("%v %v", r.Kind, err)
	}
}
