package main

import (
	"hash/fnv"
	"os"
	"os/exec"
	"path/filepath"
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

// checkRequests holds every request to Telegram so far against the Bot API's rules, with the checker in ../shared, where
// that folder and Python are.
func checkRequests(t *testing.T, fake *telegramtest.Server) {
	t.Helper()
	tool, err := filepath.Abs("../../../shared/tools/telegram_validate.py")
	if err != nil {
		t.Fatal(err)
	}
	python, err := exec.LookPath("python3")
	if !fileExists(tool) || err != nil {
		t.Log("the requests are not checked: no ../shared/tools/telegram_validate.py, or no python3")
		return
	}
	path := filepath.Join(t.TempDir(), "calls.jsonl")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := fake.WriteCalls(f); err != nil {
		t.Fatal(err)
	}
	if out, err := exec.Command(python, tool, "--quiet", path).CombinedOutput(); err != nil {
		t.Errorf("requests that Telegram would refuse: %v\n%s", err, out)
	}
}
