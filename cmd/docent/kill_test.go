package main

import (
	"context"
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
	const people, kills = 180, 12
	fake := telegramtest.New(t)
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
	leaving := 0
	for k := range kills {
		ask(people / kills)
		p := startProcess(t, dir, env...)
		waitUntil(t, "some answers", func() bool {
			return len(fake.Calls("sendMessage")) >= k*people/kills/2+1+random.IntN(people/kills)/2
		})
		if err := p.cmd.Process.Signal(syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		p.end()
		leaving += atWork
	}
	p := startProcess(t, dir, env...)
	waitUntil(t, "no update waiting", func() bool { return fake.Waiting() == 0 })
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.told.String())
	}
	judge(t, fake, chats, leaving)
}

// atWork is how many answers can be leaving at the same moment.
const atWork = 32

func judge(t *testing.T, fake *telegramtest.Server, chats []telegramtest.Chat, leaving int) {
	t.Helper()
	none := 0
	for _, c := range chats {
		answers := fake.Messages(c)
		switch {
		case len(answers) == 0:
			none++
		case len(answers) > 1:
			t.Errorf("chat %d was answered %d times", c.ID, len(answers))
		case !strings.Contains(answers[0].Text, "migraines"):
			t.Errorf("chat %d was answered %q", c.ID, answers[0].Text)
		}
	}
	t.Logf("%d of %d had their answer just leaving at a kill and got none", none, len(chats))
	if none > leaving {
		t.Errorf("%d people have no answer, but at most %d answers were leaving at the kills", none, leaving)
	}
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
