package telegram

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"math/rand"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"docent/bot"
	"docent/internal/telegramtest"
)

const (
	childEnv = "DOCENT_TELEGRAM_CHILD" // the API's address; set in the process that is killed
	fileEnv  = "DOCENT_TELEGRAM_FILE"  // its log of updates
	tokenEnv = "DOCENT_TELEGRAM_TEST_TOKEN"

	firstUpdate = 5000
)

// child runs the bot until it is killed, or its standard input ends.
func child() int {
	updates, err := openFileLog(os.Getenv(fileEnv))
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	a := &Adapter{Token: os.Getenv(tokenEnv), APIURL: os.Getenv(childEnv), Handler: &oracle{}, Catalog: newCatalog(1),
		Updates: updates, State: updates, Holder: "one"}
	if err := a.Run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

// A fileLog is an UpdateLog in a file that is only ever appended to, and written through before anything goes on.
type fileLog struct {
	mu    sync.Mutex
	f     *os.File
	stage map[int64]bot.Stage
	state map[string]string
}

type logLine struct {
	ID    int64     `json:",omitempty"`
	Stage bot.Stage `json:",omitempty"`
	Key   string    `json:",omitempty"`
	Value string    `json:",omitempty"`
}

func openFileLog(path string) (*fileLog, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	l := &fileLog{f: f, stage: map[int64]bot.Stage{}, state: map[string]string{}}
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var line logLine
		if json.Unmarshal(lines.Bytes(), &line) != nil {
			continue // the kill cut it off
		}
		if line.Key != "" {
			l.state[line.Key] = line.Value
		} else {
			l.stage[line.ID] = line.Stage
		}
	}
	return l, nil
}

func (l *fileLog) write(line logLine) error {
	raw, err := json.Marshal(line)
	if err != nil {
		return err
	}
	// A line break first, for the line before may have been cut off.
	_, err = l.f.Write(append(append([]byte("\n"), raw...), '\n'))
	return err
}

func (l *fileLog) ClaimUpdate(_ context.Context, _ string, id int64, _ string, _ time.Duration) (bot.Stage, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stage[id], true, nil
}

func (l *fileLog) SetUpdateStage(_ context.Context, _ string, id int64, stage bot.Stage) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.stage[id] = stage
	return l.write(logLine{ID: id, Stage: stage})
}

func (l *fileLog) State(_ context.Context, key string) (string, bool, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	v, ok := l.state[key]
	return v, ok, nil
}

func (l *fileLog) SetState(_ context.Context, key, value string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.state[key] = value
	return l.write(logLine{Key: key, Value: value})
}

// TestKill kills the bot at random moments under load. In the end every question was answered once, but for those whose
// answer was on its way at a kill: they may be unanswered, and are never answered twice.
func TestKill(t *testing.T) {
	kills := 200
	if testing.Short() {
		kills = 20
	}
	tg := telegramtest.New(t)
	tg.LowestUpdate = firstUpdate
	path := filepath.Join(t.TempDir(), "updates")
	random := rand.New(rand.NewSource(7))
	var users []telegramtest.User
	var chats []telegramtest.Chat
	for i := range 20 {
		u := telegramtest.User{ID: int64(1000 + i), Name: "User", Language: "en"}
		users, chats = append(users, u), append(chats, tg.Private(u))
	}
	asked := 0
	ask := func() {
		k := asked % len(users)
		tg.Write(telegramtest.Post{From: users[k], Chat: chats[k], Text: fmt.Sprintf("question %d.", asked)})
		asked++
	}
	for range kills {
		for range 8 {
			ask()
		}
		began := len(tg.Calls("getUpdates"))
		p, in := spawn(t, tg, path)
		waitFor(t, "the first poll", func() bool { return len(tg.Calls("getUpdates")) > began })
		hold(time.Duration(random.Intn(12000)) * time.Microsecond)
		if err := p.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = p.Wait() // it was killed
		in.Close()
	}
	p, in := spawn(t, tg, path)
	waitFor(t, "the rest", func() bool { return tg.Waiting() == 0 })
	in.Close()
	if err := p.Wait(); err != nil {
		t.Errorf("the last run: %v", err)
	}
	judgeKills(t, tg, chats, asked, path)
	keepCalls(t, tg)
}

func judgeKills(t *testing.T, tg *telegramtest.Server, chats []telegramtest.Chat, asked int, path string) {
	t.Helper()
	raw, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	times := map[string]int{}
	for _, c := range chats {
		for _, m := range tg.Messages(c) {
			times[m.Text]++
		}
	}
	lost := 0
	for i := range asked {
		switch n := times[fmt.Sprintf("You asked: question %d.", i)]; {
		case n == 0:
			lost++
			if sending := fmt.Sprintf(`{"ID":%d,"Stage":%d}`, firstUpdate+i, bot.StageSending); !bytes.Contains(raw, []byte(sending)) {
				t.Errorf("question %d has no answer, and none was on its way", i)
			}
		case n > 1:
			t.Errorf("question %d was answered %d times", i, n)
		}
	}
	t.Logf("%d questions: %d were never answered because their answer was on its way at a kill, none was answered twice", asked, lost)
}

func spawn(t *testing.T, tg *telegramtest.Server, path string) (*exec.Cmd, io.Closer) {
	t.Helper()
	p := exec.Command(os.Args[0])
	p.Env = append(os.Environ(), childEnv+"="+tg.URL, fileEnv+"="+path, tokenEnv+"="+tg.Token)
	p.Stderr = os.Stderr
	in, err := p.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	return p, in
}

// hold waits in real time: another process works meanwhile.
func hold(d time.Duration) { <-time.After(d) }

// waitFor waits in real time until ok.
func waitFor(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); !ok(); hold(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s did not come", what)
		}
	}
}
