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

// watchSettings calls changed after each change of the settings.
func (r *resident) watchSettings(ctx context.Context, changed func(context.Context)) {
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

// reread takes over what the settings say now, without telling the sessions.
// Settings that cannot be read leave the last good ones.
func (r *resident) reread() *config.Settings {
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
	s := r.reread()
	r.mu.Lock()
	problem := r.problem
	r.mu.Unlock()
	if problem != nil {
		cli.Report(r.host.err, problem)
		return
	}
	for _, e := range s.Ignored {
		cli.Report(r.host.err, e)
	}
	_ = r.sessions.SetTools(ctx, s.Tools, broken(s))
}

// reload takes over what the settings say now, and tells the person what
// follows. The menu says what is wrong with them.
func (d *desk) reload(ctx context.Context) {
	s := d.reread()
	_ = d.job(ctx, func(ctx context.Context) { d.hush(ctx, s.Quiet) })
	before := d.scopesChanged(ctx)
	_ = d.sessions.SetTools(ctx, s.Tools, broken(s))
	d.askForScopes(ctx, before)
}
