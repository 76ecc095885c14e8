package store

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"docent/bot"
)

func TestOpenMakesTheFolderAndKeepsTheContents(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d := openAt(t, address, nil)
		if err := d.SetState(t.Context(), "k", "v"); err != nil {
			t.Fatal(err)
		}
		d.Close()
		d = openAt(t, address, nil)
		if v, ok, err := d.State(t.Context(), "k"); v != "v" || !ok || err != nil {
			t.Errorf("state is %q, %v, %v", v, ok, err)
		}
		if err := d.Ping(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestOddFileNames(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a b?c#d%41.db", "ünï&x=1.db"} {
		d := openAt(t, "sqlite:"+filepath.Join(dir, name), nil)
		d.Close()
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
}

func TestNewerSchemaIsRefused(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		d := openAt(t, address, nil)
		if _, err := d.exec(t.Context(), "UPDATE docent_schema SET version = 99"); err != nil {
			t.Fatal(err)
		}
		_, err := Open(t.Context(), address, nil)
		if err == nil || !strings.Contains(err.Error(), "a newer docent wrote this store (schema 99") {
			t.Errorf("got %v", err)
		}
	})
}

// TestOpenTogether starts many processes' worth of stores on an empty place: one makes the schema, the others wait.
func TestOpenTogether(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		errs := make(chan error)
		for range 8 {
			go func() {
				d, err := Open(t.Context(), address, nil)
				if err == nil {
					err = d.Close()
				}
				errs <- err
			}()
		}
		for range 8 {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

func TestOpenErrorsSayWhatToDo(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "notes.txt")
	if err := os.WriteFile(file, []byte(strings.Repeat("not a database. ", 100)), 0o600); err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"":                           "must start with sqlite: or postgres://",
		"mysql://h/d":                "must start with sqlite: or postgres://",
		"sqlite:":                    "the file's name is missing",
		"sqlite:" + file:             "not a sound SQLite database",
		"sqlite:" + dir:              "cannot be opened",
		"sqlite:" + file + "/x.db":   "not a directory",
		"postgres://u:CANARY@[::1/d": "not a URL",
		"postgres://u:CANARY@127.0.0.1:1/d?connect_timeout=2": "cannot be reached",
	} {
		d, err := Open(t.Context(), address, nil)
		if err == nil {
			d.Close()
			t.Errorf("%s was opened", address)
			continue
		}
		if !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "CANARY") {
			t.Errorf("%s: %v; want %q", address, err, want)
		}
	}
}

func TestRunningErrorsSayWhatToDo(t *testing.T) {
	address := "sqlite:" + filepath.Join(t.TempDir(), "docent.db")
	for pragma, want := range map[string]string{
		"PRAGMA query_only = 1":     "cannot be written",
		"PRAGMA max_page_count = 1": "the disk is full",
	} {
		d := openAt(t, address, nil)
		if _, err := d.exec(t.Context(), pragma); err != nil {
			t.Fatal(err)
		}
		if err := d.SetState(t.Context(), "k", strings.Repeat("x", 1<<20)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %q", pragma, err, want)
		}
	}
	d, err := open(t.Context(), address, nil, time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	other, err := openAt(t, address, nil).write.BeginTx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Rollback()
	if err := d.SetState(t.Context(), "k", "v"); err == nil || !strings.Contains(err.Error(), "another program is using the file") {
		t.Errorf("locked: %v", err)
	}
}

// TestMain lets the test binary act as another process that works on the store.
func TestMain(m *testing.M) {
	if address := os.Getenv("DOCENT_STORE_TEST_WORKER"); address != "" {
		work(address)
		return
	}
	os.Exit(m.Run())
}

// work claims updates 0, 1, 2 ... and prints those that it won as they are done, until it is killed or has tried 400.
func work(address string) {
	ctx := context.Background()
	d, err := Open(ctx, address, nil)
	if err != nil {
		fmt.Println("error", err)
		return
	}
	holder := fmt.Sprint(os.Getpid())
	for id := range int64(400) {
		_, ok, err := d.ClaimUpdate(ctx, "s", id, holder, time.Hour)
		if err == nil && ok {
			err = d.SetUpdateStage(ctx, "s", id, bot.StageSending)
		}
		if err != nil {
			fmt.Println("error", err)
			return
		}
		if ok {
			fmt.Println(id)
		}
	}
}

func startWorker(t *testing.T, address string) (*exec.Cmd, *bufio.Scanner) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "DOCENT_STORE_TEST_WORKER="+address)
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); io.Copy(io.Discard, out); cmd.Wait() })
	return cmd, bufio.NewScanner(out)
}

// TestProcessesShareTheWork lets several processes claim the same updates: each is won exactly once.
func TestProcessesShareTheWork(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		openAt(t, address, nil)
		won := map[string]int{}
		var outs []*bufio.Scanner
		for range 4 {
			_, out := startWorker(t, address)
			outs = append(outs, out)
		}
		for _, out := range outs {
			for out.Scan() {
				won[out.Text()]++
			}
		}
		for id, n := range won {
			if n != 1 {
				t.Errorf("update %s was won %d times", id, n)
			}
		}
		if len(won) != 400 {
			t.Errorf("%d updates were won, want 400", len(won))
		}
	})
}

// TestKillLosesNothing kills a process in the middle of its work: what it had reported is there.
func TestKillLosesNothing(t *testing.T) {
	each(t, func(t *testing.T, address string) {
		openAt(t, address, nil).Close()
		cmd, out := startWorker(t, address)
		var done []string
		for out.Scan() {
			if done = append(done, out.Text()); len(done) == 100 {
				cmd.Process.Kill()
			}
		}
		if len(done) < 100 {
			t.Fatalf("the worker stopped after %d: %q", len(done), done)
		}
		d := openAt(t, address, nil)
		for _, s := range done {
			var id int64
			if _, err := fmt.Sscan(s, &id); err != nil {
				t.Fatal(s)
			}
			stage, claimed, err := d.ClaimUpdate(t.Context(), "s", id, "me", time.Hour)
			if err != nil || stage != bot.StageSending || claimed {
				t.Errorf("update %d: stage %d, claimed %v, %v", id, stage, claimed, err)
			}
		}
	})
}

// TestRetentionLeavesNoByte looks into the files: what is past its retention is not only unlisted but gone.
func TestRetentionLeavesNoByte(t *testing.T) {
	dir := t.TempDir()
	d, err := Open(t.Context(), "sqlite:"+filepath.Join(dir, "docent.db"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ctx, start := t.Context(), time.Date(2026, 5, 3, 12, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		text string
		at   time.Time
	}{{"CANARY old", start}, {"CANARY young", start.AddDate(0, 0, 29)}} {
		if err := d.RecordUnanswered(ctx, step.at, step.text); err != nil {
			t.Fatal(err)
		}
	}
	bytes := func() string {
		var all string
		files, err := filepath.Glob(filepath.Join(dir, "*"))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			all += string(data)
		}
		return all
	}
	if !strings.Contains(bytes(), "CANARY old") {
		t.Fatal("nothing was stored: the test sees too little")
	}
	if err := d.Prune(ctx, start.AddDate(0, 0, 31)); err != nil {
		t.Fatal(err)
	}
	if got := bytes(); strings.Contains(got, "CANARY old") || !strings.Contains(got, "CANARY young") {
		t.Errorf("after 31 days the old question is there: %v, the young one: %v", strings.Contains(got, "CANARY old"), strings.Contains(got, "CANARY young"))
	}
}
