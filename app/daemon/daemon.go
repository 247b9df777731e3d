// Package daemon is the engine's process: it claims to be the user's one engine,
// reads the settings and follows them, puts the sessions together with their
// keychain, HTTP clients and locks, and answers the local socket. It runs alone
// or with a desktop.
//
// It must never decide what state a session is in, show anything to a person, or
// know the command line.
package daemon

import (
	"context"
	"errors"
	"sync"
	"time"

	"keyfob/app/agent/server"
	"keyfob/app/config"
	"keyfob/auth/engine"
	"keyfob/tray/presence"
)

// Config is what an engine's process is made of.
type Config struct {
	Parts    Parts
	Settings string           // the path of the settings file
	System   config.System    // an administrator's tools
	Fixed    *config.Settings // the settings where there is no file, as for the demo; else nil
	Report   func(err error)  // tells whoever started the process
}

// Daemon is the engine of a user while it runs.
type Daemon struct {
	listener *server.Listener
	sessions *engine.Manager
	settings *Settings
	now      func() time.Time
	report   func(err error)
}

// Claim makes this process the user's engine. Settings that cannot be read leave
// it with an administrator's tools alone. The error is [server.ErrRunning] where
// another process is the engine. Call [Daemon.Run] or [Daemon.Close] afterwards.
func Claim(c Config) (*Daemon, error) {
	listener, err := server.Listen(c.Parts.Dir)
	if err != nil {
		return nil, err
	}
	s := &Settings{good: c.Fixed}
	if c.Fixed == nil {
		s = openSettings(c.Settings, c.System)
	}
	for _, e := range s.good.Ignored {
		c.Report(e)
	}
	s.sessions = NewSessions(s.good.Tools, Broken(s.good), c.Parts)
	return &Daemon{listener: listener, sessions: s.sessions, settings: s, now: c.Parts.Now, report: c.Report}, nil
}

// Sessions are the engine's.
func (d *Daemon) Sessions() *engine.Manager { return d.sessions }

// Settings are the engine's.
func (d *Daemon) Settings() *Settings { return d.settings }

// Close gives up the claim of an engine that does not run.
func (d *Daemon) Close() error {
	d.settings.close()
	return d.listener.Close()
}

// Run runs the sessions and the socket, and show, which is the desktop: until it
// has ended, ctx ends or a client asks for the end. desktop is what clients may
// ask of it. show may end before that, and calls ended as soon as nobody is to be
// answered any more.
func (d *Daemon) Run(ctx context.Context, desktop server.Engine, show func(ctx context.Context, ended func()) error) error {
	// Until the sessions have ended nobody else may be the engine. A claim that
	// nothing refers to any more would be given up with the garbage.
	defer func() { _ = d.listener.Close() }()
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	e := desktop
	e.Sessions, e.Quit = answers{d.sessions, d.now}, stop
	return Running(ctx, d.sessions, func() error {
		served := make(chan error, 1)
		go func() {
			served <- d.listener.Serve(ctx, e)
			stop()
		}()
		err := show(ctx, stop)
		stop()
		return errors.Join(err, <-served)
	})
}

// RunAlone is an engine without a desktop, until ctx ends or a client asks for
// the end. Settings that cannot be read are the error, and it does not run.
func (d *Daemon) RunAlone(ctx context.Context) error {
	if _, problem := d.settings.Last(); problem != nil {
		_ = d.Close()
		return problem
	}
	return d.Run(ctx, server.Engine{}, func(ctx context.Context, _ func()) error {
		var aside sync.WaitGroup
		defer aside.Wait()
		aside.Go(func() { followWakes(ctx, d.sessions) })
		aside.Go(func() { d.settings.Watch(ctx, d.reload) })
		<-ctx.Done()
		return nil
	})
}

// reload takes over what the settings say now. What is wrong with them goes to
// the log.
func (d *Daemon) reload(ctx context.Context) {
	s := d.settings.Reread()
	if _, problem := d.settings.Last(); problem != nil {
		d.report(problem)
		return
	}
	for _, e := range s.Ignored {
		d.report(e)
	}
	_ = d.settings.Apply(ctx, s)
}

// followWakes tells the sessions when the machine wakes, until ctx ends.
func followWakes(ctx context.Context, m *engine.Manager) {
	wakes := 0
	for p := range presence.Watch(ctx) {
		if p.Wakes > wakes {
			wakes = p.Wakes
			_ = m.Wake(ctx)
		}
	}
}
