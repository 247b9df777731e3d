package app

import (
	"context"

	"keyfob/app/autostart"
	"keyfob/app/caller"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/holdings"
	"keyfob/app/process"
	"keyfob/auth/keychain"
)

// program is the whole program for the command line.
type program struct {
	host   host
	config string // --config, or empty
}

var _ cli.Program = program{}

func (p program) settings() (*config.Settings, error) { return p.host.settings(p.config) }

// MayAddOffline says before the sign-in when the settings of the tool are not
// the person's to change.
func (p program) MayAddOffline(tool string) error {
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return settings.MayAddOffline(tool)
}

// AddOffline puts offline_access into the settings after a sign-in that asked
// for it.
func (p program) AddOffline(ctx context.Context, tool string) (file string, err error) {
	path, err := p.host.settingsPath(p.config)
	if err != nil {
		return "", err
	}
	if err := config.AddOffline(ctx, path, tool); err != nil {
		return path, err
	}
	return path, p.reload(ctx)
}

// Tray runs the engine with an icon.
func (p program) Tray(ctx context.Context) error { return p.host.tray(ctx, p.config) }

// Agent runs the engine without one.
func (p program) Agent(ctx context.Context) error { return p.host.agent(ctx, p.config) }

// BackgroundEngine runs the engine for the commands that found none.
func (p program) BackgroundEngine(ctx context.Context) error { return p.host.background(ctx, p.config) }

// Demo runs the demo in the tray, or plays it to its end.
func (p program) Demo(ctx context.Context, o cli.DemoOptions) error {
	if o.Headless {
		return p.host.demoHeadless(ctx)
	}
	return p.host.demoTray(ctx)
}

// KeychainHelper is the keychain's child process.
func (p program) KeychainHelper(ctx context.Context) error {
	process.KeepSmall()
	return keychain.ServeChild(ctx, process.HideMemory)
}

// Tools does what `keyfob tools` says with this process's settings, and the
// engine's keychain.
func (p program) Tools(e cli.Env) (cli.Tools, error) {
	path, err := p.host.settingsPath(p.config)
	if err != nil {
		return nil, err
	}
	engine, err := p.host.caller(p.config).Client()
	if err != nil {
		return nil, err
	}
	notes := holdings.Holdings{Ledger: p.host.ledger(path)}
	return manage.Tools{Path: path, System: p.host.system, Engine: engine, Notes: notes, Reload: p.reload, Env: e}, nil
}

// Autostart starts the program at login in this system's way.
func (p program) Autostart(e cli.Env) (cli.Autostart, error) {
	starter, err := autostart.Usual()
	if err != nil {
		return nil, err
	}
	return manage.Autostart{Starter: starter, Env: e}, nil
}

// Version is the program's version.
func (p program) Version() string { return caller.Version() }
