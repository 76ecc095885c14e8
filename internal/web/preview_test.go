package web

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/markup"
)

// garden is a Handler that repeats what it was asked, and a Catalog of as many topics as topics says.
type garden struct {
	asked  []bot.Question
	reply  bot.Reply
	err    error
	topics int
}

func (g *garden) Answer(_ context.Context, q bot.Question) (bot.Reply, error) {
	g.asked = append(g.asked, q)
	return g.reply, g.err
}

func (g *garden) Topics() []bot.Topic {
	var out []bot.Topic
	for i := range g.topics {
		out = append(out, bot.Topic{Name: fmt.Sprint("topic-", i), Title: fmt.Sprint("Topic ", i),
			Article: fmt.Sprint("Article ", i/40), Value: fmt.Sprint("v", i)})
	}
	return out
}

func (g *garden) Suggest(prefix string, n int) []bot.Suggestion {
	return []bot.Suggestion{{Topic: bot.Topic{Title: "Suggested for " + prefix}}}
}

// tomatoes is a Reply with hostile text in every place that holds text.
func tomatoes() bot.Reply {
	return bot.Reply{
		Kind: bot.Sure,
		Body: markup.Doc{
			{Kind: markup.Heading, Level: 1, Spans: []markup.Span{markup.Text("Tomatoes <script>alert(1)</script>")}},
			markup.Para(markup.Text("They need "), markup.Span{Text: "sun & water", Style: markup.Bold}, markup.Text("."),
				markup.Span{Text: "bad", URL: "javascript:alert(1)"}, markup.Span{Text: "good", URL: `https://example.org/?a="b`}),
			{Kind: markup.Item, Spans: []markup.Span{markup.Text("one")}},
			{Kind: markup.Item, Number: 2, Level: 1, Spans: []markup.Span{markup.Text("two")}},
			{Kind: markup.Code, Spans: []markup.Span{markup.Text("<b>")}},
		},
		Footer: markup.Doc{markup.Para(markup.Text("Checked 2026-10-01"))},
		Choices: []bot.Choice{
			{Label: `Pick "one"`, Value: "p1", Group: bot.GroupPick},
			{Label: "Pick two", Value: "p2", Group: bot.GroupPick},
			{Label: "Helpful", Value: "h", Group: bot.GroupRate},
			{Label: "Source", URL: "https://example.org/s", Group: bot.GroupRate},
		},
	}
}

func preview(t *testing.T, g *garden, now func() time.Time) http.Handler {
	t.Helper()
	p, err := NewPreview(PreviewOptions{Handler: g, Catalog: g, Now: now,
		Examples: func() []string { return []string{"How deep do I plant <leeks>?"} }})
	if err != nil {
		t.Fatal(err)
	}
	return Guard(p, true)
}

