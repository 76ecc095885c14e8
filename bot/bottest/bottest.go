// Package bottest checks for tests that a bot says nothing of its own making: every sentence of every reply that can be
// reached is a slice of an article, or one of the bot's phrases. It knows nothing of platforms.
package bottest

import (
	"context"
	"fmt"

	"docent/bot"
)

// A Walk asks a bot questions and presses every button of its replies.
type Walk struct {
	Bot      *bot.Bot
	Question bot.Question // place, person and locale of all questions
	Base     bot.Shelf    // the bot's articles
}

// A Step is a question or a pressed choice, and the reply to it.
type Step struct {
	Question bot.Question
	Reply    bot.Reply
}

// Steps returns every reply that can be reached, once for each question and each different choice value, in the order in
// which they were asked for.
func (w Walk) Steps(ctx context.Context, questions []string) ([]Step, error) {
	seen := map[string]bool{}
	var queue []bot.Question
	for _, text := range questions {
		q := w.Question
		q.Text = text
		queue = append(queue, q)
	}
	for _, value := range []string{bot.ChoiceStart, bot.ChoiceHelp, bot.ChoiceTopics, bot.ChoicePrivacy, bot.ChoiceHelpNow, bot.ChoiceForget, "1unknown"} {
		queue = append(queue, w.press(value))
	}
	var steps []Step
	for i := 0; i < len(queue); i++ {
		r, err := w.Bot.Answer(ctx, queue[i])
		if err != nil {
			return steps, err
		}
		steps = append(steps, Step{queue[i], r})
		for _, c := range r.Choices {
			if c.Value != "" && !seen[c.Value] {
				seen[c.Value] = true
				queue = append(queue, w.press(c.Value))
			}
		}
	}
	return steps, nil
}

func (w Walk) press(value string) bot.Question {
	q := w.Question
	q.Choice = value
	return q
}

// Verbatim walks every reply and returns how many there were, and the sentences that are from nowhere.
func (w Walk) Verbatim(ctx context.Context, questions []string) (int, []string) {
	var problems []string
	steps, err := w.Steps(ctx, questions)
	if err != nil {
		problems = append(problems, err.Error())
	}
	told := map[string]bool{}
	known := NewCorpus(w.Base, questions...)
	for _, step := range steps {
		for _, s := range known.Foreign(step.Reply) {
			if !told[s] {
				told[s] = true
				problems = append(problems, fmt.Sprintf("from nowhere: %q", s))
			}
		}
	}
	return len(steps), problems
}
