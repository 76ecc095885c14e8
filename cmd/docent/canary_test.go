package main

import (
	"bytes"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"docent/internal/config"
	"docent/internal/discordtest"
	"docent/internal/telegramtest"
)

// What is planted: words of questions, and who asks them.
const (
	plantedWord    = "zanzibarquux"
	plantedMail    = "quuxmail@example.org"
	plantedName    = "Quuxname"
	plantedUser    = "quux_user"
	plantedDiscord = "777000777000777001"
	plantedPerson  = 7700077001
)

// A sink is a log that several goroutines write and a test reads.
type sink struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (s *sink) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.Write(p)
}

func (s *sink) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.buf.String()
}

// TestNothingOfAPersonLeavesTheChat plants words, names, ids and secrets on every platform, with faults that are logged, and
// looks for them in the log, in the metrics and in every byte of the store.
func TestNothingOfAPersonLeavesTheChat(t *testing.T) {
	for _, collect := range []bool{false, true} {
		t.Run(fmt.Sprint("collect ", collect), func(t *testing.T) {
			logged, dir := &sink{}, t.TempDir()
			var kept string
			var secrets []string
			t.Run("use", func(t *testing.T) {
				h := startWhole(t, func(w *whole) {
					w.log = slog.New(slog.NewJSONHandler(logged, &slog.HandlerOptions{Level: slog.LevelDebug}))
					w.config.Store.URL = config.NewSecret("sqlite:" + filepath.Join(dir, "docent.db"))
					w.config.Bot.CollectUnanswered = collect
				})
				secrets = []string{discordtest.Token, h.fakeTelegram.Token}
				h.plant(t)
				kept = h.metricsPage(t)
			})
			files, err := filepath.Glob(filepath.Join(dir, "docent.db*"))
			if err != nil || len(files) == 0 {
				t.Fatalf("no store: %v", err)
			}
			stored := ""
			for _, f := range files {
				data, err := os.ReadFile(f)
				if err != nil {
					t.Fatal(err)
				}
				stored += string(data)
			}
			persons := append(secrets, plantedMail, plantedName, plantedUser, plantedDiscord, fmt.Sprint(plantedPerson))
			for where, text := range map[string]string{"log": logged.String(), "metrics": kept, "store": stored} {
				for _, p := range persons {
					if strings.Contains(text, p) {
						t.Errorf("%s is in the %s", p, where)
					}
				}
				if has := strings.Contains(text, plantedWord); has != (collect && where == "store") {
					t.Errorf("the words of a question are in the %s: %v", where, has)
				}
			}
			if !strings.Contains(logged.String(), `"level":"ERROR"`) && !strings.Contains(logged.String(), `"level":"WARN"`) {
				t.Error("no fault was logged: the test sees too little")
			}
			if !strings.Contains(stored, "pain-management") || !strings.Contains(kept, "docent_replies_total") {
				t.Error("nothing was counted: the test sees too little")
			}
		})
	}
}

// plant talks on every platform.
func (w *whole) plant(t *testing.T) {
	user := telegramtest.User{ID: plantedPerson, Name: plantedName, Username: plantedUser, Language: "en"}
	ann := &writer{fake: w.fakeTelegram, user: user, chat: w.fakeTelegram.Private(user)}
	bob := &member{fake: w.fakeDiscord, user: discordtest.User{ID: plantedDiscord}}
	web := w.browser(t)
	for _, say := range []speaker{ann, bob, web} {
		for _, text := range []string{"pain management", plantedWord + " " + plantedMail + " my name is " + plantedName,
			"he isnt breathing " + plantedWord, "what dose of ketamine " + plantedWord, strings.Repeat(plantedWord+" ", 100)} {
			say.ask(text)
		}
		say.ask("pain management")
		say.press("Helpful")
	}
	w.fakeTelegram.Fail(telegramtest.Fault{Method: "sendMessage", Times: 1, Kind: telegramtest.Refuse, Text: "chat not found"})
	ann.fake.AskPost(telegramtest.Post{From: user, Chat: ann.chat, Text: "pain management " + plantedWord})
	w.fakeDiscord.Fail(discordtest.Fault{Prefix: "/interactions/", Times: 3, Status: http.StatusInternalServerError})
	ctx := t.Context()
	if i, err := w.fakeDiscord.Start(ctx, bob.user, discordtest.InGeneral(), "ask", discordtest.Text("question", "pain "+plantedWord)); err == nil {
		w.fakeDiscord.Forget(i)
	}
	ann.ask("/forget")
	bob.ask("/forget")
}

func (w *whole) metricsPage(t *testing.T) string {
	t.Helper()
	address, err := url.JoinPath(w.url, "metrics")
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}