// do sends one request as a browser on this machine does.
func do(h http.Handler, method, target string, form url.Values, change ...func(*http.Request)) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(form.Encode()))
	r.Host = "localhost:8080"
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	for _, c := range change {
		c(r)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestEmptyPageInvites(t *testing.T) {
	w := do(preview(t, &garden{topics: 3}, nil), "GET", "/", nil)
	body := w.Body.String()
	for _, want := range []string{"How deep do I plant &lt;leeks&gt;?", "Topic 0", "Article 0", `for="question"`, `lang="en"`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if w.Code != 200 || strings.Contains(body, "more: ask") {
		t.Errorf("status %d, or a short list that claims to be long", w.Code)
	}
}

func TestLongTopicListIsCut(t *testing.T) {
	body := do(preview(t, &garden{topics: 100_000}, nil), "GET", "/", nil).Body.String()
	if !strings.Contains(body, "and 99940 more") || len(body) > 100_000 {
		t.Errorf("a page of %d bytes for 100,000 topics", len(body))
	}
}

func TestReplyIsShownTwiceAndEscaped(t *testing.T) {
	g := &garden{reply: tomatoes()}
	body := do(preview(t, g, nil), "POST", "/", url.Values{"question": {`Is <b>"this"</b> it?`}}).Body.String()
	for _, want := range []string{
		"<h3>Tomatoes &lt;script&gt;alert(1)&lt;/script&gt;</h3>",
		"<strong>sun &amp; water</strong>.bad<a href=\"https://example.org/?a=&#34;b\"",
		`<li class="depth1"><span class="mark">2.</span> <span>two</span></li>`,
		"<pre>&lt;b&gt;</pre>", "Checked 2026-10-01", `value="p1">Pick &#34;one&#34;</button>`,
	} {
		if n := strings.Count(body, want); n != 2 {
			t.Errorf("%d times %q, want it once a platform", n, want)
		}
	}
	if !strings.Contains(body, "Is &lt;b&gt;&#34;this&#34;&lt;/b&gt; it?") {
		t.Error("the question is not shown, or not escaped")
	}
	for _, bad := range []string{"<script>alert", "javascript:"} {
		if strings.Contains(body, bad) {
			t.Errorf("the page contains %q", bad)
		}
	}
	if n := strings.Count(body, `<div class="row">`); n != 6 {
		t.Errorf("%d rows of buttons, want one for each pick and one for the rest, twice", n)
	}
}

func TestButtonsAskInTheSameConversation(t *testing.T) {
	g := &garden{reply: tomatoes()}
	h := preview(t, g, nil)
	body := do(h, "GET", "/", nil).Body.String()
	talk := regexp.MustCompile(`name="talk" value="([A-Z2-7]{26})"`).FindStringSubmatch(body)
	if talk == nil {
		t.Fatal("the form has no conversation")
	}
	do(h, "POST", "/", url.Values{"talk": {talk[1]}, "question": {"how deep"}})
	pressed := do(h, "POST", "/", url.Values{"talk": {talk[1]}, "choice": {"p1"}, "label": {"Pick one"}}).Body.String()
	do(h, "POST", "/", url.Values{"talk": {"../../etc"}, "question": {"forged"}})
	if len(g.asked) != 3 {
		t.Fatalf("asked %d times", len(g.asked))
	}
	first, second, forged := g.asked[0], g.asked[1], g.asked[2]
	if first.Place != second.Place || first.Place.Channel != talk[1] || second.Choice != "p1" || second.Text != "" {
		t.Errorf("the press is not in the conversation: %+v, %+v", first, second)
	}
	if forged.Place.Channel == "../../etc" || forged.Place.Channel == talk[1] {
		t.Errorf("a forged conversation is taken: %+v", forged.Place)
	}
	if !strings.Contains(pressed, "You pressed</span> Pick one") {
		t.Error("the page does not say what was pressed")
	}
}

func TestTypedCommands(t *testing.T) {
	g := &garden{topics: 2}
	h := preview(t, g, nil)
	for text, want := range map[string]string{"/topics": bot.ChoiceTopics, "/topic-1": "v1", "/nothing": ""} {
		g.asked = nil
		do(h, "POST", "/", url.Values{"question": {text}})
		if len(g.asked) != 1 || g.asked[0].Choice != want {
			t.Errorf("%s asked %+v, want choice %q", text, g.asked, want)
		}
	}
	if body := do(h, "POST", "/", url.Values{"question": {"/topics"}}).Body.String(); !strings.Contains(body, "You asked</span> /topics") {
		t.Error("the page does not show the typed command")
	}
}

func TestLayouts(t *testing.T) {
	var picks []bot.Choice
	for range 8 {
		picks = append(picks, bot.Choice{Label: "Treatment-resistant depression", Value: "v"})
	}
	related := []bot.Choice{{Label: "Sun", Group: bot.GroupRelated}, {Label: "Water", Group: bot.GroupRelated},
		{Label: "Treatment-resistant depression", Group: bot.GroupRelated}, {Label: "Helpful", Group: bot.GroupRate}}
	for name, c := range map[string]struct {
		got  [][]bot.Choice
		want []int
	}{
		"Discord has five rows":         {discordLayout(picks), []int{2, 2, 2, 2}},
		"Discord, few picks":            {discordLayout(picks[:3]), []int{1, 1, 1}},
		"Discord, a row for each group": {discordLayout(related), []int{3, 1}},
		"Telegram, a row for each pick": {telegramLayout(picks), []int{1, 1, 1, 1, 1, 1, 1, 1}},
		"Telegram, long labels alone":   {telegramLayout(related), []int{2, 1, 1}},
		"no choices":                    {telegramLayout(nil), nil},
	} {
		var sizes []int
		for _, row := range c.got {
			sizes = append(sizes, len(row))
		}
		if !slices.Equal(sizes, c.want) {
			t.Errorf("%s: rows of %v, want %v", name, sizes, c.want)
		}
	}
}

func TestLanguageOfTheBrowser(t *testing.T) {
	g := &garden{}
	do(preview(t, g, nil), "POST", "/", url.Values{"question": {"wie tief"}},
		func(r *http.Request) { r.Header.Set("Accept-Language", "de-AT,de;q=0.9,en;q=0.5") })
	if g.asked[0].Locale != "de-AT" {
		t.Errorf("locale %q", g.asked[0].Locale)
	}
}

func TestPartForTheScript(t *testing.T) {
	g := &garden{reply: tomatoes()}
	g.reply.Replace = true
	body := do(preview(t, g, nil), "POST", "/", url.Values{"question": {"x"}, "part": {"1"}}).Body.String()
	if strings.Contains(body, "<html") || !strings.Contains(body, "data-replace") {
		t.Errorf("want one exchange that replaces another: %.200s", body)
	}
}

func TestProblemsAreSaidPlainly(t *testing.T) {
	broken := &garden{err: errors.New("secret inner state")}
	for name, c := range map[string]struct {
		form   url.Values
		status int
		words  string
	}{
		"nothing written": {url.Values{"question": {"  "}}, 400, "Please write a question first."},
		"too much":        {url.Values{"question": {strings.Repeat("x", maxBody)}}, 413, "too long"},
		"broken":          {url.Values{"question": {"hello"}}, 500, "no answer"},
	} {
		t.Run(name, func(t *testing.T) {
			w := do(preview(t, broken, nil), "POST", "/", c.form)
			if w.Code != c.status || !strings.Contains(html.UnescapeString(w.Body.String()), c.words) {
				t.Errorf("status %d, page lacks %q", w.Code, c.words)
			}
			if strings.Contains(w.Body.String(), "secret inner state") {
				t.Error("the page shows the inner error")
			}
		})
	}
}

func TestRateLimitForEachAddress(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	h := preview(t, &garden{}, func() time.Time { return now })
	ask := func(address string) int {
		return do(h, "POST", "/", url.Values{"question": {"x"}}, func(r *http.Request) { r.RemoteAddr = address }).Code
	}
	for i := range burst {
		if code := ask("192.0.2.1:1000"); code != 200 {
			t.Fatalf("question %d: status %d", i, code)
		}
	}
	if code := ask("192.0.2.1:2000"); code != http.StatusTooManyRequests {
		t.Errorf("after a burst: status %d", code)
	}
	if code := ask("192.0.2.2:1000"); code != 200 {
		t.Errorf("another address suffers: status %d", code)
	}
	now = now.Add(time.Second)
	if code := ask("192.0.2.1:1000"); code != 200 {
		t.Errorf("a second later: status %d", code)
	}
}

func TestLimiterForgets(t *testing.T) {
	now := time.Date(2026, 11, 1, 12, 0, 0, 0, time.UTC)
	l := newLimiter(func() time.Time { return now })
	for i := range maxAddresses * 2 {
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr = fmt.Sprintf("10.%d.%d.%d:1", i>>16, i>>8&255, i&255)
		l.allow(r)
	}
	if len(l.seen) > maxAddresses {
		t.Errorf("%d addresses are remembered", len(l.seen))
	}
	if network("[2001:db8::1]:1") != network("[2001:db8::2]:9") || network("192.0.2.1:1") == network("192.0.2.2:1") {
		t.Error("an IPv6 visitor is a network of 64 bits, an IPv4 visitor one address")
	}
}

func TestGuard(t *testing.T) {
	h := preview(t, &garden{}, nil)
	set := func(key, value string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set(key, value) }
	}
	host := func(s string) func(*http.Request) { return func(r *http.Request) { r.Host = s } }
	for name, c := range map[string]struct {
		change func(*http.Request)
		status int
	}{
		"own name":       {host("127.0.0.1:8080"), 200},
		"own name, IPv6": {host("[::1]:8080"), 200},
		"rebound name":   {host("evil.example:8080"), 421},
		"no host":        {host(""), 421},
		"other site":     {set("Sec-Fetch-Site", "cross-site"), 403},
		"other origin":   {set("Origin", "https://evil.example"), 403},
		"own origin":     {set("Origin", "http://localhost:8080"), 200},
	} {
		w := do(h, "POST", "/", url.Values{"question": {"x"}}, c.change)
		if w.Code != c.status {
			t.Errorf("%s: status %d, want %d", name, w.Code, c.status)
		}
		csp := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(csp, "default-src 'none'") || strings.Contains(csp, "unsafe") || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: security headers are missing", name)
		}
		if w.Header().Get("Set-Cookie") != "" {
			t.Errorf("%s: a cookie is set", name)
		}
	}
}

