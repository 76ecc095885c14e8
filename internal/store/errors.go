package store

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// explain adds to a driver's error what an operator can do about it.
func (d *DB) explain(err error) error {
	var lite *sqlite.Error
	if errors.As(err, &lite) {
		if hint := sqliteHint(lite.Code() & 0xff); hint != "" {
			return fmt.Errorf("%s: %w", hint, err)
		}
	}
	var pg *pgconn.PgError
	if errors.As(err, &pg) {
		if hint := postgresHint(pg.Code); hint != "" {
			return fmt.Errorf("%s: %w", hint, err)
		}
	}
	var connect *pgconn.ConnectError
	if errors.As(err, &connect) {
		// The driver's own text names the user.
		return fmt.Errorf("the PostgreSQL server cannot be reached: look at the host, the port and whether it runs: %w", errors.Unwrap(connect))
	}
	return err
}

func isBusy(err error) bool {
	var lite *sqlite.Error
	return errors.As(err, &lite) && lite.Code()&0xff == sqlite3.SQLITE_BUSY
}

func sqliteHint(code int) string {
	switch code {
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return "another program is using the file: stop it, or give this one its own store.url"
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		return "the file cannot be written: give this user write permission on it and on its folder"
	case sqlite3.SQLITE_FULL:
		return "the disk is full: make room"
	case sqlite3.SQLITE_IOERR:
		return "the disk cannot be read or written: look at its health and its free space"
	case sqlite3.SQLITE_CANTOPEN:
		return "the file cannot be opened: look at its path and its permissions"
	case sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT:
		return "the file is not a sound SQLite database: restore a copy, or move it away to start afresh"
	}
	return ""
}

func postgresHint(code string) string {
	switch code {
	case "28P01", "28000":
		return "the user or the password is wrong: look at store.url"
	case "3D000":
		return "the database does not exist: create it first"
	case "42501":
		return "the user may not do that: grant it CREATE, SELECT, INSERT, UPDATE and DELETE on its schema"
	case "42P07":
		return "another program's table has this name: give docent its own database"
	case "53100":
		return "the server's disk is full: make room"
	case "53300":
		return "the server has no connection left: raise max_connections or stop other programs"
	case "25006":
		return "the server is read-only: use the address of the primary"
	}
	return ""
}
