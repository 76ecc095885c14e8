package telegram

import (
	"strconv"
	"strings"
	"unicode/utf16"

	"docent/bot"
	"docent/internal/markup"
)

// Limits of a message: visible text in UTF-16 units, and the text with its tags in bytes.
const (
	maxUnits = 4096
	maxBytes = 32 << 10
)

// A part is one message of a reply.
type part struct {
	html  string
	plain string // what is sent where Telegram refuses the tags
	rows  [][]button
}

// render turns a reply into messages. The buttons are under the last.
func render(r bot.Reply) []part {
	doc := append(append(markup.Doc{}, r.Body...), small(r.Footer)...)
	pieces := doc.Split(maxUnits, units)
	var out []part
	for _, d := range pieces {
		html := docHTML(d)
		if len(html) > maxBytes {
			for _, half := range d.Split(maxUnits/4, units) {
				out = append(out, part{html: docHTML(half), plain: docPlain(half)})
			}
			continue
		}
		out = append(out, part{html: html, plain: docPlain(d)})
	}
	out = visible(out)
	if len(out) == 0 {
		out = []part{{html: "…", plain: "…"}}
	}
	out[len(out)-1].rows = layout(r.Choices)
	return out
}

// visible drops the parts that show nothing, which Telegram refuses.
func visible(parts []part) []part {
	var out []part
	for _, p := range parts {
		if strings.TrimSpace(p.plain) != "" {
			out = append(out, p)
		}
	}
	return out
}

// small sets small print in italics.
func small(d markup.Doc) markup.Doc {
	out := make(markup.Doc, len(d))
	for i, b := range d {
		spans := make([]markup.Span, len(b.Spans))
		for k, s := range b.Spans {
			s.Style |= markup.Italic
			spans[k] = s
		}
		b.Spans, out[i] = spans, b
	}
	return out
}

// units measures a Doc as Telegram does: what is seen of it, in UTF-16 units. It is at least what docPlain gives.
func units(d markup.Doc) int {
	n := 0
	for i, b := range d {
		if i > 0 {
			n += 2
		}
		if b.Kind == markup.Item {
			n += len(mark(b))
		}
		for _, s := range b.Spans {
			for _, r := range s.Text {
				n += max(utf16.RuneLen(r), 1)
			}
		}
	}
	return n
}

// mark is what stands before an entry of a list.
func mark(b markup.Block) string {
	indent := strings.Repeat("   ", min(max(b.Level, 0), 8))
	if b.Number > 0 {
		return indent + strconv.Itoa(b.Number) + ". "
	}
	return indent + "• "
}

// docPlain returns what people see, without tags.
func docPlain(d markup.Doc) string {
	return join(d, func(b markup.Block) string {
		var s strings.Builder
		for _, span := range b.Spans {
			s.WriteString(clean(span.Text))
		}
		return s.String()
	})
}

// docHTML returns a Doc in Telegram's HTML.
func docHTML(d markup.Doc) string { return join(d, blockHTML) }

// join puts blocks under each other: an empty line between them, none between the entries of a list.
func join(d markup.Doc, show func(markup.Block) string) string {
	var out strings.Builder
	for i, b := range d {
		switch {
		case i == 0:
		case b.Kind == markup.Item && d[i-1].Kind == markup.Item:
			out.WriteByte('\n')
		default:
			out.WriteString("\n\n")
		}
		if b.Kind == markup.Item {
			out.WriteString(mark(b))
		}
		out.WriteString(show(b))
	}
	return out.String()
}

func blockHTML(b markup.Block) string {
	var s strings.Builder
	for _, span := range b.Spans {
		switch b.Kind {
		case markup.Code:
			s.WriteString(escape(span.Text))
		case markup.Heading:
			span.Style |= markup.Bold
			fallthrough
		default:
			s.WriteString(spanHTML(span))
		}
	}
	switch {
	case s.Len() == 0:
		return ""
	case b.Kind == markup.Code:
		return "<pre>" + s.String() + "</pre>"
	case b.Kind == markup.Quote:
		return "<blockquote>" + s.String() + "</blockquote>"
	}
	return s.String()
}

// spanHTML sets the styles of a span. Nothing nests in code, so there a link wins over code and code over the rest.
func spanHTML(s markup.Span) string {
	text := escape(s.Text)
	if text == "" {
		return ""
	}
	if s.Style&markup.Mono != 0 && s.URL == "" {
		return "<code>" + text + "</code>"
	}
	for _, tag := range []struct {
		style markup.Style
		name  string
	}{{markup.Strike, "s"}, {markup.Italic, "i"}, {markup.Bold, "b"}} {
		if s.Style&tag.style != 0 {
			text = "<" + tag.name + ">" + text + "</" + tag.name + ">"
		}
	}
	if s.URL != "" {
		text = `<a href="` + strings.ReplaceAll(escape(s.URL), `"`, "&quot;") + `">` + text + "</a>"
	}
	return text
}

// escape makes text safe within HTML.
func escape(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;").Replace(clean(s))
}

// clean makes text valid UTF-8 without the control characters that Telegram drops.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "�"))
}
