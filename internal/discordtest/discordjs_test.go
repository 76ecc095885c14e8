package discordtest

import (
	"bufio"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A second is a bot that runs on discord.js: a client that knows nothing of the adapter, so that what it does shows that
// the fake is not shaped to one library.
type second struct {
	t      *testing.T
	events chan map[string]any
}

// discordJS returns the folder with discord.js, or skips the test.
func discordJS(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("-short: the test starts Node")
	}
	if _, err := exec.LookPath("node"); err != nil {
		t.Skip("there is no Node: install it to try the fake with discord.js")
	}
	dir := os.Getenv("DOCENT_TEST_DISCORDJS")
	if dir == "" {
		dir = filepath.Join("testdata", "discordjs")
	}
	dir, err := filepath.Abs(dir)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(dir, "node_modules", "discord.js")); err != nil {
		t.Skip("discord.js is not installed: run npm ci in internal/discordtest/testdata/discordjs, or name a folder that has it in DOCENT_TEST_DISCORDJS")
	}
	return dir
}

func startSecond(t *testing.T, s *Server) *second {
	t.Helper()
	dir := discordJS(t)
	cmd := exec.Command("node", filepath.Join("testdata", "discordjs", "client.cjs"))
	cmd.Env = append(os.Environ(), "DISCORDJS="+dir, "API="+s.URL, "TOKEN="+Token)
	cmd.Stderr = t.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	c := &second{t: t, events: make(chan map[string]any, 100)}
	go func() {
		defer close(c.events)
		lines := bufio.NewScanner(out)
		for lines.Scan() {
			var e map[string]any
			if json.Unmarshal(lines.Bytes(), &e) == nil {
				c.events <- e
			}
		}
	}()
	t.Cleanup(func() {
		in.Close()
		c.wait("bye")
		if err := cmd.Wait(); err != nil {
			t.Errorf("discord.js: %v", err)
		}
	})
	return c
}

// wait returns the next event of a kind. An error of the client fails the test.
func (c *second) wait(kind string) map[string]any {
	c.t.Helper()
	for e := range c.events {
		switch e["event"] {
		case kind:
			return e
		case "error":
			c.t.Errorf("discord.js: %v", e["text"])
		}
	}
	c.t.Fatalf("discord.js ended without %q", kind)
	return nil
}

func TestDiscordJS(t *testing.T) {
	discordJS(t) // before a server starts
	s := New(t)
	c := startSecond(t, s)
	ready := c.wait("ready")
	if ready["user"] != BotID || ready["guilds"] != 1.0 || ready["commands"] != 4.0 || ready["listed"] != 4.0 {
		t.Errorf("ready: %v", ready)
	}
	ada, at := User{ID: "1001", Locale: "de"}, InGeneral()

	m := s.Slash(ada, at, "ask", Text("question", "what"))
	if m.Text != "Answer\n\nYou asked: what" || !slices.Equal(m.Labels(), []string{"More", "Delete", "Source"}) || len(m.Menu) != 2 {
		t.Errorf("answer: %+v", m)
	}
	if replied := c.wait("replied"); replied["id"] != m.ID || replied["locale"] != "de" || replied["inGuild"] != true {
		t.Errorf("replied: %v, message %s", replied, m.ID)
	}
	if got := s.Select(ada, m, "Missing"); got.Text != "because: missing" || !got.Ephemeral {
		t.Errorf("select: %+v", got)
	}
	if got := s.Press(ada, m, "More"); got.ID != m.ID || got.Text != "more" || len(got.Buttons) != 0 {
		t.Errorf("update: %+v", got)
	}
	m = s.Slash(ada, at, "ask", Text("question", "again"))
	if got := s.Press(ada, m, "Delete"); !got.Deleted {
		t.Errorf("delete: %+v", got)
	}
	if list, _ := s.Complete(ada, at, "ask", "question", "pa"); len(list) != 1 || list[0].Value != "pa" {
		t.Errorf("autocomplete: %+v", list)
	}
	if list, _ := s.Complete(ada, at, "ask", "question", "zzz"); list == nil || len(list) != 0 {
		t.Errorf("empty autocomplete: %+v", list)
	}
	c.defers("deferred", s, ada)
	if got, _ := s.OnMessage(ada, at, "Ask this", "words", nil); got.Text != "about: words" || !got.Ephemeral {
		t.Errorf("message command: %+v", got)
	}
	if got := s.Mention(ada, at, "hello"); !strings.HasPrefix(got.Text, "heard: ") || got.ReplyTo == "" {
		t.Errorf("mention: %+v", got)
	}
	if got := s.Say(ada, DM(ada.ID), "in private"); got.Text != "heard: in private" {
		t.Errorf("direct message: %+v", got)
	}
	c.comesBack(s, ada)
}

// defers uses the command that answers late, with a follow-up.
func (c *second) defers(when string, s *Server, ada User) {
	c.t.Helper()
	if got := s.Slash(ada, InGeneral(), "slow"); got.Text != "late" {
		c.t.Errorf("%s: %+v", when, got)
	}
	c.wait("followed")
}

// comesBack disturbs the gateway: the client resumes where it can and starts a new session where it cannot.
func (c *second) comesBack(s *Server, ada User) {
	c.t.Helper()
	before := s.Counts()
	s.SendOp(7, "null")
	c.wait("resumed")
	c.defers("after op 7", s, ada)
	s.CutGateway()
	c.wait("resumed")
	if n := s.Counts(); n.Identifies != before.Identifies || n.Resumes != before.Resumes+2 {
		c.t.Errorf("before %+v, after %+v", before, n)
	}
	s.SendOp(9, "false")
	ctx, cancel := s.wait()
	defer cancel()
	if err := s.Wait(ctx, func(n Counts) bool { return n.Identifies == before.Identifies+1 }); err != nil {
		c.t.Errorf("no new session after op 9: %v", err)
	}
	c.defers("after op 9", s, ada)
}
