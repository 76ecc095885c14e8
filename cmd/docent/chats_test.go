package main

import (
	"context"
	"flag"
	"html"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docent/bot"
	"docent/bot/terminal"
	"docent/internal/config"
	"docent/internal/discordtest"
	"docent/internal/telegramtest"
)

var update = flag.Bool("update", false, "write the chat scripts again, from what the terminal shows")

// day is when the chats happen: after the shipped article was checked, long before it must be checked again.
func day() time.Time { return time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC) }

// A speaker is a person on one platform, in a conversation of their own.
type speaker interface {
	ask(text string) screen
	press(label string) screen
}

// TestChats plays every script on every platform. All must show the same words and the same buttons.
func TestChats(t *testing.T) {
	h := startWhole(t, func(w *whole) { w.config.Knowledge.Meaning = "on" })
	for _, script := range chatScripts(t) {
		t.Run(script.name(), func(t *testing.T) {
			if *update {
				rewrite(t, script, h.terminal(t))
				return
			}
			for platform, speak := range h.speakers() {
				t.Run(platform, func(t *testing.T) { play(t, script, speak(t)) })
			}
		})
	}
	if n := len(h.fakeTelegram.Calls("sendMessage")); n < 10 && !*update {
		t.Errorf("only %d messages were sent to Telegram: there is too little to check", n)
	}
}

func play(t *testing.T, script chatScript, who speaker) {
	for _, tn := range script.turns {
		got := step(tn, who)
		if diff := cmp.Diff(words(tn.want.text), words(got.text)); diff != "" {
			t.Fatalf("%s:%d: other words (-want +got):\n%s", script.path, tn.line, diff)
		}
		if diff := cmp.Diff(tn.want.buttons, got.buttons); diff != "" {
			t.Fatalf("%s:%d: other buttons (-want +got):\n%s", script.path, tn.line, diff)
		}
	}
}

func step(tn turn, who speaker) screen {
	if tn.press != "" {
		return who.press(tn.press)
	}
	return who.ask(tn.ask)
}

