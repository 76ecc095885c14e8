package telegram

import (
	"encoding/json"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// A message is a Telegram message with the fields that came after the library.
type message struct {
	tgbotapi.Message
	Thread    int      `json:"message_thread_id"`
	IsTopic   bool     `json:"is_topic_message"`
	Ephemeral int      `json:"ephemeral_message_id"`
	GuestID   string   `json:"guest_query_id"`
	ReplyTo   *message `json:"reply_to_message"`
}

// A callback is a pressed button.
type callback struct {
	tgbotapi.CallbackQuery
	Message *message `json:"message"`
}

// An update is one event.
type update struct {
	ID       int                   `json:"update_id"`
	Message  *message              `json:"message"`
	Edited   *message              `json:"edited_message"`
	Guest    *message              `json:"guest_message"`
	Callback *callback             `json:"callback_query"`
	Inline   *tgbotapi.InlineQuery `json:"inline_query"`
}

// allowedUpdates lists the kinds of update that are asked for; the list sticks at Telegram, so it is always sent.
func allowedUpdates() string {
	return `["message","edited_message","callback_query","inline_query","guest_message"]`
}

// parseUpdate reads one update. The id is right even where the rest is not; ok is false when there is no id.
func parseUpdate(raw json.RawMessage) (u update, ok bool, err error) {
	var head struct {
		ID *int `json:"update_id"`
	}
	if err := json.Unmarshal(raw, &head); err != nil || head.ID == nil {
		return update{}, false, err
	}
	if err := json.Unmarshal(raw, &u); err != nil {
		return update{ID: *head.ID}, true, err
	}
	return u, true, nil
}
