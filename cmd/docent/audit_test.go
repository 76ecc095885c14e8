package main

import (
	"bytes"
	"database/sql"
	"path/filepath"
	"strings"
	"testing"
)

// TestPrivacyAuditFailsOnAnUndeclaredField adds a column behind the program's back.
func TestPrivacyAuditFailsOnAnUndeclaredField(t *testing.T) {
	file := filepath.Join(t.TempDir(), "docent.db")
	audit := func() (string, error) {
		var out bytes.Buffer
		err := run(t.Context(), []string{"privacy-audit"}, []string{"DOCENT_STORE_URL=sqlite:" + file}, nil, &out, &out)
		return out.String(), err
	}
	if out, err := audit(); err != nil || !strings.Contains(out, "unanswered.redacted") {
		t.Fatalf("%v\n%s", err, out)
	}
	db, err := sql.Open("sqlite", file) // the driver comes with the store
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "ALTER TABLE turns ADD COLUMN person TEXT"); err != nil {
		t.Fatal(err)
	}
	if _, err := audit(); err == nil || !strings.Contains(err.Error(), "turns.person is stored but not declared") {
		t.Errorf("an undeclared field: %v", err)
	}
}
