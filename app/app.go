// Package app is the composition root: it reads which command was asked
// for, puts together the parts that the command needs, and runs it. It is the only
// place that knows all parts.
//
// It must never decide what a session's state is, how a token is kept or how
// a menu looks: it only connects the packages that do.
package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"golang.org/x/term"

	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/formats"
	"keyfob/app/handover"
	"keyfob/app/process"
	"keyfob/auth"
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
	start    func(ctx context.Context, dir, named, settings string) error // starts an engine
	terminal func() bool                                                  // whether a person typed the command at a terminal
	open     func(ctx context.Context, url string) error                  // opens the system browser
	system   config.System                                                // an administrator's tools

	inherited *handover.Inheritance // from the engine before this process, set by main; nil for a process that no engine has started
}

// Main runs the program with its arguments and returns the exit code.
func Main(args []string) int {
	return thisMachine().main(args)
}

func thisMachine() host {
	return host{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, start: startEngine, now: time.Now,
		terminal: atTerminal,
		open:     browser.Open, system: config.DefaultSystem(),
	}
}

func (h host) main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
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

// atTerminal reports whether a person typed the command: what it prints may go
// elsewhere, as in a script's substitution.
func atTerminal() bool {
	return term.IsTerminal(int(os.Stdin.Fd())) || term.IsTerminal(int(os.Stderr.Fd()))
}

// endings are the signals that ask the program to end. It then finishes what
// would be lost half done, such as a refresh that the provider is answering. A
// terminal that closes asks too, unless the program was started to outlive it.
func endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// run runs one command.
func (h host) run(ctx context.Context, call cli.Call) error {
	if call.Changes() {
		if err := process.MayChange(h.getenv("HOME")); err != nil {
			return err
		}
	}
	if call.NeedsSettings() {
		if err := h.namedSettings(call.Config); err != nil {
			return err
		}
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

// named is the settings file that the command line or the environment names, and
// which of them; empty where the usual one is meant.
func (h host) named(name string) (path, by string) {
	if name != "" {
		return name, "--config"
	}
	return h.getenv("KEYFOB_CONFIG"), "KEYFOB_CONFIG"
}

// namedSettings refuses a command that needs settings where somebody has named a
// file that is not there: it is no empty one. The usual one may be missing, and
// one that a command would make.
func (h host) namedSettings(name string) error {
	path, by := h.named(name)
	if path == "" {
		return nil
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // who reads it says what else is wrong
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeNoSettings, Who: auth.WhoYou,
		What: "there is no " + path + ", which " + by + " names",
		Do:   "name the settings file that you mean, or make it with `keyfob tools add`",
	}
}

// settingsPath is where that file is, or would be.
func (h host) settingsPath(name string) (string, error) {
	path, _ := h.named(name)
	if path == "" {
		return config.DefaultPath()
	}
	return filepath.Abs(path)
}
