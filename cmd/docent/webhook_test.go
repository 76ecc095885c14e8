package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"docent/internal/config"
	"docent/internal/metrics"
	"docent/internal/telegramtest"
)

const hookSecret = "s3cret-of_the_hook"

// A balancer hands each request to the next of several instances, as load balancers do.
type balancer struct {
	*httptest.Server
	mu      sync.Mutex
	targets []*url.URL
	next    int
	served  map[string]int // requests by instance
}

func newBalancer(t *testing.T) *balancer {
	b := &balancer{served: map[string]int{}}
	b.Server = httptest.NewServer(&httputil.ReverseProxy{ErrorLog: log.New(io.Discard, "", 0),
		Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(b.pick()) }})
	t.Cleanup(b.Close)
	return b
}

func (b *balancer) add(t *testing.T, address string) {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	b.targets = append(b.targets, u)
}

func (b *balancer) pick() *url.URL {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.next++
	u := b.targets[b.next%len(b.targets)]
	b.served[u.Host]++
	return u
}

// hooked starts instances of the whole program with one store, behind a balancer that Telegram calls.
func hooked(t *testing.T, instances int) (*balancer, []*whole) {
	t.Helper()
	b := newBalancer(t)
	store := config.NewSecret("sqlite:" + t.TempDir() + "/docent.db")
	var all []*whole
	for i := range instances {
		w := startWhole(t, func(w *whole) {
			if i > 0 {
				w.fakeTelegram = all[0].fakeTelegram
			}
			w.fakeTelegram.Local = true // lets Telegram call a plain http:// address
			c := &w.config
			c.Store.URL, c.Discord.Token = store, config.Secret{}
			c.Telegram.APIURL = w.fakeTelegram.URL
			c.Telegram.Webhook.URL, c.Telegram.Webhook.Secret = b.URL+"/telegram", config.NewSecret(hookSecret)
			w.holder = fmt.Sprint("instance ", i)
		})
		b.add(t, w.url)
		all = append(all, w)
		waitUntil(t, "the webhook", func() bool { return len(w.fakeTelegram.Calls("setWebhook")) > 0 })
	}
	return b, all
}

// TestWebhookInstances lets three instances take the updates of one bot. Answers to Telegram get lost, and one instance
// ends while people ask: everybody is answered once and in order.
func TestWebhookInstances(t *testing.T) {
	b, all := hooked(t, 3)
	fake := all[0].fakeTelegram
	questions := []string{"Can ketamine help with migraines?", "/ptsd", "/overview"} // commands do not depend on what was said before
	const people = 40
	fake.LoseAnswers(people)
	var chats []telegramtest.Chat
	for i := range people * len(questions) {
		u := telegramtest.User{ID: 7000 + int64(i%people), Name: "Ann", Language: "en"}
		if i < people {
			chats = append(chats, fake.Private(u))
		}
		fake.Write(telegramtest.Post{From: u, Chat: chats[i%people], Text: questions[i/people]})
		if i == people*len(questions)/2 {
			all[1].stop()
		}
	}
	waitUntil(t, "all answers", func() bool { return fake.Waiting() == 0 })
	for _, c := range chats {
		var titles []string
		for _, m := range fake.Messages(c) {
			title, _, _ := strings.Cut(m.Text, "\n")
			titles = append(titles, title)
		}
		if want := []string{"Pain management", "PTSD and trauma-related disorders", "Overview"}; !slices.Equal(titles, want) {
			t.Errorf("chat %d got %q, want %q", c.ID, titles, want)
		}
	}
	if n := len(fake.Calls("setWebhook")); n != 1 {
		t.Errorf("the webhook was set %d times", n)
	}
	if len(b.served) != 3 {
		t.Errorf("requests went to %v", b.served)
	}
}

