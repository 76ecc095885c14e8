package telegram

import (
	"context"
	"crypto/subtle"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

// maxUpdate is the length in bytes of the longest update that a webhook takes.
const maxUpdate = 1 << 20

// webhookInfo is what Telegram knows of the webhook.
type webhookInfo struct {
	URL            string   `json:"url"`
	MaxConnections int      `json:"max_connections"`
	Allowed        []string `json:"allowed_updates"`
}

// same reports whether Telegram has the wanted number of connections and kinds of updates. A server may say nothing of them.
func (i webhookInfo) same(connections int) bool {
	raw, err := json.Marshal(i.Allowed)
	return err == nil && (i.MaxConnections == 0 || i.MaxConnections == connections) &&
		(len(i.Allowed) == 0 || string(raw) == allowedUpdates())
}

// webhookInfo asks what webhook is set. A server that cannot say has none, as far as is known.
func (s *session) webhookInfo(ctx context.Context) (webhookInfo, error) {
	raw, err := s.api.call(ctx, "getWebhookInfo", nil)
	if passing(err) {
		raw, err = s.api.call(ctx, "getWebhookInfo", nil)
	}
	var info webhookInfo
	if err == nil {
		err = json.Unmarshal(raw, &info)
	}
	if err == nil || fatal(err) || ctx.Err() != nil {
		return info, err
	}
	s.log.Warn("webhook not known", "err", err)
	return webhookInfo{}, nil
}

// clearWebhook removes a webhook before polling, if the configuration allows it.
func (s *session) clearWebhook(ctx context.Context) error {
	info, err := s.webhookInfo(ctx)
	switch {
	case err != nil:
		return err
	case info.URL == "":
		return nil
	case !s.RemoveWebhook:
		return errWebhook
	}
	s.log.Warn("webhook removed, so that updates can be polled")
	return s.untilAnswered(ctx, "deleteWebhook", nil, nil)
}

// listen sets the webhook and takes updates from ServeHTTP until ctx ends.
func (s *session) listen(ctx context.Context) error {
	if err := s.setWebhook(ctx); err != nil {
		return err
	}
	s.lanes.all.Go(func() { s.publish(ctx) })
	var err error
	select {
	case <-ctx.Done():
	case err = <-s.dead:
	}
	s.mu.Lock()
	close(s.closing)
	s.mu.Unlock()
	s.drain(func() {})
	return err
}

// setWebhook sets the webhook if it or its secret changed.
func (s *session) setWebhook(ctx context.Context) error {
	want := max(s.MaxConnections, 0)
	if want == 0 {
		want = 40
	}
	key := s.stream() + "/webhook"
	state := s.Webhook + "\x00" + s.WebhookSecret + "\x00" + strconv.Itoa(want) + "\x00" + allowedUpdates()
	info, err := s.webhookInfo(ctx)
	if err != nil {
		return err
	}
	if info.URL == s.Webhook && info.same(want) && s.known(ctx, key, state) {
		return nil
	}
	err = s.untilAnswered(ctx, "setWebhook", tgbotapi.Params{"url": s.Webhook, "secret_token": s.WebhookSecret,
		"max_connections": strconv.Itoa(want), "allowed_updates": allowedUpdates()}, nil)
	if refused(err) {
		return fmt.Errorf("%w: check telegram.webhook.url", err)
	}
	if err == nil {
		s.keep(ctx, key, state)
	}
	return err
}

// ServeHTTP takes an update from Telegram. It answers 200 when the update is finished, so that one which is lost on the
// way comes again, and 503 when it must come again.
func (a *Adapter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := []byte(r.Header.Get("X-Telegram-Bot-Api-Secret-Token"))
	s := a.current.Load()
	switch {
	case r.Method != http.MethodPost:
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "only Telegram calls this, with POST", http.StatusMethodNotAllowed)
	case a.Webhook == "" || subtle.ConstantTimeCompare(given, []byte(a.WebhookSecret)) != 1:
		http.Error(w, "wrong secret", http.StatusUnauthorized)
	case s == nil || !s.serve(r):
		w.Header().Set("Retry-After", "1")
		http.Error(w, "not now", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusOK)
	}
}

// serve handles the update of a request. It returns false where it must be delivered again.
func (s *session) serve(r *http.Request) bool {
	body, err := io.ReadAll(http.MaxBytesReader(nil, r.Body, maxUpdate))
	var long *http.MaxBytesError
	if errors.As(err, &long) {
		s.count("poison")
		s.log.Error("update longer than any of Telegram's skipped")
		return true
	}
	if err != nil {
		return false
	}
	u, ok, bad := parseUpdate(body)
	if !ok {
		s.count("poison")
		s.log.Error("update without an id skipped")
		return true
	}
	s.mu.Lock()
	select {
	case <-s.closing:
		s.mu.Unlock()
		return false
	default:
	}
	s.serving.Add(1)
	s.mu.Unlock()
	defer s.serving.Done()
	// The work goes on when Telegram gives up waiting; the update comes again then and finds it done.
	w := s.take(context.WithoutCancel(r.Context()), u, bad)
	select {
	case <-w.done:
		return w.ok
	case <-r.Context().Done():
		return false
	}
}
