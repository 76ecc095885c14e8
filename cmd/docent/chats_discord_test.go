package main

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"testing"

	"docent/internal/discordtest"
)

// A member is a person in a Discord server, who uses /ask and the other commands.
type member struct {
	fake *discordtest.Server
	user discordtest.User
	last discordtest.Message
}

// discord returns a person of their own for each test: what the bot remembers belongs to one person.
func (w *whole) discord(t *testing.T) speaker {
	h := fnv.New32a()
	h.Write([]byte(t.Name()))
	return &member{fake: w.fakeDiscord, user: discordtest.User{ID: fmt.Sprint(100000000000000000 + uint64(h.Sum32()))}}
}

func (m *member) ask(text string) screen {
	if command, ok := strings.CutPrefix(text, "/"); ok {
		return m.see(m.fake.Slash(m.user, discordtest.InGeneral(), command))
	}
	return m.see(m.fake.Ask(m.user, discordtest.InGeneral(), text))
}

func (m *member) press(label string) screen {
	if slices.ContainsFunc(m.last.Menu, func(b discordtest.Button) bool { return b.Label == label }) {
		return m.see(m.fake.Select(m.user, m.last, label))
	}
	return m.see(m.fake.Press(m.user, m.last, label))
}

func (m *member) see(got discordtest.Message) screen {
	m.last = got
	s := screen{text: got.Text}
	for _, b := range got.Buttons {
		if b.URL == "" && b.Label != "Delete" { // which only Discord has, for what others see too
			s.buttons = append(s.buttons, b.Label)
		}
	}
	for _, entry := range got.Menu { // a menu on Discord, buttons elsewhere
		s.buttons = append(s.buttons, entry.Label)
	}
	return s
}
