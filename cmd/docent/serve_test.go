package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"docent/internal/config"
)

// patience is how long a test waits for what should come at once.
const patience = 20 * time.Second

// A process is the program as a process of its own.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	told bytes.Buffer // the error output
	done chan error
}

// startProcess runs "docent serve" with extra variables and waits until it is ready.
func startProcess(t *testing.T, dir string, env ...string) *process {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return startProgram(t, self, dir, env...)
}

// startProgram is startProcess for a program that was built.
func startProgram(t *testing.T, path, dir string, env ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(path, "serve"), done: make(chan error, 1)}
	p.cmd.Dir = dir
	p.cmd.Env = append([]string{"TEST_DOCENT_MAIN=1", "DOCENT_SERVER_LISTEN=127.0.0.1:0",
		"DOCENT_KNOWLEDGE_MEANING=off", "HOME=" + dir, "PATH=" + os.Getenv("PATH")}, env...)
	p.cmd.Stderr = &p.told
	out, err := p.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { p.cmd.Process.Kill() })
	p.readAddress(out)
	p.waitReady()
	return p
}

func (p *process) readAddress(out io.Reader) {
	p.t.Helper()
	late := time.AfterFunc(patience, func() { p.cmd.Process.Kill() })
	defer late.Stop()
	lines := bufio.NewScanner(out)
	address := regexp.MustCompile(`http://[0-9.]+:[0-9]+`)
	for p.url == "" && lines.Scan() {
		p.url = address.FindString(lines.Text())
	}
	go func() {
		io.Copy(io.Discard, out)
		p.done <- p.cmd.Wait()
	}()
	if p.url == "" {
		<-p.done
		p.t.Fatalf("the program did not say where it is: %s", p.told.String())
	}
}

// waitReady asks until the program says that it is ready. The listener is open before, so no question is refused.
func (p *process) waitReady() {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	for ctx.Err() == nil {
		resp, err := http.Get(p.url + "/readyz")
		if err != nil {
			p.t.Fatalf("ask for readiness: %v", err)
		}
		resp.Body.Close()
		if resp.StatusCode == http.StatusOK {
			return
		}
	}
	p.t.Fatal("the program does not become ready")
}

// end waits for the process and returns its exit code.
func (p *process) end() int {
	p.t.Helper()
	select {
	case err := <-p.done:
		var exit *exec.ExitError
		if err != nil && !errors.As(err, &exit) {
			p.t.Fatal(err)
		}
		return p.cmd.ProcessState.ExitCode()
	case <-time.After(patience):
		p.t.Fatalf("the program does not end: %s", p.told.String())
		return -1
	}
}

func TestSIGTERMEndsWell(t *testing.T) {
	p := startProcess(t, t.TempDir())
	resp, err := http.PostForm(p.url, url.Values{"question": {"What is ketamine?"}})
	if err != nil {
		t.Fatal(err)
	}
	page, _ := io.ReadAll(resp.Body)
	resp.Body.Close()
	if !strings.Contains(string(page), "anesthetic") {
		t.Error("the preview does not answer from the shipped article")
	}
	begun := time.Now()
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	if code := p.end(); code != 0 {
		t.Errorf("exit code %d: %s", code, p.told.String())
	}
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the end took %v", took)
	}
	if !strings.Contains(p.told.String(), `"msg":"stopped"`) {
		t.Errorf("the log does not say that all ended: %s", p.told.String())
	}
}

func TestSummarySaysWhatIsOff(t *testing.T) {
	w := startWhole(t, nil)
	var out bytes.Buffer
	w.announce(&out)
	for _, want := range []string{
		`Articles +on +1 article, 8 sections`, `Preview +on +http://127\.0\.0\.1:\d+/`, `Store +on`, `Health +on`,
	} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
	none := &service{config: config.Default(), base: w.base, db: w.db, log: w.log}
	none.config.Server.Listen = ""
	out.Reset()
	none.announce(&out)
	for _, want := range []string{`Discord +off +set DISCORD_TOKEN`, `Telegram +off +set TELEGRAM_TOKEN`, `Preview +off +set server.listen`} {
		if !regexp.MustCompile(want).MatchString(out.String()) {
			t.Errorf("no %q in:\n%s", want, out.String())
		}
	}
}

// fakePlatforms returns a service whose platforms do what the test says.
func fakePlatforms(t *testing.T, list ...platform) *service {
	t.Helper()
	w := startWhole(t, nil)
	c := config.Default()
	c.Server.Listen = ""
	c.Server.Drain = 50 * time.Millisecond
	return &service{config: c, log: slog.New(slog.DiscardHandler), now: day, base: w.base, db: w.db, metrics: w.metrics, platforms: list}
}

func until(ctx context.Context) error { <-ctx.Done(); return nil }

