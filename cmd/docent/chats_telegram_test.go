package main

import (
	"hash/fnv"
	"testing"

	"docent/internal/telegramtest"
)

// A writer is a person in a private chat with the bot in Telegram.
type writer struct {
	fake *telegramtest.Server
	user telegramtest.User
	chat telegramtest.Chat
	last telegramtest.Message
}

// telegram returns a person of their own for each test: what the bot remembers belongs to one person.
func (w *whole) telegram(t *testing.T) speaker {
	h := fnv.New32a()
	h.Write([]byte(t.Name()))
	user := telegramtest.User{ID: 1000 + int64(h.Sum32()), Name: "Ann", Language: "en"}
	return &writer{fake: w.fakeTelegram, user: user, chat: w.fakeTelegram.Private(user)}
}

func (w *writer) ask(text string) screen { return w.see(w.fake.Ask(w.user, w.chat, text)) }

func (w *writer) press(label string) screen { return w.see(w.fake.Press(w.user, w.last, label)) }

func (w *writer) see(got telegramtest.Message) screen {
	w.last = got
	s := screen{text: got.Text}
	for _, b := range got.Buttons {
		if b.Data != "" {
			s.buttons = append(s.buttons, b.Label)
		}
	}
	return s
}
