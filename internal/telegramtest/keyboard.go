package telegramtest

import (
	"encoding/json"
	"slices"
)

// A Button is one of a message.
type Button struct{ Label, Data, URL string }

type keyboard [][]Button

func (k keyboard) flat() []Button { return slices.Concat(k...) }

func (k keyboard) equal(o keyboard) bool {
	return slices.EqualFunc(k, o, func(a, b []Button) bool { return slices.Equal(a, b) })
}

func (k keyboard) json() map[string]any {
	if len(k) == 0 {
		return nil
	}
	rows := [][]map[string]any{}
	for _, row := range k {
		line := []map[string]any{}
		for _, b := range row {
			m := map[string]any{"text": b.Label}
			if b.URL != "" {
				m["url"] = b.URL
			} else {
				m["callback_data"] = b.Data
			}
			line = append(line, m)
		}
		rows = append(rows, line)
	}
	return map[string]any{"inline_keyboard": rows}
}

// readKeyboard reads and checks reply_markup.
func readKeyboard(raw string) (keyboard, *apiError) {
	if raw == "" {
		return nil, nil
	}
	var m struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
			URL  string `json:"url"`
		} `json:"inline_keyboard"`
	}
	if err := json.Unmarshal([]byte(raw), &m); err != nil {
		return nil, refuse("can't parse reply keyboard markup JSON object")
	}
	if m.Rows == nil {
		return nil, refuse("object expected as reply markup")
	}
	var out keyboard
	count := 0
	for _, row := range m.Rows {
		var line []Button
		for _, b := range row {
			switch {
			case b.Text == "":
				return nil, refuse("inline keyboard button text must be non-empty")
			case b.URL == "" && b.Data == "":
				return nil, refuse("inline keyboard button must have exactly one action")
			case len(b.Data) > 64:
				return nil, refuse("BUTTON_DATA_INVALID")
			}
			line = append(line, Button{b.Text, b.Data, b.URL})
			count++
		}
		if len(line) > 8 {
			return nil, refuse("reply markup is too long")
		}
		if len(line) > 0 {
			out = append(out, line)
		}
	}
	if count > 100 || len(raw) > 10_000 {
		return nil, refuse("reply markup is too long")
	}
	return out, nil
}
