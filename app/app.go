// Package app is the composition root: it reads which command was asked
// for, puts together the parts that the command needs, and runs it. It is the only
// place that knows all parts.
//
// It must never decide what a session's state is, how a token is kept or how
// a menu looks: it only connects the packages that do.
package app

import (
	"context"
	"io"
	"os"
	"os/signal"
	"time"

	"keyfob/app/caller"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/formats"
	"keyfob/app/handover"
	"keyfob/app/process"
	"keyfob/app/start"
	"keyfob/auth/browser"
)

// service is the keychain service of a user's tokens.
const service = "keyfob"

// host is what the program takes from the machine, with concrete defaults.
type host struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	start    func(ctx context.Context, dir, settings string) error // starts an engine; see [caller.Caller]
	terminal func() bool                                           // whether a person typed the command at a terminal
	open     func(ctx context.Context, url string) error           // opens the system browser
	system   config.System                                         // an administrator's tools

	inherited *handover.Inheritance // from the engine before this process, set by main; nil for a process that no engine has started
}

// Main runs the program with its arguments and returns the exit code.
func Main(args []string) int {
	h := thisMachine()
	if call, err := cli.Parse(args); err != nil || call.Speaks() {
		h.in, h.out, h.err = process.Console()
	}
	return h.main(args)
}

func thisMachine() host {
	return host{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, start: caller.StartOf(start.Itself), now: time.Now,
		terminal: caller.AtTerminal,
		open:     browser.Open, system: config.DefaultSystem(),
	}
}

func (h host) main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), caller.Endings()...)
	defer stop()
	inherited, err := handover.Inherited() // before anything is started
	if err != nil {
		return cli.Report(h.err, err)
	}
	h.inherited = inherited
	call, err := cli.Parse(args)
	if err == nil {
		process.Harden(call.Command.Traceable)
		err = h.run(ctx, call)
	}
	return cli.Report(h.err, err)
}

// run runs one command.
func (h host) run(ctx context.Context, call cli.Call) error {
	if err := h.caller(call.Config).MayRun(call.Changes(), call.NeedsSettings()); err != nil {
		return err
	}
	return call.Run(ctx, program{host: h, config: call.Config}, cli.Env{
		In: h.in, Out: h.out, Err: h.err, Now: h.now, ExecInfo: h.getenv(formats.ExecInfo),
	})
}

// settings reads keyfob.toml from name, KEYFOB_CONFIG or its usual place, and an
// administrator's tools.
func (h host) settings(name string) (*config.Settings, error) {
	path, err := h.settingsPath(name)
	if err != nil {
		return nil, err
	}
	return config.LoadAll(path, h.system)
}

// settingsPath is where that file is, or would be.
func (h host) settingsPath(name string) (string, error) {
	path, _, err := h.caller(name).Settings()
	return path, err
}
