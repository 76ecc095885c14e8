package discord

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"
)

// The error codes of Discord that the adapter acts on.
const (
	codeUnknownMessage = 10008
	codeTooManyCreates = 30034
	codeAcknowledged   = 40060
	codeEmbedDisabled  = 50004
	codeEmptyMessage   = 50006
	codeNoPermission   = 50013
	codeNoHistory      = 160002
)

// A responder answers one interaction: within three seconds with the answer or a spinner, then for fifteen minutes.
type responder struct {
	a       *Adapter
	i       *interaction
	private func() bool // whether the spinner, and the answer as far as known, is for the person only

	mu       sync.Mutex
	answered bool
	deferred bool
	timer    *time.Timer
}

// respondTo starts the clock of an interaction. Whether it is private may need the store, so it is found out when needed and
// not while the gateway waits.
func (a *Adapter) respondTo(i *interaction) *responder {
	r := &responder{a: a, i: i, private: sync.OnceValue(func() bool { return a.privately(i) })}
	r.timer = time.AfterFunc(a.timing.deferAfter, r.spin)
	return r
}

// spin shows a spinner, because the answer takes longer.
func (r *responder) spin() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.answered || r.deferred {
		return
	}
	kind, data := discordgo.InteractionResponseDeferredChannelMessageWithSource, map[string]any{}
	if r.i.Type == typeComponent {
		kind = discordgo.InteractionResponseDeferredMessageUpdate
	} else if r.private() {
		data["flags"] = discordgo.MessageFlagsEphemeral
	}
	if err := r.callback(r.a.working(), kind, data); err != nil {
		r.a.Log.Warn("defer answer", "error", err)
		return
	}
	r.deferred = true
}

// send answers with messages. With update the first replaces the message whose button was pressed.
func (r *responder) send(ctx context.Context, out []outMessage, private, update bool) error {
	r.timer.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	for n := range out {
		if private {
			out[n].Flags |= discordgo.MessageFlagsEphemeral
		}
	}
	if err := r.first(ctx, out[0], private, update); err != nil {
		return err
	}
	r.answered = true
	for _, m := range out[1:] {
		if err := r.a.call(ctx, http.MethodPost, r.hook(""), m); err != nil {
			return fmt.Errorf("send the rest: %w", err)
		}
	}
	return nil
}

// first sends the first message of an answer. The caller holds r.mu.
func (r *responder) first(ctx context.Context, m outMessage, private, update bool) error {
	if !r.deferred {
		kind := discordgo.InteractionResponseChannelMessageWithSource
		if update {
			kind, m.Flags = discordgo.InteractionResponseUpdateMessage, 0
		}
		return r.callback(ctx, kind, m)
	}
	if r.i.Type == typeComponent {
		if update {
			m.Flags = 0
			return r.a.call(ctx, http.MethodPatch, r.hook("/messages/@original"), m)
		}
		return r.a.call(ctx, http.MethodPost, r.hook(""), m)
	}
	if private == r.private() {
		m.Flags = 0
		return r.a.call(ctx, http.MethodPatch, r.hook("/messages/@original"), m)
	}
	// The spinner's audience is fixed, and the next follow-up would fill it. So it goes first.
	if err := r.a.call(ctx, http.MethodDelete, r.hook("/messages/@original"), nil); err != nil && code(err) != codeUnknownMessage {
		return err
	}
	return r.a.call(ctx, http.MethodPost, r.hook(""), m)
}

// remove deletes the message whose button was pressed.
func (r *responder) remove(ctx context.Context) error {
	r.timer.Stop()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.deferred {
		if err := r.callback(ctx, discordgo.InteractionResponseDeferredMessageUpdate, nil); err != nil {
			return err
		}
		r.deferred = true
	}
	r.answered = true
	err := r.a.call(ctx, http.MethodDelete, r.hook("/messages/@original"), nil)
	if code(err) == codeUnknownMessage {
		return nil
	}
	return err
}

// complete answers an autocomplete. An empty list is sent as one.
func (r *responder) complete(ctx context.Context, list []*discordgo.ApplicationCommandOptionChoice) error {
	if list == nil {
		list = []*discordgo.ApplicationCommandOptionChoice{}
	}
	return r.callback(ctx, discordgo.InteractionApplicationCommandAutocompleteResult, map[string]any{"choices": list})
}

// hook returns the address of the interaction's webhook.
func (r *responder) hook(rest string) string {
	app := r.i.ApplicationID
	if app == "" {
		app, _ = r.a.ids()
	}
	return discordgo.EndpointWebhookToken(app, r.i.Token) + rest
}

// callback sends the first answer. When Discord says that there is one already, an earlier try got through.
func (r *responder) callback(ctx context.Context, kind discordgo.InteractionResponseType, data any) error {
	body := struct {
		Type discordgo.InteractionResponseType `json:"type"`
		Data any                               `json:"data,omitempty"`
	}{kind, data}
	err := r.a.call(ctx, http.MethodPost, discordgo.EndpointInteractionResponse(r.i.ID, r.i.Token), body)
	if code(err) == codeAcknowledged {
		return nil
	}
	return err
}

// call sends a request about an interaction, which carries no token of the bot.
func (a *Adapter) call(ctx context.Context, method, address string, body any) error {
	return a.send(ctx, method, address, "", body)
}

// send sends a request without discordgo, which keeps a bucket for every interaction and channel for ever and whose
// queues heed no context.
func (a *Adapter) send(ctx context.Context, method, address, token string, body any) error {
	var raw []byte
	if body != nil {
		var err error
		if raw, err = json.Marshal(body); err != nil {
			return fmt.Errorf("encode: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(raw))
	if err != nil {
		return errBadAddress
	}
	req.Header.Set("User-Agent", userAgent)
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := a.plain.Do(req)
	if err != nil {
		return redacted(err)
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(io.LimitReader(resp.Body, 1<<20))
	if resp.StatusCode < 300 {
		return nil
	}
	e := &apiError{status: resp.StatusCode, message: http.StatusText(resp.StatusCode)}
	var said struct {
		Message string `json:"message"`
		Code    int    `json:"code"`
	}
	if json.Unmarshal(answer, &said) == nil && said.Message != "" {
		e.code, e.message = said.Code, said.Message
	}
	return e
}
