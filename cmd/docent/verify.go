package main

import (
	"fmt"

	"github.com/spf13/cobra"

	"docent/bot"
	"docent/knowledge"
)

func (p *program) verifyCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "verify FINGERPRINT",
		Short: "Say which lines of which article an answer came from",
		Args:  exactly(1),
		RunE: func(_ *cobra.Command, args []string) error {
			c, err := p.loadConfig()
			if err != nil {
				return err
			}
			articles, err := knowledge.LoadLibraries(libraries(c.Articles))
			if err != nil {
				return fmt.Errorf("read the articles: %w", err)
			}
			from, ok := bot.Verify(articles, args[0])
			if !ok {
				return fmt.Errorf("no section of the present articles has this fingerprint: copy the 10 characters from the end of an answer")
			}
			fmt.Fprintf(p.out, "section  %s\nfile     %s, lines %d to %d\nversion  %s\n", from.Ref, from.File, from.Line, from.EndLine, from.Version)
			if from.Changed {
				fmt.Fprintln(p.out, "The answer showed an earlier text of this section: the article has changed since.")
			}
			if from.Withdrawn != "" {
				fmt.Fprintf(p.out, "The section was withdrawn and is no longer shown: %s\n", from.Withdrawn)
			}
			return nil
		},
	}
}
