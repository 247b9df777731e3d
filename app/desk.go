package app

import (
	"context"
	"errors"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/desktop"
)

// desk is an engine with a desktop.
type desk struct {
	*resident
	reload func(ctx context.Context) // takes over what the settings say now
}

// desk shows the sessions until the person quits, ctx ends or a client asks
// for the end.
func (r *resident) desk(ctx context.Context, stop func()) error {
	state := ""
	if r.path != "" { // the demo's sessions do not outlive it
		state, _ = config.StateDir()
	}
	d := desktop.New(desktop.Config{
		Sessions: r.sessions, Settings: r, Dir: r.dir, StateDir: state, HasDisplay: desktop.HasDisplay(r.host.getenv),
		Now: r.host.now, OpenBrowser: r.host.open,
		Log: func(text string) { _ = cli.Say(r.host.err, "keyfob: "+text) },
	})
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	served := make(chan error, 1)
	go func() {
		s := &desk{resident: r, reload: d.Reload}
		served <- r.serve(ctx, agent.Engine{
			Later: d.Later, Copy: d.Copy, Home: d.Home, Reopen: d.Reopen, Show: d.Show, Quit: stop, Setup: s.setup(),
		})
		cancel()
	}()
	err := d.Run(ctx)
	cancel()
	stop()
	return errors.Join(err, <-served)
}
