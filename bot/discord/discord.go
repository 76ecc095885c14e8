// Package discord answers in Discord: an event becomes a bot.Question, a bot.Reply becomes a message. It knows the
// platform's limits and nothing of articles. Types and REST calls are discordgo's; the gateway connection is the
// package's own, because discordgo v0.29.0 can lock up for ever when Discord asks it to reconnect, ends the session that
// it wants to resume, and never says that Discord refused the bot.
package discord

import (
	"context"
	"crypto/ed25519"
	"encoding/hex"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/bwmarrin/discordgo"

	"docent/bot"
)

// Platform is the name of Discord in a bot.Place.
const Platform = "discord"

// An Adapter answers in Discord. Its fields are set before Run or ServeHTTP and not changed after it. Token, Handler and
// Catalog are required.
type Adapter struct {
	Token    string // without the word Bot
	APIURL   string // what replaces https://discord.com, such as a proxy; empty: Discord itself
	Handler  bot.Handler
	Catalog  bot.Catalog
	Settings bot.SettingsStore  // nil: what operators choose is forgotten at the end
	State    bot.StateStore     // nil: created commands are not counted over restarts
	Log      *slog.Logger       // nil: discard
	Count    func(event string) // counts what happens, such as "forbidden" and "resume"; nil: not counted

	HTTP           bool   // interactions come to ServeHTTP and not over the gateway
	PublicKey      string // the application's key, 64 hexadecimal digits; needed for HTTP
	ApplicationID  string // empty: asked from Discord
	Shards         int    // 0: as many as Discord recommends
	FirstShard     int    // the shards that this process runs, both ends included; see AllShards
	LastShard      int
	AllShards      bool   // run every shard in this process; so it is when Shards is 0
	MessageContent bool   // ask for the privileged intent, which answering without a mention needs
	Guild          string // register commands in this server only, for trying things out
	PrivateDefault bool   // answer so that only the asker sees it, unless the server or the person says otherwise

	Info func() Info // what /docent status shows; nil: only the connection

	once    sync.Once
	openErr error
	key     ed25519.PublicKey
	timing  timing
	dial    dialer
	wire    *transport
	session *discordgo.Session
	plain   *http.Client // for interactions: no token, no queue a route
	lanes   *lanes
	seen    *recent
	shown   *moments
	manners *manners
	posting *doors // a door for each channel
	popular *popular
	parents *recent // channels of threads
	titles  *recent // names of threads
	locales *recent // languages of servers
	places  *settingsCache
	links   linkTable

	mu    sync.Mutex
	appID string
	botID string
	work  context.Context // of the answers that have begun; ends when draining takes too long
	sync  sync.Mutex      // one registration of commands at a time
	// how many commands were created on which day; sync guards it
	created    string
	unfinished chan struct{} // receives when a Reload could not do all
}

// Info is what an operator asks with /docent status.
type Info struct {
	Version            string
	Articles, Sections int
	Reloaded           time.Time
}

// timing holds the waits, so that tests need not wait as long.
type timing struct {
	deferAfter time.Duration // an interaction without an answer gets a spinner
	drain      time.Duration // what has begun may take so long at the end
	identify   time.Duration // between two Identifies of a bucket
	backoff    time.Duration // before the second try of a connection; doubled up to 32 times
	handshake  time.Duration // for each of: dial, Hello, Ready
	answer     time.Duration // for the Handler
	retry      time.Duration // before the second try of a request; doubled each time
}

func defaultTiming() timing {
	return timing{
		deferAfter: 1500 * time.Millisecond, drain: 9 * time.Second, identify: 5500 * time.Millisecond, backoff: time.Second,
		handshake: 15 * time.Second, answer: time.Minute, retry: 250 * time.Millisecond,
	}
}

// maxWork is how many events may wait or be worked on at once. More are not taken.
const maxWork = 4096

// open makes what Run and ServeHTTP share.
func (a *Adapter) open() error {
	a.once.Do(func() { a.openErr = a.build() })
	return a.openErr
}

