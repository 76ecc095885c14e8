// Package telegram connects a bot.Handler with Telegram: an update becomes a bot.Question, a bot.Reply becomes messages.
// It polls or takes a webhook's updates, keeps the commands and the profile up to date, and holds to Telegram's limits.
// It knows nothing of articles; every word that it adds is from bot/phrases.
package telegram

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"

	"docent/bot"
	"docent/knowledge"
)

// Platform is the Platform of every Place in Telegram.
const Platform = "telegram"

// An Adapter answers in Telegram. Its fields are set before Run and not changed after it. Token, Handler and Catalog are
// required. An Adapter must not be copied.
type Adapter struct {
	Token   string
	APIURL  string // a local Bot API server or a proxy; empty: Telegram's own
	Handler bot.Handler
	Preview bot.Handler // answers what is only listed in inline mode, without being counted; nil: Handler
	Catalog bot.Catalog

	Settings bot.SettingsStore  // nil: the settings of groups are kept in memory
	State    bot.StateStore     // nil: commands are compared with what Telegram has at every start
	Updates  bot.UpdateLog      // nil: handled updates are remembered in memory
	Leases   bot.Leases         // nil: this is the only instance
	Holder   string             // the name of this instance; empty: one is made up
	Log      *slog.Logger       // nil: discard
	Count    func(event string) // counts events such as "poison", "dropped" and "ambiguous"; nil: not counted

	Webhook        string // the address that Telegram calls, which leads to ServeHTTP; empty: polling
	WebhookSecret  string // 1 to 256 of A-Z, a-z, 0-9, _ and -; required with Webhook
	MaxConnections int    // updates that Telegram sends to the webhook at the same time; 0: 40
	RemoveWebhook  bool   // polling may remove a webhook

	Language       string        // of the adapter's own sentences for people whose language they do not have; empty: en
	MaxAge         time.Duration // older updates of groups are not answered; 0: 1 h
	DeleteCommands bool          // remove answered commands from groups where the bot may; groups can choose otherwise
	NoInline       bool          // do not answer inline queries
	// Popular returns the sections that are asked for most, for an empty inline query; nil: they come in reading order.
	Popular func(context.Context) []knowledge.Ref

	Name  map[string]string // the bot's name by language, "" for all others; nil: left alone
	Short map[string]string // the short description, likewise
	About map[string]string // the description, likewise

	Client *http.Client // nil: one with fitting timeouts

	clock   clock // nil: the real one
	current atomic.Pointer[session]
	reload  sync.Mutex
}

// A clock tells the time and waits. Tests replace it.
type clock interface {
	Now() time.Time
	// Sleep waits until d has passed or ctx ends, and returns ctx's error in the latter case.
	Sleep(ctx context.Context, d time.Duration) error
}

type realClock struct{}

func (realClock) Now() time.Time { return time.Now() }

func (realClock) Sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// How long answers that have begun may take after the end of Run's context, and how long the last confirmation may.
const (
	drainTime   = 7 * time.Second
	confirmTime = 2 * time.Second
)

// quiet keeps the library from writing to standard error. It logs nothing in the ways in which it is used here.
var quiet = sync.OnceFunc(func() { _ = tgbotapi.SetLogger(noLog{}) })

type noLog struct{}

func (noLog) Println(...any)        {}
func (noLog) Printf(string, ...any) {}

// Run answers until ctx ends, and then returns nil when what had begun is finished, within 10 s. It returns an error when
// it cannot go on: a wrong token, an address that is no Bot API, or a webhook that it may not remove.
func (a *Adapter) Run(ctx context.Context) error {
	quiet()
	client, err := a.check()
	if err != nil {
		return err
	}
	for kept := a.keep(); ; {
		s := a.open(client, kept)
		if err := s.meet(ctx); err != nil {
			return ended(ctx, err)
		}
		if a.Webhook != "" {
			err = s.listen(ctx)
		} else {
			err = s.pollAlone(ctx)
		}
		if !errors.Is(err, errLost) || ctx.Err() != nil {
			return ended(ctx, err)
		}
	}
}

