package app

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"keyfob/app/agent"
	"keyfob/app/autostart"
	"keyfob/app/cli"
	"keyfob/app/cli/manage"
	"keyfob/app/config"
	"keyfob/app/process"
	"keyfob/auth/keychain"
)

// program is the whole program for the command line.
type program struct {
	host   host
	config string // --config, or empty
}

var _ cli.Program = program{}

// Ask has use ask the engine that runs, or else sessions in this process.
func (p program) Ask(ctx context.Context, tool string, use func(cli.Engine) error) error {
	return p.ask(ctx, use, func(s *config.Settings, dir string) error {
		return p.host.withLocal(ctx, s, tool, dir, use)
	})
}

// AskToSignIn is Ask for a sign-in, of which there is one at a time.
func (p program) AskToSignIn(ctx context.Context, tool string, wait time.Duration, use func(cli.Engine) error) error {
	return p.ask(ctx, use, func(s *config.Settings, dir string) error {
		turn, err := p.host.takeTurn(ctx, tool, wait, s, dir)
		if err != nil {
			return err
		}
		defer turn.release()
		err = p.host.withLocal(ctx, s, tool, dir, func(e cli.Engine) error {
			if turn.joined {
				e = joined{e}
			}
			return use(e)
		})
		if err == nil {
			tellEngine(ctx, dir, tool)
		}
		return err
	})
}

// ask has use ask the engine that runs. Where none does, alone is called with the
// settings and the folder that sessions in this process need.
func (p program) ask(ctx context.Context, use func(cli.Engine) error, alone func(s *config.Settings, dir string) error) error {
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	client, err := agent.Dial(ctx, dir)
	switch {
	case err == nil:
		defer func() { _ = client.Close() }()
		return use(client)
	case !errors.Is(err, agent.ErrNoAgent):
		return err
	}
	settings, err := p.settings()
	if err != nil {
		return err
	}
	return alone(settings, dir)
}

// tellEngine lets an engine that was started while this process signed in find
// the tokens: it looks for them when it is asked for one.
func tellEngine(ctx context.Context, dir, tool string) {
	client, err := agent.Dial(ctx, dir)
	if err != nil {
		return
	}
	_, _ = client.Token(ctx, tool, 0)
	_ = client.Close()
}

func (p program) settings() (*config.Settings, error) { return p.host.settings(p.config) }

// Fault is why the settings cannot be read, or nil.
func (p program) Fault() error {
	_, err := p.settings()
	return err
}

// Ignored is what the settings say in vain. Who needs settings that cannot be
// read says so.
func (p program) Ignored() []error {
	settings, err := p.settings()
	if err != nil {
		return nil
	}
	var all []error
	for _, e := range settings.Ignored {
		all = append(all, e)
	}
	return all
}

// Tray runs the engine with an icon.
func (p program) Tray(ctx context.Context) error { return p.host.tray(ctx, p.config) }

// Agent runs the engine without one.
func (p program) Agent(ctx context.Context) error { return p.host.agent(ctx, p.config) }

// Demo runs the demo in the tray, or plays it to its end.
func (p program) Demo(ctx context.Context, o cli.DemoOptions) error {
	if o.Headless {
		return p.host.demoHeadless(ctx)
	}
	return p.host.demoTray(ctx)
}

// KeychainHelper is the keychain's child process.
func (p program) KeychainHelper(ctx context.Context) error {
	return keychain.ServeChild(ctx, process.HideMemory)
}

// Autostart starts the program at login in this system's way.
func (p program) Autostart(e cli.Env) (cli.Autostart, error) {
	starter, err := autostart.Usual()
	if err != nil {
		return nil, err
	}
	return manage.Autostart{Starter: starter, Env: e}, nil
}

// Version is the module's version where the build knows one.
func (p program) Version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development build"
}
