package discordtest

import (
	"encoding/json"
	"strings"
	"time"
)

// What a bot may send as a message. The names are the platform's.
type messageRequest struct {
	Content          *string          `json:"content"`
	Embeds           []embed          `json:"embeds"`
	Components       []component      `json:"components"`
	AllowedMentions  *allowedMentions `json:"allowed_mentions"`
	Flags            int              `json:"flags"`
	TTS              bool             `json:"tts"`
	Nonce            any              `json:"nonce"`
	EnforceNonce     bool             `json:"enforce_nonce"`
	MessageReference *reference       `json:"message_reference"`
	StickerIDs       []string         `json:"sticker_ids"`
	Attachments      json.RawMessage  `json:"attachments"`
	Poll             json.RawMessage  `json:"poll"`
}

type reference struct {
	Type            int    `json:"type"`
	MessageID       string `json:"message_id"`
	ChannelID       string `json:"channel_id,omitempty"`
	GuildID         string `json:"guild_id,omitempty"`
	FailIfNotExists *bool  `json:"fail_if_not_exists"`
}

type allowedMentions struct {
	Parse       []string `json:"parse"`
	Users       []string `json:"users"`
	Roles       []string `json:"roles"`
	RepliedUser bool     `json:"replied_user"`
}

type embed struct {
	Type        string       `json:"type,omitempty"`
	Title       string       `json:"title,omitempty"`
	Description string       `json:"description,omitempty"`
	URL         string       `json:"url,omitempty"`
	Color       int          `json:"color,omitempty"`
	Timestamp   string       `json:"timestamp,omitempty"`
	Footer      *embedText   `json:"footer,omitempty"`
	Author      *embedText   `json:"author,omitempty"`
	Fields      []embedField `json:"fields,omitempty"`
}

type embedText struct {
	Text    string `json:"text,omitempty"`
	Name    string `json:"name,omitempty"`
	URL     string `json:"url,omitempty"`
	IconURL string `json:"icon_url,omitempty"`
}

type embedField struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Inline bool   `json:"inline,omitempty"`
}

type component struct {
	Type        int             `json:"type"`
	ID          int             `json:"id,omitempty"`
	Components  []component     `json:"components,omitempty"`
	Component   *component      `json:"component,omitempty"`
	Style       int             `json:"style,omitempty"`
	Label       string          `json:"label,omitempty"`
	CustomID    string          `json:"custom_id,omitempty"`
	URL         string          `json:"url,omitempty"`
	Disabled    bool            `json:"disabled,omitempty"`
	Emoji       json.RawMessage `json:"emoji,omitempty"`
	SKUID       string          `json:"sku_id,omitempty"`
	Content     string          `json:"content,omitempty"`
	Options     []selectOption  `json:"options,omitempty"`
	Placeholder string          `json:"placeholder,omitempty"`
	MinValues   *int            `json:"min_values,omitempty"`
	MaxValues   int             `json:"max_values,omitempty"`
	MinLength   int             `json:"min_length,omitempty"`
	MaxLength   int             `json:"max_length,omitempty"`
	Value       string          `json:"value,omitempty"`
	Required    bool            `json:"required,omitempty"`
}

type selectOption struct {
	Label       string          `json:"label"`
	Value       string          `json:"value"`
	Description string          `json:"description,omitempty"`
	Emoji       json.RawMessage `json:"emoji,omitempty"`
	Default     bool            `json:"default"`
}

// stored is a message as the platform keeps it.
type stored struct {
	id, channel string
	content     string
	embeds      []embed
	components  []component
	flags       int
	reply       string
	nonce       string
	mentions    []string
	loading     bool
	deleted     bool
	edits       int
	asker       string
	at          time.Time
}

const flagEphemeral = 1 << 6

// newStored keeps a message of the bot. The caller holds s.mu.
func (s *Server) newStored(channel string, m *messageRequest) *stored {
	st := &stored{id: s.nextID(), channel: channel, at: s.now(), flags: m.Flags}
	st.apply(m)
	s.messages[st.id] = st
	return st
}

// apply changes what a request names.
func (st *stored) apply(m *messageRequest) {
	if m.Content != nil {
		st.content = *m.Content
	}
	if m.Embeds != nil {
		st.embeds = m.Embeds
	}
	if m.Components != nil {
		st.components = m.Components
	}
	st.mentions = pings(st.content, m.AllowedMentions)
}

// pings returns whom the platform would notify: users by id, "everyone", "role:ID".
func pings(content string, a *allowedMentions) []string {
	all := a == nil
	has := func(list []string, v string) bool {
		for _, x := range list {
			if x == v {
				return true
			}
		}
		return false
	}
	var out []string
	for _, m := range mention.FindAllStringSubmatch(content, -1) {
		switch {
		case m[0] == "@everyone" || m[0] == "@here":
			if all || has(a.Parse, "everyone") {
				out = append(out, "everyone")
			}
		case strings.HasPrefix(m[0], "<@&"):
			if all || has(a.Parse, "roles") || has(a.Roles, m[1]) {
				out = append(out, "role:"+m[1])
			}
		case all || has(a.Parse, "users") || has(a.Users, m[1]):
			out = append(out, m[1])
		}
	}
	return out
}

// messageJSON returns a message as the platform sends it. The caller holds s.mu.
func (s *Server) messageJSON(st *stored) map[string]any {
	m := map[string]any{
		"id": st.id, "channel_id": st.channel, "type": 0, "content": st.content, "mentions": mentioned(st.content),
		"mention_roles": []any{}, "attachments": []any{}, "embeds": embedsJSON(st.embeds), "timestamp": st.at.UTC().Format(time.RFC3339),
		"edited_timestamp": nil, "flags": st.flags, "components": componentsJSON(st.components, new(int)),
		"author": botUser(false), "pinned": false, "mention_everyone": false, "tts": false,
	}
	if st.reply != "" {
		m["type"] = 19
		m["message_reference"] = map[string]any{"type": 0, "channel_id": st.channel, "message_id": st.reply}
	}
	if st.nonce != "" {
		m["nonce"] = st.nonce
	}
	return m
}

// mentioned returns the users whom a text mentions, notified or not.
func mentioned(content string) []any {
	out := []any{}
	for _, m := range mention.FindAllStringSubmatch(content, -1) {
		if m[1] != "" && !strings.HasPrefix(m[0], "<@&") {
			u := botUser(false)
			u["id"], u["username"], u["bot"] = m[1], "user"+m[1], false
			out = append(out, u)
		}
	}
	return out
}

func embedsJSON(es []embed) []any {
	out := []any{}
	for _, e := range es {
		e.Type = "rich"
		out = append(out, e)
	}
	return out
}

// componentsJSON numbers components as the platform does.
func componentsJSON(cs []component, n *int) []any {
	out := []any{}
	for _, c := range cs {
		*n++
		m := map[string]any{"type": c.Type, "id": *n}
		switch c.Type {
		case 1:
			m["components"] = componentsJSON(c.Components, n)
		case 3:
			m["custom_id"], m["placeholder"], m["options"], m["disabled"] = c.CustomID, c.Placeholder, c.Options, c.Disabled
			m["min_values"], m["max_values"] = 1, 1
		default:
			m["style"], m["label"], m["disabled"] = c.Style, c.Label, c.Disabled
			if c.CustomID != "" {
				m["custom_id"] = c.CustomID
			}
			if c.URL != "" {
				m["url"] = c.URL
			}
		}
		out = append(out, m)
	}
	return out
}
