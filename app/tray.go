package app

import (
	"context"
	"errors"
	"sync"

	"keyfob/app/agent/server"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/daemon"
	"keyfob/app/desktop"
)

// agent runs the engine without a tray.
func (h host) agent(ctx context.Context, name string) error {
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	d, err := h.claim(name, dir)
	if errors.Is(err, server.ErrRunning) {
		return cli.Say(h.err, "keyfob is already running; there is one engine for each user")
	}
	if err != nil {
		return err
	}
	return d.RunAlone(ctx)
}

// tray runs the engine with an icon, or tells the user that one runs.
func (h host) tray(ctx context.Context, name string) error {
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	d, err := h.claim(name, dir)
	if errors.Is(err, server.ErrRunning) {
		said, err := daemon.BringUp(ctx, dir)
		if err != nil {
			return err
		}
		return cli.Say(h.err, said)
	}
	if err != nil {
		return err
	}
	state, _ := config.StateDir() // without one, what was told is told again after a restart
	return h.show(ctx, d, dir, state)
}

// claim makes this process the user's engine, with the sessions of the
// settings.
func (h host) claim(name, dir string) (*daemon.Daemon, error) {
	path, err := h.settingsPath(name)
	if err != nil {
		return nil, err
	}
	return daemon.Claim(daemon.Config{
		Parts: h.parts(h.keychain, h.noted(path), dir, false), Settings: path, System: h.system,
		Report: func(err error) { cli.Report(h.err, err) },
	})
}

// show runs an engine with a desktop. dir is its folder, and state the one that
// remembers over restarts what the person was told.
func (h host) show(ctx context.Context, e *daemon.Daemon, dir, state string) error {
	log := func(text string) { _ = cli.Say(h.err, "keyfob: "+text) }
	seat := desktop.NewSeat(desktop.SeatConfig{
		First: desktop.Here(h.getenv), Log: log,
		New: func() *desktop.Desktop {
			return desktop.New(desktop.Config{
				Sessions: e.Sessions(), Settings: e.Settings(), Dir: dir, StateDir: state, Now: h.now, OpenBrowser: h.open, Log: log,
			})
		},
	})
	reload := func(ctx context.Context) {
		if !seat.Reload(ctx) {
			_ = e.Settings().Apply(ctx, e.Settings().Reread())
		}
	}
	return e.Run(ctx, server.Engine{Desktop: seat, Setup: h.setup(dir, e.Settings(), reload)}, func(ctx context.Context, ended func()) error {
		var aside sync.WaitGroup
		defer aside.Wait()
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		if e.Settings().Path() != "" {
			aside.Go(func() { e.Settings().Watch(ctx, reload) })
		}
		return seat.Run(ctx, ended)
	})
}
