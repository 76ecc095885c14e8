package telegram

import (
	"encoding/json"
	"net/url"
	"strings"
	"unicode/utf8"

	"docent/bot"
)

// Limits of a keyboard. Telegram does not say them; these are what it was seen to take.
const (
	maxData    = 64 // bytes
	maxButtons = 100
	maxBoard   = 9000 // bytes as JSON
	rowRunes   = 34   // what a phone shows side by side
	rowButtons = 4
)

// A button is one of an inline keyboard.
type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// layout puts choices into rows: each group starts a new one, and picks have one each.
func layout(choices []bot.Choice) [][]button {
	var rows [][]button
	var last bot.Group
	width, count := 0, 0
	for i, c := range choices {
		b, ok := newButton(c)
		if !ok || count == maxButtons {
			continue
		}
		n := utf8.RuneCountInString(b.Text) + 2
		fresh := len(rows) == 0 || i > 0 && c.Group != last || c.Group == bot.GroupPick || width+n > rowRunes ||
			len(rows[len(rows)-1]) == rowButtons
		if fresh {
			rows, width = append(rows, nil), 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], b)
		last, width, count = c.Group, width+n, count+1
	}
	for len(rows) > 0 && len(board(rows)) > maxBoard {
		rows = rows[:len(rows)-1]
	}
	return rows
}

// newButton returns the button of a choice; it is false for one that Telegram would refuse.
func newButton(c bot.Choice) (button, bool) {
	b := button{Text: strings.TrimSpace(clean(c.Label)), Data: c.Value, URL: c.URL}
	if b.Text == "" {
		return button{}, false
	}
	if c.URL != "" {
		u, err := url.Parse(c.URL)
		b.Data = ""
		return b, err == nil && u.Host != "" && (u.Scheme == "https" || u.Scheme == "http")
	}
	return b, c.Value != "" && len(c.Value) <= maxData && utf8.ValidString(c.Value)
}

// board returns a keyboard as reply_markup.
func board(rows [][]button) string {
	raw, err := json.Marshal(struct {
		Rows [][]button `json:"inline_keyboard"`
	}{rows})
	if err != nil {
		return "" // cannot be: these are strings
	}
	return string(raw)
}

// deepLink returns the address that opens the private chat with the bot and asks value there; empty where it cannot.
func deepLink(me identity, value string) string {
	if me.username == "" || value == "" || len(value) > 64 || strings.Trim(value, linkLetters) != "" {
		return ""
	}
	return "https://t.me/" + me.username + "?start=" + value
}

const linkLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"

func validSecret(s string) bool {
	return s != "" && len(s) <= 256 && strings.Trim(s, linkLetters) == ""
}