func TestOnePlatformFailsTheOthersGoOn(t *testing.T) {
	ctx, stop := context.WithCancel(context.Background())
	s := fakePlatforms(t,
		platform{name: "discord", run: func(context.Context) error { return errors.New("the token is wrong") }},
		platform{name: "telegram", run: until})
	logged := &logLines{wrote: make(chan bool, 1)}
	s.log = slog.New(slog.NewTextHandler(logged, nil))
	done := make(chan error, 1)
	go func() { done <- s.run(ctx) }()
	logged.waitFor(t, "the token is wrong")
	select {
	case err := <-done:
		t.Fatalf("the program ended with one platform left: %v", err)
	default:
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("told to stop: %v", err)
	}
}

func TestNoPlatformLeftFails(t *testing.T) {
	s := fakePlatforms(t,
		platform{name: "discord", run: func(context.Context) error { return errors.New("wrong token: set DISCORD_TOKEN") }},
		platform{name: "telegram", run: func(context.Context) error { return errors.New("wrong token: set TELEGRAM_TOKEN") }})
	err := s.run(context.Background())
	if err == nil || !strings.Contains(err.Error(), "wrong token: set") {
		t.Errorf("got %v", err)
	}
}

func TestStopWaitsForAnswersButNotForEver(t *testing.T) {
	finish := make(chan bool)
	ctx, stop := context.WithCancel(context.Background())
	s := fakePlatforms(t, platform{name: "discord", run: func(ctx context.Context) error { <-ctx.Done(); <-finish; return nil }})
	s.config.Server.Drain = time.Minute
	done := make(chan error)
	go func() { done <- s.run(ctx) }()
	stop()
	finish <- true
	if err := <-done; err != nil {
		t.Error(err)
	}

	stuck, stop := context.WithCancel(context.Background())
	s = fakePlatforms(t, platform{name: "discord", run: func(context.Context) error { select {} }})
	go func() { done <- s.run(stuck) }()
	stop()
	if err := <-done; err == nil || !strings.Contains(err.Error(), "server.drain") {
		t.Errorf("got %v", err)
	}
}

// logLines keeps what is logged, and says when something is.
type logLines struct {
	mu    sync.Mutex
	text  string
	wrote chan bool
}

func (l *logLines) Write(p []byte) (int, error) {
	l.mu.Lock()
	l.text += string(p)
	l.mu.Unlock()
	select {
	case l.wrote <- true:
	default:
	}
	return len(p), nil
}

// waitFor waits until words are logged.
func (l *logLines) waitFor(t *testing.T, words string) {
	t.Helper()
	late := time.After(patience)
	for {
		l.mu.Lock()
		found := strings.Contains(l.text, words)
		l.mu.Unlock()
		if found {
			return
		}
		select {
		case <-l.wrote:
		case <-late:
			t.Fatalf("%q is not logged, only: %s", words, l.text)
		}
	}
}

// TestArticlesReload changes an article while the program watches: it is read again; a bad one leaves the old serving.
func TestArticlesReload(t *testing.T) {
	dir := t.TempDir()
	write := func(heading string) {
		text := "---\nid: leeks\ntitle: Growing leeks\nlanguage: en\nsource:\n  title: The garden book\nreviewed: 2026-10-01\n---\n\n" +
			heading + "\n\nPlant leeks deep.\n"
		if err := os.WriteFile(filepath.Join(dir, "leeks.md"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("## Planting {#planting}")
	logged := &logLines{wrote: make(chan bool, 1)}
	c := config.Default()
	c.Knowledge.Meaning = "off"
	c.Articles = config.Articles{Dirs: []string{dir}, Rescan: 100 * time.Millisecond}
	c.Server.Listen = ""
	s := &service{config: c, log: slog.New(slog.NewTextHandler(logged, nil)), now: day}
	var err error
	if s.base, err = openBase(c, "", s.log); err != nil {
		t.Fatal(err)
	}
	s.metrics = s.newMetrics()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan bool)
	go func() { s.watcher().run(ctx); close(done) }()
	defer func() { stop(); <-done }()

	logged.waitFor(t, "watching articles")
	write("## How deep to plant {#planting}")
	logged.waitFor(t, "articles reloaded")
	if got := s.base.Articles()[0].Sections[0].Heading; got != "How deep to plant" {
		t.Errorf("after a change the heading is %q", got)
	}
	write("## How deep to plant {#Not An Id!}\n\n## Empty")
	logged.waitFor(t, "the earlier ones go on serving")
	logged.waitFor(t, "leeks.md:")
	if got := s.base.Articles()[0].Sections[0].Heading; got != "How deep to plant" {
		t.Errorf("after a bad change the heading is %q", got)
	}
}
