package markup

import "strings"

// Plain returns the text without styles, list marks or addresses. Blocks are separated by an empty line.
func (d Doc) Plain() string {
	var b strings.Builder
	for i, bl := range d {
		if i > 0 {
			b.WriteString("\n\n")
		}
		for _, s := range bl.Spans {
			b.WriteString(s.Text)
		}
	}
	return b.String()
}

// Plain returns the block's text without styles.
func (b Block) Plain() string {
	if len(b.Spans) == 1 {
		return b.Spans[0].Text
	}
	var sb strings.Builder
	for _, s := range b.Spans {
		sb.WriteString(s.Text)
	}
	return sb.String()
}
