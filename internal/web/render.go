package web

import (
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"

	"docent/internal/markup"
)

// docHTML prints a Doc as HTML. Headings start at level 3, below those of the page. Everything is escaped.
func docHTML(d markup.Doc) template.HTML {
	var b strings.Builder
	for i := 0; i < len(d); {
		if d[i].Kind == markup.Item {
			n := 1
			for i+n < len(d) && d[i+n].Kind == markup.Item {
				n++
			}
			listHTML(&b, d[i:i+n])
			i += n
			continue
		}
		blockHTML(&b, d[i])
		i++
	}
	return template.HTML(b.String())
}

func blockHTML(b *strings.Builder, block markup.Block) {
	tag := "p"
	switch block.Kind {
	case markup.Heading:
		tag = "h" + strconv.Itoa(min(max(block.Level+2, 3), 6))
	case markup.Quote:
		tag = "blockquote"
	case markup.Code:
		tag = "pre"
	}
	b.WriteString("<" + tag + ">")
	spansHTML(b, block.Spans)
	b.WriteString("</" + tag + ">\n")
}

// listHTML prints entries that follow each other as one flat list; their depth is a class, and each keeps its number.
func listHTML(b *strings.Builder, items markup.Doc) {
	b.WriteString("<ul>\n")
	for _, it := range items {
		mark := "•"
		if it.Number > 0 {
			mark = strconv.Itoa(it.Number) + "."
		}
		b.WriteString(`<li class="depth` + strconv.Itoa(min(max(it.Level, 0), 3)) + `"><span class="mark">` + mark + "</span> <span>")
		spansHTML(b, it.Spans)
		b.WriteString("</span></li>\n")
	}
	b.WriteString("</ul>\n")
}

func spansHTML(b *strings.Builder, spans []markup.Span) {
	for _, s := range spans {
		var closing []string
		open := func(tag, attributes string) {
			b.WriteString("<" + tag + attributes + ">")
			closing = append(closing, "</"+tag+">")
		}
		if safeURL(s.URL) {
			open("a", ` href="`+html.EscapeString(s.URL)+`" rel="noopener noreferrer" target="_blank"`)
		}
		for _, st := range []struct {
			style markup.Style
			tag   string
		}{{markup.Bold, "strong"}, {markup.Italic, "em"}, {markup.Strike, "s"}, {markup.Mono, "code"}} {
			if s.Style&st.style != 0 {
				open(st.tag, "")
			}
		}
		b.WriteString(strings.ReplaceAll(html.EscapeString(s.Text), "\n", "<br>"))
		for i := len(closing) - 1; i >= 0; i-- {
			b.WriteString(closing[i])
		}
	}
}

// safeURL reports whether a link may be followed from the page.
func safeURL(s string) bool {
	u, err := url.Parse(s)
	return err == nil && (u.Scheme == "https" || u.Scheme == "http" || u.Scheme == "mailto" || u.Scheme == "tel")
}
