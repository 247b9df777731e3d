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

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/config"
	"keyfob/app/handover"
	"keyfob/app/holdings"
	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/tray/presence"
)

// Kind is how an engine was started.
type Kind int

// The kinds.
const (
	Tray       Kind = iota // by a person, to be seen
	Alone                  // by a person or a service manager, to stay
	Background             // by a command that found none
)

// Config is what an engine's process is made of.
type Config struct {
	Kind     Kind
	Parts    Parts
	Holdings holdings.Holdings
	Settings string           // the path of the settings file
	System   config.System    // an administrator's tools
	Fixed    *config.Settings // the settings where there is no file, as for the demo; else nil
	Report   func(err error)  // tells whoever started the process

	Program   *handover.Program                     // what runs, and is replaced by what takes its place on disk; nil for never
	Next      func(shown bool) (args, env []string) // what that is started with, to be seen or not
	Inherited *handover.Inheritance                 // what this process has from the engine before it; nil for nothing
}

// Front is where a person sees the engine, which may change while it runs.
type Front interface {
	server.Desktop
	// Run shows desktops until ctx ends or a person quits. It calls ended as soon as
	// one of both has happened, and returns when all is cleared away. It is called on
	// the main goroutine.
	Run(ctx context.Context, ended func()) error
	// Reload takes over what the settings say now, and reports whether there is a
	// desktop, without which it does nothing.
	Reload(ctx context.Context) (done bool)
	// Promote shows the engine on the desktop with that environment, and says in a
	// sentence what became of that.
	Promote(ctx context.Context, environment map[string]string) (said string, err error)
}

// Daemon is the engine of a user while it runs.
type Daemon struct {
	kind     Kind
	listener *server.Listener
	sessions *engine.Manager
	settings *Settings
	holdings holdings.Holdings
	life     *life
	front    Front // nil before it runs
	leave    func()
	update   update
	now      func() time.Time
	report   func(err error)
}

// Claim makes this process the user's engine. Settings that cannot be read leave
// it with an administrator's tools alone, but for an engine that is to run alone,
// which does not run then. The error is [server.ErrRunning] where another process
// is the engine. Call [Daemon.Run] or [Daemon.Close] afterwards.
func Claim(ctx context.Context, c Config) (*Daemon, error) {
	s := &Settings{good: c.Fixed}
	if c.Fixed == nil {
		s = openSettings(c.Settings, c.System)
	}
	if c.Kind == Background && c.Inherited == nil {
		if err := s.good.MayBackground(); err != nil {
			s.close()
			return nil, err
		}
	}
	_, problem := s.Last()
	c.Parts.OnDemand = c.Kind == Background
	begin := func(held []engine.Held) {
		c.Parts.InMemory = held
		s.sessions = NewSessions(s.good.Tools, Broken(s.good), c.Parts)
	}
	var listener *server.Listener
	var err error
	if c.Inherited != nil {
		listener, err = takeOver(ctx, c, problem, begin)
	} else if listener, err = listen(ctx, c); err == nil {
		begin(nil)
	}
	if err != nil {
		s.close()
		return nil, err
	}
	if problem != nil && c.Kind == Alone {
		s.close()
		return nil, errors.Join(problem, listener.Close())
	}
	for _, e := range s.good.Ignored {
		c.Report(e)
	}
	d := &Daemon{
		kind: c.Kind, listener: listener, sessions: s.sessions, settings: s, holdings: c.Holdings,
		life: newLife(c.Kind != Background, c.Parts.Now), now: c.Parts.Now, report: c.Report,
		update: update{program: c.Program, next: c.Next},
	}
	d.life.there, d.life.use = listener.There, d.use
	return d, nil
}

// An engine waits for the one before it, which is ending.
const (
	claimWithin = 4 * time.Second
	claimAgain  = 10 * time.Millisecond
)

