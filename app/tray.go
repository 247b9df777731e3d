package app

import (
	"context"
	"errors"

	"keyfob/app/agent/server"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/app/desktop"
	"keyfob/app/holdings"
	"keyfob/app/process"
	"keyfob/app/start"
	"keyfob/auth/keychain"
)

// agent runs the engine without a tray.
func (h host) agent(ctx context.Context, name string) error {
	err := h.engine(ctx, name, daemon.Alone, func() {})
	if errors.Is(err, server.ErrRunning) {
		return cli.Say(h.err, "keyfob is already running; there is one engine for each user")
	}
	return err
}

// background runs the engine for whoever started it, and tells them whether it
// runs.
func (h host) background(ctx context.Context, name string) error {
	told := false
	err := h.engine(ctx, name, daemon.Background, func() {
		told = true
		start.Report(nil)
	})
	if errors.Is(err, server.ErrRunning) {
		err = nil // which somebody else has started
	}
	if !told {
		start.Report(err)
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
	c, err := program{host: h, config: name}.clientConfig()
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
	dir, err := config.RuntimeDir()
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
	d, err := daemon.Claim(ctx, daemon.Config{
		Kind: kind, Parts: h.parts(helper, store, locks), Holdings: held, Settings: path, System: h.system,
		Report: func(err error) { cli.Report(h.err, err) },
	})
	if err != nil {
		return err
	}
	claimed()
	state, _ := config.StateDir() // without one, what was told is told again after a restart
	f := front{engine: d, dir: dir, state: state, helper: helper}
	if kind == daemon.Tray {
		f.first = desktop.Here(h.getenv)
	}
	return h.show(ctx, f, held)
}

// front is what the desktops of an engine are made of.
type front struct {
	engine *daemon.Daemon
	dir    string        // the engine's folder
	state  string        // remembers over restarts what the person was told; empty for nowhere
	first  desktop.Place // where the first desktop is; nil for nowhere
	helper *keychain.Child
}

// show runs an engine with its desktops.
func (h host) show(ctx context.Context, f front, held holdings.Holdings) error {
	log := func(text string) { _ = cli.Say(h.err, "keyfob: "+text) }
	seat := desktop.NewSeat(desktop.SeatConfig{
		First: f.first, Changed: f.engine.Shown, Log: log,
		New: func() *desktop.Desktop {
			return desktop.New(desktop.Config{
				Sessions: f.engine.Sessions(), Settings: f.engine.Settings(), Dir: f.dir, StateDir: f.state,
				Now: h.now, OpenBrowser: h.open, Log: log,
			})
		},
		NewBus: func(context.Context) { f.helper.Renew() },
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
