package cli

import (
	"context"

	"keyfob/auth"
)

// Autostart is what `keyfob autostart` does.
type Autostart interface {
	On(o AutostartOnOptions) error
	Off() error
	Status(o AutostartStatusOptions) error
}

// AutostartOnOptions are those of `keyfob autostart on`.
type AutostartOnOptions struct {
	Replace bool // also an entry that Keyfob did not make
}

// AutostartStatusOptions are those of `keyfob autostart status`.
type AutostartStatusOptions struct {
	JSON bool
}

func autostartCommand() *Command {
	return &Command{
		Name:  "autostart",
		Short: "start at login, or no longer",
		Args:  []Arg{{Name: "on|off"}},
		Long: `Says whether a login starts Keyfob in the tray, or switches that on or off: by
an entry in the autostart folder of your desktop, a value of the registry's Run
key on Windows, or a LaunchAgent on macOS.`,
		Examples: []Example{{
			"keyfob autostart",
			"says whether a login starts Keyfob; `on` and `off` change that",
		}},
		Unknown:  func(name string) string { return "autostart takes on, off or status, not " + auth.Quote(name) },
		Commands: autostartCommands,
	}
}

func autostartCommands() []*Command {
	var on AutostartOnOptions
	var status AutostartStatusOptions
	run := func(do func(Autostart) error) func(context.Context, Program, Env) error {
		return func(_ context.Context, p Program, e Env) error {
			a, err := p.Autostart(e)
			if err != nil {
				return err
			}
			return do(a)
		}
	}
	const noConfig = "autostart does not take --config: a login starts the tray with the usual settings"
	return []*Command{
		{
			Name: "on", Options: &on, Changes: always, Traceable: true, NoConfig: noConfig,
			Flags: []Flag{{Name: "replace", To: &on.Replace, Help: "also replace an entry that Keyfob did not make"}},
			Run:   run(func(a Autostart) error { return a.On(on) }),
		},
		{
			Name: "off", Changes: always, Traceable: true, NoConfig: noConfig,
			Run: run(func(a Autostart) error { return a.Off() }),
		},
		{
			Name: "status", Default: true, Options: &status, Traceable: true, NoConfig: noConfig,
			Flags: []Flag{{Name: "json", To: &status.JSON, Help: "print the status for a program"}},
			Run:   run(func(a Autostart) error { return a.Status(status) }),
		},
	}
}
