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
	if testing.Short() {
		t.Skip("kills the program many times")
	}
	fake := telegramtest.New(t)
	fake.LowestUpdate = firstUpdate
	dir := t.TempDir()
	env := []string{"TELEGRAM_TOKEN=" + fake.Token, "DOCENT_TELEGRAM_API_URL=" + fake.URL}
	random := rand.New(rand.NewPCG(1, 2))

	var chats []telegramtest.Chat
	ask := func(n int) {
		for range n {
			u := telegramtest.User{ID: 5000 + int64(len(chats)), Name: fmt.Sprint("P", len(chats)), Language: "en"}
			c := fake.Private(u)
			chats = append(chats, c)
			fake.Write(telegramtest.Post{From: u, Chat: c, Text: "Can ketamine help with migraines?"})
		}
	}
	told := "" // what all runs logged
	for range *kills {
		ask(15)
		before, more := len(fake.Calls("sendMessage")), random.IntN(14)
		p := startProcess(t, dir, env...)
		waitUntil(t, "some answers", func() bool {
			return len(fake.Calls("sendMessage")) > before+more
		})
		if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		p.end()
		told += p.told.String()
	}
	p := startProcess(t, dir, env...)
	waitUntil(t, "no update waiting", func() bool { return fake.Waiting() == 0 })
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.told.String())
	}
	judge(t, fake, chats, told+p.told.String())
	checkRequests(t, fake)
}

// kills is how often TestKillLosesNoUpdate kills the program.
var kills = flag.Int("kills", 200, "how often the program is killed under load")

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
