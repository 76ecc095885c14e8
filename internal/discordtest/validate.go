package discordtest

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// A Violation is a rule of the platform that a request breaks, in the platform's own words.
type Violation struct{ Field, Code, Message string }

type checker struct{ bad []Violation }

func (c *checker) add(field, code, message string) {
	c.bad = append(c.bad, Violation{field, code, message})
}

func (c *checker) most(field, s string, most int) {
	if utf8.RuneCountInString(s) > most {
		c.add(field, "BASE_TYPE_MAX_LENGTH", fmt.Sprintf("Must be %d or fewer in length.", most))
	}
}

func (c *checker) between(field, s string, least, most int) {
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0 && least > 0:
		c.add(field, "BASE_TYPE_REQUIRED", "This field is required")
	case n < least || n > most:
		c.add(field, "BASE_TYPE_BAD_LENGTH", fmt.Sprintf("Must be between %d and %d in length.", least, most))
	}
}

const flagV2 = 1 << 15

// checkMessage returns the rules that a message breaks. A new message must not be empty.
func checkMessage(m *messageRequest, fresh bool) []Violation {
	var c checker
	content := ""
	if m.Content != nil {
		content = *m.Content
	}
	c.most("content", content, 2000)
	if fresh && content == "" && len(m.Embeds) == 0 && len(m.StickerIDs) == 0 && m.Flags&flagV2 == 0 {
		c.add("content", "50006", "Cannot send an empty message")
	}
	if s, isText := m.Nonce.(string); isText {
		c.most("nonce", s, 25)
	}
	c.embeds(m.Embeds)
	c.components(m)
	c.mentions(m.AllowedMentions)
	return c.bad
}

// checkCallback returns the rules that the data of a first answer breaks.
func checkCallback(kind int, m *messageRequest) []Violation {
	if kind == 5 {
		var c checker
		if m.Flags&^flagEphemeral != 0 {
			c.add("data.flags", "BASE_TYPE_CHOICES", "A deferred answer can only be EPHEMERAL")
		}
		return c.bad
	}
	return checkMessage(m, kind == 4)
}

