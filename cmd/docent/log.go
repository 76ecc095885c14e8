package main

import (
	"io"
	"log/slog"
	"os"
	"time"

	"github.com/lmittmann/tint"
	"golang.org/x/term"

	"docent/internal/config"
)

// newLog returns a logger that writes to w: coloured lines on a terminal, else plain text or JSON.
func newLog(w io.Writer, c config.Log) *slog.Logger {
	var level slog.Level
	if err := level.UnmarshalText([]byte(c.Level)); err != nil {
		level = slog.LevelInfo
	}
	tty := isTerminal(w)
	switch {
	case c.Format == "json" || c.Format == "auto" && !tty:
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: level}))
	case tty:
		return slog.New(tint.NewTextHandler(w, &tint.Options{Level: level, TimeFormat: time.TimeOnly}))
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// isTerminal reports whether a person reads w.
func isTerminal(w any) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// colors reports whether text for w may have colours.
func (p *program) colors(w io.Writer) bool {
	no, set := p.lookup("NO_COLOR")
	return isTerminal(w) && !(set && no != "")
}
