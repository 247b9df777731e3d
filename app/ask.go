package app

import (
	"context"
	"errors"
	"os"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/start"
	"keyfob/auth"
)

// Engine is the user's engine, which the first request starts where none runs.
func (p program) Engine() (cli.Engine, error) { return p.client() }

func (p program) client() (*agent.Client, error) {
	c, err := p.clientConfig()
	if err != nil {
		return nil, err
	}
	return agent.New(c), nil
}

func (p program) clientConfig() (agent.Config, error) {
	dir, err := config.RuntimeDir()
	if err != nil {
		return agent.Config{}, err
	}
	path, err := p.host.settingsPath(p.config)
	if err != nil {
		return agent.Config{}, err
	}
	named, _ := p.host.named(p.config)
	return agent.Config{
		Dir: dir, Settings: path, Named: named != "", Unlock: p.host.terminal(),
		Start: func(ctx context.Context) error { return p.host.start(ctx, dir, named, path) },
	}, nil
}

// startEngine starts an engine of this very program, with the settings at path
// where they were named.
func startEngine(ctx context.Context, dir, named, path string) error {
	program, err := start.Itself()
	if err != nil {
		return err
	}
	c := start.Config{Dir: dir, Program: program, Env: os.Environ()}
	if named != "" {
		c.Settings = path
	}
	return start.Engine(ctx, c)
}

// reload has an engine that runs follow what a command has written into the
// settings.
func (p program) reload(ctx context.Context) error {
	c, err := p.clientConfig()
	if err != nil {
		return err
	}
	c.Start = nil
	err = agent.New(c).Reload(ctx)
	if code := auth.AsError(err); err != nil && (code.Code == auth.CodeNoAgent || code.Code == auth.CodeAgentSettings) {
		return nil // nobody follows these settings
	}
	return err
}

// Quit asks the engine to end.
func (p program) Quit(ctx context.Context, wait bool) (ran bool, err error) {
	dir, err := config.RuntimeDir()
	if err != nil {
		return false, err
	}
	client, err := agent.Dial(ctx, dir)
	if errors.Is(err, agent.ErrNoAgent) {
		return false, nil
	}
	if err == nil {
		err = client.Quit(ctx)
	}
	if err != nil || !wait {
		return err == nil, err
	}
	return true, agent.Ended(ctx, dir)
}

// OpenBrowser opens an address for the person who typed the command.
func (p program) OpenBrowser(ctx context.Context, address string) error {
	return p.host.open(ctx, address)
}