func listen(ctx context.Context, c Config) (*server.Listener, error) {
	within, cancel := context.WithTimeout(ctx, claimWithin)
	defer cancel()
	for {
		l, err := server.Listen(c.Parts.Dir)
		if !errors.Is(err, server.ErrRunning) {
			return l, err
		}
		if client, fault := agent.Dial(within, c.Parts.Dir); fault == nil {
			_ = client.Close()
			return nil, err // it answers
		}
		select {
		case <-time.After(claimAgain):
		case <-within.Done():
			return nil, err
		}
	}
}

// Sessions are the engine's.
func (d *Daemon) Sessions() *engine.Manager { return d.sessions }

// Settings are the engine's.
func (d *Daemon) Settings() *Settings { return d.settings }

// Stay has the engine stay, and renew by itself, although nobody sees it. It is
// called before it runs.
func (d *Daemon) Stay() { d.kind = Alone }

// Close gives up the claim of an engine that does not run.
func (d *Daemon) Close() error {
	d.settings.close()
	return d.listener.Close()
}

// Shown notes whether a person sees the engine now. One that nobody sees renews
// when it is asked, unless it was started to stay.
func (d *Daemon) Shown(ctx context.Context, shown bool) {
	d.life.show(shown, d.kind == Alone)
	_ = d.sessions.SetOnDemand(ctx, !shown && d.kind != Alone)
}

// use is what the engine is good for.
func (d *Daemon) use(ctx context.Context) (u use) {
	u.memoryUntil, _ = d.sessions.MemoryUntil(ctx)
	all, _ := d.sessions.Snapshots(ctx)
	for _, s := range all {
		u.busy = u.busy || s.State == session.SigningIn
		u.useless = u.useless || d.kind == Background && s.Problem != nil && s.Problem.Code == auth.CodeKeychainAbsent
	}
	return u
}

// Run runs the sessions, the socket and front, until a person quits, a client
// asks for the end, an engine that nobody sees is of no use any more, or ctx ends.
// setup may be nil. It has to be called on the main goroutine.
func (d *Daemon) Run(ctx context.Context, front Front, setup server.Setup) error {
	// Until the sessions have ended nobody else may be the engine. A claim that
	// nothing refers to any more would be given up with the garbage.
	defer func() { _ = d.listener.Close() }()
	ctx, d.leave = context.WithCancel(ctx)
	defer d.leave()
	d.front = front
	client := func() (gone func()) {
		gone = d.life.client()
		d.catchUp(ctx)
		return gone
	}
	e := server.Engine{Sessions: answers{d}, Desktop: front, Setup: setup, Quit: d.leave, Client: client, Other: d.otherVersion}
	if d.settings.Path() != "" {
		e.Manage = d
	}
	return Running(ctx, d.sessions, func() error {
		var aside sync.WaitGroup
		defer aside.Wait()
		served := make(chan error, 1)
		aside.Go(func() {
			served <- d.listener.Serve(ctx, e)
			d.leave()
		})
		aside.Go(func() {
			d.life.end(ctx)
			d.leave()
		})
		if d.kind == Alone {
			aside.Go(func() { followWakes(ctx, d.sessions) }) // a desktop does that itself
		}
		aside.Go(func() { d.settings.Watch(ctx, d.reload) })
		aside.Go(func() { d.followProgram(ctx) })
		aside.Go(func() { d.keepSocket(ctx) })
		err := front.Run(ctx, d.leave)
		d.leave()
		return errors.Join(err, <-served)
	})
}

// Promote implements [keyfob/app/agent/server.Manage].
func (d *Daemon) Promote(ctx context.Context, environment map[string]string) (string, error) {
	return d.front.Promote(ctx, environment)
}

// reload takes over what the settings say now. Where there is no desktop, what is
// wrong with them goes to the log.
func (d *Daemon) reload(ctx context.Context) {
	if d.front.Reload(ctx) {
		return
	}
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
