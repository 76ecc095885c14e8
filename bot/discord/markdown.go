package discord

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"docent/internal/markup"
)

// writer writes Discord's Markdown.
type writer struct {
	strings.Builder
	touching bool // the last thing written was a closing mark
}

// markdown returns a Doc in Discord's Markdown. Blocks stand apart by an empty line, entries of one list by a line break.
func markdown(d markup.Doc) string {
	var w writer
	for i, b := range d {
		if i > 0 {
			w.WriteString("\n")
			if b.Kind != markup.Item || d[i-1].Kind != markup.Item {
				w.WriteString("\n")
			}
		}
		w.block(b)
	}
	return w.String()
}

func (w *writer) block(b markup.Block) {
	w.touching = false
	switch b.Kind {
	case markup.Heading:
		for i := range b.Spans {
			b = withStyle(b, i, markup.Bold)
		}
		w.spans(b.Spans)
	case markup.Item:
		w.WriteString(strings.Repeat("  ", min(b.Level, 10)))
		if b.Number > 0 {
			w.WriteString(strconv.Itoa(b.Number) + ". ")
		} else {
			w.WriteString("- ")
		}
		w.spans(b.Spans)
	case markup.Quote:
		var in writer
		in.spans(b.Spans)
		w.WriteString("> " + strings.ReplaceAll(in.String(), "\n", "\n> "))
	case markup.Code:
		w.WriteString("```\n" + strings.ReplaceAll(b.Plain(), "```", "`\u200b``") + "\n```")
	default:
		w.spans(b.Spans)
	}
}

// withStyle returns a copy of b whose span i has one more style.
func withStyle(b markup.Block, i int, s markup.Style) markup.Block {
	spans := append([]markup.Span(nil), b.Spans...)
	spans[i].Style |= s
	b.Spans = spans
	return b
}

func (w *writer) spans(spans []markup.Span) {
	for i, s := range spans {
		w.span(s, i == 0)
	}
}

// span writes one run of text. Marks touch the text and never the spaces round it.
func (w *writer) span(s markup.Span, first bool) {
	core := strings.TrimSpace(s.Text)
	if core == "" {
		w.WriteString(s.Text)
		w.touching = false
		return
	}
	at := strings.Index(s.Text, core)
	before, after := s.Text[:at], s.Text[at+len(core):]
	w.WriteString(before)
	text := escape(core, first && before == "" || strings.HasSuffix(before, "\n"))
	open, end := marks(s, core)
	if s.Style&markup.Mono != 0 && open != "" && !strings.Contains(core, "`") {
		text = core
	}
	if address := webAddress(s.URL); address != "" && address == core {
		text = "<" + address + ">" // Discord makes no link of an address that stands for itself in another form
	} else if address != "" {
		text = "[" + text + "](<" + address + ">)"
	}
	if w.touching && before == "" && open != "" {
		w.WriteString("\u200b") // else two marks would read as one
	}
	w.WriteString(open + text + end + after)
	w.touching = end != "" && after == ""
}

// marks returns what stands before and after a styled text.
func marks(s markup.Span, core string) (open, end string) {
	if s.Style&markup.Mono != 0 && !strings.Contains(core, "`") && s.URL == "" {
		return "`", "`"
	}
	for _, m := range []struct {
		style markup.Style
		mark  string
	}{{markup.Bold, "**"}, {markup.Italic, "*"}, {markup.Strike, "~~"}} {
		if s.Style&m.style != 0 {
			open, end = open+m.mark, m.mark+end
		}
	}
	return open, end
}

// special are the marks that count anywhere in a line.
const special = "\\*_~|`[]<>@"

// escape returns text that Discord shows as it is. atStart says that the text begins a line, where more marks count.
func escape(text string, atStart bool) string {
	var b strings.Builder
	b.Grow(len(text) + 16)
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch {
		case c == '\r':
			continue
		case strings.IndexByte(special, c) >= 0, c == ':' && strings.HasPrefix(text[i:], "://"), atStart && strings.IndexByte("#-+", c) >= 0:
			b.WriteByte('\\')
		case atStart && c >= '0' && c <= '9':
			n := digits(text[i:])
			b.WriteString(text[i : i+n])
			if i += n; i == len(text) {
				return b.String()
			}
			if text[i] == '.' {
				b.WriteByte('\\')
			}
			i--
			atStart = false
			continue
		}
		b.WriteByte(c)
		atStart = c == '\n' || atStart && (c == ' ' || c == '\t')
	}
	return b.String()
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// linkMarks are the characters that would end a link.
var linkMarks = strings.NewReplacer("(", "%28", ")", "%29", "<", "%3C", ">", "%3E", " ", "%20", `\`, "%5C", "\n", "", "\"", "%22")

// webAddress returns an address that can stand in a link, or "".
func webAddress(raw string) string {
	if len(raw) > maxURL {
		return "" // it would leave no room for text
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return ""
	}
	return linkMarks.Replace(u.String())
}

// addresses finds web addresses in running text.
var addresses = regexp.MustCompile(`https?://[^\s<>"]*[^\s<>".,;:!?)\]]`)

// linked returns a Doc whose web addresses can be pressed. It is for the bot's own words only: elsewhere an address may be
// what somebody wrote.
func linked(d markup.Doc) markup.Doc {
	out := slices.Clone(d)
	for i, b := range out {
		var spans []markup.Span
		for _, s := range b.Spans {
			at := 0
			for _, m := range addresses.FindAllStringIndex(s.Text, -1) {
				if s.URL != "" {
					break
				}
				spans = append(spans, markup.Span{Text: s.Text[at:m[0]], Style: s.Style},
					markup.Span{Text: s.Text[m[0]:m[1]], Style: s.Style, URL: s.Text[m[0]:m[1]]})
				at = m[1]
			}
			s.Text = s.Text[at:]
			spans = append(spans, s)
		}
		out[i].Spans = spans
	}
	return out
}

// small returns a Doc as small print: every line by itself.
func small(d markup.Doc) string {
	text := markdown(d)
	if text == "" {
		return ""
	}
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if strings.TrimSpace(l) != "" {
			lines = append(lines, "-# "+l)
		}
	}
	return strings.Join(lines, "\n")
}

// size is the length that counts against Discord's limits, on the safe side: UTF-16 code units.
func size(s string) int {
	n := 0
	for _, r := range s {
		n += max(utf16.RuneLen(r), 1)
	}
	return n
}
