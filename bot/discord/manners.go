package discord

import (
	"net/http"
	"sync"
	"time"
)

// manners remember what channels do not allow the bot, so that it does not ask in vain each time: Discord shuts out bots
// that are refused too often.
type manners struct {
	mu    sync.Mutex
	known map[string]manner
}

// A manner is what a channel does not allow.
type manner struct {
	plain  bool // no embeds
	alone  bool // no replies to messages
	silent bool // nothing
	at     time.Time
}

// mannersFor is how long a refusal counts. Permissions may have changed then.
const mannersFor = 5 * time.Minute

func newManners() *manners { return &manners{known: map[string]manner{}} }

func (m *manners) of(channel string) manner {
	m.mu.Lock()
	defer m.mu.Unlock()
	k := m.known[channel]
	if time.Since(k.at) > mannersFor {
		return manner{}
	}
	return k
}

// learn takes the outcome of a message. It says whether another try may go better, and which permission is missing.
func (m *manners) learn(channel string, err error) (again bool, lacking string) {
	k := m.of(channel)
	k.at = time.Now()
	switch c := code(err); {
	case err == nil:
		return false, ""
	case c == codeNoHistory && !k.alone:
		k.alone, lacking = true, "Read Message History"
	case (c == codeNoPermission || c == codeEmbedDisabled || c == codeEmptyMessage) && !k.plain:
		k.plain, lacking = true, "Embed Links"
	case status(err) == http.StatusForbidden:
		k.silent, lacking = true, "Send Messages"
	default:
		return false, ""
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.known) > 10000 {
		clear(m.known)
	}
	m.known[channel] = k
	return !k.silent, lacking
}
