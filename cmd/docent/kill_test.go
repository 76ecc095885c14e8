package main

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"strings"
	"syscall"
	"testing"
	"time"

	"docent/internal/telegramtest"
)

// TestKillLosesNoUpdate kills the program again and again while people ask in Telegram. In the end every update must be
// confirmed, nobody may have two answers, and only those whose answer was just leaving at a kill may have none: such an
// answer may have arrived, so it is not sent again.
func TestKillLosesNoUpdate(t *testing.T) {
	k := newKiller(t)
	for range *kills {
		k.kill()
	}
	k.end()
}

// TestKillBehindWebhook is TestKillLosesNoUpdate with a webhook.
func TestKillBehindWebhook(t *testing.T) {
	k := newKiller(t)
	k.gate = newGate(t, "")
	k.fake.Client = k.gate.Client()
	k.env = append(k.env, "DOCENT_TELEGRAM_WEBHOOK_URL="+k.gate.URL+"/telegram", "DOCENT_TELEGRAM_WEBHOOK_SECRET="+hookSecret)
	for range *kills / 4 {
		k.kill()
	}
	k.end()
}

// A killer runs the program and kills it.
type killer struct {
	t      *testing.T
	fake   *telegramtest.Server
	gate   *gate // nil: the program polls
	dir    string
	env    []string
	random *rand.Rand
	chats  []telegramtest.Chat
	told   string // what all runs logged
}

func newKiller(t *testing.T) *killer {
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	k := &killer{t: t, fake: telegramtest.New(t), dir: t.TempDir(), random: rand.New(rand.NewPCG(1, 2))}
	k.fake.LowestUpdate = firstUpdate
	k.env = []string{"TELEGRAM_TOKEN=" + k.fake.Token, "DOCENT_TELEGRAM_API_URL=" + k.fake.URL}
	return k
}

func (k *killer) start() *process {
	p := startProcess(k.t, k.dir, k.env...)
	if k.gate != nil {
		k.gate.open(p.url)
	}
	return p
}

// kill lets some people ask, and kills the program when it has answered some of them.
func (k *killer) kill() {
	k.t.Helper()
	for range 15 {
		u := telegramtest.User{ID: 5000 + int64(len(k.chats)), Name: fmt.Sprint("P", len(k.chats)), Language: "en"}
		c := k.fake.Private(u)
		k.chats = append(k.chats, c)
		k.fake.Write(telegramtest.Post{From: u, Chat: c, Text: "Can ketamine help with migraines?"})
	}
	before, more := len(k.fake.Calls("sendMessage")), k.random.IntN(14)
	p := k.start()
	waitUntil(k.t, "some answers", func() bool { return len(k.fake.Calls("sendMessage")) > before+more })
	if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
		k.t.Fatal(err)
	}
	p.end()
	k.told += p.told.String()
}

// end lets the program answer what is left, and looks at the answers.
func (k *killer) end() {
	k.t.Helper()
	p := k.start()
	waitUntil(k.t, "no update waiting", func() bool { return k.fake.Waiting() == 0 })
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		k.t.Fatal(err)
	}
	if code := p.end(); code != 0 {
		k.t.Errorf("exit code %d: %s", code, p.told.String())
	}
	judge(k.t, k.fake, k.chats, k.told+p.told.String())
	checkRequests(k.t, k.fake)
}

// kills is how often TestKillLosesNoUpdate kills the program.
var kills = flag.Int("kills", 60, "how often the program is killed under load")

const firstUpdate = 5000

// judge wants one answer for each person. Only whose update was noted as being answered at a kill may have none.
func judge(t *testing.T, fake *telegramtest.Server, chats []telegramtest.Chat, told string) {
	t.Helper()
	none := 0
	for i, c := range chats {
		answers := fake.Messages(c)
		switch {
		case len(answers) == 0:
			none++
			if !strings.Contains(told, fmt.Sprintf(`its answer may have left","platform":"telegram","update":%d}`, firstUpdate+i)) {
				t.Errorf("person %d has no answer, and none was leaving", i)
			}
		case len(answers) > 1:
			t.Errorf("person %d was answered %d times", i, len(answers))
		case !strings.Contains(answers[0].Text, "migraines"):
			t.Errorf("person %d was answered %q", i, answers[0].Text)
		}
	}
	t.Logf("%d of %d had their answer just leaving at a kill and got none", none, len(chats))
}

// waitUntil looks again and again until done.
func waitUntil(t *testing.T, what string, done func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	look := time.NewTicker(2 * time.Millisecond)
	defer look.Stop()
	for !done() {
		select {
		case <-look.C:
		case <-ctx.Done():
			t.Fatalf("waited too long for %s", what)
		}
	}
}