func (a *Adapter) build() error {
	if a.Token == "" || a.Handler == nil || a.Catalog == nil {
		return errors.New("open discord: Token, Handler and Catalog are required")
	}
	if a.Log == nil {
		a.Log = slog.New(slog.DiscardHandler)
	}
	if a.timing == (timing{}) {
		a.timing = defaultTiming()
	}
	if err := a.readKey(); err != nil {
		return err
	}
	host, err := apiHost(a.APIURL)
	if err != nil {
		return err
	}
	a.wire = newTransport(host, a.dial, a.timing.retry, a.Log, a.count)
	a.session, err = discordgo.New("Bot " + a.Token)
	if err != nil {
		return fmt.Errorf("open discord: %w", err)
	}
	a.session.StateEnabled = false
	a.session.ShouldRetryOnRateLimit = false // the transport waits, and heeds the context
	a.session.MaxRestRetries = 0
	a.session.UserAgent = userAgent
	a.session.Client = &http.Client{Transport: a.wire}
	a.plain = &http.Client{Transport: a.wire}
	a.lanes = newLanes(maxWork, a.Log)
	a.seen, a.parents, a.titles, a.locales = newRecent(8192), newRecent(1024), newRecent(1024), newRecent(4096)
	a.shown, a.popular = newMoments(), newPopular()
	a.unfinished = make(chan struct{}, 1)
	a.manners, a.posting = newManners(), newDoors()
	a.places = newSettingsCache(a.Settings)
	a.appID = a.ApplicationID
	a.work = context.Background()
	return nil
}

// userAgent is what Discord asks every bot to send.
const userAgent = "DiscordBot (https://docent.invalid, 1)"

func (a *Adapter) readKey() error {
	if a.PublicKey == "" {
		if a.HTTP {
			return errors.New("open discord: interactions over HTTP need the application's public key: set discord.public_key")
		}
		return nil
	}
	key, err := hex.DecodeString(a.PublicKey)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return errors.New("open discord: the public key must be the 64 hexadecimal digits that Discord's developer portal shows")
	}
	a.key = key
	return nil
}

// apiHost reads the address that replaces https://discord.com.
func apiHost(raw string) (*url.URL, error) {
	if raw == "" {
		return nil, nil
	}
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, errors.New("open discord: the API address must look like http://127.0.0.1:3000: set discord.api_url")
	}
	u.Path = strings.TrimSuffix(strings.TrimSuffix(u.Path, "/"), "/api")
	return u, nil
}

// Run answers until ctx ends, then finishes the answers that have begun, for up to 10 seconds, and returns nil. It
// returns an error when Discord refuses the bot in a way that trying again does not mend.
func (a *Adapter) Run(ctx context.Context) error {
	if err := a.open(); err != nil {
		return err
	}
	work, cancel := context.WithCancel(context.WithoutCancel(ctx))
	defer cancel()
	a.mu.Lock()
	a.work = work
	a.mu.Unlock()
	err := a.serve(ctx)
	a.lanes.drain(a.timing.drain, cancel)
	a.wire.close()
	return err
}

// serve connects and returns when ctx ends or Discord refuses the bot.
func (a *Adapter) serve(ctx context.Context) error {
	if err := a.identifySelf(ctx); err != nil {
		if ctx.Err() != nil {
			return nil
		}
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	var side sync.WaitGroup
	defer side.Wait()
	defer stop() // a refusal ends the rest too
	side.Go(func() { a.keepCommands(ctx) })
	if a.HTTP {
		<-ctx.Done()
		return nil
	}
	return a.runShards(ctx)
}

// identifySelf learns the ids of the application and of its user. It tries again while Discord cannot be reached.
func (a *Adapter) identifySelf(ctx context.Context) error {
	for wait := a.timing.backoff; ; wait = min(2*wait, 30*a.timing.backoff) {
		me, err := a.session.User("@me", discordgo.WithContext(ctx))
		if err == nil {
			a.mu.Lock()
			a.botID = me.ID
			if a.appID == "" {
				a.appID = me.ID // the same for every bot since 2016; ApplicationID is for older ones
			}
			a.mu.Unlock()
			return nil
		}
		if status(err) == http.StatusUnauthorized {
			return errors.New("connect to discord: the token was refused: take a new one from Discord's developer portal and set DISCORD_TOKEN")
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		a.Log.Warn("discord cannot be reached", "error", err)
		if !pause(ctx, wait) {
			return ctx.Err()
		}
	}
}

// Reload makes the commands follow the articles. Call it when they changed. What Discord does not take now Run sends later.
func (a *Adapter) Reload(ctx context.Context) {
	if a.open() != nil || a.syncCommands(ctx) {
		return
	}
	select {
	case a.unfinished <- struct{}{}:
	default: // it is known already
	}
}

func (a *Adapter) count(event string) {
	if a.Count != nil {
		a.Count(event)
	}
}

func (a *Adapter) ids() (app, bot string) {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.appID, a.botID
}

// working returns the context of answers.
func (a *Adapter) working() context.Context {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.work
}

// pause waits, and says whether ctx is still alive.
func pause(ctx context.Context, d time.Duration) bool { return elapse(ctx.Done(), d) }
