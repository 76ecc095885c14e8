// Package store keeps what must survive a restart: counters of turns and ratings, handled updates, settings and leases.
// It writes SQLite by default and PostgreSQL where several machines share the work, with the same SQL. It knows nothing
// of platforms or articles, and it keeps no question's words but those that an operator asked to collect.
package store

import (
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"docent/bot"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
	_ "modernc.org/sqlite"             // the driver "sqlite"
)

// DB must serve everything that the bot and the adapters keep.
var (
	_ bot.Journal       = (*DB)(nil)
	_ bot.Unanswered    = (*DB)(nil)
	_ bot.SettingsStore = (*DB)(nil)
	_ bot.StateStore    = (*DB)(nil)
	_ bot.UpdateLog     = (*DB)(nil)
	_ bot.Leases        = (*DB)(nil)
)

// A DB is an open store. It is safe for use by several goroutines and, each with its own DB, several processes.
type DB struct {
	Retention Retention // set before use; read by Prune

	log         *slog.Logger
	read, write *sql.DB
	name        string // for messages; without the password
	postgres    bool
	now         func() time.Time // nil: the database's own clock, which all machines share
}

// Retention says how long Prune leaves things. Zero fields stand for the defaults.
type Retention struct {
	Turns      time.Duration // turns and ratings; default 90 days
	Unanswered time.Duration // default 30 days
}

// UpdateRetention is how long ids of handled updates are kept. It is longer than any platform delivers an update again: Telegram stops after a day.
const UpdateRetention = 7 * 24 * time.Hour

// busyTimeout is how long a write waits for another process before it is refused.
const busyTimeout = 5 * time.Second

// Open opens the store at address, makes it when there is none, and brings an older one up to date. The address is
// sqlite:FILE, sqlite::memory: or postgres://...; a nil log discards. A store that a newer version of the program wrote
// is refused.
func Open(ctx context.Context, address string, log *slog.Logger) (*DB, error) {
	return open(ctx, address, log, busyTimeout)
}

func open(ctx context.Context, address string, log *slog.Logger, busy time.Duration) (*DB, error) {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	d := &DB{log: log}
	var err error
	switch scheme, rest, _ := strings.Cut(address, ":"); scheme {
	case "sqlite":
		err = d.openSQLite(rest, busy)
	case "postgres", "postgresql":
		err = d.openPostgres(address)
	default:
		return nil, fmt.Errorf("open store: the address must start with sqlite: or postgres://, such as sqlite:data/docent.db")
	}
	if err == nil {
		err = whileBusy(ctx, busy, func() error { return d.migrate(ctx) })
	}
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("open store %s: %w", d.name, d.explain(err))
	}
	return d, nil
}

// whileBusy calls open again as long as SQLite says that it is busy, for at most so long: while another process makes the
// write-ahead log or is the last to leave it, SQLite does not wait by itself.
func whileBusy(ctx context.Context, most time.Duration, open func() error) error {
	const pause = 10 * time.Millisecond
	err := open()
	for end := time.Now().Add(most); isBusy(err) && ctx.Err() == nil && time.Now().Before(end); err = open() {
		time.Sleep(pause)
	}
	return err
}

// openSQLite uses one connection to write, because SQLite has one writer at a time, and a few to read. WAL with
// synchronous=normal survives the death of the process at any moment; after a power cut the last moments may be missing,
// which at worst answers a question a second time. Waiting for the disk at each write (full) took four times as long on
// a fast disk, and no one chat is worth slowing them all.
func (d *DB) openSQLite(path string, busy time.Duration) error {
	path = strings.TrimPrefix(path, "//")
	d.name = path
	memory := path == ":memory:"
	if !memory {
		if path == "" {
			return fmt.Errorf("the file's name is missing: write sqlite:data/docent.db")
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return err
		}
	}
	q := url.Values{"_txlock": {"immediate"}, "_pragma": {
		"busy_timeout(" + strconv.FormatInt(busy.Milliseconds(), 10) + ")",
		"journal_mode(WAL)", "synchronous(NORMAL)", "secure_delete(1)",
	}}
	dsn := "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
	var err error
	if d.write, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(1)
	if d.read = d.write; memory {
		return nil
	}
	if d.read, err = sql.Open("sqlite", dsn); err != nil {
		return err
	}
	d.read.SetMaxOpenConns(4)
	return nil
}

func (d *DB) openPostgres(address string) error {
	d.postgres, d.name = true, "postgres"
	u, err := url.Parse(address)
	if err != nil {
		return fmt.Errorf("the address is not a URL: write postgres://USER:PASSWORD@HOST/DATABASE")
	}
	d.name = "postgres://" + u.Host + u.Path
	if d.write, err = sql.Open("pgx", address); err != nil {
		return err
	}
	d.write.SetMaxOpenConns(16)
	d.write.SetMaxIdleConns(4)
	d.write.SetConnMaxIdleTime(5 * time.Minute)
	d.read = d.write
	return nil
}

// Close ends all work with the store. Nothing is lost without it.
func (d *DB) Close() error {
	var err error
	if d.read != nil && d.read != d.write {
		err = d.read.Close()
	}
	if d.write != nil {
		if e := d.write.Close(); e != nil {
			err = e
		}
	}
	return err
}

// Name returns the place of the store for messages, without user names and passwords.
func (d *DB) Name() string { return d.name }

// Ping reports whether the store can be reached.
func (d *DB) Ping(ctx context.Context) error {
	if err := d.read.PingContext(ctx); err != nil {
		return fmt.Errorf("reach store: %w", d.explain(err))
	}
	return nil
}

// sql replaces ? by $1, $2 ... for PostgreSQL and {now} by the time in milliseconds.
func (d *DB) sql(query string) string {
	query = strings.ReplaceAll(query, "{now}", d.clock())
	if !d.postgres {
		return query
	}
	var b strings.Builder
	n := 0
	for _, r := range query {
		if r != '?' {
			b.WriteRune(r)
			continue
		}
		n++
		b.WriteString("$" + strconv.Itoa(n))
	}
	return b.String()
}

// clock returns an SQL expression for the time in milliseconds. Leases compare times, so they use the database's clock:
// the clocks of several machines differ.
func (d *DB) clock() string {
	switch {
	case d.now != nil:
		return strconv.FormatInt(d.now().UnixMilli(), 10)
	case d.postgres:
		return "CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"
	}
	return "CAST(unixepoch('subsec') * 1000 AS INTEGER)"
}

// exec writes and returns the number of rows that changed.
func (d *DB) exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := d.write.ExecContext(ctx, d.sql(query), args...)
	if err != nil {
		return 0, d.explain(err)
	}
	return res.RowsAffected()
}