// ended makes the end of ctx no error.
func ended(ctx context.Context, err error) error {
	if err == nil || errors.Is(err, errLost) || ctx.Err() != nil && !fatal(err) {
		return nil
	}
	return fmt.Errorf("telegram: %w", err)
}

// check looks for mistakes in the fields.
func (a *Adapter) check() (*client, error) {
	switch {
	case a.Token == "":
		return nil, errors.New("telegram: no token: set TELEGRAM_TOKEN to the one that BotFather gave you")
	case a.Handler == nil || a.Catalog == nil:
		return nil, errors.New("telegram: an Adapter needs a Handler and a Catalog")
	case a.Webhook != "" && !validSecret(a.WebhookSecret):
		return nil, errors.New("telegram: a webhook needs a secret of 1 to 256 letters, digits, _ and -: set telegram.webhook.secret")
	}
	return newClient(a.Token, a.APIURL, a.Client)
}

// keep makes what outlives a session.
func (a *Adapter) keep() *kept {
	k := &kept{settings: a.Settings, updates: a.Updates, holder: a.Holder, answers: newAnswers(), groups: newGroups(), recent: newRecent()}
	if k.settings == nil {
		k.settings = &memorySettings{m: map[string]map[string]string{}}
	}
	if k.updates == nil {
		k.updates = &memoryUpdates{stage: map[int64]bot.Stage{}}
	}
	if k.holder == "" {
		k.holder = strings.ToLower(rand.Text())
	}
	return k
}

// open makes a session.
func (a *Adapter) open(c *client, k *kept) *session {
	s := &session{Adapter: a, kept: k, api: c, log: a.Log, clock: a.clock, preview: a.Preview, maxAge: a.MaxAge, lanes: newLanes(),
		busy: map[int]*working{}, closing: make(chan struct{}), dead: make(chan error, 1)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if s.clock == nil {
		s.clock = realClock{}
	}
	if s.preview == nil {
		s.preview = a.Handler
	}
	if s.maxAge == 0 {
		s.maxAge = time.Hour
	}
	s.started = s.clock.Now()
	return s
}

// kept is what an Adapter's run keeps from one session to the next.
type kept struct {
	settings bot.SettingsStore
	updates  bot.UpdateLog
	holder   string
	answers  *answers
	groups   *groups
	recent   *recent
}

// A session is the time from when an Adapter begins to take updates until it stops, or until another instance takes over.
type session struct {
	*Adapter
	*kept
	api     *client
	me      identity
	log     *slog.Logger
	clock   clock
	preview bot.Handler
	maxAge  time.Duration
	started time.Time

	names atomic.Pointer[names] // commands and what they ask
	lanes *lanes
	pause pause

	closing chan struct{} // closed when no new work is begun
	dead    chan error    // why nothing can be answered any more

	serving sync.WaitGroup // webhook requests
	mu      sync.Mutex
	busy    map[int]*working // updates being worked on, by id
}

// An identity is the bot's own account.
type identity struct {
	id       int64
	username string
	hears    bool // all messages of groups: privacy mode is off
}

func (s *session) stream() string { return fmt.Sprint(Platform, "/", s.me.id) }

// fail ends the session: no request can succeed.
func (s *session) fail(err error) {
	select {
	case s.dead <- err:
	default:
	}
}

func (s *session) count(event string) {
	if s.Count != nil {
		s.Count(event)
	}
}

// meet asks who the bot is, until Telegram answers.
func (s *session) meet(ctx context.Context) error {
	var me struct {
		ID       int64  `json:"id"`
		Username string `json:"username"`
		Hears    bool   `json:"can_read_all_group_messages"`
	}
	if err := s.untilAnswered(ctx, "getMe", nil, &me); err != nil {
		return err
	}
	s.me = identity{me.ID, me.Username, me.Hears}
	s.names.Store(newNames(s.Catalog.Topics()))
	s.current.Store(s)
	s.log.Info("telegram connected", "bot", me.Username)
	return nil
}

// Reload makes the commands follow the articles. It does nothing before Run.
func (a *Adapter) Reload(ctx context.Context) {
	s := a.current.Load()
	if s == nil {
		return
	}
	s.names.Store(newNames(s.Catalog.Topics()))
	s.publish(ctx)
}
