package terminal

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"docent/bot"
	"docent/internal/markup"
)

// garden is a Handler that repeats what it was asked and offers two choices, and a Catalog of three topics.
type garden struct {
	asked []bot.Question
	err   error
}

func (g *garden) Answer(_ context.Context, q bot.Question) (bot.Reply, error) {
	g.asked = append(g.asked, q)
	if g.err != nil && q.Text == "break" {
		return bot.Reply{}, g.err
	}
	return bot.Reply{
		Body:    markup.Doc{markup.Para(markup.Text("You said " + q.Text + q.Choice + "."))},
		Choices: []bot.Choice{{Label: "Tell me more", Value: "more"}, {Label: "Stop", Value: "stop"}},
	}, nil
}

func (g *garden) Topics() []bot.Topic {
	return []bot.Topic{
		{Name: "tomatoes", Title: "Tomatoes", Value: "t1"},
		{Name: "thyme", Title: "Thyme", Value: "t2"},
		{Name: "leeks", Title: "Leeks", Value: "t3"},
	}
}

func (g *garden) Suggest(prefix string, n int) []bot.Suggestion {
	var out []bot.Suggestion
	for _, t := range g.Topics() {
		if strings.HasPrefix(t.Name, prefix) && len(out) < n {
			out = append(out, bot.Suggestion{Topic: t})
		}
	}
	return out
}

func talk(t *testing.T, g *garden, lines string) string {
	t.Helper()
	var out bytes.Buffer
	c := &Chat{Handler: g, Catalog: g, In: strings.NewReader(lines), Out: &out}
	if err := c.Run(context.Background()); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func TestLinesBecomeQuestions(t *testing.T) {
	g := &garden{}
	talk(t, g, "how deep\n\n2\n1)\n7\n/topics\n/leeks\n/ask why not\n/nonsense\nlast words")
	var got []string
	for _, q := range g.asked {
		got = append(got, q.Text+"|"+q.Choice)
	}
	want := []string{"|1start", "how deep|", "|stop", "|more", "7|", "|1topics", "|t3", "why not|", "nonsense|", "last words|"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	q := g.asked[1]
	if q.Place.Platform != Platform || q.Place.Channel == "" || q.Person == "" || time.Since(q.At) > time.Minute {
		t.Errorf("question without its surroundings: %+v", q)
	}
}

func TestQuitEndsTheChat(t *testing.T) {
	g := &garden{}
	out := talk(t, g, "/quit\nnever asked\n")
	if len(g.asked) != 1 {
		t.Errorf("asked %d questions, want only the greeting: %s", len(g.asked), out)
	}
}

func TestBrokenHandlerCostsOneAnswer(t *testing.T) {
	g := &garden{err: errors.New("disk on fire")}
	out := talk(t, g, "break\nand now\n")
	if !strings.Contains(out, "no answer") || strings.Contains(out, "disk on fire") {
		t.Errorf("the person should be told plainly, without the inner error: %s", out)
	}
	if !strings.Contains(out, "You said and now.") {
		t.Errorf("the conversation should go on: %s", out)
	}
}

func TestEndOfContextEndsTheChat(t *testing.T) {
	r, w := io.Pipe()
	defer w.Close()
	ctx, cancel := context.WithCancel(context.Background())
	c := &Chat{Handler: &garden{}, Catalog: &garden{}, In: r, Out: cancelWriter(cancel)}
	if err := c.Run(ctx); err != nil {
		t.Fatal(err)
	}
}

// cancelWriter ends a context at the first write, which is the greeting.
type cancelWriter context.CancelFunc

func (c cancelWriter) Write(p []byte) (int, error) { c(); return len(p), nil }

func TestTabWalksThroughTopics(t *testing.T) {
	c := &completer{catalog: &garden{}}
	line := "t"
	var got []string
	for range 4 {
		var ok bool
		if line, _, ok = c.complete(line, len(line), '\t'); !ok {
			t.Fatal("Tab was not taken")
		}
		got = append(got, line)
	}
	if diff := cmp.Diff([]string{"Tomatoes", "Thyme", "t", "Tomatoes"}, got); diff != "" {
		t.Error(diff)
	}
	if _, _, ok := c.complete("t", 1, 'x'); ok {
		t.Error("a letter was taken as completion")
	}
}
