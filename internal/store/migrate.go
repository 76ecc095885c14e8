package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"
)

//go:embed migrations/*.sql
var migrations embed.FS

// migrationLock is the PostgreSQL advisory lock under which one process at a time changes the schema.
const migrationLock = 0x646f63656e74

// migrate brings the schema to the newest version in one transaction. The file 001_... makes version 1.
func (d *DB) migrate(ctx context.Context) error {
	files, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return err
	}
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if d.postgres {
		if _, err := tx.ExecContext(ctx, "SELECT pg_advisory_xact_lock($1)", int64(migrationLock)); err != nil {
			return err
		}
	}
	version, err := schemaVersion(ctx, tx)
	if err != nil {
		return err
	}
	if version == len(files) {
		return nil
	}
	if version > len(files) {
		return fmt.Errorf("a newer docent wrote this store (schema %d, this program knows %d): update docent, or use another store.url", version, len(files))
	}
	for _, file := range files[version:] {
		if err := runFile(ctx, tx, file); err != nil {
			return fmt.Errorf("run %s: %w", file, err)
		}
	}
	if _, err := tx.ExecContext(ctx, d.sql("UPDATE docent_schema SET version = ?"), len(files)); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	d.log.Info("store migrated", "from", version, "to", len(files))
	return nil
}

func runFile(ctx context.Context, tx *sql.Tx, file string) error {
	text, err := migrations.ReadFile(file)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, string(text))
	return err
}

func schemaVersion(ctx context.Context, tx *sql.Tx) (int, error) {
	if _, err := tx.ExecContext(ctx, "CREATE TABLE IF NOT EXISTS docent_schema (version BIGINT NOT NULL)"); err != nil {
		return 0, err
	}
	version := 0
	err := tx.QueryRowContext(ctx, "SELECT version FROM docent_schema").Scan(&version)
	if errors.Is(err, sql.ErrNoRows) {
		_, err = tx.ExecContext(ctx, "INSERT INTO docent_schema (version) VALUES (0)")
	}
	return version, err
}