func (c *checker) embeds(es []embed) {
	if len(es) > 10 {
		c.add("embeds", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 10 in length.")
	}
	sum := 0
	for i, e := range es {
		at := fmt.Sprintf("embeds.%d.", i)
		c.most(at+"title", strings.TrimSpace(e.Title), 256)
		c.most(at+"description", strings.TrimSpace(e.Description), 4096)
		sum += trimmed(e.Title) + trimmed(e.Description)
		if len(e.Fields) > 25 {
			c.add(at+"fields", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
		}
		for _, f := range e.Fields {
			c.between(at+"fields.name", f.Name, 1, 256)
			c.between(at+"fields.value", f.Value, 1, 1024)
			sum += trimmed(f.Name) + trimmed(f.Value)
		}
		if e.Footer != nil {
			c.most(at+"footer.text", e.Footer.Text, 2048)
			sum += trimmed(e.Footer.Text)
		}
		if e.Author != nil {
			c.most(at+"author.name", e.Author.Name, 256)
			sum += trimmed(e.Author.Name)
		}
		if e.Title == "" && e.Description == "" && len(e.Fields) == 0 && e.Footer == nil {
			c.add(at+"description", "BASE_TYPE_REQUIRED", "This field is required")
		}
	}
	if sum > 6000 {
		c.add("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")
	}
}

func trimmed(s string) int { return utf8.RuneCountInString(strings.TrimSpace(s)) }

func (c *checker) components(m *messageRequest) {
	if m.Flags&flagV2 != 0 {
		if m.Content != nil && *m.Content != "" || len(m.Embeds) > 0 {
			c.add("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2", "The 'content' field cannot be used when using MessageFlags.IS_COMPONENTS_V2")
		}
		return
	}
	if len(m.Components) > 5 {
		c.add("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	seen := map[string]bool{}
	for i, row := range m.Components {
		at := fmt.Sprintf("components.%d", i)
		if row.Type != 1 {
			c.add(at+".type", "UNION_TYPE_CHOICES", "Value of field \"type\" must be one of (1,).")
			continue
		}
		if len(row.Components) < 1 || len(row.Components) > 5 {
			c.add(at+".components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
		}
		for j, b := range row.Components {
			if b.Type == 3 && len(row.Components) > 1 {
				c.add(at+".components", "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width")
			}
			c.button(fmt.Sprintf("%s.components.%d", at, j), b, seen)
		}
	}
}

func (c *checker) button(at string, b component, seen map[string]bool) {
	if b.Type == 3 {
		c.menu(at, b, seen)
	}
	if b.Type != 2 {
		return
	}
	c.most(at+".label", b.Label, 80)
	if b.Label == "" && b.Emoji == nil {
		c.add(at, "BUTTON_COMPONENT_LABEL_OR_EMOJI_REQUIRED", "A label or an emoji is required")
	}
	if b.Style == 5 {
		c.between(at+".url", b.URL, 1, 512)
		if b.CustomID != "" {
			c.add(at+".custom_id", "BUTTON_COMPONENT_CUSTOM_ID_URL_MUTUALLY_EXCLUSIVE", "A custom id and url cannot both be specified")
		}
		return
	}
	c.between(at+".custom_id", b.CustomID, 1, 100)
	if seen[b.CustomID] {
		c.add(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	seen[b.CustomID] = true
}

// menu checks a select menu.
func (c *checker) menu(at string, b component, seen map[string]bool) {
	c.between(at+".custom_id", b.CustomID, 1, 100)
	c.most(at+".placeholder", b.Placeholder, 150)
	if seen[b.CustomID] {
		c.add(at+".custom_id", "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
	}
	seen[b.CustomID] = true
	if len(b.Options) < 1 || len(b.Options) > 25 {
		c.add(at+".options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
	}
	values := map[string]bool{}
	for i, o := range b.Options {
		here := fmt.Sprintf("%s.options.%d", at, i)
		c.between(here+".label", o.Label, 1, 100)
		c.between(here+".value", o.Value, 1, 100)
		if values[o.Value] {
			c.add(here+".value", "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "The specified option value is already used")
		}
		values[o.Value] = true
	}
}

func (c *checker) mentions(a *allowedMentions) {
	if a == nil {
		c.add("allowed_mentions", "HOUSE_RULE", "every message must say whom it may ping")
		return
	}
	for _, kind := range []string{"users", "roles"} {
		list := a.Users
		if kind == "roles" {
			list = a.Roles
		}
		if slices.Contains(a.Parse, kind) && len(list) > 0 {
			c.add("allowed_mentions", "MESSAGE_ALLOWED_MENTIONS_PARSE_EXCLUSIVE", fmt.Sprintf("parse:[%q] and %s: [ids...] are mutually exclusive.", kind, kind))
		}
	}
}

// checkChoices returns the rules that an autocomplete list breaks.
func checkChoices(list []Choice) []Violation {
	var c checker
	if len(list) > 25 {
		c.add("data.choices", "BASE_TYPE_BAD_LENGTH", "Must be between 0 and 25 in length.")
	}
	for i, ch := range list {
		at := fmt.Sprintf("data.choices.%d.", i)
		c.between(at+"name", ch.Name, 1, 100)
		if v, isText := ch.Value.(string); isText {
			c.between(at+"value", v, 1, 100)
		}
	}
	return c.bad
}

// checkModal returns the rules that a modal breaks.
func checkModal(raw json.RawMessage) []Violation {
	var c checker
	var m struct {
		CustomID   string      `json:"custom_id"`
		Title      string      `json:"title"`
		Components []component `json:"components"`
	}
	if json.Unmarshal(raw, &m) != nil {
		c.add("data", "DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
		return c.bad
	}
	c.between("data.custom_id", m.CustomID, 1, 100)
	c.between("data.title", m.Title, 1, 45)
	if len(m.Components) < 1 || len(m.Components) > 5 {
		c.add("data.components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
	}
	return c.bad
}

// CheckMessage returns the rules that a message, as a bot would send it, breaks.
func CheckMessage(raw []byte) []Violation {
	var m messageRequest
	if err := json.Unmarshal(raw, &m); err != nil {
		return []Violation{{"", "50109", "The request body contains invalid JSON."}}
	}
	return checkMessage(&m, true)
}

// Pings returns whom a message, as a bot would send it, notifies.
func Pings(raw []byte) []string {
	var m messageRequest
	if json.Unmarshal(raw, &m) != nil || m.Content == nil {
		return nil
	}
	return pings(*m.Content, m.AllowedMentions)
}
