package app

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/app/cli"
	"keyfob/app/daemon"
	"keyfob/app/desktop"
	"keyfob/app/folders"
	"keyfob/app/handover"
	"keyfob/app/holdings"
	"keyfob/app/process"
	"keyfob/app/start"
	"keyfob/app/start/scope"
	"keyfob/auth"
	"keyfob/auth/keychain"
)

// agent runs the engine without a tray.
func (h host) agent(ctx context.Context, name string) error {
	for began := time.Now(); ; {
		err := h.engine(ctx, name, daemon.Alone, func() {})
		if !errors.Is(err, server.ErrRunning) {
			return err
		}
		c, err := h.caller(name).ClientConfig()
		if err != nil {
			return err
		}
		c.Start = nil
		err = agent.New(c).Yield(ctx)
		if err != nil && auth.AsError(err).Code == auth.CodeRunning {
			return cli.Say(h.err, "keyfob is already running; there is one engine for each user")
		}
		// A command that asks meanwhile is done soon, and may start another engine.
		if time.Since(began) > yieldsWithin || err != nil && auth.AsError(err).Code != auth.CodeAgentInUse {
			return cmp.Or(err, server.ErrRunning)
		}
		select {
		case <-time.After(yieldsAgain):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// How long an engine that is to stay waits for one in the background to make room,
// and how often it asks.
const (
	yieldsWithin = 4 * time.Second
	yieldsAgain  = 20 * time.Millisecond
)

// background runs the engine for whoever started it, and tells them whether it
// runs.
func (h host) background(ctx context.Context, name string) error {
	if h.inherited != nil { // no command has started this one
		return h.engine(ctx, name, daemon.Background, func() {})
	}
	moved := make(chan struct{})
	go func() {
		defer close(moved)
		_ = scope.Enter(ctx, h.getenv("XDG_RUNTIME_DIR")) // where it is will do, too
	}()
	defer func() { <-moved }()
	told := false
	err := h.engine(ctx, name, daemon.Background, func() {
		<-moved // or the end of the command's session could come first
		told = true
		start.Report(nil)
	})
	if !told {
		start.Report(err)
	}
	if errors.Is(err, server.ErrRunning) {
		err = nil // which somebody else has started
	}
	return err
}

// tray runs the engine with an icon, or has the one that runs show itself here.
func (h host) tray(ctx context.Context, name string) error {
	h.updateAutostart()
	err := h.engine(ctx, name, daemon.Tray, func() {})
	if !errors.Is(err, server.ErrRunning) {
		return err
	}
	c, err := h.caller(name).ClientConfig()
	if err != nil {
		return err
	}
	said, err := daemon.BringUp(ctx, c, desktop.Here(h.getenv))
	if err != nil {
		return err
	}
	return cli.Say(h.err, said)
}

// engine runs the user's engine, with the sessions of the settings, and calls
// claimed when it is that. The error is [server.ErrRunning] where another process
// is.
func (h host) engine(ctx context.Context, name string, kind daemon.Kind, claimed func()) error {
	if err := process.MayStart(h.getenv); err != nil {
		return err
	}
	dir, err := folders.RuntimeDir()
	if err != nil {
		return err
	}
	path, err := h.settingsPath(name)
	if err != nil {
		return err
	}
	helper := childKeychain(service)
	defer helper.Close()
	if err := process.MayStay(func() error { return helper.Peek(ctx) }); err != nil {
		return err
	}
	store := h.noted(helper, path)
	locks := sharedLocks(dir)
	held := h.holdings(store, path, locks)
	program, err := handover.Running()
	if err != nil {
		cli.Report(h.err, err) // nobody can take over, and all else goes on
	}
	if h.inherited != nil { // what the engine before this one belonged to may end with that
		_ = scope.Enter(ctx, h.getenv("XDG_RUNTIME_DIR"))
	}
	d, err := daemon.Claim(ctx, daemon.Config{
		Program: program, Next: h.next(name, kind), Inherited: h.inherited,
		Kind: kind, Parts: h.parts(helper, store, locks), Holdings: held, Settings: path, System: h.system,
		Report: func(err error) { cli.Report(h.err, err) },
	})
	if err != nil {
		return err
	}
	claimed()
	state, _ := folders.StateDir() // without one, what was told is told again after a restart
	f := front{engine: d, dir: dir, state: state, helper: helper}
	if kind == daemon.Tray {
		f.here(ctx, h)
	}
	return h.show(ctx, f, held)
}

// next is how the engine is started that takes over from this one: as this one is
// by now, with its settings and its environment.
func (h host) next(name string, kind daemon.Kind) func(shown bool) (args, env []string) {
	var named []string
	if path, byName, err := h.caller(name).Settings(); err == nil && byName {
		named = []string{"--config", path}
	}
	return func(shown bool) (args, env []string) {
		args = slices.Clone(named)
		switch {
		case kind == daemon.Alone:
			args = append(args, "agent")
		case !shown:
			args = append(args, cli.BackgroundEngine)
		}
		return args, os.Environ()
	}
}

// front is what the desktops of an engine are made of.
type front struct {
	engine *daemon.Daemon
	dir    string        // the engine's folder
	state  string        // remembers over restarts what the person was told; empty for nowhere
	first  desktop.Place // where the first desktop is; nil for nowhere
	helper *keychain.Child
}

// here has the first desktop be where the program was started. Where there is
// none, the engine waits for one.
func (f *front) here(ctx context.Context, h host) {
	here := desktop.Here(h.getenv)
	somewhere := here.NamesDisplay() // one that hangs would keep the icon waiting if it were tried
	if !somewhere {
		is := here.Alive(ctx)
		somewhere = is.Display || is.Bus
	}
	if somewhere {
		f.first = here
		return
	}
	f.engine.Stay()
	_ = cli.Say(h.err, "keyfob: there is no desktop here, so this runs without an icon until you end it; "+
		"`keyfob`, started on a desktop, gives it one")
}

// show runs an engine with its desktops.
func (h host) show(ctx context.Context, f front, held holdings.Holdings) error {
	process.KeepSmall()
	log := func(text string) { _ = cli.Say(h.err, "keyfob: "+text) }
	seat := desktop.NewSeat(desktop.SeatConfig{
		First: f.first, Changed: f.engine.Shown, Log: log,
		New: func() *desktop.Desktop {
			return desktop.New(desktop.Config{
				Sessions: f.engine.Sessions(), Settings: f.engine.Settings(), Dir: f.dir, StateDir: f.state,
				Now: h.now, OpenBrowser: h.open, Log: log, Update: f.engine.Update,
			})
		},
		NewBus: func(ctx context.Context) {
			f.helper.Renew()
			_ = f.engine.Sessions().RetryKeychain(ctx)
		},
	})
	reload := func(ctx context.Context) { _ = f.engine.Reload(ctx) }
	return f.engine.Run(ctx, seated{seat}, h.setup(f.engine.Settings(), held, reload))
}

// seated is a seat as the daemon knows it.
type seated struct{ *desktop.Seat }

// Promote implements [daemon.Front].
func (s seated) Promote(ctx context.Context, environment map[string]string) (string, error) {
	return s.Seat.Promote(ctx, environment)
}
