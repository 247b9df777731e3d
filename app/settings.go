package app

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/auth"
)

// settingsQuiet is how long the settings must not change before they are read:
// an editor that writes in place empties the file first.
const settingsQuiet = 300 * time.Millisecond

// watchFolders notices changes from now on, without polling. It watches
// folders, since editors replace files; an administrator's is watched if it is
// there. It is nil where nothing can be watched: then the settings are read at
// the next start.
func watchFolders(path string, system config.System) *fsnotify.Watcher {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil
	}
	folder := filepath.Dir(path)
	if os.MkdirAll(folder, 0o700) == nil {
		_ = w.Add(folder)
	}
	if system.Dir != "" {
		_ = w.Add(system.Dir)
	}
	return w
}

// Path implements [desktop.Settings].
func (r *resident) Path() string { return r.path }

// Last implements [desktop.Settings].
func (r *resident) Last() (*config.Settings, *auth.Error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settings, r.problem
}

// Apply implements [desktop.Settings].
func (r *resident) Apply(ctx context.Context, s *config.Settings) error {
	return r.sessions.SetTools(ctx, s.Tools, broken(s))
}

// Watch implements [desktop.Settings].
func (r *resident) Watch(ctx context.Context, changed func(context.Context)) {
	w := r.watcher
	if w == nil {
		return
	}
	defer func() { _ = w.Close() }()
	written := time.NewTimer(settingsQuiet)
	written.Stop()
	for {
		select {
		case e := <-w.Events:
			if r.concerns(e) {
				written.Reset(settingsQuiet)
			}
		case <-written.C:
			changed(ctx)
		case <-w.Errors:
		case <-ctx.Done():
			return
		}
	}
}

// concerns reports whether a change is one of the settings. Who may change an
// administrator's file is a part of them.
func (r *resident) concerns(e fsnotify.Event) bool {
	if filepath.Dir(e.Name) == filepath.Clean(r.host.system.Dir) && strings.HasSuffix(e.Name, ".toml") {
		return true
	}
	return filepath.Dir(e.Name) == filepath.Dir(r.path) && filepath.Base(e.Name) == filepath.Base(r.path) && !e.Has(fsnotify.Chmod)
}

// Reread takes over what the settings say now, without telling the sessions.
// Settings that cannot be read leave the last good ones.
func (r *resident) Reread() *config.Settings {
	s, problem := r.host.loadSettings(r.path)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.problem = problem
	if problem == nil {
		r.settings = s
	}
	return r.settings
}

// reloadAloud takes over what the settings say now, for an engine without a
// tray: what is wrong with them goes to its log.
func (r *resident) reloadAloud(ctx context.Context) {
	s := r.Reread()
	_, problem := r.Last()
	if problem != nil {
		cli.Report(r.host.err, problem)
		return
	}
	for _, e := range s.Ignored {
		cli.Report(r.host.err, e)
	}
	_ = r.Apply(ctx, s)
}
