package store

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
)

// A Field is one column of the store, with what it is for.
type Field struct {
	Table, Name string
	Purpose     string
	Kept        string // how long: a configuration key, or words
}

// String returns "table.name".
func (f Field) String() string { return f.Table + "." + f.Name }

const (
	keptTurns    = "store.retention"
	keptQuestion = "bot.unanswered_retention"
	keptUpdates  = "7 days"
	keptLease    = "1 day after it ended"
	keptSettings = "until changed or forgotten"
	keptState    = "until changed"
)

// Fields returns every column that the store has. Nothing else is stored.
func Fields() []Field {
	return []Field{
		{"turns", "at", "the hour of an answer, to count answers by day", keptTurns},
		{"turns", "platform", "discord, telegram, web or terminal, to count by platform", keptTurns},
		{"turns", "kind", "what sort of reply it was, to see how often the articles help", keptTurns},
		{"turns", "article", "the article that came first, to see what is read", keptTurns},
		{"turns", "section", "the section that came first, to see what is read", keptTurns},
		{"turns", "score", "how sure the match was, to tune matching", keptTurns},
		{"turns", "took_ms", "milliseconds to the answer, to notice slowness", keptTurns},
		{"ratings", "at", "the hour of a rating, to count ratings by day", keptTurns},
		{"ratings", "platform", "where the rating came from, to count by platform", keptTurns},
		{"ratings", "article", "the article that was rated", keptTurns},
		{"ratings", "section", "the section that was rated", keptTurns},
		{"ratings", "version", "the version of the text that was rated", keptTurns},
		{"ratings", "helpful", "1 for helpful, 0 for not", keptTurns},
		{"ratings", "reason", "why not: one of four fixed words, or none", keptTurns},
		{"unanswered", "at", "the hour of a question that found nothing; only when bot.collect_unanswered is on", keptQuestion},
		{"unanswered", "redacted", "that question without names, numbers, handles, addresses and links; only when bot.collect_unanswered is on", keptQuestion},
		{"settings", "scope", "the server, group or chat whose operators chose settings", keptSettings},
		{"settings", "name", "the setting", keptSettings},
		{"settings", "value", "what they chose", keptSettings},
		{"state", "name", "a value that an adapter needs after a restart, such as a hash of the registered commands", keptState},
		{"state", "value", "that value", keptState},
		{"updates", "stream", "which bot received an update, against answering twice", keptUpdates},
		{"updates", "id", "the platform's number of the update, against answering twice", keptUpdates},
		{"updates", "stage", "how far the work on it got, against answering twice", keptUpdates},
		{"updates", "holder", "which process works on it", keptUpdates},
		{"updates", "lease_until", "until when that process has it to itself", keptUpdates},
		{"updates", "at", "when it was first seen, to delete it in time", keptUpdates},
		{"leases", "name", "a task that only one process may do", keptLease},
		{"leases", "holder", "which process does it", keptLease},
		{"leases", "lease_until", "until when that process has it to itself", keptLease},
		{"docent_schema", "version", "which version of these tables this is", "always"},
	}
}

// Audit compares the tables that are really there with Fields. The error names every column that is not declared and
// every declared one that is missing.
func (d *DB) Audit(ctx context.Context) error {
	q := `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c WHERE m.type = 'table'`
	if d.postgres {
		q = `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()`
	}
	real, err := query(ctx, d, "audit store", func(rows *sql.Rows) (f Field, err error) {
		err = rows.Scan(&f.Table, &f.Name)
		return f, err
	}, q)
	if err != nil {
		return err
	}
	declared := map[string]bool{}
	for _, f := range Fields() {
		declared[f.String()] = true
	}
	var wrong []string
	for _, f := range real {
		if !declared[f.String()] {
			wrong = append(wrong, f.String()+" is stored but not declared")
		}
		delete(declared, f.String())
	}
	for name := range declared {
		wrong = append(wrong, name+" is declared but not stored")
	}
	if len(wrong) > 0 {
		return fmt.Errorf("audit store: %s", strings.Join(wrong, "; "))
	}
	return nil
}
