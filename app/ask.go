package app

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/caller"
	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/browser"
)

// caller is where a command was typed.
func (h host) caller(config string) caller.Caller {
	return caller.Caller{Getenv: h.getenv, Config: config, Terminal: h.terminal(), Start: h.start}
}

// Engine is the user's engine, which the first request starts where none runs.
func (p program) Engine() (cli.Engine, error) { return p.host.caller(p.config).Client() }

// reload has an engine that runs follow what a command has written into the
// settings.
func (p program) reload(ctx context.Context) error {
	c, err := p.host.caller(p.config).ClientConfig()
	if err != nil {
		return err
	}
	c.Start = nil
	err = agent.New(c).Reload(ctx)
	if e := auth.AsError(err); err != nil && (e.Code == auth.CodeNoAgent || e.Code == auth.CodeAgentSettings) {
		return nil // nobody follows these settings
	}
	return err
}

// Quit asks the engine to end.
func (p program) Quit(ctx context.Context, wait bool) (ran bool, err error) {
	return caller.Quit(ctx, wait)
}

// HasBrowser reports whether a browser may open where the command was typed.
func (p program) HasBrowser() bool { return browser.Reachable(p.host.getenv) }

// OpenBrowser opens an address for the person who typed the command.
func (p program) OpenBrowser(ctx context.Context, address string) error {
	return p.host.open(ctx, address)
}
