package markup

import (
	"strings"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	east "github.com/yuin/goldmark/extension/ast"
	"github.com/yuin/goldmark/text"
)

// Parse reads Markdown (CommonMark with tables, strikethrough and bare links). Tables become one line a row, images
// become their alternative text, HTML tags are dropped and only http and https addresses are kept. Any bytes are
// accepted: bad UTF-8 and NUL become U+FFFD.
func Parse(src []byte) Doc {
	clean := cleanSource(src)
	p := blockParser{src: clean}
	p.children(parseTree(clean), context{})
	return p.doc
}

func parseTree(clean []byte) ast.Node {
	md := goldmark.New(goldmark.WithExtensions(extension.Table, extension.Strikethrough, extension.Linkify))
	return md.Parser().Parse(text.NewReader(clean))
}

// cleanSource makes src valid UTF-8 with "\n" line ends, without moving any line.
func cleanSource(src []byte) []byte {
	s := strings.TrimPrefix(string(src), "\ufeff")
	s = strings.ToValidUTF8(s, "\ufffd")
	s = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\x00", "\ufffd").Replace(s)
	return []byte(flatten(s))
}

// context says what a block is inside of.
type context struct {
	quote bool
	depth int    // lists around the block
	item  *Block // the list entry whose first text is still to come
}

type blockParser struct {
	src []byte
	doc Doc
}

func (p *blockParser) children(n ast.Node, c context) {
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		before := len(p.doc)
		p.block(k, c)
		if len(p.doc) > before {
			c.item = nil // only the first block of an entry carries its mark
		}
	}
}

func (p *blockParser) block(n ast.Node, c context) {
	switch n := n.(type) {
	case *ast.Heading:
		p.add(Block{Kind: Heading, Level: n.Level, Spans: withoutID(spansOf(n, p.src))}, c)
	case *ast.Paragraph, *ast.TextBlock:
		p.add(Block{Spans: spansOf(n, p.src)}, c)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		code := strings.Trim(string(n.Lines().Value(p.src)), "\n")
		if strings.TrimSpace(code) != "" {
			p.doc = append(p.doc, Block{Kind: Code, Spans: []Span{{Text: code}}})
		}
	case *ast.HTMLBlock:
		if n.HTMLBlockType != ast.HTMLBlockType1 { // 1 is script, style, pre, textarea
			p.add(Block{Spans: []Span{{Text: htmlText(htmlSource(n, p.src))}}}, c)
		}
	case *ast.Blockquote:
		c.quote = true
		p.children(n, c)
	case *ast.List:
		p.list(n, c)
	case *east.Table:
		p.table(n, c)
	}
}

func (p *blockParser) list(n *ast.List, c context) {
	number := n.Start
	for k := n.FirstChild(); k != nil; k = k.NextSibling() {
		item := Block{Kind: Item, Level: c.depth}
		if n.IsOrdered() {
			item.Number = max(number, 1)
			number = item.Number + 1
		}
		p.children(k, context{quote: c.quote, depth: c.depth + 1, item: &item})
	}
}

// add appends b unless it is empty, in the kind that its surroundings give it.
func (p *blockParser) add(b Block, c context) {
	b.Spans = trim(b.Spans)
	if len(b.Spans) == 0 {
		return
	}
	switch {
	case b.Kind == Heading:
	case c.item != nil:
		b.Kind, b.Level, b.Number = Item, c.item.Level, c.item.Number
	case c.quote:
		b.Kind = Quote
	}
	p.doc = append(p.doc, b)
}

// table writes each row as a list entry, "Head: cell; Head: cell".
func (p *blockParser) table(n *east.Table, c context) {
	var heads []string
	rows := 0
	for r := n.FirstChild(); r != nil; r = r.NextSibling() {
		if _, ok := r.(*east.TableHeader); ok {
			for cell := r.FirstChild(); cell != nil; cell = cell.NextSibling() {
				heads = append(heads, plainOf(spansOf(cell, p.src)))
			}
			continue
		}
		rows++
		item := Block{Kind: Item, Level: c.depth}
		p.add(Block{Spans: p.row(r, heads)}, context{quote: c.quote, depth: c.depth, item: &item})
	}
	if rows == 0 {
		p.add(Para(Text(strings.Join(heads, "; "))), c)
	}
}

func (p *blockParser) row(r ast.Node, heads []string) []Span {
	var spans []Span
	i := -1
	for cell := r.FirstChild(); cell != nil; cell = cell.NextSibling() {
		i++
		in := trim(spansOf(cell, p.src))
		if len(in) == 0 {
			continue
		}
		if len(spans) > 0 {
			spans = append(spans, Text("; "))
		}
		if i < len(heads) && heads[i] != "" {
			spans = append(spans, Text(heads[i]+": "))
		}
		spans = append(spans, in...)
	}
	return merge(spans)
}
