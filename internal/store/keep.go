package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"docent/bot"
)

// Settings returns what was chosen for a scope; an empty map when nothing was.
func (d *DB) Settings(ctx context.Context, scope string) (map[string]string, error) {
	rows, err := d.read.QueryContext(ctx, d.sql(`SELECT name, value FROM settings WHERE scope = ?`), scope)
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", d.explain(err))
	}
	defer rows.Close()
	out := map[string]string{}
	for rows.Next() {
		var name, value string
		if err := rows.Scan(&name, &value); err != nil {
			return nil, fmt.Errorf("read settings: %w", err)
		}
		out[name] = value
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("read settings: %w", d.explain(err))
	}
	return out, nil
}

// SetSettings replaces all that was chosen for a scope, at once.
func (d *DB) SetSettings(ctx context.Context, scope string, settings map[string]string) error {
	tx, err := d.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("write settings: %w", d.explain(err))
	}
	defer tx.Rollback()
	if d.postgres {
		// Two machines that replace the same scope must not mix their rows.
		if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock(hashtext($1))`, scope); err != nil {
			return fmt.Errorf("write settings: %w", d.explain(err))
		}
	}
	if _, err := tx.ExecContext(ctx, d.sql(`DELETE FROM settings WHERE scope = ?`), scope); err != nil {
		return fmt.Errorf("write settings: %w", d.explain(err))
	}
	for name, value := range settings {
		if _, err := tx.ExecContext(ctx, d.sql(`INSERT INTO settings (scope, name, value) VALUES (?, ?, ?)`), scope, name, value); err != nil {
			return fmt.Errorf("write settings: %w", d.explain(err))
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("write settings: %w", d.explain(err))
	}
	return nil
}

// Forget deletes all that is kept under a scope, such as "telegram/123456".
func (d *DB) Forget(ctx context.Context, scope string) error {
	if _, err := d.exec(ctx, `DELETE FROM settings WHERE scope = ?`, scope); err != nil {
		return fmt.Errorf("forget: %w", err)
	}
	return nil
}

// State returns the value that an adapter kept under key, or false when there is none.
func (d *DB) State(ctx context.Context, key string) (string, bool, error) {
	var value string
	err := d.read.QueryRowContext(ctx, d.sql(`SELECT value FROM state WHERE name = ?`), key).Scan(&value)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("read state: %w", d.explain(err))
	}
	return value, true, nil
}

// SetState keeps a value under key.
func (d *DB) SetState(ctx context.Context, key, value string) error {
	_, err := d.exec(ctx, `INSERT INTO state (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value`, key, value)
	if err != nil {
		return fmt.Errorf("write state: %w", err)
	}
	return nil
}

// ClaimUpdate takes an update for holder. One that is done can always be "claimed", so that the caller learns that it is
// done. The holder of a lease claims again without waiting.
func (d *DB) ClaimUpdate(ctx context.Context, stream string, id int64, holder string, lease time.Duration) (bot.Stage, bool, error) {
	var stage bot.Stage
	err := d.write.QueryRowContext(ctx, d.sql(`
		INSERT INTO updates (stream, id, stage, holder, lease_until, at) VALUES (?, ?, 0, ?, {now} + ?, {now})
		ON CONFLICT (stream, id) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
		WHERE updates.stage < 2 AND (updates.holder = excluded.holder OR updates.lease_until <= {now})
		RETURNING stage`), stream, id, holder, lease.Milliseconds()).Scan(&stage)
	if err == nil {
		return stage, true, nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		err = d.write.QueryRowContext(ctx, d.sql(`SELECT stage FROM updates WHERE stream = ? AND id = ?`), stream, id).Scan(&stage)
		if err == nil {
			return stage, stage == bot.StageDone, nil
		}
	}
	return bot.StageNew, false, fmt.Errorf("claim update: %w", d.explain(err))
}

// SetUpdateStage says how far the work on an update got. StageDone and StageNew end its lease.
func (d *DB) SetUpdateStage(ctx context.Context, stream string, id int64, stage bot.Stage) error {
	_, err := d.exec(ctx, `
		INSERT INTO updates (stream, id, stage, holder, lease_until, at) VALUES (?, ?, ?, '', 0, {now})
		ON CONFLICT (stream, id) DO UPDATE SET stage = excluded.stage,
		lease_until = CASE WHEN excluded.stage = 1 THEN updates.lease_until ELSE 0 END`, stream, id, int64(stage))
	if err != nil {
		return fmt.Errorf("set stage of update: %w", err)
	}
	return nil
}

// AcquireLease takes or renews a lease for ttl. It returns false while another holder has it.
func (d *DB) AcquireLease(ctx context.Context, name, holder string, ttl time.Duration) (bool, error) {
	n, err := d.exec(ctx, `
		INSERT INTO leases (name, holder, lease_until) VALUES (?, ?, {now} + ?)
		ON CONFLICT (name) DO UPDATE SET holder = excluded.holder, lease_until = excluded.lease_until
		WHERE leases.holder = excluded.holder OR leases.lease_until <= {now}`, name, holder, ttl.Milliseconds())
	if err != nil {
		return false, fmt.Errorf("acquire lease: %w", err)
	}
	return n == 1, nil
}

// ReleaseLease ends the lease, if holder has it.
func (d *DB) ReleaseLease(ctx context.Context, name, holder string) error {
	if _, err := d.exec(ctx, `DELETE FROM leases WHERE name = ? AND holder = ?`, name, holder); err != nil {
		return fmt.Errorf("release lease: %w", err)
	}
	return nil
}
