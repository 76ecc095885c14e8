package main

import (
	"context"
	"fmt"
	"hash/fnv"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long the folders must be quiet before the articles are read again: an editor writes a file in steps.
const settle = 300 * time.Millisecond

// A watcher reads the articles again when their files change.
type watcher struct {
	dirs   []string
	rescan time.Duration // 0: rely on notices alone
	reload func(context.Context) error
	log    *slog.Logger

	seen uint64 // what the folders looked like when they were last read
}

// run watches until ctx ends. Where the system gives no notices, the slow scan alone finds changes.
func (w *watcher) run(ctx context.Context) {
	if len(w.dirs) == 0 {
		return
	}
	w.seen = snapshot(w.dirs)
	var events chan fsnotify.Event
	notify, err := fsnotify.NewWatcher()
	if err != nil {
		w.log.Warn("no notices of changed articles", "error", err, "rescan", w.rescan)
	} else {
		defer notify.Close()
		events = notify.Events
		w.follow(notify)
	}
	var scan <-chan time.Time
	if w.rescan > 0 {
		t := time.NewTicker(w.rescan)
		defer t.Stop()
		scan = t.C
	}
	w.log.Info("watching articles", "dirs", len(w.dirs), "rescan", w.rescan)
	w.loop(ctx, notify, events, scan)
}

func (w *watcher) loop(ctx context.Context, notify *fsnotify.Watcher, events <-chan fsnotify.Event, scan <-chan time.Time) {
	quiet := time.NewTimer(settle)
	defer quiet.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case _, ok := <-events:
			if !ok {
				events = nil
				continue
			}
			quiet.Reset(settle)
		case <-quiet.C:
			w.look(ctx, notify)
		case <-scan:
			w.look(ctx, notify)
		}
	}
}

// look reads the articles again if a file is new, gone or changed.
func (w *watcher) look(ctx context.Context, notify *fsnotify.Watcher) {
	now := snapshot(w.dirs)
	if now == w.seen {
		return
	}
	w.seen = now
	if notify != nil {
		w.follow(notify)
	}
	if err := w.reload(ctx); err != nil {
		w.log.Error("articles not reloaded, the earlier ones go on serving", "error", err)
	}
}

// follow asks for notices of every folder and subfolder. A folder that is followed already stays so.
func (w *watcher) follow(notify *fsnotify.Watcher) {
	for _, dir := range w.dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() {
				err = notify.Add(path)
			}
			return err
		})
		if err != nil {
			w.log.Warn("folder is not watched", "error", err, "rescan", w.rescan)
		}
	}
}

// snapshot returns a number that changes with the names, sizes and times of the files in dirs.
func snapshot(dirs []string) uint64 {
	h := fnv.New64a()
	for _, dir := range dirs {
		filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				fmt.Fprintln(h, path, "unreadable")
				return nil
			}
			if info, err := os.Stat(path); err == nil && !info.IsDir() {
				fmt.Fprintln(h, path, info.Size(), info.ModTime().UnixNano(), info.Mode())
			}
			return nil
		})
	}
	return h.Sum64()
}
