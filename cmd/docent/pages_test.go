package main

import (
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"docent/internal/config"
	"docent/internal/discordtest"
)

// TestDiscordOverHTTP answers interactions that Discord sends to the program's own web server.
func TestDiscordOverHTTP(t *testing.T) {
	w := startWhole(t, func(w *whole) {
		w.config.Discord.Interactions = "http"
		w.config.Discord.PublicKey = w.fakeDiscord.PublicKey()
	})
	w.fakeDiscord.UseHTTP(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		r.URL.Path, r.Host = discordPath, "bot.example.org"
		w.web.Handler.ServeHTTP(rw, r)
	}))
	got := w.fakeDiscord.Slash(discordtest.User{ID: "77"}, discordtest.InGeneral(), "help")
	if !strings.Contains(got.Text, "Ask a question in your own words") {
		t.Errorf("got %q", got.Text)
	}
	resp, err := http.Post(w.url+discordPath, "application/json", strings.NewReader(`{"type":1}`))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	if resp.StatusCode != http.StatusUnauthorized {
		t.Errorf("an unsigned interaction gets %s", resp.Status)
	}
}

func TestPagesOfTheServer(t *testing.T) {
	w := startWhole(t, nil)
	for path, want := range map[string]string{"/": "Ask a question", "/healthz": "ok", "/metrics": "docent_sections 8"} {
		resp, err := http.Get(w.url + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusOK || !strings.Contains(string(body), want) {
			t.Errorf("%s: %s without %q", path, resp.Status, want)
		}
	}
	off := &service{config: config.Default(), log: slog.New(slog.DiscardHandler), now: day, base: w.base, bot: w.bot, metrics: w.metrics}
	off.config.Server.Listen, off.config.Server.Preview = "127.0.0.1:0", false
	if err := off.openWeb(w.bot); err != nil {
		t.Fatal(err)
	}
	defer off.listener.Close()
	r, _ := http.NewRequest(http.MethodGet, off.address()+"/", nil)
	h, pattern := off.web.Handler.(*http.ServeMux).Handler(r)
	if pattern != "" {
		t.Errorf("without server.preview %q answers with %T", pattern, h)
	}
}

func TestWebhookPathMustBeFree(t *testing.T) {
	s := &service{config: config.Default(), log: slog.New(slog.DiscardHandler), hooks: map[string]http.Handler{"/metrics": http.NotFoundHandler()}}
	s.config.Server.Listen = "127.0.0.1:0"
	err := s.openWeb(nil)
	if err == nil || !strings.Contains(err.Error(), "telegram.webhook.path") {
		t.Errorf("got %v", err)
	}
	s.close()
}
