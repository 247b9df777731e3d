// Package desktop is what a person sees of the engine: the icon's menu and what
// its entries do, notifications and what their buttons do, the clipboard, and
// the process of the windows.
//
// It must never decide what state a session is in, keep a token, or know the
// command line. While the screen is locked no new notification or prompt is shown;
// when it locks, a copied secret is cleared.
package desktop

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"time"

	"keyfob/app/agent"
	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/tray"
	"keyfob/tray/clipboard"
)

// Settings are the engine's settings while it runs.
type Settings interface {
	Path() string                                                 // of the file; empty where there is none, as for the demo
	Last() (good *config.Settings, problem *auth.Error)           // the last good ones, and why the file cannot be read now, or nil
	Reread() *config.Settings                                     // reads the file, and returns what Last then does
	Apply(ctx context.Context, s *config.Settings) error          // has the sessions follow
	Watch(ctx context.Context, changed func(ctx context.Context)) // calls changed after each change, until ctx ends
}

// Config is what a desktop is made of.
type Config struct {
	Sessions    *engine.Manager
	Settings    Settings
	Dir         string // of the engine's socket
	StateDir    string // keeps over restarts what the person was told; empty for nowhere
	HasDisplay  bool   // there is something to open a window on
	Now         func() time.Time
	OpenBrowser func(ctx context.Context, address string) error
	Log         func(text string) // for what has no other place
}

// Desktop shows one engine to a person. It answers the engine's clients as
// [keyfob/app/agent/server.Desktop]; what they ask for waits until it runs.
type Desktop struct {
	sessions    *engine.Manager
	settings    Settings
	stateDir    string
	hasDisplay  bool
	now         func() time.Time
	openBrowser func(ctx context.Context, address string) error
	log         func(text string)

	screen  *screen
	signIns *signIns
	copies  *copies
	copier  *copier
	running sync.WaitGroup // of all that goes on; only what is part of it, or runs while the tray does, adds to it
}

// New makes a desktop. It shows nothing before [Desktop.Run].
func New(c Config) *Desktop {
	d := &Desktop{
		sessions: c.Sessions, settings: c.Settings, stateDir: c.StateDir, hasDisplay: c.HasDisplay,
		now: c.Now, openBrowser: c.OpenBrowser, log: c.Log,
		copies: &copies{clip: clipboard.New()},
	}
	d.copier = &copier{sessions: c.Sessions, copies: d.copies, clearAfter: func() time.Duration {
		s, _ := c.Settings.Last()
		return s.ClearAfter
	}}
	settings, _ := c.Settings.Last()
	d.screen = newScreen(screenConfig{
		Sessions: c.Sessions, Now: c.Now, Log: c.Log, Dir: c.Dir, Quiet: settings.Quiet,
		ShownIn: filepath.Join(c.Dir, "notes.json"), ToldIn: d.remembers("prompts.json"),
		SignIn: func(ctx context.Context, tool string) { d.signIns.start(ctx, tool, session.SignInOptions{}) },
		OnLock: func() { d.running.Go(d.copies.clear) },
	})
	d.signIns = &signIns{sessions: c.Sessions, settings: c.Settings, screen: d.screen, running: &d.running}
	return d
}

// Run shows the sessions until the person quits or ctx ends. It calls ended as
// soon as one of both has happened, and returns when all is cleared away. Without
// a tray host on this desktop everything else goes on.
func (d *Desktop) Run(ctx context.Context, ended func()) error {
	ctx, cancel := context.WithCancel(ctx)
	d.running.Go(func() { d.screen.run(ctx) })
	d.running.Go(func() { d.copies.clearAfterSignOut(ctx, d.sessions) })
	if d.settings.Path() != "" {
		d.running.Go(func() { d.settings.Watch(ctx, d.Reload) })
		d.running.Go(func() { d.screen.remindOfSecrets(ctx, d.remembers("secrets-told.json")) })
	}

	first, _ := d.sessions.Snapshots(ctx)
	err := tray.Run(ctx, tray.Config{
		First:   first,
		Watch:   d.sessions.Watch(ctx),
		Now:     d.now,
		Options: d.options,
		Changed: d.screen.windows.changed,
		NoHost:  func() { d.iconIsMissing(ctx, noHost()) },
		Host:    func() { d.screen.iconIsThere(ctx) },
		Actions: d.menu(ctx),
	})
	if errors.Is(err, tray.ErrNoTray) {
		d.iconIsMissing(ctx, err)
		<-ctx.Done()
		err = nil
	}
	cancel()
	ended()
	d.running.Wait()
	return errors.Join(err, d.copies.clip.Close())
}

// remembers is a file that keeps over restarts what a person was told, or empty
// for none.
func (d *Desktop) remembers(name string) string {
	if d.stateDir == "" {
		return ""
	}
	return filepath.Join(d.stateDir, name)
}

func (d *Desktop) iconIsMissing(ctx context.Context, why error) {
	d.log(why.Error() + "; notifications, windows and the command line still work")
	if d.hasDisplay {
		d.screen.iconIsMissing(ctx, why)
	}
}

// Reload takes over what the settings say now, and tells the person what
// follows. The menu says what is wrong with them.
func (d *Desktop) Reload(ctx context.Context) {
	s := d.settings.Reread()
	_ = d.screen.do(ctx, func(context.Context) { d.screen.notices.setQuiet(s.Quiet) })
	before := scopesChanged(ctx, d.sessions)
	_ = d.settings.Apply(ctx, s)
	d.askForScopes(ctx, before)
}

// Later implements [keyfob/app/agent/server.Desktop].
func (d *Desktop) Later(ctx context.Context, tool string) error {
	return d.screen.do(ctx, func(context.Context) { d.screen.reminders.putOff(tool) })
}

// Copy implements [keyfob/app/agent/server.Desktop].
func (d *Desktop) Copy(ctx context.Context, tool string, as agent.CopyAs) error {
	return d.copier.copy(ctx, tool, as)
}

// Home implements [keyfob/app/agent/server.Desktop].
func (d *Desktop) Home(ctx context.Context, tool string) error {
	s, err := snapshot(ctx, d.sessions, tool)
	if err != nil {
		return err
	}
	return d.openBrowser(ctx, s.Home)
}

// Reopen implements [keyfob/app/agent/server.Desktop].
func (d *Desktop) Reopen(ctx context.Context, tool string) error { return d.sessions.Reopen(ctx, tool) }

// Show implements [keyfob/app/agent/server.Desktop].
func (d *Desktop) Show(ctx context.Context) error { return d.openPage(ctx, agent.PageTools) }

// openPage shows a page of the window, which the person asked for, and waits until
// it is drawn. A window that is on its way out is followed by another one.
func (d *Desktop) openPage(ctx context.Context, key string) error {
	for range 2 {
		again, err := d.screen.openPage(ctx, key)
		if !again {
			return err
		}
	}
	return windowError(showVerb, []string{key}, "", false, nil)
}
