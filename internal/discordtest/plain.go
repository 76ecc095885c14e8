package discordtest

import (
	"regexp"
	"strings"
)

// A Message is what a person sees of a message of the bot.
type Message struct {
	ID        string
	Channel   string
	Text      string // every visible word, without marks: text, then embeds; not the buttons
	Raw       string // content and embed texts as the bot sent them
	Buttons   []Button
	Menu      []Button // the entries of its select menu: ID is the menu's, Value the entry's
	Prompt    string   // what the menu shows before a choice
	Ephemeral bool     // only the asker sees it
	ReplyTo   string   // id of the message that it replies to
	Pings     []string // who is notified: user ids, "everyone", "role:ID"
	Edits     int
	Deleted   bool
	Embeds    int
}

// A Button is a button as a person sees it.
type Button struct {
	Label string
	ID    string // its custom_id
	URL   string // of a link
	Value string // of an entry of a menu
	Row   int    // from 0
}

// Labels returns the labels of all buttons in reading order.
func (m Message) Labels() []string {
	var out []string
	for _, b := range m.Buttons {
		out = append(out, b.Label)
	}
	return out
}

var (
	mention  = regexp.MustCompile(`@everyone|@here|<@[!&]?(\d+)>`)
	link     = regexp.MustCompile(`(^|[^\\])\[((?:[^\[\]\\]|\\.)*)\]\(<?((?:[^()<>\s\\]|\\.)*)>?\)`)
	autolink = regexp.MustCompile(`(^|[^\\(])<https?://[^\s<>]+>`)
	punct    = regexp.MustCompile("[!-/:-@\\[-`{-~]")
	mark     = regexp.MustCompile(`(?m)^(?:-# |#{1,3} |> |>>> )`)
	bullet   = regexp.MustCompile(`(?m)^( *)(?:[-*]|•) `)
	styled   = regexp.MustCompile("(^|[^\\\\])(\\*\\*|\\*|__|_|~~|`)")
)

// view returns a message as a person sees it. The caller holds s.mu.
func (st *stored) view() Message {
	raw := []string{}
	if st.content != "" {
		raw = append(raw, st.content)
	}
	for _, e := range st.embeds {
		for _, part := range []string{e.Title, e.Description} {
			if part != "" {
				raw = append(raw, part)
			}
		}
		for _, f := range e.Fields {
			raw = append(raw, f.Name, f.Value)
		}
		if e.Footer != nil {
			raw = append(raw, e.Footer.Text)
		}
	}
	m := Message{
		ID: st.id, Channel: st.channel, Raw: strings.Join(raw, "\n\n"), Ephemeral: st.flags&flagEphemeral != 0, ReplyTo: st.reply,
		Pings: st.mentions, Edits: st.edits, Deleted: st.deleted, Embeds: len(st.embeds),
	}
	m.Text = Plain(m.Raw)
	for row, r := range st.components {
		for _, b := range r.Components {
			if b.Type == 3 {
				m.Prompt = b.Placeholder
				for _, o := range b.Options {
					m.Menu = append(m.Menu, Button{Label: o.Label, ID: b.CustomID, Value: o.Value, Row: row})
				}
				continue
			}
			m.Buttons = append(m.Buttons, Button{Label: b.Label, ID: b.CustomID, URL: b.URL, Row: row})
		}
	}
	return m
}

// Plain returns the words of Discord Markdown as a person reads them: no marks, no addresses, no backslashes.
func Plain(s string) string {
	s = mark.ReplaceAllString(s, "")
	s = bullet.ReplaceAllString(s, "$1• ")
	s = autolink.ReplaceAllStringFunc(s, func(m string) string {
		at := strings.IndexByte(m, '<')
		return m[:at] + punct.ReplaceAllString(m[at+1:len(m)-1], `\$0`) // as it is, marks and all
	})
	for range 3 {
		s = link.ReplaceAllString(s, "$1$2")
	}
	for range 2 {
		s = styled.ReplaceAllString(s, "$1")
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '\\' && i+1 < len(s) && isPunct(s[i+1]) {
			i++
		}
		b.WriteByte(s[i])
	}
	return strings.TrimSpace(strings.ReplaceAll(b.String(), "\u200b", ""))
}

func isPunct(c byte) bool { return strings.IndexByte("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~", c) >= 0 }
