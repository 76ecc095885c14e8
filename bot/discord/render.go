package discord

import (
	"slices"
	"strings"

	"github.com/bwmarrin/discordgo"

	"docent/bot"
	"docent/bot/phrases"
	"docent/internal/markup"
)

// An outMessage is a message as it is sent: a first answer's data, a follow-up, an edit or a message of its own. Lists are
// sent empty rather than left out, so that an edit clears what was there.
type outMessage struct {
	Content         string                            `json:"content"`
	Embeds          []*discordgo.MessageEmbed         `json:"embeds"`
	Components      []row                             `json:"components"`
	AllowedMentions *discordgo.MessageAllowedMentions `json:"allowed_mentions"`
	Flags           discordgo.MessageFlags            `json:"flags,omitempty"`
	Nonce           string                            `json:"nonce,omitempty"`
	EnforceNonce    bool                              `json:"enforce_nonce,omitempty"`
	Reference       *discordgo.MessageReference       `json:"message_reference,omitempty"`
}

// A row is a row of buttons, or of one menu. discordgo's own types encode each part by itself, again and again.
type row struct {
	Type       int         `json:"type"` // rowType
	Components []component `json:"components"`
}

// A component is a button or a menu.
type component struct {
	Type        int                   `json:"type"`
	Style       discordgo.ButtonStyle `json:"style,omitempty"`
	Label       string                `json:"label,omitempty"`
	CustomID    string                `json:"custom_id,omitempty"`
	URL         string                `json:"url,omitempty"`
	Placeholder string                `json:"placeholder,omitempty"`
	Options     []menuOption          `json:"options,omitempty"`
}

type menuOption struct {
	Label string `json:"label"`
	Value string `json:"value"`
}

// The types of components.
const (
	rowType    = 1
	buttonType = 2
	menuType   = 3
)

// A look says how a Reply is shown.
type look struct {
	plain  bool   // no embeds: the bot may not embed links here
	asker  string // who may change the message with its buttons
	person string // the one person who is mentioned; empty: nobody
	delete bool   // with a button that deletes it
}

// Limits of a message, with room for what is put round the text.
const (
	maxEmbed   = 3800 // of 4096
	maxContent = 1900 // of 2000
	maxTitle   = 256
	maxURL     = 512
)

// render returns the messages that show a Reply, at least one. Buttons are under the last, but each can be deleted.
func render(r bot.Reply, l look) []outMessage {
	set := phrases.For(r.Locale)
	if r.Kind == bot.Crisis {
		r.Body = linked(r.Body) // where help is must be one press away
	}
	title, body := splitTitle(r.Body, l.plain)
	foot := small(r.Footer)
	limit := maxEmbed
	if l.plain {
		limit = maxContent
	}
	limit = max(limit-size(foot)-2, limit/2)
	pages := pagesOf(body, limit)
	if n := len(pages) - 1; foot != "" {
		pages[n] = strings.TrimLeft(pages[n]+"\n\n"+foot, "\n")
	}
	if len(pages) == 1 && pages[0] == "" && title == "" {
		pages[0] = escape(set.Adapter.Broken, true)
	}
	out := make([]outMessage, len(pages))
	for i, page := range pages {
		out[i] = emptyMessage()
		if l.plain {
			out[i].Content = page
			continue
		}
		e := &discordgo.MessageEmbed{Description: page}
		if i == 0 {
			e.Title = title
		}
		out[i].Embeds = append(out[i].Embeds, e)
	}
	if l.person != "" {
		out[0].address(set, l.person)
	}
	for i := range out[:len(out)-1] {
		out[i].Components = buttons(nil, set, l)
	}
	out[len(out)-1].Components = buttons(r.Choices, set, l)
	return out
}

// emptyMessage mentions nobody.
func emptyMessage() outMessage {
	return outMessage{
		Embeds: []*discordgo.MessageEmbed{}, Components: []row{},
		AllowedMentions: &discordgo.MessageAllowedMentions{Parse: []discordgo.AllowedMentionType{}},
	}
}

// address mentions one person above the answer.
func (m *outMessage) address(set *phrases.Set, person string) {
	m.Content = strings.TrimSpace(phrases.Fill(set.Adapter.AnswerFor, "person", "<@"+person+">") + "\n" + m.Content)
	m.AllowedMentions.Users = []string{person}
}

// splitTitle takes the leading heading as the title of an embed, where it fits.
func splitTitle(d markup.Doc, plain bool) (string, markup.Doc) {
	if plain || len(d) == 0 || d[0].Kind != markup.Heading {
		return "", d
	}
	title := escape(strings.Join(strings.Fields(d[0].Plain()), " "), true)
	if size(title) > maxTitle {
		return "", d
	}
	return title, d[1:]
}

