package discordtest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"
)

// The time that the platform gives.
const (
	AckDeadline   = 3 * time.Second
	TokenLifetime = 15 * time.Minute
)

// An Interaction is one use of a command, button or autocomplete, as the platform sees it.
type Interaction struct {
	ID, Token string

	s        *Server
	kind     int // 2 command, 3 component, 4 autocomplete, 5 modal
	channel  Channel
	user     string
	sent     time.Time
	asked    time.Time // on the real clock
	target   *stored   // of a component: its message
	acked    time.Duration
	answered bool
	callback int // type of the first answer
	original *stored
	result   *stored
	modal    json.RawMessage
	choices  []Choice
	done     chan struct{} // closed when a person sees the result
	ended    bool
}

// A Choice is an entry of an autocomplete list, or a value that an option may have.
type Choice struct {
	Name              string            `json:"name"`
	NameLocalizations map[string]string `json:"name_localizations,omitempty"`
	Value             any               `json:"value"`
}

type callbackRequest struct {
	Type int             `json:"type"`
	Data json.RawMessage `json:"data"`
}

type autocompleteData struct {
	Choices *[]Choice `json:"choices"`
}

// callback handles POST /interactions/{id}/{token}/callback.
func (s *Server) callback(c *call) answer {
	if len(c.path) != 4 || c.Method != http.MethodPost {
		return s.unknownRoute(c)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.byToken[c.path[2]]
	switch {
	case i == nil || i.ID != c.path[1]:
		return refuse(http.StatusNotFound, 10062, "Unknown interaction")
	case i.answered:
		return refuse(http.StatusBadRequest, 40060, "Interaction has already been acknowledged.")
	case s.now().Sub(i.sent) > AckDeadline:
		return refuse(http.StatusNotFound, 10062, "Unknown interaction")
	}
	return s.firstAnswer(c, i)
}

// firstAnswer handles the first answer to an interaction. The caller holds s.mu.
func (s *Server) firstAnswer(c *call, i *Interaction) answer {
	var r callbackRequest
	if !c.decode(s, &r) || !i.allows(r.Type) {
		s.broke("callback type %d is not allowed for interaction type %d", r.Type, i.kind)
		return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
	}
	inner := &call{Request: c.Request, body: r.Data}
	var m messageRequest
	switch r.Type {
	case 4, 5, 7:
		if len(r.Data) > 0 && !inner.decode(s, &m) {
			return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		}
		if bad := checkCallback(r.Type, &m); len(bad) > 0 {
			return s.invalid(c, bad)
		}
	case 8:
		var a autocompleteData
		if !inner.decode(s, &a) || a.Choices == nil {
			return refuse(http.StatusBadRequest, 50035, "Invalid Form Body")
		}
		if bad := checkChoices(*a.Choices); len(bad) > 0 {
			return s.invalid(c, bad)
		}
		i.choices = *a.Choices
	case 9:
		if bad := checkModal(r.Data); len(bad) > 0 {
			return s.invalid(c, bad)
		}
		i.modal = r.Data
	}
	i.first(r.Type, &m)
	if c.URL.Query().Get("with_response") != "true" {
		return noContent()
	}
	return ok(i.callbackJSON())
}

func (i *Interaction) allows(callback int) bool {
	switch callback {
	case 4, 5:
		return i.kind != 4
	case 6, 7:
		return i.kind == 3 || i.kind == 5
	case 8:
		return i.kind == 4
	case 9:
		return i.kind == 2 || i.kind == 3
	}
	return false
}

// first records the first answer. The caller holds i.s.mu.
func (i *Interaction) first(kind int, m *messageRequest) {
	i.answered, i.callback, i.acked = true, kind, time.Since(i.asked)
	switch kind {
	case 4, 5:
		st := i.s.newStored(i.channel.ID, m)
		st.asker, st.loading = i.user, kind == 5
		i.original = st
		if kind == 4 {
			i.show(st)
		}
	case 6:
		i.original = i.target
	case 7:
		i.original = i.target
		flags := i.target.flags
		i.target.apply(m)
		i.target.flags = flags
		i.target.edits++
		i.show(i.target)
	default:
		i.show(nil)
	}
	i.s.signal()
}

// show records what the person sees in the end.
func (i *Interaction) show(st *stored) {
	if !i.ended {
		i.result, i.ended = st, true
		close(i.done)
	}
}

func (i *Interaction) callbackJSON() map[string]any {
	in := map[string]any{"id": i.ID, "type": i.kind}
	out := map[string]any{"interaction": in}
	if i.original != nil && (i.callback == 4 || i.callback == 7) {
		out["resource"] = map[string]any{"type": i.callback, "message": i.s.messageJSON(i.original)}
	}
	return out
}

// webhook handles the routes of an interaction's token.
func (s *Server) webhook(c *call) answer {
	if len(c.path) < 3 || c.path[1] != AppID {
		return s.unknownRoute(c)
	}
	var m messageRequest
	if c.Method == http.MethodPost || c.Method == http.MethodPatch {
		if !c.decode(s, &m) {
			return refuse(http.StatusBadRequest, 50109, "The request body contains invalid JSON.")
		}
		if bad := checkMessage(&m, c.Method == http.MethodPost); len(bad) > 0 {
			return s.invalid(c, bad)
		}
		if m.Nonce != nil || m.EnforceNonce || m.MessageReference != nil {
			s.broke("a follow-up has no nonce and no message_reference")
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	i := s.byToken[c.path[2]]
	switch {
	case i == nil || !i.answered:
		return refuse(http.StatusNotFound, 10015, "Unknown Webhook")
	case s.now().Sub(i.sent) > TokenLifetime:
		return refuse(http.StatusUnauthorized, 50027, "Invalid Webhook Token")
	}
	if len(c.path) == 3 && c.Method == http.MethodPost {
		return ok(s.messageJSON(i.followUp(&m)))
	}
	return s.webhookMessage(c, i, &m)
}

// followUp adds a message, or fills the spinner of a deferred answer. The caller holds s.mu.
func (i *Interaction) followUp(m *messageRequest) *stored {
	if i.original != nil && i.original.loading && !i.original.deleted {
		i.original.apply(m) // and m's own flags are ignored
		i.original.loading = false
		i.show(i.original)
		i.s.signal()
		return i.original
	}
	st := i.s.newStored(i.channel.ID, m)
	st.asker = i.user
	i.show(st)
	i.s.signal()
	return st
}

// webhookMessage gets, edits or deletes a message of an interaction. The caller holds s.mu.
func (s *Server) webhookMessage(c *call, i *Interaction, m *messageRequest) answer {
	if len(c.path) != 5 || c.path[3] != "messages" {
		return refuse(http.StatusNotFound, 0, "404: Not Found")
	}
	st := i.original
	if c.path[4] != "@original" {
		st = s.messages[c.path[4]]
	}
	if st == nil || st.deleted {
		return refuse(http.StatusNotFound, 10008, "Unknown Message")
	}
	switch c.Method {
	case http.MethodGet:
		return ok(s.messageJSON(st))
	case http.MethodPatch:
		flags := st.flags
		st.apply(m)
		st.flags, st.loading = flags, false
		st.edits++
		i.show(st)
	case http.MethodDelete:
		st.deleted = true
		if !st.loading {
			i.show(st)
		}
		s.signal()
		return noContent()
	default:
		return refuse(http.StatusMethodNotAllowed, 0, "405: Method Not Allowed")
	}
	s.signal()
	return ok(s.messageJSON(st))
}

// newInteraction makes an interaction and its payload.
func (s *Server) newInteraction(u User, at Channel, kind int, data map[string]any, target *stored) (*Interaction, map[string]any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.interactions++
	i := &Interaction{
		ID: s.nextID(), Token: "interaction-token-" + strconv.Itoa(s.interactions), s: s, kind: kind, channel: at, user: u.ID,
		sent: s.now(), asked: time.Now(), target: target, done: make(chan struct{}),
	}
	s.byToken[i.Token] = i
	p := map[string]any{
		"id": i.ID, "application_id": AppID, "type": kind, "token": i.Token, "version": 1, "data": data, "locale": u.locale(),
		"channel_id": at.ID, "app_permissions": strconv.FormatInt(s.appPermissions(at.ID), 10), "entitlements": []any{},
		"channel": at.json(), "attachment_size_limit": 10485760,
	}
	if target != nil {
		p["message"] = s.targetJSON(target)
	}
	u.place(p, at)
	return i, p
}
