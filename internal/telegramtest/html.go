package telegramtest

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

var (
	htmlTags   = strings.Fields("a b strong i em s strike del u ins tg-spoiler tg-emoji tg-time span pre code blockquote")
	htmlEntity = regexp.MustCompile(`&(#x[0-9a-fA-F]*|#[0-9]*|[A-Za-z]+);?`)
	endTag     = regexp.MustCompile(`^</([^\s>]*)\s*>`)
	startTag   = regexp.MustCompile(`^<([^\s>]*)`)
	attributes = regexp.MustCompile(`^((?:\s+[^\s=>/"']+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[A-Za-z0-9.-]+))?)*)\s*>`)
	spoiler    = regexp.MustCompile(`class\s*=\s*["']?tg-spoiler`)
)

// ParseHTML returns the visible text of a message in parse mode HTML, or the server's complaint.
func ParseHTML(text string) (visible string, err error) {
	p := htmlParser{text: text}
	for p.at < len(text) {
		if err := p.next(); err != nil {
			return "", err
		}
	}
	if n := len(p.open); n > 0 {
		return "", fmt.Errorf("Can't find end tag corresponding to start tag %q", p.open[n-1])
	}
	return p.out.String(), nil
}

type htmlParser struct {
	text string
	at   int
	open []string
	out  strings.Builder
}

// next reads text up to a tag, and the tag.
func (p *htmlParser) next() error {
	rest := p.text[p.at:]
	i := strings.IndexByte(rest, '<')
	if i < 0 {
		p.out.WriteString(unescape(rest))
		p.at = len(p.text)
		return nil
	}
	p.out.WriteString(unescape(rest[:i]))
	p.at += i
	if strings.HasPrefix(p.text[p.at:], "</") {
		return p.end()
	}
	return p.start()
}

func (p *htmlParser) end() error {
	if len(p.open) == 0 {
		return fmt.Errorf("Unexpected end tag at byte offset %d", p.at)
	}
	m := endTag.FindStringSubmatch(p.text[p.at:])
	if m == nil {
		return fmt.Errorf("Unclosed end tag at byte offset %d", p.at)
	}
	last := p.open[len(p.open)-1]
	if name := strings.ToLower(m[1]); name != "" && name != last {
		return fmt.Errorf("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", p.at, last, name)
	}
	p.open = p.open[:len(p.open)-1]
	p.at += len(m[0])
	return nil
}

func (p *htmlParser) start() error {
	m := startTag.FindStringSubmatch(p.text[p.at:])
	name := strings.ToLower(m[1])
	behind := p.at + len(m[0])
	if behind >= len(p.text) {
		return fmt.Errorf("Unclosed start tag at byte offset %d", p.at)
	}
	if !slices.Contains(htmlTags, name) {
		return fmt.Errorf("Unsupported start tag %q at byte offset %d", name, p.at)
	}
	attrs := attributes.FindString(p.text[behind:])
	if attrs == "" {
		return fmt.Errorf("Unexpected end of the tag %q at byte offset %d", name, p.at)
	}
	if name == "span" && !spoiler.MatchString(attrs) {
		return fmt.Errorf("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", p.at)
	}
	p.open = append(p.open, name)
	p.at = behind + len(attrs)
	return nil
}

// unescape replaces the four names and the numbers; all else stays as it was written.
func unescape(s string) string {
	return htmlEntity.ReplaceAllStringFunc(s, func(e string) string {
		name := strings.TrimSuffix(e[1:], ";")
		var code int64
		switch {
		case strings.HasPrefix(name, "#x"):
			code, _ = strconv.ParseInt(name[2:], 16, 32)
		case strings.HasPrefix(name, "#"):
			code, _ = strconv.ParseInt(name[1:], 10, 32)
		default:
			code = map[string]int64{"lt": '<', "gt": '>', "amp": '&', "quot": '"'}[name]
		}
		if code <= 0 || code >= 0x10ffff {
			return e
		}
		return string(rune(code))
	})
}

// visibleText applies a parse mode.
func visibleText(text, mode string) (string, error) {
	switch strings.ToLower(mode) {
	case "":
		return text, nil
	case "html":
		return ParseHTML(text)
	case "markdownv2":
		return ParseMarkdownV2(text)
	}
	return "", errors.New("Unsupported parse_mode")
}

// units returns the length in UTF-16 units, in which Telegram counts.
func units(s string) int { return len(utf16.Encode([]rune(s))) }
