package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"docent/bot"
	"docent/bot/terminal"
	"docent/internal/markup"
	"docent/knowledge"
)

func (p *program) askCommand() *cobra.Command {
	var asJSON, why bool
	cmd := &cobra.Command{
		Use:   "ask QUESTION",
		Short: "Answer one question",
		Args:  atLeast(1, "a question"),
		RunE: func(cmd *cobra.Command, args []string) error {
			if asJSON && why {
				return usageError{errors.New("--json shows the reasons already: leave out --why"), cmd.CommandPath()}
			}
			r, err := p.answer(cmd.Context(), strings.Join(args, " "))
			switch {
			case err != nil:
				return err
			case asJSON:
				return writeJSON(p.out, r)
			}
			_, err = io.WriteString(p.out, terminal.Render(listed(r), terminal.Style{Width: p.width(), Color: p.colors(p.out), Links: true}))
			if why && err == nil {
				err = writeWhy(p.out, r.Result)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print the verdict, the matches and the reply as JSON")
	cmd.Flags().BoolVar(&why, "why", false, "also print the reasons for the answer")
	return cmd
}

func (p *program) answer(ctx context.Context, question string) (bot.Reply, error) {
	c, b, err := p.open()
	if err != nil {
		return bot.Reply{}, err
	}
	r, err := b.Answer(ctx, bot.Question{
		Text:   question,
		Place:  bot.Place{Platform: terminal.Platform, Channel: "local"},
		Person: "local",
		Locale: p.locale(),
		Region: c.Bot.Region,
		At:     time.Now(),
	})
	if err != nil {
		return r, fmt.Errorf("answer: %w", err)
	}
	return r, nil
}

// listed returns r with its picks as a list, because nobody can press a choice here.
func listed(r bot.Reply) bot.Reply {
	body := slices.Clone(r.Body)
	for _, c := range r.Choices {
		if c.Group == bot.GroupPick {
			body = append(body, markup.Block{Kind: markup.Item, Spans: []markup.Span{markup.Text(c.Label)}})
		}
	}
	r.Body, r.Choices = body, nil
	return r
}

// An answerJSON is what "ask --json" prints.
type answerJSON struct {
	Verdict string      `json:"verdict"`
	Matches []matchJSON `json:"matches"`
	Reply   string      `json:"reply"`
}

type matchJSON struct {
	Section string    `json:"section"`
	Score   float64   `json:"score"`
	Why     []whyJSON `json:"why"`
}

type whyJSON struct {
	Kind   string  `json:"kind"`
	Detail string  `json:"detail"`
	Weight float64 `json:"weight"`
}

func writeJSON(w io.Writer, r bot.Reply) error {
	out := answerJSON{Verdict: r.Kind.String(), Matches: []matchJSON{}}
	for _, m := range r.Result.Matches {
		match := matchJSON{Section: m.Ref.String(), Score: m.Score, Why: []whyJSON{}}
		for _, e := range m.Why {
			match.Why = append(match.Why, whyJSON(e))
		}
		out.Matches = append(out.Matches, match)
	}
	out.Reply = strings.TrimRight(terminal.Render(listed(r), terminal.Style{}), "\n")
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	return enc.Encode(out)
}

// writeWhy prints, for operators, what was found and why.
func writeWhy(w io.Writer, res knowledge.Result) error {
	var b strings.Builder
	fmt.Fprintf(&b, "\nverdict: %s\n", res.Verdict)
	if res.TooLong {
		fmt.Fprintf(&b, "the question is longer than %d bytes and was not searched\n", knowledge.MaxQuestion)
	}
	for _, r := range res.Repairs {
		fmt.Fprintf(&b, "read %q as %q\n", r.From, r.To)
	}
	if len(res.Matches) > 1 {
		fmt.Fprintf(&b, "margin over the runner-up: %.2f\n", res.Matches[0].Score-res.Matches[1].Score)
	}
	for i, m := range res.Matches {
		fmt.Fprintf(&b, "%2d. %.2f  %s\n", i+1, m.Score, m.Ref)
		for _, e := range m.Why {
			fmt.Fprintf(&b, "          %-8s %3.0f%%  %s\n", e.Kind, e.Weight*100, e.Detail)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