func TestNoInlineScriptOrStyle(t *testing.T) {
	body := do(preview(t, &garden{reply: tomatoes()}, nil), "POST", "/", url.Values{"question": {"x"}}).Body.String()
	if m := regexp.MustCompile(`<style|<script>|\sstyle=|\son[a-z]+=`).FindString(body); m != "" {
		t.Errorf("the page has %q, which its security policy forbids", m)
	}
	for _, m := range regexp.MustCompile(`(?:src|href)="(/assets/[^"]+)"`).FindAllStringSubmatch(body, -1) {
		w := do(preview(t, &garden{}, nil), "GET", m[1], nil)
		if w.Code != 200 || w.Body.Len() == 0 {
			t.Errorf("%s: status %d", m[1], w.Code)
		}
	}
}

func TestUnknownPages(t *testing.T) {
	h := preview(t, &garden{}, nil)
	for _, target := range []string{"/nope", "/assets/preview.html", "/assets/", "/assets/..%2fweb.go"} {
		if w := do(h, "GET", target, nil); w.Code != 404 && w.Code != 400 {
			t.Errorf("%s: status %d", target, w.Code)
		}
	}
}

func TestSuggestions(t *testing.T) {
	w := do(preview(t, &garden{}, nil), "POST", "/suggest", url.Values{"question": {"lee"}})
	if got := strings.TrimSpace(w.Body.String()); got != `["Suggested for lee"]` {
		t.Errorf("got %s", got)
	}
}

