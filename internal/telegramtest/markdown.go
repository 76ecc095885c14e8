package telegramtest

import (
	"fmt"
	"strings"
)

// ParseMarkdownV2 returns the visible text of a message in parse mode MarkdownV2, or the server's complaint. It knows
// the styles, links, code and the rule that reserved characters are escaped; not quotations.
func ParseMarkdownV2(text string) (visible string, err error) {
	p := mdParser{text: text}
	for p.at < len(text) {
		if err := p.next(); err != nil {
			return "", err
		}
	}
	if n := len(p.open); n > 0 {
		last := p.open[n-1]
		return "", fmt.Errorf("Can't find end of %s entity at byte offset %d", last.kind, last.at)
	}
	return p.out.String(), nil
}

type mdOpen struct {
	mark, kind string
	at         int
}

type mdParser struct {
	text string
	at   int
	open []mdOpen
	out  strings.Builder
}

// mdMarks are the marks that open and close an entity, longest first.
var mdMarks = []mdOpen{
	{mark: "```", kind: "Pre"}, {mark: "__", kind: "Underline"}, {mark: "||", kind: "Spoiler"}, {mark: "_", kind: "Italic"},
	{mark: "*", kind: "Bold"}, {mark: "~", kind: "Strikethrough"}, {mark: "`", kind: "Code"}, {mark: "[", kind: "TextUrl"},
}

func (p *mdParser) next() error {
	c := p.text[p.at]
	if c == '\\' && p.at+1 < len(p.text) && p.text[p.at+1] > 0 && p.text[p.at+1] <= 126 {
		p.out.WriteByte(p.text[p.at+1])
		p.at += 2
		return nil
	}
	reserved := "_*[]()~`>#+-=|{}.!"
	if p.inCode() {
		reserved = "`"
	}
	if strings.IndexByte(reserved, c) < 0 {
		p.out.WriteByte(c)
		p.at++
		return nil
	}
	if p.closes() {
		return p.link()
	}
	for _, m := range mdMarks {
		if strings.HasPrefix(p.text[p.at:], m.mark) {
			p.open = append(p.open, mdOpen{m.mark, m.kind, p.at})
			p.at += len(m.mark)
			return nil
		}
	}
	return fmt.Errorf("Character '%c' is reserved and must be escaped with the preceding '\\'", c)
}

func (p *mdParser) inCode() bool {
	n := len(p.open)
	return n > 0 && (p.open[n-1].kind == "Code" || p.open[n-1].kind == "Pre")
}

// closes ends the innermost entity when its mark is next.
func (p *mdParser) closes() bool {
	n := len(p.open)
	if n == 0 {
		return false
	}
	mark := p.open[n-1].mark
	if mark == "[" {
		mark = "]"
	}
	if !strings.HasPrefix(p.text[p.at:], mark) || mark == "_" && strings.HasPrefix(p.text[p.at:], "__") {
		return false
	}
	p.open = p.open[:n-1]
	p.at += len(mark)
	return true
}

// link skips the address behind a link's text.
func (p *mdParser) link() error {
	if p.text[p.at-1] != ']' || p.at >= len(p.text) || p.text[p.at] != '(' {
		return nil
	}
	start := p.at + 1
	for i := start; i < len(p.text); i++ {
		switch p.text[i] {
		case '\\':
			i++
		case ')':
			p.at = i + 1
			return nil
		}
	}
	return fmt.Errorf("Can't find end of a URL at byte offset %d", start)
}
