package bot_test

import (
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/phrases"
	"docent/bot/safety"
	"docent/knowledge"
)

func TestCrisisComesFirstAndAlone(t *testing.T) {
	c := newChat(t, fixtures())
	for text, number := range map[string]string{
		"my friend overdosed and low mood": "112 / 911",
		"he isnt breathing":                "112 / 911",
		"I want to kill myself, low mood":  "findahelpline.com",
		"ich will nicht mehr leben":        "findahelpline.com",
	} {
		r := c.ask(text)
		wantKind(t, r, bot.Crisis)
		if first := r.Body[0].Plain() + r.Body[1].Plain(); !strings.Contains(first, number) {
			t.Errorf("%q: no %s in the first two lines: %s", text, number, first)
		}
		wantText(t, r, phrases.For(r.Locale).Safety.Program)
		if len(r.Choices) != 1 || len(r.Footer) != 0 || len(r.Result.Matches) != 0 {
			t.Errorf("%q: not alone: %+v", text, r)
		}
	}
	if len(c.base.asked) != 0 {
		t.Error("a crisis was searched")
	}
	c.q.Region = "DE"
	wantText(t, c.ask("I want to kill myself"), "TelefonSeelsorge", "0800 111 0 111", "112")
}

func TestHelpNowCanBeTypedAfterACrisis(t *testing.T) {
	c := newChat(t, fixtures())
	c.ask("ich will nicht mehr leben")
	wantText(t, c.ask(c.last.Choices[0].Label), phrases.For("en").Safety.HelpNow)
}

func TestCrisisIsNotRemembered(t *testing.T) {
	c := newChat(t, fixtures())
	c.ask("I want to kill myself")
	c.ask("low mood")
	if q := c.base.asked[0]; len(q.History) != 0 {
		t.Errorf("history %q", q.History)
	}
}

func TestQuestionAboutSuicideIsAnswered(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("does kava help suicidal thoughts in low mood?")
	wantKind(t, r, bot.Sure)
	wantText(t, r, "Kava changes", "findahelpline.com")
	r = c.ask("does it help suicidal thoughts?")
	wantKind(t, r, bot.None)
	wantText(t, r, "findahelpline.com")
}

func TestRefusals(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("what dose of ketamine for pain relief")
	wantKind(t, r, bot.Refusal)
	wantText(t, r, phrases.For("en").Safety.Dose)
	if !strings.Contains(labels(r), "Pain relief") || !strings.Contains(labels(r), "Topics") {
		t.Errorf("sections are out of reach: %s", labels(r))
	}
	wantNoText(t, r, "sentence")
	r = c.ask("do I have depression?")
	wantKind(t, r, bot.Refusal)
	wantText(t, r, phrases.For("en").Safety.Diagnosis)
}

func TestPregnancyAndChildrenWhereTheArticlesAreSilent(t *testing.T) {
	c := newChat(t, fixtures())
	wantText(t, c.ask("pain relief in pregnancy"), phrases.For("en").Safety.Pregnancy)
	wantKind(t, c.last, bot.None)
	wantText(t, c.ask("pain relief for children"), phrases.For("en").Safety.Children)
	r := c.ask("anesthesia choice for children")
	wantKind(t, r, bot.Sure)
	wantText(t, r, "pediatric anesthesia")
}

func TestHelpNow(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.press(bot.ChoiceHelpNow)
	wantText(t, r, "112 / 911", "findahelpline.com", "not yet confirmed")
	r = c.pressLabel("United Kingdom")
	wantText(t, r, "116 123", "112 / 911")
	if !r.Replace || r.Body[1].Plain() == "" || !strings.Contains(r.Body[1].Plain(), "International") {
		t.Errorf("the international contact is not first: %s", r.Body[1].Plain())
	}
}

func TestChosenCountryIsUsedInACrisis(t *testing.T) {
	c := newChat(t, fixtures())
	c.q.Region = "US"
	c.press(bot.ChoiceHelpNow)
	c.pressLabel("France")
	wantText(t, c.ask("I want to kill myself"), "3114")
	c.press(bot.ChoiceForget)
	wantText(t, c.ask("I want to kill myself"), "988")
}

