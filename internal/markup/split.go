package markup

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/clipperhouse/uax29/v2/graphemes"
)

// Split cuts d into pieces of at most limit, as size measures them; a longer Doc must not be smaller. It cuts, in this
// order of preference, between blocks, after a line, after a sentence, between words and between graphemes, and leaves
// out the white space at the cut. Both sides keep their styles and addresses, and a heading stays with what follows it.
// Inside a grapheme it cuts only where that alone is above the limit, and then between its runes; one rune above the
// limit is a piece of its own.
func (d Doc) Split(limit int, size func(Doc) int) []Doc {
	s := splitter{limit: limit, size: size}
	rest := slices.Clone(d)
	var out []Doc
	for {
		rest = s.skipBlank(rest)
		if len(rest) == 0 {
			return out
		}
		var piece Doc
		if piece, rest = s.piece(rest); len(piece) > 0 {
			out = append(out, piece)
		}
	}
}

type splitter struct {
	limit int
	size  func(Doc) int
}

func (s splitter) fits(d Doc) bool { return s.size(d) <= s.limit }

// skipBlank drops leading blocks that show nothing.
func (splitter) skipBlank(d Doc) Doc {
	for len(d) > 0 && blank(d[0].Spans) {
		d = d[1:]
	}
	return d
}

// piece takes the next piece off d.
func (s splitter) piece(d Doc) (piece, rest Doc) {
	n := 0
	for n < len(d) && s.mayFit(d[n]) && s.fits(d[:n+1:n+1]) {
		n++
	}
	if n == len(d) {
		return d, nil
	}
	whole := n
	for n > 0 && d[n-1].Kind == Heading {
		n--
	}
	if n > 0 {
		return d[:n:n], d[n:]
	}
	// What fits is headings or nothing: cut the block after them.
	head, tail := s.cutBlock(d[:whole:whole], d[whole])
	rest = d[whole:]
	rest[0] = tail
	if len(head.Spans) == 0 {
		return d[:whole:whole], rest
	}
	return append(d[:whole:whole], head), rest
}

// mayFit is a cheap test that rules out blocks which are very long, so that these are not measured whole for each piece.
func (s splitter) mayFit(b Block) bool {
	text, all := prefix(b.Spans, 8*min(max(s.limit, 32), 1<<20))
	return all || s.fits(Doc{headOf(b, len(text))})
}

// cutBlock cuts b so that its head fits behind the blocks of before. Where nothing fits, head is empty unless before is
// empty too: a piece always takes something.
func (s splitter) cutBlock(before Doc, b Block) (head, tail Block) {
	fits := func(n int) bool {
		return s.fits(append(before[:len(before):len(before)], headOf(b, n)))
	}
	text, best := s.reach(b, fits)
	switch {
	case best == 0 && len(before) > 0:
		return Block{}, b
	case best == 0:
		best = insideGrapheme(text, fits)
	default:
		if nice := niceCut(text, best); fits(nice) {
			best = nice
		}
	}
	return headOf(b, best), tailOf(b, best)
}

// reach returns the start of b's text and the longest run of whole graphemes at its beginning that fits.
func (s splitter) reach(b Block, fits func(int) bool) (text string, best int) {
	for window := 256; ; window *= 2 {
		text, all := prefix(b.Spans, window)
		ends := graphemeEnds(text)
		if !all && len(ends) > 0 {
			ends = ends[:len(ends)-1] // the last may go on behind the window
		}
		i, _ := slices.BinarySearchFunc(ends, 0, func(end, _ int) int {
			if fits(end) {
				return -1
			}
			return 1
		})
		if i == len(ends) && !all {
			continue
		}
		if i == 0 {
			return text, 0
		}
		return text, ends[i-1]
	}
}

func graphemeEnds(text string) []int {
	var ends []int
	for g := graphemes.FromString(text); g.Next(); {
		ends = append(ends, g.End())
	}
	return ends
}

// insideGrapheme returns how many bytes of text fit when its first grapheme does not: whole runes, at least one.
func insideGrapheme(text string, fits func(int) bool) int {
	_, n := utf8.DecodeRuneInString(text)
	for n < len(text) {
		_, next := utf8.DecodeRuneInString(text[n:])
		if !fits(n + next) {
			break
		}
		n += next
	}
	return n
}

// niceCut returns the best place for a cut in text at or before most. A place in the first quarter is too early.
func niceCut(text string, most int) int {
	early := most / 4
	if i := strings.LastIndexByte(text[:min(most+1, len(text))], '\n'); i > early {
		return i
	}
	if i := lastSentenceEnd(text, most); i > early {
		return i
	}
	space := func(r rune) bool { return unicode.IsSpace(r) && r != '\u00a0' && r != '\u202f' }
	if next, _ := utf8.DecodeRuneInString(text[most:]); most == len(text) || space(next) {
		return most
	}
	if i := strings.LastIndexFunc(text[:most], space); i > early {
		return i
	}
	return most
}

// lastSentenceEnd returns the end of the last sentence of text that ends at or before most, or 0.
func lastSentenceEnd(text string, most int) int {
	end, at := 0, 0
	for _, s := range Sentences(text) {
		at += strings.Index(text[at:], s) + len(s)
		if at > most || at == len(text) {
			break
		}
		end = at
	}
	return end
}

// prefix returns the first max bytes of the spans' text, or a little more, and whether that is all of it.
func prefix(spans []Span, most int) (text string, all bool) {
	var b strings.Builder
	for i, s := range spans {
		if b.Len()+len(s.Text) > most {
			keep := most - b.Len()
			for keep < len(s.Text) && !utf8.RuneStart(s.Text[keep]) {
				keep++
			}
			b.WriteString(s.Text[:keep])
			return b.String(), keep == len(s.Text) && i == len(spans)-1
		}
		b.WriteString(s.Text)
	}
	return b.String(), true
}

// headOf returns b with the first n bytes of its text, without white space at the end.
func headOf(b Block, n int) Block {
	var out []Span
	for _, s := range b.Spans {
		if n <= 0 {
			break
		}
		if len(s.Text) > n {
			s.Text = s.Text[:n]
		}
		n -= len(s.Text)
		out = append(out, s)
	}
	b.Spans = trimEnd(out)
	return b
}

// tailOf returns b without the first n bytes of its text and the white space behind them. What goes on is no list entry
// of its own; preformatted text keeps its indentation.
func tailOf(b Block, n int) Block {
	spans := slices.Clone(b.Spans)
	for len(spans) > 0 && len(spans[0].Text) <= n {
		n -= len(spans[0].Text)
		spans = spans[1:]
	}
	if len(spans) > 0 {
		spans[0].Text = spans[0].Text[n:]
	}
	if b.Kind == Code {
		if len(spans) > 0 {
			spans[0].Text = strings.TrimPrefix(spans[0].Text, "\n")
		}
	} else {
		spans = trimStart(spans)
	}
	b.Spans = spans
	if b.Kind == Item {
		b = Block{Kind: Paragraph, Spans: spans}
	}
	return b
}

func blank(spans []Span) bool {
	for _, s := range spans {
		if strings.TrimSpace(s.Text) != "" {
			return false
		}
	}
	return true
}