// TestHandover lets two instances with one store share a bot without a webhook: one polls, and when it ends the other goes on.
func TestHandover(t *testing.T) {
	store := config.NewSecret("sqlite:" + t.TempDir() + "/docent.db")
	var all []*whole
	for i := range 2 {
		all = append(all, startWhole(t, func(w *whole) {
			if i > 0 {
				w.fakeTelegram = all[0].fakeTelegram
			}
			c := &w.config
			c.Store.URL, c.Discord.Token, c.Telegram.APIURL = store, config.Secret{}, w.fakeTelegram.URL
			w.holder = fmt.Sprint("instance ", i)
		}))
		waitUntil(t, "the first poll", func() bool { return len(all[0].fakeTelegram.Calls("getUpdates")) > 0 })
	}
	fake := all[0].fakeTelegram
	ann := telegramtest.User{ID: 11, Name: "Ann", Language: "en"}
	for i, command := range []string{"/ptsd", "/overview"} {
		if i == 1 {
			fake.Write(telegramtest.Post{From: ann, Chat: fake.Private(ann), Text: "/pain_management"})
			all[0].stop()
		}
		if got := fake.Ask(ann, fake.Private(ann), command); got.Parts != 1 && i == 0 || got.Text == "" {
			t.Errorf("%s: %+v", command, got)
		}
	}
	if n := len(fake.Messages(fake.Private(ann))); n != 3 {
		t.Errorf("%d answers to 3 questions", n)
	}
	conflicts := 0
	for _, c := range fake.Calls("getUpdates") {
		if strings.Contains(c.Error, "Conflict") {
			conflicts++
		}
	}
	if conflicts > 1 { // one may be: Telegram sees the end of the first one's poll a moment after the lease is given back
		t.Errorf("two instances polled at a time, %d times", conflicts)
	}
	if page := all[1].page(t, "/metrics"); !strings.Contains(page, `docent_replies_total{`) {
		t.Error("the second instance answered nothing")
	}
}

func TestWebhookOfTheProgram(t *testing.T) {
	b, all := hooked(t, 1)
	w := all[0]
	call := w.fakeTelegram.Calls("setWebhook")[0].Params
	if call["secret_token"] != hookSecret || call["url"] != b.URL+"/telegram" || call["max_connections"] != "40" {
		t.Errorf("setWebhook %v", call)
	}
	for name, c := range map[string]struct {
		method, secret, body string
		want                 int
	}{
		"wrong secret":    {http.MethodPost, "guess", `{"update_id":1}`, http.StatusUnauthorized},
		"no secret":       {http.MethodPost, "", `{"update_id":1}`, http.StatusUnauthorized},
		"a browser":       {http.MethodGet, "", "", http.StatusMethodNotAllowed},
		"endless":         {http.MethodPost, hookSecret, strings.Repeat("x", 3<<20), http.StatusOK},
		"nothing to read": {http.MethodPost, hookSecret, "nonsense", http.StatusOK},
	} {
		r, err := http.NewRequest(c.method, w.url+"/telegram", strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", c.secret)
		resp, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		resp.Body.Close()
		if resp.StatusCode != c.want {
			t.Errorf("%s: %s, want %d", name, resp.Status, c.want)
		}
	}
	if want := `docent_adapter_events_total{event="poison",platform="telegram"} 2`; !strings.Contains(w.page(t, "/metrics"), want) {
		t.Errorf("the two that cannot be read are not counted: no %s", want)
	}
	ann := telegramtest.User{ID: 11, Name: "Ann", Language: "en"}
	if got := w.fakeTelegram.Ask(ann, w.fakeTelegram.Private(ann), "What is ketamine?"); !strings.HasPrefix(got.Text, "Overview") {
		t.Errorf("%q", got.Text)
	}
}

func (w *whole) page(t *testing.T, path string) string {
	t.Helper()
	resp, err := http.Get(w.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

// TestEventsAreCounted compares the events that the Telegram adapter counts with those that have a counter.
func TestEventsAreCounted(t *testing.T) {
	files, err := filepath.Glob("../../bot/telegram/*.go")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, path := range files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range regexp.MustCompile(`\.count\("([^"]*)"\)`).FindAllStringSubmatch(string(text), -1) {
			found++
			if !slices.Contains(metrics.Events(), m[1]) {
				t.Errorf("%s counts %q, which metrics.Events does not have", path, m[1])
			}
		}
	}
	if found == 0 {
		t.Error("no event found")
	}
}
