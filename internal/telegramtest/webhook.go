package telegramtest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"regexp"
	"strings"
	"time"
)

// A webhook is where updates are pushed to.
type webhook struct {
	url, secret string
	lanes       map[string]*lane
	lose        int // how many answers are lost on the way back
	maxConns    int64
}

// A lane holds the updates of one chat or user, which are delivered one after another.
type lane struct{ waiting []*pending }

// webhookSecond is what a second of waiting between deliveries takes here.
const webhookSecond = 5 * time.Millisecond

var secretPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{0,256}$`)

func (s *Server) setWebhook(params map[string]string) (any, *apiError) {
	url := params["url"]
	if !s.Local && !strings.HasPrefix(url, "https://") {
		return nil, refuse("bad webhook: An HTTPS URL must be provided for webhook")
	}
	if !secretPattern.MatchString(params["secret_token"]) {
		return nil, refuse("secret token contains unallowed characters")
	}
	s.allow(params["allowed_updates"])
	conns, ok := number(params, "max_connections")
	if !ok {
		conns = 40
	}
	s.hook = webhook{url: url, secret: params["secret_token"], lanes: map[string]*lane{}, lose: s.hook.lose, maxConns: conns}
	for _, p := range s.queue.waiting {
		s.deliver(p)
	}
	return true, nil
}

func (s *Server) deleteWebhook(params map[string]string) (any, *apiError) {
	s.hook = webhook{}
	if truth(params["drop_pending_updates"]) {
		s.queue.drop(func(*pending) bool { return true })
	}
	return true, nil
}

func (s *Server) getWebhookInfo(map[string]string) (any, *apiError) {
	info := map[string]any{"url": s.hook.url, "has_custom_certificate": false, "pending_update_count": len(s.queue.waiting)}
	if s.hook.url != "" {
		info["max_connections"] = s.hook.maxConns
	}
	if s.queue.allowed != nil {
		info["allowed_updates"] = s.queue.allowed
	}
	return info, nil
}

// SetWebhook sets a webhook that the bot did not ask for.
func (s *Server) SetWebhook(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = webhook{url: url, lanes: map[string]*lane{}}
}

// LoseAnswers makes the next webhook answers get lost, so that the updates are delivered again.
func (s *Server) LoseAnswers(n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook.lose = n
}

// deliver hands an update to the webhook, if there is one. The caller holds the lock.
func (s *Server) deliver(p *pending) {
	if s.hook.url == "" {
		return
	}
	l := s.hook.lanes[p.key]
	if l == nil {
		l = &lane{}
		s.hook.lanes[p.key] = l
	}
	l.waiting = append(l.waiting, p)
	if len(l.waiting) == 1 {
		go s.drain(s.hook.url, l)
	}
}

// drain delivers a lane's updates one after another: again at once, then after 2, 4, 8 seconds and so on.
func (s *Server) drain(url string, l *lane) {
	wait := time.Duration(0)
	for {
		s.mu.Lock()
		if len(l.waiting) == 0 || s.hook.url != url {
			s.mu.Unlock()
			return
		}
		p, secret := l.waiting[0], s.hook.secret
		p.tries++
		if p.tries == 1 {
			p.first = time.Now()
		}
		s.mu.Unlock()
		if s.post(url, secret, p) {
			s.mu.Lock()
			s.queue.drop(func(q *pending) bool { return q == p })
			l.waiting, wait = l.waiting[1:], 0
			s.mu.Unlock()
			continue
		}
		select {
		case <-s.stop:
			return
		case <-time.After(wait):
		}
		wait = min(max(2*wait, 2*webhookSecond), 60*webhookSecond)
	}
}

// post delivers one update. A method call in the body of the answer is carried out.
func (s *Server) post(url, secret string, p *pending) bool {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(p.raw))
	if err != nil {
		return false
	}
	req.Header.Set("Content-Type", "application/json")
	if secret != "" {
		req.Header.Set("X-Telegram-Bot-Api-Secret-Token", secret)
	}
	client := s.Client
	if client == nil {
		client = http.DefaultClient
	}
	resp, err := client.Do(req)
	if err != nil {
		return false
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if err != nil || resp.StatusCode/100 != 2 {
		return false
	}
	s.embedded(body)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.hook.lose > 0 {
		s.hook.lose--
		return false
	}
	return true
}

func (s *Server) embedded(body []byte) {
	var call map[string]json.RawMessage
	if json.Unmarshal(body, &call) != nil || call["method"] == nil {
		return
	}
	params := map[string]string{}
	for name, value := range call {
		params[name] = plainValue(value)
	}
	method := params["method"]
	delete(params, "method")
	if name := strings.ToLower(method); strings.HasPrefix(name, "get") || strings.HasSuffix(name, "webhook") {
		return
	}
	s.begin(method, params)
	if _, fail := s.do(nil, method, params); fail != nil {
		s.failed(method, fail)
	}
}