func rewrite(t *testing.T, script chatScript, who speaker) {
	for i := range script.turns {
		script.turns[i].want = step(script.turns[i], who)
	}
	if err := os.WriteFile(script.path, []byte(script.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// A whole is the whole program, with the platforms that it talks to.
type whole struct {
	*service
	url          string
	fakeDiscord  *discordtest.Server
	fakeTelegram *telegramtest.Server
	stop         func() // ends the program; the end of the test does it too
}

// startWhole starts the program as serve does, on a store of its own and with fakes of the platforms, and stops it with
// the test. Meanings are off, for a quick start, unless change turns them on.
func startWhole(t *testing.T, change func(*whole)) *whole {
	t.Helper()
	s := &service{config: config.Default(), log: slog.New(slog.NewTextHandler(t.Output(), nil)), now: day}
	w := &whole{service: s, fakeDiscord: discordtest.New(t), fakeTelegram: telegramtest.New(t)}
	c := &s.config
	c.Server.Listen = "127.0.0.1:0"
	c.Store.URL = config.NewSecret("sqlite:" + t.TempDir() + "/docent.db")
	c.Knowledge.Meaning = "off"
	c.Discord.Token, c.Discord.APIURL = config.NewSecret(discordtest.Token), w.fakeDiscord.URL
	c.Telegram.Token, c.Telegram.APIURL = config.NewSecret(w.fakeTelegram.Token), w.fakeTelegram.URL
	if change != nil {
		change(w)
	}
	if err := s.open(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.url = s.address()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	w.stop = sync.OnceFunc(func() {
		stop()
		if err := <-done; err != nil {
			t.Errorf("stop: %v", err)
		}
		s.close()
	})
	t.Cleanup(func() {
		w.stop()
		checkRequests(t, w.fakeTelegram)
	})
	return w
}

func (w *whole) speakers() map[string]func(*testing.T) speaker {
	return map[string]func(*testing.T) speaker{
		"terminal": w.terminal,
		"preview":  w.browser,
		"discord":  w.discord,
		"telegram": w.telegram,
	}
}

// A typist is a person at the terminal.
type typist struct {
	t       *testing.T
	keys    io.Writer
	printed replies
	last    screen
}

// replies receives what a chat prints: every reply is one write.
type replies chan string

func (r replies) Write(p []byte) (int, error) { r <- string(p); return len(p), nil }

// terminal starts a chat in a terminal of its own.
func (w *whole) terminal(t *testing.T) speaker {
	in, keys := io.Pipe()
	p := &typist{t: t, keys: keys, printed: make(replies, 4)}
	chat := &terminal.Chat{Handler: w.bot, Catalog: w.bot, In: in, Out: p.printed, Now: day,
		Place: bot.Place{Platform: terminal.Platform, Channel: t.Name()}}
	done := make(chan error, 1)
	go func() { done <- chat.Run(context.Background()) }()
	t.Cleanup(func() {
		keys.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	p.read() // the greeting
	return p
}

func (p *typist) ask(text string) screen { return p.write(text) }

func (p *typist) press(label string) screen {
	i := slices.Index(p.last.buttons, label)
	if i < 0 {
		p.t.Fatalf("there is no choice %q; there are %q", label, p.last.buttons)
	}
	return p.write(strconv.Itoa(i + 1))
}

func (p *typist) write(line string) screen {
	if _, err := io.WriteString(p.keys, line+"\n"); err != nil {
		p.t.Fatal(err)
	}
	return p.read()
}

var numbered = regexp.MustCompile(`(?m)^ *\d+\) (.*)\n`)

// read waits for a reply and takes the numbered choices off it.
func (p *typist) read() screen {
	text := <-p.printed
	p.last = screen{text: numbered.ReplaceAllString(text, "")}
	for _, m := range numbered.FindAllStringSubmatch(text, -1) {
		p.last.buttons = append(p.last.buttons, m[1])
	}
	return p.last
}

// A visitor is a person at the browser preview.
type visitor struct {
	t      *testing.T
	url    string
	talk   string
	values map[string]string // of the buttons that are shown, by label
}

func (w *whole) browser(t *testing.T) speaker {
	v := &visitor{t: t, url: w.url + "/"}
	resp, err := http.Get(v.url)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	m := regexp.MustCompile(`name="talk" value="([^"]+)"`).FindSubmatch(page)
	if m == nil {
		t.Fatal("the page has no conversation")
	}
	v.talk = string(m[1])
	return v
}

func (v *visitor) ask(text string) screen { return v.post(url.Values{"question": {text}}) }

func (v *visitor) press(label string) screen {
	value, ok := v.values[label]
	if !ok {
		v.t.Fatalf("there is no button %q", label)
	}
	return v.post(url.Values{"choice": {value}, "label": {label}})
}

func (v *visitor) post(form url.Values) screen {
	form.Set("talk", v.talk)
	resp, err := http.PostForm(v.url, form)
	if err != nil {
		v.t.Fatal(err)
	}
	defer resp.Body.Close()
	page, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		v.t.Fatalf("the preview answers %s", resp.Status)
	}
	got := v.look(string(page), "discord")
	if diff := cmp.Diff(got, v.look(string(page), "telegram"), cmp.AllowUnexported(screen{})); diff != "" {
		v.t.Errorf("the two pictures differ (-Discord +Telegram):\n%s", diff)
	}
	return got
}

var (
	wordsPart  = regexp.MustCompile(`(?s)<div class="(?:words|small)">(.*?)</div>`)
	buttonPart = regexp.MustCompile(`(?s)<button name="choice" value="([^"]*)">(.*?)</button>`)
	breaks     = regexp.MustCompile(`<br>|</p>|</h\d>|</li>|</pre>|</blockquote>`)
	tags       = regexp.MustCompile(`<[^>]*>`)
)

// look reads one picture of the reply off the page.
func (v *visitor) look(page, platform string) screen {
	_, picture, ok := strings.Cut(page, `<section class="look `+platform+`"`)
	picture, _, ended := strings.Cut(picture, "</section>")
	if !ok || !ended {
		v.t.Fatalf("the page has no picture of %s", platform)
	}
	var s screen
	for _, m := range wordsPart.FindAllStringSubmatch(picture, -1) {
		s.text += html.UnescapeString(tags.ReplaceAllString(breaks.ReplaceAllString(m[1], "\n"), "")) + "\n"
	}
	v.values = map[string]string{}
	for _, m := range buttonPart.FindAllStringSubmatch(picture, -1) {
		label := html.UnescapeString(m[2])
		s.buttons = append(s.buttons, label)
		v.values[label] = html.UnescapeString(m[1])
	}
	return s
}
