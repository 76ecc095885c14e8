package telegram

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

const (
	officialAPI = "https://api.telegram.org"
	callTime    = 20 * time.Second // one request other than a poll
	maxBody     = 8 << 20
)

// A client makes requests. Neither its errors nor anything that it logs contain the token.
type client struct {
	token, endpoint string
	http            *http.Client
}

func newClient(token, api string, h *http.Client) (*client, error) {
	if api == "" {
		api = officialAPI
	}
	u, err := url.Parse(api)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("telegram: telegram.api_url must be a http:// or https:// address")
	}
	if h == nil {
		t := http.DefaultTransport.(*http.Transport).Clone()
		// Connections are closed before a server closes them, for a message that meets such an end is not sent again.
		t.IdleConnTimeout = 15 * time.Second
		t.MaxIdleConnsPerHost = 64
		h = &http.Client{Transport: t}
	}
	return &client{token, strings.ReplaceAll(strings.TrimRight(api, "/"), "%", "%%") + "/bot%s/%s", h}, nil
}

// A callError says why a request failed.
type callError struct {
	Method    string
	Code      int // 0: there was no answer
	Text      string
	After     time.Duration // how long to wait, with Code 429
	MigrateTo int64         // the supergroup that a group became
	Left      bool          // there was no clear answer, and the request may have been carried out
}

func (e *callError) Error() string {
	if e.Code == 0 {
		return e.Method + ": " + e.Text
	}
	return fmt.Sprintf("%s: %s (%d)", e.Method, e.Text, e.Code)
}

// says reports whether err is a refusal with the given words.
func says(err error, words ...string) bool {
	var e *callError
	if !errors.As(err, &e) {
		return false
	}
	for _, w := range words {
		if strings.Contains(strings.ToLower(e.Text), strings.ToLower(w)) {
			return true
		}
	}
	return false
}

// fatal reports whether no request can succeed.
func fatal(err error) bool {
	var e *callError
	if errors.As(err, &e) {
		return e.Code == 401 || e.Code == 404 && (e.Method == "getMe" || e.Method == "getUpdates")
	}
	return errors.Is(err, errWebhook)
}

// passing reports whether the same request may succeed later: no answer, a gateway's page, 429 or a server's error.
func passing(err error) bool {
	var e *callError
	return errors.As(err, &e) && (e.Code == 0 || e.Code == 429 || e.Code >= 500)
}

// refused reports whether a request is not allowed as it is, while another may be. A 403 is final for the whole chat.
func refused(err error) bool {
	var e *callError
	return errors.As(err, &e) && e.Code == 400
}

// call makes one request and returns its result.
func (c *client) call(ctx context.Context, method string, params tgbotapi.Params) (json.RawMessage, error) {
	return c.callAfter(ctx, method, params, func() {})
}

// callAfter is call that runs before when there is a connection and nothing was written to it.
func (c *client) callAfter(ctx context.Context, method string, params tgbotapi.Params, before func()) (json.RawMessage, error) {
	if method != "getUpdates" {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, callTime)
		defer cancel()
	}
	w := &wire{ctx: ctx, http: c.http, before: before}
	api := tgbotapi.BotAPI{Token: c.token, Client: w}
	api.SetAPIEndpoint(c.endpoint)
	resp, err := api.MakeRequest(method, params)
	if err == nil {
		return resp.Result, nil
	}
	return nil, c.explain(method, w, err)
}

// explain turns an error of the library into one that can be acted on and shown.
func (c *client) explain(method string, w *wire, err error) error {
	e := &callError{Method: method, Code: w.status, Left: w.left()}
	var refused *tgbotapi.Error
	switch {
	case errors.As(err, &refused):
		e.Code, e.Text, e.Left = refused.Code, refused.Message, refused.Code >= 500
		e.After, e.MigrateTo = time.Duration(refused.RetryAfter)*time.Second, refused.MigrateToChatID
		if e.Code == 0 {
			e.Code = w.status
		}
		if e.Code == 404 || e.Code == 401 {
			e.Text += ": check TELEGRAM_TOKEN and telegram.api_url"
		}
	case w.status != 0:
		e.Text = "no Bot API answer"
		// A gateway's 502 or 503 page says that the server behind it did not take the request.
		e.Left = e.Code != 502 && e.Code != 503 && e.Code != 429 && e.Code < 400 || e.Code == 500 || e.Code == 504
		e.After = w.after
		if e.Code < 400 {
			e.Code = 0
		}
	default:
		var u *url.Error
		if errors.As(err, &u) {
			err = u.Err
		}
		e.Text = err.Error()
	}
	if e.Code == 429 && e.After == 0 {
		e.After = max(w.after, time.Second)
	}
	e.Text = strings.ReplaceAll(e.Text, c.token, "<token>")
	if _, secret, ok := strings.Cut(c.token, ":"); ok && secret != "" {
		e.Text = strings.ReplaceAll(e.Text, secret, "<token>")
	}
	return e
}

// A wire carries one request for the library, which knows no contexts: that is why it holds one.
type wire struct {
	ctx    context.Context
	before func()
	http   *http.Client
	status int
	after  time.Duration
	conn   atomic.Bool // a connection was there
	unsent atomic.Bool // writing the request failed
}

// left reports whether the request may have reached the server.
func (w *wire) left() bool { return w.conn.Load() && !w.unsent.Load() }

// Do makes the request and reads the whole answer, so that nothing of it waits for a slow server afterwards.
func (w *wire) Do(req *http.Request) (*http.Response, error) {
	trace := &httptrace.ClientTrace{
		GotConn: func(httptrace.GotConnInfo) {
			w.before()
			w.conn.Store(true)
		},
		WroteRequest: func(i httptrace.WroteRequestInfo) { w.unsent.Store(i.Err != nil) },
	}
	resp, err := w.http.Do(req.WithContext(httptrace.WithClientTrace(w.ctx, trace)))
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody))
	if err != nil {
		return nil, err
	}
	w.status = resp.StatusCode
	if n, err := strconv.Atoi(resp.Header.Get("Retry-After")); err == nil && n > 0 {
		w.after = time.Duration(min(n, 3600)) * time.Second
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// untilAnswered repeats a request that changes nothing until it is answered or refused for good.
func (s *session) untilAnswered(ctx context.Context, method string, params tgbotapi.Params, result any) error {
	for try := 0; ; try++ {
		raw, err := s.api.call(ctx, method, params)
		if err == nil {
			if result == nil {
				return nil
			}
			if err := json.Unmarshal(raw, result); err != nil {
				return fmt.Errorf("%s: the answer is not as documented: check telegram.api_url", method)
			}
			return nil
		}
		if fatal(err) || !passing(err) {
			return err
		}
		s.log.Warn("telegram does not answer", "err", err)
		if err := s.clock.Sleep(ctx, backoff(try, err)); err != nil {
			return err
		}
	}
}

// backoff returns how long to wait after a failed try, counted from 0: what the server asks for, else a growing time.
func backoff(try int, err error) time.Duration {
	var e *callError
	if errors.As(err, &e) && e.After > 0 {
		return e.After
	}
	d := time.Second << min(try, 5)
	return d/2 + rand.N(d/2+1)
}
