package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"docent/bot/terminal"
)

func (p *program) topicsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "topics",
		Short: "List what the articles cover",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			_, b, err := p.open()
			if err != nil {
				return err
			}
			var out strings.Builder
			article := ""
			for _, t := range b.Topics() {
				if t.Ref.Article != article {
					if article != "" {
						out.WriteByte('\n')
					}
					article = t.Ref.Article
					fmt.Fprintf(&out, "%s (%s)\n", terminal.Clean(t.Article), article)
				}
				fmt.Fprintf(&out, "  %-31s %s\n", t.Ref.Section, terminal.Clean(t.Title))
			}
			_, err = io.WriteString(p.out, out.String())
			return err
		},
	}
}