func TestContactsPastTheirDateAreNotChecked(t *testing.T) {
	c := newChat(t, fixtures())
	c.bot.Contacts = []safety.Contact{{ID: "x", Purpose: safety.Suicide, Name: "A line", Number: "123", Source: "https://example.org",
		Verified: safety.Day{Time: day("2026-01-01")}, VerifyBy: safety.Day{Time: day("2026-12-31")}}}
	wantText(t, c.press(bot.ChoiceHelpNow), "confirmed 1 January 2026")
	if p := c.bot.Problems(c.now); len(p) != 0 {
		t.Errorf("problems %q", p)
	}
	c.now = day("2027-01-01")
	wantText(t, c.press(bot.ChoiceHelpNow), "not yet confirmed")
	if p := c.bot.Problems(c.now); len(p) != 1 || !strings.Contains(p[0], `"x"`) {
		t.Errorf("problems %q", p)
	}
	wantText(t, c.ask("he isnt breathing"), "112 / 911")
}

// meaning gives the bot of a chat the sentence encoder.
func meaning(t *testing.T, c *chat) {
	t.Helper()
	m, err := knowledge.Meaning()
	if err != nil {
		t.Fatal(err)
	}
	c.bot.Embed = m.Recall
}

func TestCrisisIsNoticedByMeaning(t *testing.T) {
	c := newChat(t, fixtures())
	const text = "i just wanna be gone"
	if c.ask(text).Kind == bot.Crisis {
		t.Fatal("a pattern matches: the test needs other words")
	}
	meaning(t, c)
	wantKind(t, c.ask(text), bot.Crisis)
	wantText(t, c.last, "findahelpline.com")
	for _, ordinary := range []string{"low mood", "goodbye", "does kava help suicidal thoughts in low mood?", "what is the meaning of life"} {
		if c.ask(ordinary).Kind == bot.Crisis {
			t.Errorf("%q is taken for a crisis", ordinary)
		}
	}
}

func TestCrisisIsAnsweredInItsOwnLanguage(t *testing.T) {
	c := newChat(t, fixtures())
	for text, language := range map[string]string{
		"ich will nicht mehr leben": "de", "no quiero vivir más": "es", "il ne respire plus": "fr", "quero me matar": "pt",
	} {
		r := c.ask(text)
		wantKind(t, r, bot.Crisis)
		wantText(t, r, phrases.For(language).Safety.Program)
		if r.Locale != language {
			t.Errorf("%q is answered in %s", text, r.Locale)
		}
	}
	c.q.Locale = "fr"
	wantText(t, c.ask("overdose"), phrases.For("fr").Safety.Program) // the same word in several languages
}

func TestTwoQuestionsInOne(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("pain relief and also low mood?")
	wantKind(t, r, bot.Sure)
	wantText(t, r, "A third paragraph closes the section with the sentence that answers.", "Trials are going on.")
	if got, want := labels(r), "Pain relief | Low mood"; got != want {
		t.Errorf("choices %s, want %s", got, want)
	}
	r = c.ask("and low mood?")
	if labels(r) == "Pain relief | Low mood" {
		t.Error("one question became two")
	}
}

// What is only the name of an article is the subject of a question, not one more.
func TestSubjectIsNoQuestion(t *testing.T) {
	const text = "kava overview and low mood"
	shelf := fixtures()
	if got := labels(newChat(t, shelf).ask(text)); got != "Kava overview | Low mood" {
		t.Fatalf("choices %s: the test needs two sections", got)
	}
	shelf.articles[0].Aliases = []string{"Kava overview"}
	if got := labels(newChat(t, shelf).ask(text)); got == "Kava overview | Low mood" {
		t.Error("the name of the article was taken for a question")
	}
}

func TestOverlap(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("which uses involve glutamate?")
	wantKind(t, r, bot.Sure)
	wantText(t, r, "The fifth one mentions glutamate", "Kava changes how glutamate acts.")
	wantNoText(t, r, "Kava is a plant")
	if got, want := labels(r), "Pain relief | Low mood"; got != want {
		t.Errorf("choices %s, want %s", got, want)
	}
}

func TestMore(t *testing.T) {
	c := newChat(t, fixtures())
	c.ask("pain relief")
	wantText(t, c.ask("tell me more"), longText)
	wantText(t, c.ask("why this answer?"), "Why “Pain relief”")
	c.now = c.now.AddDate(0, 0, 1)
	wantKind(t, c.ask("tell me more"), bot.None)
}
