package markup

import (
	"html"
	"strings"

	"github.com/yuin/goldmark/ast"
)

func htmlSource(n *ast.HTMLBlock, src []byte) string {
	s := string(n.Lines().Value(src))
	if n.HasClosure() {
		s += string(n.ClosureLine.Value(src))
	}
	return s
}

// htmlText returns the text between the tags of s on one line. Comments and declarations are dropped whole.
func htmlText(s string) string {
	var b strings.Builder
	for s != "" {
		before, rest, found := strings.Cut(s, "<")
		b.WriteString(before)
		if !found {
			break
		}
		end := ">"
		if strings.HasPrefix(rest, "!--") {
			end = "-->"
		}
		_, s, _ = strings.Cut(rest, end)
		b.WriteByte(' ')
	}
	text := strings.ToValidUTF8(html.UnescapeString(b.String()), "\ufffd")
	return strings.Join(strings.Fields(text), " ")
}
