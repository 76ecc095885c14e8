// Package markup is the small Markdown that articles and replies are written in: blocks of styled text that every
// platform can show. It parses, prints as plain text and splits long text; it knows nothing of any platform.
package markup

// A Doc is text in reading order.
type Doc []Block

// Kind says what a Block is.
type Kind uint8

// The kinds of block.
const (
	Paragraph Kind = iota
	Heading
	Item  // one entry of a list
	Quote // quoted text
	Code  // preformatted text, in one Span
)

// A Block is one paragraph, heading, list entry, quotation or piece of preformatted text.
type Block struct {
	Kind   Kind
	Level  int // Heading: 1 to 6; Item: nesting depth from 0
	Number int // Item of an ordered list: its number; 0 for a bullet
	Spans  []Span
}

// Style is a set of text styles.
type Style uint8

// The styles of a Span.
const (
	Bold Style = 1 << iota
	Italic
	Mono
	Strike
)

// A Span is a run of text in one style. A hard line break is "\n" in Text.
type Span struct {
	Text  string
	Style Style
	URL   string // the address that the text links to, if any
}

// Text returns a Span of plain text.
func Text(s string) Span { return Span{Text: s} }

// Para returns a paragraph of the given spans.
func Para(spans ...Span) Block { return Block{Kind: Paragraph, Spans: spans} }