func TestReadiness(t *testing.T) {
	var ready Readiness
	h := Health(&ready)
	for _, want := range []int{503, 200, 503} {
		if w := do(h, "GET", "/readyz", nil); w.Code != want {
			t.Errorf("readyz: status %d, want %d", w.Code, want)
		}
		if w := do(h, "GET", "/healthz", nil); w.Code != 200 {
			t.Errorf("healthz: status %d", w.Code)
		}
		ready.Set(want == 503)
	}
}

// TestServeFinishesWhatHasBegun stops the server in the middle of an answer, which must still arrive.
func TestServeFinishesWhatHasBegun(t *testing.T) {
	begun, finish := make(chan bool), make(chan bool)
	s := &Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		begun <- true
		<-finish
		io.WriteString(w, "whole")
	})}
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if !Loopback(l) {
		t.Error("127.0.0.1 is not called loopback")
	}
	ctx, stop := context.WithCancel(context.Background())
	served, got := make(chan error), make(chan string)
	go func() { served <- s.Serve(ctx, l, time.Minute) }()
	go func() {
		resp, err := http.Get("http://" + l.Addr().String())
		if err != nil {
			got <- err.Error()
			return
		}
		defer resp.Body.Close()
		b, _ := io.ReadAll(resp.Body)
		got <- string(b)
	}()
	<-begun
	stop()
	finish <- true
	if text := <-got; text != "whole" {
		t.Errorf("the answer under way became %q", text)
	}
	if err := <-served; err != nil {
		t.Error(err)
	}
}

func TestPortInUse(t *testing.T) {
	l, err := Listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	_, err = Listen(l.Addr().String())
	if err == nil || !strings.Contains(err.Error(), "another program uses this port") {
		t.Errorf("got %v", err)
	}
}
