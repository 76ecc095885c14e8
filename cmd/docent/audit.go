package main

import (
	"context"
	"fmt"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"docent/internal/store"
)

// openStore opens the configured store for a command that reads it.
func (p *program) openStore(ctx context.Context) (*store.DB, error) {
	c, err := p.loadConfig()
	if err != nil {
		return nil, err
	}
	return store.Open(ctx, c.Store.URL.Reveal(), newLog(p.err, c.Log))
}

func (p *program) auditCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "privacy-audit",
		Short: "List every field that is stored, why and how long",
		Long:  "List every field of the store with its purpose. Ends with exit code 1 when a stored field is not declared.",
		Args:  exactly(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			db, err := p.openStore(cmd.Context())
			if err != nil {
				return err
			}
			defer db.Close()
			w := tabwriter.NewWriter(p.out, 0, 0, 2, ' ', 0)
			for _, f := range store.Fields() {
				fmt.Fprintf(w, "%s\t%s\t%s\n", f, f.Kept, f.Purpose)
			}
			if err := w.Flush(); err != nil {
				return err
			}
			return db.Audit(cmd.Context())
		},
	}
}
