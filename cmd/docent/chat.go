package main

import (
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"docent/bot/terminal"
)

func (p *program) chatCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "chat",
		Short: "Ask questions in this terminal",
		Long:  "Ask questions in this terminal. Type a number to press a choice, Tab to complete a topic, /quit to leave.",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, b, err := p.open()
			if err != nil {
				return err
			}
			color := p.colors(p.out)
			chat := &terminal.Chat{
				Handler: b,
				Catalog: b,
				In:      p.in,
				Out:     p.out,
				Style:   terminal.Style{Color: color, Links: true, Width: p.width()},
				Locale:  p.locale(),
				Region:  c.Bot.Region,
				Log:     b.Log,
			}
			return chat.Run(cmd.Context())
		},
	}
}

// width returns the columns of the terminal, or 0 when there is none: then lines are not wrapped.
func (p *program) width() int {
	if !isTerminal(p.out) {
		return 0
	}
	if f, ok := p.out.(interface{ Fd() uintptr }); ok {
		if w, _, err := term.GetSize(int(f.Fd())); err == nil && w > 0 {
			return w
		}
	}
	return terminal.DefaultWidth
}

// locale returns the language of the person at the terminal, from LC_ALL, LC_MESSAGES or LANG, or "" when they say none.
func (p *program) locale() string {
	for _, name := range []string{"LC_ALL", "LC_MESSAGES", "LANG"} {
		v, _ := p.lookup(name)
		v, _, _ = strings.Cut(v, ".")
		if v == "" {
			continue
		}
		if v == "C" || v == "POSIX" {
			return ""
		}
		return strings.ReplaceAll(v, "_", "-")
	}
	return ""
}
