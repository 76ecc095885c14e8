package web

import (
	"bytes"
	"context"
	"embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"html/template"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"golang.org/x/text/language"

	"docent/bot"
)

// Platform is the name of this platform in a bot.Place.
const Platform = "web"

const (
	maxBody       = 32 << 10
	maxText       = 2000 // runes that the question field takes
	maxLabel      = 200  // bytes of a pressed button's label that are shown again
	maxSuggested  = 8
	answerTimeout = 20 * time.Second
)

//go:embed assets
var assets embed.FS

// A Preview is the page where one asks a question and sees the reply as Discord and as Telegram show it. Call NewPreview
// to make one.
type Preview struct {
	o       PreviewOptions
	page    *template.Template
	version string
	limit   *limiter
	mux     *http.ServeMux
}

// PreviewOptions says what a Preview shows. Handler and Catalog are required.
type PreviewOptions struct {
	Handler  bot.Handler
	Catalog  bot.Catalog
	Examples func() []string  // questions that invite people to ask; nil: none
	Region   string           // whose emergency numbers are shown
	Now      func() time.Time // nil: time.Now
	Log      *slog.Logger     // nil: discard
}

// NewPreview makes a Preview. An error means that the program was built wrongly.
func NewPreview(o PreviewOptions) (*Preview, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Examples == nil {
		o.Examples = func() []string { return nil }
	}
	t, err := template.ParseFS(assets, "assets/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the page: %w", err)
	}
	p := &Preview{o: o, page: t, limit: newLimiter(o.Now), mux: http.NewServeMux()}
	if p.version, err = assetVersion(); err != nil {
		return nil, fmt.Errorf("read the assets: %w", err)
	}
	p.mux.HandleFunc("GET /{$}", p.start)
	p.mux.HandleFunc("POST /{$}", p.ask)
	p.mux.HandleFunc("POST /suggest", p.suggest)
	p.mux.HandleFunc("GET /assets/{name}", p.asset)
	return p, nil
}

// ServeHTTP answers a browser.
func (p *Preview) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodPost {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
	}
	p.mux.ServeHTTP(w, r)
}

// assetVersion returns a short text that changes with the assets, so that browsers may keep them for long.
func assetVersion() (string, error) {
	h := fnv.New64a()
	err := fs.WalkDir(assets, "assets", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := assets.ReadFile(path)
		h.Write(b)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)), err
}

func (p *Preview) asset(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if strings.HasSuffix(name, ".html") {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	http.ServeFileFS(w, r, assets, "assets/"+name)
}

func (p *Preview) start(w http.ResponseWriter, r *http.Request) {
	p.show(w, http.StatusOK, newTalk(), nil, false)
}

// ask answers a form: a question, or a pressed button.
func (p *Preview) ask(w http.ResponseWriter, r *http.Request) {
	part := false
	talk := newTalk()
	fail := func(status int, problem string) {
		p.show(w, status, talk, &exchange{Talk: talk, Problem: problem}, part)
	}
	if err := r.ParseForm(); err != nil {
		status, problem := http.StatusBadRequest, "That form could not be read. Please load the page again."
		if large := (*http.MaxBytesError)(nil); errors.As(err, &large) {
			status, problem = http.StatusRequestEntityTooLarge, "That is too long. Please ask in fewer words."
		}
		fail(status, problem)
		return
	}
	part = r.PostForm.Get("part") != ""
	if t := r.PostForm.Get("talk"); validTalk(t) {
		talk = t
	}
	if !p.limit.allow(r) {
		w.Header().Set("Retry-After", "5")
		fail(http.StatusTooManyRequests, "That was a lot at once. Please wait a few seconds and try again.")
		return
	}
	q := p.receive(r, talk)
	if q.Text == "" && q.Choice == "" {
		fail(http.StatusBadRequest, "Please write a question first.")
		return
	}
	ctx, cancel := context.WithTimeout(r.Context(), answerTimeout)
	defer cancel()
	reply, err := p.o.Handler.Answer(ctx, q)
	if err != nil {
		p.o.Log.Error("answer", "platform", Platform, "error", err)
		fail(http.StatusInternalServerError, "Something is broken on this side, so there is no answer. The program's log says what.")
		return
	}
	x := newExchange(talk, reply, q.At)
	x.Asked = r.PostForm.Get("question")
	if r.PostForm.Get("choice") != "" {
		x.Asked, x.Pressed = shorten(r.PostForm.Get("label"), maxLabel), true
	}
	p.show(w, http.StatusOK, talk, x, part)
}

// receive turns a form into a Question.
func (p *Preview) receive(r *http.Request, talk string) bot.Question {
	q := bot.Question{
		Text:   strings.TrimSpace(strings.ToValidUTF8(r.PostForm.Get("question"), "\ufffd")),
		Choice: r.PostForm.Get("choice"),
		Place:  bot.Place{Platform: Platform, Channel: talk},
		Person: talk,
		Region: p.o.Region,
		At:     p.o.Now(),
	}
	if q.Choice != "" {
		q.Text = ""
	}
	if tags, _, err := language.ParseAcceptLanguage(r.Header.Get("Accept-Language")); err == nil && len(tags) > 0 {
		q.Locale = tags[0].String()
	}
	if name, ok := strings.CutPrefix(q.Text, "/"); ok {
		if value, ok := p.command(name); ok {
			q.Text, q.Choice = "", value
		}
	}
	return q
}

// command returns the choice that a typed command stands for.
func (p *Preview) command(name string) (string, bool) {
	fixed := map[string]string{"start": bot.ChoiceStart, "help": bot.ChoiceHelp, "topics": bot.ChoiceTopics,
		"privacy": bot.ChoicePrivacy, "forget": bot.ChoiceForget, "help-now": bot.ChoiceHelpNow}
	if value, ok := fixed[name]; ok {
		return value, true
	}
	for _, t := range p.o.Catalog.Topics() {
		if t.Name == name {
			return t.Value, true
		}
	}
	return "", false
}

// show writes the whole page, or only the exchange for the page's own script.
func (p *Preview) show(w http.ResponseWriter, status int, talk string, x *exchange, part bool) {
	name, data := "preview.html", any(nil)
	if part {
		name, data = "exchange", x
	} else {
		topics := p.o.Catalog.Topics()
		articles, unlisted := articleViews(talk, topics)
		data = page{Version: p.version, Talk: talk, Examples: p.o.Examples(), Commands: commands(talk), Articles: articles,
			Topics: len(topics), Unlisted: unlisted, Exchange: x, MaxText: maxText}
	}
	var b bytes.Buffer
	if err := p.page.ExecuteTemplate(&b, name, data); err != nil {
		p.o.Log.Error("show the page", "error", err)
		http.Error(w, "The page could not be made. The program's log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Cache-Control", "no-store")
	w.WriteHeader(status)
	w.Write(b.Bytes())
}

// suggest completes a question as autocomplete does on Discord. The text comes in the body, where no log sees it.
func (p *Preview) suggest(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil || !p.limit.allow(r) {
		http.Error(w, "no suggestions now", http.StatusTooManyRequests)
		return
	}
	titles := []string{}
	for _, s := range p.o.Catalog.Suggest(shorten(r.PostForm.Get("question"), maxLabel), maxSuggested) {
		titles = append(titles, s.Topic.Title)
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	json.NewEncoder(w).Encode(titles)
}

// shorten returns at most n bytes of s, cut between runes.
func shorten(s string, n int) string {
	if len(s) > n {
		s = s[:n]
	}
	return strings.ToValidUTF8(s, "")
}
