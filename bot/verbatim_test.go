package bot_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"docent/bot"
	"docent/bot/bottest"
	"docent/internal/markup"
)

// TestEverySentenceIsFromAnArticleOrThePhrases walks every reply that can be reached from the questions, through every
// button, in every language.
func TestEverySentenceIsFromAnArticleOrThePhrases(t *testing.T) {
	base := fixtures()
	base.articles = append(base.articles, manySections(13))
	for _, locale := range []string{"en", "de", "es", "fr", "pt"} {
		c := newChat(t, base)
		c.bot.Journal, c.bot.Unanswered = &journal{}, &unanswered{}
		c.bot.Config.Keeps = bot.Keeps{Turns: 1, Ratings: 1, Updates: 1, Unanswered: 1, Settings: true}
		c.q.Locale = locale
		questions := []string{"hi", "thanks", "bye", "who are you", "are you a robot", "help", "", "low mood", "pain relief",
			"pane relief", "mood or choice", "who won the match", "he isnt breathing", "I want to kill myself",
			"what dose of ketamine", "do I have depression", "pain relief in pregnancy", "pain relief for children",
			"pain relief and also low mood?", "which uses involve glutamate?", "suicide and low mood", "tell me more"}
		walk := bottest.Walk{Bot: c.bot, Question: c.q, Base: base}
		n, problems := walk.Verbatim(t.Context(), questions)
		for _, p := range problems {
			t.Errorf("%s: %s", locale, p)
		}
		if n < 60 {
			t.Errorf("%s: only %d replies were reached", locale, n)
		}
	}
}

func TestForeignSentencesAreNoticed(t *testing.T) {
	c := newChat(t, fixtures())
	r := c.ask("low mood")
	corpus := bottest.NewCorpus(c.base, "low mood")
	if got := corpus.Foreign(r); len(got) != 0 {
		t.Errorf("an answer is foreign: %q", got)
	}
	for _, text := range []string{"Kava cures everything.", "Trials are going on. They are a success.", "A word of mine, and more of them.",
		"Kava changes how glutamate",                        // not a whole sentence
		"Kava changes how glutamate acts. Kava is a plant.", // sentences that do not follow each other
		"confirmed 31 February 2026", "The article is in Klingon."} {
		r.Body = markup.Doc{markup.Para(markup.Text(text))}
		if got := corpus.Foreign(r); len(got) != 1 {
			t.Errorf("%q is not noticed: %q", text, got)
		}
	}
}

// TestNothingOfAPersonIsKept plants words and ids and looks for them in all that leaves the bot but its replies.
func TestNothingOfAPersonIsKept(t *testing.T) {
	c := newChat(t, fixtures())
	var log bytes.Buffer
	j, kept := &journal{err: errors.New("disk full")}, &unanswered{}
	c.bot.Journal, c.bot.Unanswered, c.bot.Log = j, kept, slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	c.q.Person, c.q.Place.Channel = "canary4711", "canary4712"
	for _, text := range []string{"low mood canaryWord", "nothing to find, canary@example.org", "he isnt breathing canaryWord",
		"what dose of ketamine canaryWord", "suicide canaryWord", "hi canaryWord"} {
		c.ask(text)
		for _, ch := range c.last.Choices {
			if ch.Value != "" {
				c.press(ch.Value)
			}
		}
	}
	out := fmt.Sprintf("%s %+v %+v %v", &log, j.turns, j.ratings, *kept)
	for _, canary := range []string{"canary4711", "canary4712", "canary@example.org"} {
		if strings.Contains(out, canary) {
			t.Errorf("%s left the bot:\n%s", canary, out)
		}
	}
	if out := fmt.Sprintf("%s %+v %+v", &log, j.turns, j.ratings); strings.Contains(out, "canaryWord") {
		t.Errorf("a question's word left the bot:\n%s", out)
	}
	if len(j.turns) == 0 || len(j.ratings) == 0 || len(*kept) == 0 || !strings.Contains(log.String(), "disk full") {
		t.Errorf("the test saw too little: %s", out)
	}
}
