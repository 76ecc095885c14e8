package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// emulator starts the npm package telegram-test-api, another's idea of Telegram: it knows nine methods and answers others
// with 500, has no long polling and sends no secret. The test is skipped where the package is not installed beside the
// module, or where DOCENT_TELEGRAM_TEST_API (its folder) does not say.
func emulator(t *testing.T) string {
	t.Helper()
	dir := os.Getenv("DOCENT_TELEGRAM_TEST_API")
	for at, _ := os.Getwd(); dir == "" && at != filepath.Dir(at); at = filepath.Dir(at) {
		if path := filepath.Join(at, "node_modules", "telegram-test-api"); exists(path) {
			dir = path
		}
	}
	node, err := exec.LookPath("node")
	if dir == "" || err != nil {
		t.Skip("telegram-test-api is not installed")
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	l.Close()
	script := fmt.Sprintf(`new (require(%q))({port: %d, host: "127.0.0.1"}).start().then(() => console.log("up"))`, dir, port)
	p := exec.Command(node, "-e", script)
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = p.Process.Kill()
		_ = p.Wait() // it was killed
	})
	if _, err := out.Read(make([]byte, 3)); err != nil {
		t.Fatalf("the emulator did not start: %v", err)
	}
	return fmt.Sprintf("http://127.0.0.1:%d", port)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

const emulated = "1:emulated"

// tell makes a request of the emulator's own.
func tell(t *testing.T, url string, body any) string {
	t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(url, "application/json", bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// converse asks a question through the emulator.
func converse(t *testing.T, api string) {
	t.Helper()
	person := map[string]any{"id": 11, "first_name": "Ann", "is_bot": false}
	chat := map[string]any{"id": 11, "first_name": "Ann", "type": "private"}
	tell(t, api+"/sendMessage", map[string]any{"botToken": emulated, "from": person, "chat": chat, "date": time.Now().Unix(), "text": "does it ease pain?"})
	waitFor(t, "the answer", func() bool {
		return strings.Contains(tell(t, api+"/getUpdatesHistory", map[string]any{"token": emulated}), "It eases pain.")
	})
}

func runEmulated(t *testing.T, a *Adapter) {
	t.Helper()
	a.Token, a.Handler, a.Catalog, a.clock = emulated, &oracle{}, newCatalog(2), nil
	ctx, stop := context.WithCancel(context.Background())
	end := make(chan error, 1)
	go func() { end <- a.Run(ctx) }()
	t.Cleanup(func() {
		stop()
		if err := <-end; err != nil {
			t.Errorf("Run: %v", err)
		}
	})
}

func TestEmulatorPolling(t *testing.T) {
	api := emulator(t)
	runEmulated(t, &Adapter{APIURL: api})
	converse(t, api)
}

func TestEmulatorWebhook(t *testing.T) {
	api := emulator(t)
	a := &Adapter{APIURL: api, WebhookSecret: "s3cret"}
	served := make(chan struct{}, 100)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", "s3cret") // the emulator does not know it
		a.ServeHTTP(w, r)
		served <- struct{}{}
	}))
	defer web.Close()
	a.Webhook = web.URL
	set := make(chan struct{})
	a.Client = &http.Client{Transport: noticing{"setWebhook", set}}
	runEmulated(t, a)
	<-set
	converse(t, api)
	<-served
}

// noticing closes a channel when a method was answered.
type noticing struct {
	method string
	done   chan struct{}
}

func (n noticing) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := http.DefaultTransport.RoundTrip(r)
	if strings.HasSuffix(r.URL.Path, n.method) {
		close(n.done)
	}
	return resp, err
}
