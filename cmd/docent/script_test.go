package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A turn is one step of a chat script: what a person does, and what is on the screen then.
type turn struct {
	line  int
	ask   string // a question, or
	press string // the label of a button
	want  screen
}

// A screen is what a person sees of a reply.
type screen struct {
	text    string
	buttons []string
}

// words returns the words of a text, whatever the line breaks and the marks of lists are.
func words(text string) []string {
	return slices.DeleteFunc(strings.Fields(text), func(w string) bool { return w == "•" || w == "│" })
}

// String prints a screen as scripts have it: the text, then the buttons in one line.
func (s screen) String() string {
	out := strings.TrimSpace(s.text)
	if len(s.buttons) > 0 {
		out += "\n[" + strings.Join(s.buttons, "] [") + "]"
	}
	return out
}

// A chatScript is a file of testdata/chats.
type chatScript struct {
	path  string
	head  string // the comment at the top
	turns []turn
}

// chatScripts reads all scripts.
func chatScripts(t *testing.T) []chatScript {
	t.Helper()
	files, err := filepath.Glob("testdata/chats/*.txt")
	if err != nil || len(files) < 5 {
		t.Fatalf("%d chat scripts (%v), want at least 5", len(files), err)
	}
	var out []chatScript
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, parseChat(f, string(b)))
	}
	return out
}

func parseChat(path, text string) chatScript {
	s := chatScript{path: path}
	n := 0
	for line := range strings.Lines(text) {
		n++
		line = strings.TrimRight(line, "\n")
		if step, ok := strings.CutPrefix(line, "> "); ok {
			next := turn{line: n, ask: step}
			if label, ok := strings.CutPrefix(step, "["); ok {
				next.ask, next.press = "", strings.TrimSuffix(label, "]")
			}
			s.turns = append(s.turns, next)
			continue
		}
		if len(s.turns) == 0 {
			s.head += line + "\n"
			continue
		}
		want := &s.turns[len(s.turns)-1].want
		if strings.HasPrefix(line, "[") {
			want.buttons = strings.Split(strings.Trim(line, "[]"), "] [")
			continue
		}
		want.text += line + "\n"
	}
	return s
}

// String prints the script as its file has it.
func (s chatScript) String() string {
	out := strings.TrimRight(s.head, "\n") + "\n"
	for _, tn := range s.turns {
		step := tn.ask
		if tn.press != "" {
			step = "[" + tn.press + "]"
		}
		out += fmt.Sprintf("\n> %s\n\n%s\n", step, tn.want)
	}
	return out
}

// name returns the script's file name without its ending.
func (s chatScript) name() string { return strings.TrimSuffix(filepath.Base(s.path), ".txt") }
