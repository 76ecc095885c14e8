package main

import (
	"bytes"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

// The emulator is the npm package telegram-test-api, another's idea of Telegram: it knows nine methods and answers others
// with 500, has no long polling and sends no secret. These tests are skipped where it is not installed: in node_modules
// beside the module, or where DOCENT_TELEGRAM_TEST_API says.
type emulator struct {
	t     *testing.T
	url   string // where people speak
	proxy *httptest.Server
	hook  chan bool // closed when setWebhook was answered
}

const (
	emulated     = "1:emulated"
	emulatedHook = "s3cret"
)

// startEmulator starts one that trusts the certificate of a webhook.
func startEmulator(t *testing.T, trusted *httptest.Server) *emulator {
	t.Helper()
	dir := os.Getenv("DOCENT_TELEGRAM_TEST_API")
	for at, _ := os.Getwd(); dir == "" && at != filepath.Dir(at); at = filepath.Dir(at) {
		if path := filepath.Join(at, "node_modules", "telegram-test-api"); fileExists(path) {
			dir = path
		}
	}
	node, err := exec.LookPath("node")
	if dir == "" || err != nil || testing.Short() {
		t.Skip("telegram-test-api is not installed, or only short tests are wanted")
	}
	port := freePort(t)
	p := exec.Command(node, "-e", fmt.Sprintf(
		`new (require(%q))({port: %d, host: "127.0.0.1"}).start().then(() => console.log("up"))`, dir, port))
	cert := filepath.Join(t.TempDir(), "cert.pem")
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: trusted.Certificate().Raw})
	if err := os.WriteFile(cert, block, 0o600); err != nil {
		t.Fatal(err)
	}
	p.Env = append(os.Environ(), "NODE_EXTRA_CA_CERTS="+cert)
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
	e := &emulator{t: t, url: fmt.Sprintf("http://127.0.0.1:%d", port), hook: make(chan bool)}
	e.listen()
	return e
}

// listen puts a proxy in front of the emulator, which the program uses as its API under a path.
func (e *emulator) listen() {
	target, err := url.Parse(e.url)
	if err != nil {
		e.t.Fatal(err)
	}
	var once atomic.Bool
	p := httputil.NewSingleHostReverseProxy(target)
	p.ModifyResponse = func(r *http.Response) error {
		if strings.HasSuffix(r.Request.URL.Path, "/setWebhook") && r.StatusCode == http.StatusOK && once.CompareAndSwap(false, true) {
			close(e.hook)
		}
		return nil
	}
	e.proxy = httptest.NewServer(http.StripPrefix("/through", p))
	e.t.Cleanup(e.proxy.Close)
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// build builds the program.
func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "docent")
	if out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

// tell makes a request of the emulator's own.
func (e *emulator) tell(path string, body any) string {
	e.t.Helper()
	raw, err := json.Marshal(body)
	if err != nil {
		e.t.Fatal(err)
	}
	resp, err := http.Post(e.url+path, "application/json", bytes.NewReader(raw))
	if err != nil {
		e.t.Fatal(err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(resp.Body)
	if err != nil {
		e.t.Fatal(err)
	}
	return string(out)
}

// converse asks a question, and presses the first button for a related section.
func (e *emulator) converse() {
	e.t.Helper()
	person := map[string]any{"id": 11, "first_name": "Ann", "is_bot": false}
	chat := map[string]any{"id": 11, "first_name": "Ann", "type": "private"}
	e.tell("/sendMessage", map[string]any{"botToken": emulated, "from": person, "chat": chat, "date": time.Now().Unix(),
		"text": "Can ketamine help with migraines?"})
	e.see("managing long-lasting pain")
	var history struct {
		Result []struct {
			Message struct {
				Markup json.RawMessage `json:"reply_markup"`
			} `json:"message"`
		} `json:"result"`
	}
	if err := json.Unmarshal([]byte(e.tell("/getUpdatesHistory", map[string]any{"token": emulated})), &history); err != nil {
		e.t.Fatal(err)
	}
	data := ""
	for _, u := range history.Result {
		if _, rest, ok := strings.Cut(strings.ReplaceAll(string(u.Message.Markup), `\`, ""), `"callback_data":"1S`); ok {
			data, _, _ = strings.Cut("1S"+rest, `"`)
		}
	}
	e.tell("/sendCallback", map[string]any{"botToken": emulated, "from": person, "data": data, "chat_instance": "1",
		"message": map[string]any{"message_id": 2, "chat": chat, "date": time.Now().Unix()}})
	e.see("<b>Anesthetic properties</b>")
}

// see waits until the bot has said something.
func (e *emulator) see(words string) {
	e.t.Helper()
	waitUntil(e.t, words, func() bool {
		return strings.Contains(e.tell("/getUpdatesHistory", map[string]any{"token": emulated}), words)
	})
}

// serve starts the built program against the emulator, and ends it well after the test.
func (e *emulator) serve(env ...string) *process {
	e.t.Helper()
	p := startProgram(e.t, build(e.t), e.t.TempDir(),
		append(env, "TELEGRAM_TOKEN="+emulated, "DOCENT_TELEGRAM_API_URL="+e.proxy.URL+"/through/")...)
	e.t.Cleanup(func() {
		if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
			e.t.Fatal(err)
		}
		if code := p.end(); code != 0 || strings.Contains(p.told.String(), emulated) {
			e.t.Errorf("exit code %d, or the token is in the log: %s", code, p.told.String())
		}
	})
	return p
}

func TestEmulatorPolling(t *testing.T) {
	e := startEmulator(t, newGate(t, "").Server)
	e.serve()
	e.converse()
}

func TestEmulatorWebhook(t *testing.T) {
	g := newGate(t, emulatedHook)
	e := startEmulator(t, g.Server)
	p := e.serve("DOCENT_TELEGRAM_WEBHOOK_URL="+g.URL+"/telegram", "DOCENT_TELEGRAM_WEBHOOK_SECRET="+emulatedHook)
	g.open(p.url)
	select {
	case <-e.hook:
	case <-time.After(patience):
		t.Fatalf("the webhook is not set: %s", p.told.String())
	}
	e.converse()
	if g.passed.Load() < 2 {
		t.Errorf("%d updates came through the webhook", g.passed.Load())
	}
}

// A gate is the HTTPS address in front of the program. It adds the secret for an emulator that does not know it.
type gate struct {
	*httptest.Server
	inside atomic.Pointer[httputil.ReverseProxy]
	passed atomic.Int32
}

func newGate(t *testing.T, secret string) *gate {
	g := &gate{}
	g.Server = httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		g.passed.Add(1)
		if secret != "" {
			r.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
		}
		if inside := g.inside.Load(); inside != nil {
			inside.ServeHTTP(w, r)
			return
		}
		w.WriteHeader(http.StatusBadGateway) // the program is not up yet
	}))
	t.Cleanup(g.Close)
	return g
}

func (g *gate) open(address string) {
	target, _ := url.Parse(address) // the program's own
	p := httputil.NewSingleHostReverseProxy(target)
	p.ErrorLog = log.New(io.Discard, "", 0) // a killed program answers nothing
	g.inside.Store(p)
}
