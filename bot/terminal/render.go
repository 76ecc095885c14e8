package terminal

import (
	"fmt"
	"strconv"
	"strings"

	"docent/bot"
	"docent/internal/markup"
)

// A Style says how text is shown.
type Style struct {
	Width int  // columns to wrap at; 0: lines are not wrapped
	Color bool // ANSI colours and weights
	Links bool // print the address after a link's text
}

// Render prints a Reply: its text, its small print and its numbered choices. It always ends with a line break.
func Render(r bot.Reply, s Style) string {
	parts := []string{s.doc(r.Body, "")}
	if len(r.Footer) > 0 {
		parts = append(parts, s.doc(r.Footer, dim))
	}
	if len(r.Choices) > 0 {
		parts = append(parts, s.choices(r.Choices))
	}
	var filled []string
	for _, p := range parts {
		if p != "" {
			filled = append(filled, p)
		}
	}
	return strings.Join(filled, "\n\n") + "\n"
}

// The ANSI sequences that a colour terminal gets.
const (
	reset     = "\x1b[0m"
	bold      = "\x1b[1m"
	dim       = "\x1b[2m"
	italic    = "\x1b[3m"
	underline = "\x1b[4m"
	strike    = "\x1b[9m"
	cyan      = "\x1b[36m"
)

// doc prints blocks with an empty line between them; entries of one list stay together.
func (s Style) doc(d markup.Doc, base string) string {
	var b strings.Builder
	for i, block := range d {
		if i > 0 {
			b.WriteString("\n")
			if block.Kind != markup.Item || d[i-1].Kind != markup.Item {
				b.WriteString("\n")
			}
		}
		b.WriteString(s.block(block, base))
	}
	return b.String()
}

func (s Style) block(block markup.Block, base string) string {
	first, rest := margins(block)
	if block.Kind == markup.Heading {
		base += bold
	}
	if block.Kind == markup.Code {
		return indent(s.spans(block.Spans, base), first)
	}
	return wrap(s.spans(block.Spans, base), first, rest, s.Width)
}

// margins returns what stands before the first line of a block and before its other lines.
func margins(block markup.Block) (first, rest string) {
	switch block.Kind {
	case markup.Item:
		mark := "• "
		if block.Number > 0 {
			mark = strconv.Itoa(block.Number) + ". "
		}
		nest := strings.Repeat("  ", block.Level)
		return nest + mark, nest + strings.Repeat(" ", columns(mark))
	case markup.Quote:
		return "│ ", "│ "
	case markup.Code:
		return "    ", "    "
	}
	return "", ""
}

// spans joins styled text.
func (s Style) spans(spans []markup.Span, base string) string {
	var b strings.Builder
	for _, sp := range spans {
		text := Clean(sp.Text)
		if s.Links && sp.URL != "" && sp.URL != sp.Text {
			text += " (" + Clean(sp.URL) + ")"
		}
		b.WriteString(s.paint(text, base+codes(sp)))
	}
	return b.String()
}

func codes(sp markup.Span) string {
	var c string
	for _, p := range []struct {
		style markup.Style
		code  string
	}{{markup.Bold, bold}, {markup.Italic, italic}, {markup.Mono, cyan}, {markup.Strike, strike}} {
		if sp.Style&p.style != 0 {
			c += p.code
		}
	}
	if sp.URL != "" {
		c += underline
	}
	return c
}

// paint puts codes round each word, so that a line may break at any space and margins stay plain.
func (s Style) paint(text, codes string) string {
	if !s.Color || codes == "" {
		return text
	}
	var b strings.Builder
	for len(text) > 0 {
		n := strings.IndexAny(text, " \n")
		if n < 0 {
			n = len(text)
		}
		if n > 0 {
			b.WriteString(codes + text[:n] + reset)
		}
		if n < len(text) {
			b.WriteByte(text[n])
			n++
		}
		text = text[n:]
	}
	return b.String()
}

// choices prints one numbered line a choice. A link shows its address and has no number.
func (s Style) choices(list []bot.Choice) string {
	var lines []string
	pressable := Pressable(list)
	digits := len(strconv.Itoa(len(pressable)))
	n := 0
	for _, c := range list {
		if c.Value == "" {
			lines = append(lines, wrap(Clean(c.Label)+": "+Clean(c.URL), "", "  ", s.Width))
			continue
		}
		n++
		mark := fmt.Sprintf("%*d) ", digits, n)
		lines = append(lines, wrap(s.paint(Clean(c.Label), cyan), mark, strings.Repeat(" ", len(mark)), s.Width))
	}
	return strings.Join(lines, "\n")
}

// Pressable returns the choices that have a number, in order: those that are no links.
func Pressable(list []bot.Choice) []bot.Choice {
	var out []bot.Choice
	for _, c := range list {
		if c.Value != "" {
			out = append(out, c)
		}
	}
	return out
}