// pagesOf splits a Doc into texts of at most limit, at least one.
func pagesOf(d markup.Doc, limit int) []string {
	var pages []string
	for _, part := range d.Split(limit, func(p markup.Doc) int { return size(markdown(p)) }) {
		if text := markdown(part); strings.TrimSpace(text) != "" {
			pages = append(pages, text)
		}
	}
	if len(pages) == 0 {
		return []string{""}
	}
	return pages
}

// Rows of buttons.
const (
	maxRows   = 5
	maxPerRow = 5
)

// buttons lays the Choices out: each group begins a row, picks stand one to a row where there is room.
func buttons(choices []bot.Choice, set *phrases.Set, l look) []row {
	if menu, ok := menuOf(choices, set, l); ok {
		return []row{{rowType, []component{menu}}}
	}
	groups := groupsOf(choices, l)
	perRow := 1
	for rowsOf(groups, perRow) > maxRows && perRow < maxPerRow {
		perRow++
	}
	rows := []row{}
	for _, g := range groups {
		n := maxPerRow
		if g.pick {
			n = perRow
		}
		for part := range slices.Chunk(g.list, n) {
			rows = append(rows, row{rowType, part})
		}
	}
	rows = rows[:min(len(rows), maxRows)]
	if l.delete {
		rows = addDelete(rows, component{
			Type: buttonType, Label: set.Buttons.Delete, Style: discordgo.SecondaryButton, CustomID: buttonID(l.asker, deleteValue),
		})
	}
	return rows
}

// addDelete puts the button into the last row, or into a row of its own.
func addDelete(rows []row, b component) []row {
	if n := len(rows) - 1; n >= 0 && len(rows[n].Components) < maxPerRow {
		rows[n].Components = append(slices.Clip(rows[n].Components), b)
		return rows
	}
	if len(rows) < maxRows {
		rows = append(rows, row{rowType, []component{b}})
	}
	return rows
}

// menuOf returns the menu that asks what was wrong with an answer, when that is what the Choices are.
func menuOf(choices []bot.Choice, set *phrases.Set, l look) (component, bool) {
	menu := component{
		Type: menuType, CustomID: buttonID(l.asker, menuValue), Placeholder: clip(set.Adapter.ReasonPlaceholder, 150),
	}
	for _, c := range choices {
		if c.Group != bot.GroupPick || !bot.Rates(c.Value) {
			return menu, false
		}
		menu.Options = append(menu.Options, menuOption{clip(c.Label, 100), c.Value})
	}
	return menu, len(choices) > 1 && len(choices) <= 25
}

type buttonGroup struct {
	pick bool
	list []component
}

// groupsOf returns the buttons of each group in the order in which the groups appear. A value that comes twice, which
// Discord refuses, is kept once.
func groupsOf(choices []bot.Choice, l look) []buttonGroup {
	var out []buttonGroup
	var last bot.Group
	seen := map[string]bool{}
	for _, c := range choices {
		b, ok := buttonOf(c, l)
		if !ok || seen[c.Value] && c.URL == "" {
			continue
		}
		seen[c.Value] = true
		if len(out) == 0 || c.Group != last {
			out = append(out, buttonGroup{pick: c.Group == bot.GroupPick})
			last = c.Group
		}
		out[len(out)-1].list = append(out[len(out)-1].list, b)
	}
	return out
}

func buttonOf(c bot.Choice, l look) (component, bool) {
	label := clip(c.Label, 80)
	switch {
	case label == "":
		return component{}, false
	case c.URL != "":
		address := webAddress(c.URL)
		return component{Type: buttonType, Label: label, Style: discordgo.LinkButton, URL: address}, address != "" && size(address) <= maxURL
	case c.Value == "" || len(c.Value) > bot.MaxChoice:
		return component{}, false
	}
	style := discordgo.SecondaryButton
	if c.Group == bot.GroupPick || c.Group == bot.GroupMore {
		style = discordgo.PrimaryButton
	}
	return component{Type: buttonType, Label: label, Style: style, CustomID: buttonID(l.asker, c.Value)}, true
}

func rowsOf(groups []buttonGroup, perRow int) int {
	n := 0
	for _, g := range groups {
		if !g.pick {
			n += (len(g.list) + maxPerRow - 1) / maxPerRow
			continue
		}
		n += (len(g.list) + perRow - 1) / perRow
	}
	return n
}

// clip shortens a text to n characters.
func clip(s string, n int) string {
	s = strings.Join(strings.Fields(s), " ")
	r := []rune(s)
	if len(r) <= n && size(s) <= n {
		return s
	}
	for len(r) > 0 && (len(r) > n-1 || size(string(r)) > n-1) {
		r = r[:len(r)-1]
	}
	return strings.TrimSpace(string(r)) + "…"
}

// notice is a short text of the adapter's own, for one person.
func notice(text string) outMessage {
	m := emptyMessage()
	m.Content = escape(text, true)
	return m
}

// fixedDoc is a sentence as a Doc.
func fixedDoc(text string) markup.Doc { return markup.Doc{markup.Para(markup.Text(text))} }
