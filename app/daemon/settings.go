package daemon

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"github.com/fsnotify/fsnotify"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/engine"
)

// settingsQuiet is how long the settings must not change before they are read:
// an editor that writes in place empties the file first.
const settingsQuiet = 300 * time.Millisecond

// Settings are the settings of an engine while it runs: the last good ones, with
// what is wrong with the file now.
type Settings struct {
	path     string // of the file; empty where there is none
	system   config.System
	watcher  *fsnotify.Watcher // of changes since they were read first; nil for none
	sessions *engine.Manager   // who follow
	catching chan struct{}     // has a place for who catches up with the file

	mu        sync.Mutex // over what a change of the file replaces
	read      stamp      // of the file, as it was read last
	good      *config.Settings
	problem   *auth.Error
	addresses map[string]string // of good's tools; nil until somebody wants one
}

// openSettings reads the settings and notices changes from then on. Where they
// cannot be read they are an administrator's alone.
func openSettings(path string, system config.System) *Settings {
	s := &Settings{path: path, system: system, watcher: watchFolders(path, system), catching: make(chan struct{}, 1)}
	s.read = stampOf(path) // before: a change meanwhile is one
	s.good, s.problem = s.Load()
	return s
}

// Load reads the file as it is now, and changes nothing.
func (s *Settings) Load() (*config.Settings, *auth.Error) {
	now, err := config.LoadAll(s.path, s.system)
	return now, auth.AsError(err)
}

// Path is the file's, and empty where there is none, as for the demo.
func (s *Settings) Path() string { return s.path }

// Last returns the last good settings, and why the file cannot be read now, or
// nil.
func (s *Settings) Last() (*config.Settings, *auth.Error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.good, s.problem
}

// Reread reads the file and returns the last good settings, without telling the
// sessions.
func (s *Settings) Reread() *config.Settings {
	read := stampOf(s.path)
	now, problem := s.Load()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.read, s.problem = read, problem
	if problem == nil {
		s.good, s.addresses = now, nil
	}
	return s.good
}

// address is where a tool's tokens are for: its API, or else its home page.
func (s *Settings) address(tool string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.addresses == nil {
		s.addresses = make(map[string]string, len(s.good.Tools))
		for _, t := range s.good.Tools {
			s.addresses[t.ID] = cmp.Or(t.API, t.Home)
		}
	}
	return s.addresses[tool]
}

// Apply has the sessions follow what the settings say.
func (s *Settings) Apply(ctx context.Context, now *config.Settings) error {
	return s.sessions.SetTools(ctx, now.Tools, Broken(now))
}

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

// Watch calls changed after each change of the settings, until ctx ends.
func (s *Settings) Watch(ctx context.Context, changed func(context.Context)) {
	w := s.watcher
	if w == nil {
		return
	}
	defer s.close()
	written := time.NewTimer(settingsQuiet)
	written.Stop()
	for {
		select {
		case e := <-w.Events:
			if s.concerns(e) {
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

func (s *Settings) close() {
	if s.watcher != nil {
		_ = s.watcher.Close()
	}
}

// concerns reports whether a change is one of the settings. Who may change an
// administrator's file is a part of them.
func (s *Settings) concerns(e fsnotify.Event) bool {
	if filepath.Dir(e.Name) == filepath.Clean(s.system.Dir) && strings.HasSuffix(e.Name, ".toml") {
		return true
	}
	return filepath.Dir(e.Name) == filepath.Dir(s.path) && filepath.Base(e.Name) == filepath.Base(s.path) && !e.Has(fsnotify.Chmod)
}
