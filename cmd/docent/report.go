package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"docent/bot/terminal"
	"docent/internal/store"
)

// maxReported is how many lines each part of a report has.
const maxReported = 20

func (p *program) reportCommand() *cobra.Command {
	days := 30
	cmd := &cobra.Command{
		Use:   "report",
		Short: "Show what is read, how it is rated and what is not covered",
		Long: "Show what the store counted: answers by platform and kind, the sections that were shown most, ratings, and, where\n" +
			"bot.collect_unanswered is on, the redacted questions that the articles do not cover.",
		Args: exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			if days < 1 {
				return usageError{fmt.Errorf("--days takes a number from 1 on, not %d", days), cmd.CommandPath()}
			}
			db, err := p.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			return writeReport(cmd.Context(), p.out, db, time.Now().AddDate(0, 0, -days))
		},
	}
	cmd.Flags().IntVar(&days, "days", days, "how many days to look back")
	return cmd
}

// writeReport prints what the store counted since a time.
func writeReport(ctx context.Context, w io.Writer, db *store.DB, since time.Time) error {
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintf(out, "Since %s\n", since.UTC().Format(time.DateOnly))
	for _, part := range []func(context.Context, io.Writer, *store.DB, time.Time) error{answers, readSections, ratings, notCovered} {
		if err := part(ctx, out, db, since); err != nil {
			return err
		}
	}
	return out.Flush()
}

func answers(ctx context.Context, w io.Writer, db *store.DB, since time.Time) error {
	days, err := db.TurnsByDay(ctx, since)
	if err != nil {
		return err
	}
	counts := map[string]int{}
	for _, d := range days {
		counts[d.Platform+"\t"+d.Kind] += d.Turns
	}
	fmt.Fprintf(w, "\nReplies%s\n", orNone(len(counts)))
	for _, key := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(w, "  %s\t%d\n", key, counts[key])
	}
	return nil
}

func readSections(ctx context.Context, w io.Writer, db *store.DB, since time.Time) error {
	list, err := db.TurnsBySection(ctx, since)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nSections that came first%s\n", orNone(len(list)))
	for _, s := range list[:min(len(list), maxReported)] {
		fmt.Fprintf(w, "  %s\t%s\t%d\n", s.Section, s.Kind, s.Turns)
	}
	return nil
}

func ratings(ctx context.Context, w io.Writer, db *store.DB, since time.Time) error {
	list, err := db.RatingsBySection(ctx, since)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nRatings%s\n", orNone(len(list)))
	for _, r := range list[:min(len(list), maxReported)] {
		var why []string
		for _, reason := range slices.Sorted(maps.Keys(r.Reasons)) {
			why = append(why, fmt.Sprintf("%s %d", reason, r.Reasons[reason]))
		}
		fmt.Fprintf(w, "  %s\t%d helpful\t%d not\t%s\n", r.Section, r.Helpful, r.Not, strings.Join(why, ", "))
	}
	return nil
}

func notCovered(ctx context.Context, w io.Writer, db *store.DB, since time.Time) error {
	list, err := db.Unanswered(ctx, since, maxReported)
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\nQuestions that are not covered%s\n", orNone(len(list)))
	for _, q := range list {
		fmt.Fprintf(w, "  %s\t%s\n", q.At.Format(time.DateOnly), terminal.Clean(q.Text))
	}
	return nil
}

func orNone(n int) string {
	if n == 0 {
		return ": none"
	}
	return ""
}
