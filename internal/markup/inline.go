package markup

import (
	"bufio"
	"bytes"
	"html"
	"net/url"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	east "github.com/yuin/goldmark/extension/ast"
	ghtml "github.com/yuin/goldmark/renderer/html"
)

// spansOf returns the text of an inline container.
func spansOf(n ast.Node, src []byte) []Span {
	p := inlineParser{src: src}
	p.children(n, Span{})
	return merge(p.spans)
}

type inlineParser struct {
	src   []byte
	spans []Span
}

func (p *inlineParser) children(n ast.Node, look Span) {
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		p.inline(k, look)
	}
}

// inline appends the text of n in the style and with the address of look.
func (p *inlineParser) inline(n ast.Node, look Span) {
	switch n := n.(type) {
	case *ast.Text:
		p.text(n, look)
	case *ast.String:
		p.put(string(n.Value), look)
	case *ast.Emphasis:
		if n.Level > 1 {
			look.Style |= Bold
		} else {
			look.Style |= Italic
		}
		p.children(n, look)
	case *east.Strikethrough:
		look.Style |= Strike
		p.children(n, look)
	case *ast.CodeSpan:
		look.Style |= Mono
		p.children(n, look)
	case *ast.Link:
		look.URL = webURL(string(n.Destination))
		p.children(n, look)
	case *ast.AutoLink:
		look.URL = webURL(string(n.URL(p.src)))
		p.put(string(n.Label(p.src)), look)
	case *ast.Image:
		p.children(n, look)
	case *ast.RawHTML:
		if isBreak(string(n.Segments.Value(p.src))) {
			p.put("\n", look)
		}
	default:
		p.children(n, look)
	}
}

func (p *inlineParser) text(n *ast.Text, look Span) {
	value := string(n.Value(p.src))
	if !n.IsRaw() && look.Style&Mono == 0 {
		value = unescape(value)
	}
	if look.Style&Mono != 0 {
		value = strings.ReplaceAll(value, "\n", " ")
	}
	p.put(value, look)
	switch {
	case n.HardLineBreak():
		p.put("\n", look)
	case n.SoftLineBreak():
		p.put(" ", look)
	}
}

func (p *inlineParser) put(s string, look Span) {
	look.Text = s
	p.spans = append(p.spans, look)
}

// unescape reads backslash escapes and entities as Markdown means them: it lets goldmark write HTML and reads that back.
func unescape(s string) string {
	if !strings.ContainsAny(s, `\&`) {
		return s
	}
	var b bytes.Buffer
	w := bufio.NewWriter(&b)
	ghtml.DefaultWriter.Write(w, []byte(s))
	w.Flush() // a bytes.Buffer does not fail
	return strings.ToValidUTF8(html.UnescapeString(b.String()), "\ufffd")
}

// webURL returns raw when it is an address that people may be sent to, else "".
func webURL(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	return u.String()
}

func isBreak(tag string) bool {
	tag = strings.ToLower(strings.Trim(tag, "<>/ \t\n"))
	return tag == "br"
}

// merge joins neighbours of one look and drops empty spans.
func merge(in []Span) []Span {
	var out []Span
	for i := 0; i < len(in); {
		j := i + 1
		for j < len(in) && in[j].Style == in[i].Style && in[j].URL == in[i].URL {
			j++
		}
		if s := plainOf(in[i:j]); s != "" {
			out = append(out, Span{Text: s, Style: in[i].Style, URL: in[i].URL})
		}
		i = j
	}
	return out
}

// trim drops white space at both ends.
func trim(in []Span) []Span { return trimEnd(trimStart(slices.Clone(in))) }

// trimStart drops white space at the beginning. It writes to in.
func trimStart(in []Span) []Span {
	for len(in) > 0 {
		in[0].Text = strings.TrimLeftFunc(in[0].Text, unicode.IsSpace)
		if in[0].Text != "" {
			break
		}
		in = in[1:]
	}
	return in
}

// trimEnd drops white space at the end. It writes to in.
func trimEnd(in []Span) []Span {
	for len(in) > 0 {
		last := &in[len(in)-1]
		last.Text = strings.TrimRightFunc(last.Text, unicode.IsSpace)
		if last.Text != "" {
			break
		}
		in = in[:len(in)-1]
	}
	return in
}

func plainOf(spans []Span) string { return Block{Spans: spans}.Plain() }
