package main

import (
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"docent/internal/config"
	"docent/knowledge"
)

func (p *program) checkCommand() *cobra.Command {
	numbers := false
	cmd := &cobra.Command{
		Use:   "check [DIR...]",
		Short: "Find every mistake in articles",
		Long: "Find every mistake in the articles of the given folders, or in the configured ones, and in the safety data that\n" +
			"ships with the program. Dates that have passed are warnings; mistakes end with exit code 1.",
		RunE: func(_ *cobra.Command, dirs []string) error {
			c, err := p.loadConfig()
			if err != nil {
				return err
			}
			if numbers {
				return p.listNumbers(c.Bot, time.Now())
			}
			libs := libraries(c.Articles)
			if len(dirs) > 0 {
				libs = nil
				for _, dir := range dirs {
					libs = append(libs, folder(dir))
				}
			}
			return p.check(libs, c.Bot, time.Now())
		},
	}
	cmd.Flags().BoolVar(&numbers, "numbers", false, "list the help numbers with their ids and sources instead")
	return cmd
}

// check prints what is wrong with the articles and the safety data.
func (p *program) check(libs []knowledge.Library, settings config.Bot, now time.Time) error {
	var mistakes []string
	articles, err := knowledge.LoadLibraries(libs)
	var list knowledge.Errors
	switch {
	case errors.As(err, &list):
		for _, e := range list {
			mistakes = append(mistakes, e.Error())
		}
	case err != nil:
		mistakes = append(mistakes, err.Error())
	}
	bad, warnings := safetyProblems(settings, now)
	mistakes = append(mistakes, bad...)
	warnings = append(overdue(articles, now), warnings...)
	for _, w := range warnings {
		fmt.Fprintln(p.out, "warning:", w)
	}
	for _, m := range mistakes {
		fmt.Fprintln(p.out, m)
	}
	if len(mistakes) > 0 {
		fmt.Fprintln(p.out, countOf(len(mistakes), "mistake"))
		return errTold
	}
	n, sections := count(articles)
	fmt.Fprintf(p.out, "%s, %s: no mistakes, %s\n", countOf(n, "article"), countOf(sections, "section"),
		countOf(len(warnings), "warning"))
	return nil
}

// overdue returns a line for each article whose day of review has passed.
func overdue(articles []*knowledge.Article, now time.Time) []string {
	var out []string
	for _, a := range articles {
		if !a.ReviewBy.IsZero() && !now.Before(a.ReviewBy.AddDate(0, 0, 1)) {
			out = append(out, fmt.Sprintf("%s: review_by was %s: check the facts, then set reviewed and review_by",
				a.File, a.ReviewBy.Format(time.DateOnly)))
		}
	}
	return out
}
