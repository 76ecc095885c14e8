package markup

import (
	"bytes"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/text/unicode/norm"
)

// A Chunk is a heading of level 1 or 2 with what follows it, up to the next such heading.
type Chunk struct {
	Level   int    // 1 or 2; 0 for the text before the first heading
	Heading string // without styles and without {#id}
	ID      string // from {#id}, else the heading's slug
	Body    Doc    // deeper headings stay in it
	Line    int    // line of the heading, from 1
	EndLine int    // last line that is not blank
}

// ParseSections reads Markdown as Parse does and cuts it at its headings of level 1 and 2.
func ParseSections(src []byte) []Chunk {
	clean := cleanSource(src)
	lines := newLineIndex(clean)
	var out []Chunk
	p := blockParser{src: clean}
	flush := func(end int) {
		if len(out) == 0 && len(p.doc) > 0 {
			out = append(out, Chunk{Line: lines.firstText()})
		}
		if len(out) > 0 {
			last := &out[len(out)-1]
			last.Body = p.doc
			last.EndLine = max(last.Line, lines.lastText(end))
		}
		p.doc = nil
	}
	for n := parseTree(clean).FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		if !ok || h.Level > 2 {
			p.block(n, context{})
			continue
		}
		line := lines.of(headingPos(h))
		flush(line - 1)
		out = append(out, chunkOf(h, clean, line))
	}
	flush(lines.count())
	return out
}

func chunkOf(h *ast.Heading, src []byte, line int) Chunk {
	spans := spansOf(h, src)
	text := strings.TrimSpace(plainOf(spans))
	c := Chunk{Level: h.Level, Heading: text, Line: line}
	if m := headingID.FindStringSubmatch(text); m != nil {
		c.Heading, c.ID = strings.TrimSpace(text[:len(text)-len(m[0])]), m[1]
		return c
	}
	c.ID = Slug(text)
	return c
}

// headingPos returns an offset on the heading's own line.
func headingPos(h *ast.Heading) int {
	if h.Lines() != nil && h.Lines().Len() > 0 {
		return h.Lines().At(0).Start
	}
	return max(h.Pos(), 0)
}

// headingID is the id that ends a heading: {#pain-management}.
var headingID = regexp.MustCompile(`\s*\{#([^{}\n]*)\}$`)

// withoutID drops a trailing {#id} from a heading.
func withoutID(spans []Span) []Span {
	spans = trim(spans)
	if len(spans) > 0 {
		last := &spans[len(spans)-1]
		last.Text = headingID.ReplaceAllString(last.Text, "")
	}
	return spans
}

// Slug makes an id of a heading: lower-case letters and digits without accents, other runs as one "-".
func Slug(heading string) string {
	var b strings.Builder
	gap := false
	for _, r := range norm.NFKD.String(strings.ToLower(heading)) {
		switch {
		case unicode.Is(unicode.Mn, r) || r == '\'' || r == '’':
		case r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			if gap && b.Len() > 0 {
				b.WriteByte('-')
			}
			gap = false
			b.WriteRune(r)
		default:
			gap = true
		}
	}
	s := b.String()
	if len(s) > maxSlug {
		s = strings.TrimRight(s[:maxSlug], "-")
	}
	return s
}

// maxSlug is the greatest length of an id that Slug makes.
const maxSlug = 48

// A lineIndex turns offsets into line numbers.
type lineIndex struct {
	starts []int // offset of each line
	text   []int // numbers of the lines that are not blank, from 1
}

func newLineIndex(src []byte) lineIndex {
	var x lineIndex
	for at := 0; at <= len(src); {
		x.starts = append(x.starts, at)
		end := bytes.IndexByte(src[at:], '\n')
		if end < 0 {
			end = len(src) - at
		}
		if len(bytes.TrimSpace(src[at:at+end])) > 0 {
			x.text = append(x.text, len(x.starts))
		}
		at += end + 1
	}
	return x
}

func (x lineIndex) count() int { return len(x.starts) }

// of returns the line, from 1, that holds offset at.
func (x lineIndex) of(at int) int {
	i, found := slices.BinarySearch(x.starts, at)
	if found {
		i++
	}
	return i
}

func (x lineIndex) firstText() int {
	if len(x.text) == 0 {
		return 1
	}
	return x.text[0]
}

// lastText returns the last line up to end that is not blank, or 0.
func (x lineIndex) lastText(end int) int {
	i, found := slices.BinarySearch(x.text, end)
	if found {
		return end
	}
	if i == 0 {
		return 0
	}
	return x.text[i-1]
}
