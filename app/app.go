// Package app is the composition root: it reads which verb was asked for,
// puts together the parts that the verb needs, and runs it. It is the only
// place that knows all parts.
//
// It must never decide what a session's state is, how a token is kept or how
// a menu looks: it only connects who does.
package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"
	"time"

	"keyfob/app/agent"
	"keyfob/app/autostart"
	"keyfob/app/cli"
	"keyfob/app/config"
	"keyfob/app/formats"
	"keyfob/auth"
	"keyfob/auth/browser"
	"keyfob/auth/keychain"
)

// service is the keychain service of a user's tokens.
const service = "keyfob"

// host is what the program takes from the machine, with concrete defaults.
type host struct {
	in       io.Reader
	out, err io.Writer
	getenv   func(string) string
	now      func() time.Time
	open     func(ctx context.Context, url string) error // opens the system browser
	system   config.System                               // an administrator's tools
	keychain *keychain.Child                             // this process's, set by main
}

// Main runs the program with its arguments and returns the exit code.
func Main(args []string) int {
	return thisMachine().main(args)
}

func thisMachine() host {
	return host{
		in: os.Stdin, out: os.Stdout, err: os.Stderr, getenv: os.Getenv, now: time.Now,
		open: browser.Open, system: config.DefaultSystem(),
	}
}

func (h host) main(args []string) int {
	ctx, stop := signal.NotifyContext(context.Background(), endings()...)
	defer stop()
	h.keychain = childKeychain(service)
	defer h.keychain.Close()
	c, err := cli.Parse(args)
	if err == nil {
		harden(c.Verb)
		err = h.run(ctx, c)
	}
	return cli.Report(h.err, err)
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

// run runs one verb.
func (h host) run(ctx context.Context, c cli.Command) error {
	if err := h.mayChange(c); err != nil {
		return err
	}
	if err := h.namedSettings(c); err != nil {
		return err
	}
	switch c.Verb {
	case cli.Help:
		return cli.PrintHelp(h.out, c.Topic)
	case cli.Version:
		_, err := io.WriteString(h.out, "keyfob "+version()+"\n")
		return err
	case cli.Keychain:
		return keychain.ServeChild(ctx, unreadable)
	case cli.Demo:
		if c.Demo.Headless {
			return h.demoHeadless(ctx)
		}
		return h.demoTray(ctx)
	case cli.Check:
		return h.check(ctx, c)
	case cli.Tray:
		return h.tray(ctx, c)
	case cli.Agent:
		return h.agent(ctx, c)
	case cli.Tools:
		return h.tools(ctx, c)
	case cli.Autostart:
		starter, err := autostart.Usual()
		if err != nil {
			return err
		}
		return cli.RunAutostart(c, starter, cli.IO{Out: h.out, Err: h.err, Now: h.now})
	}
	return h.ask(ctx, c)
}

// ask runs a verb that asks an engine: the one that runs, or this process.
func (h host) ask(ctx context.Context, c cli.Command) error {
	if c.Login.Offline {
		if err := h.mayKeepOffline(c); err != nil {
			return err
		}
	}
	var broken error
	if c.Verb == cli.Status {
		_, broken = h.settings(c)
		c.Status.Broken = broken != nil
	}
	err := h.askEngine(ctx, c)
	if c.Verb == cli.Logout {
		err = h.logoutOrphans(ctx, c, err)
	}
	if c.Verb == cli.Status || err != nil && auth.AsError(err).Code == auth.CodeUnknownTool {
		h.sayIgnored(c)
		h.sayOrphans(c)
	}
	if err == nil {
		err = broken // an engine goes on with the last good ones, in silence
	}
	if err != nil || !c.Login.Offline {
		return err
	}
	return h.keepOffline(ctx, c)
}

// sayIgnored tells of what the settings say in vain.
func (h host) sayIgnored(c cli.Command) {
	settings, err := h.settings(c)
	if err != nil {
		return // who needs the settings says so
	}
	for _, e := range settings.Ignored {
		cli.Report(h.err, e)
	}
}

// askEngine has the verb done by the engine that runs, or else by this process.
func (h host) askEngine(ctx context.Context, c cli.Command) error {
	w := cli.IO{Out: h.out, Err: h.err, Now: h.now, ExecInfo: h.getenv(formats.ExecInfo)}
	dir, err := config.RuntimeDir()
	if err != nil {
		return err
	}
	client, err := agent.Dial(ctx, dir)
	switch {
	case err == nil:
		return cli.Run(ctx, c, client, w)
	case !errors.Is(err, agent.ErrNoAgent):
		return err
	}
	settings, err := h.settings(c)
	if err != nil {
		return err
	}
	turn, err := h.takeTurn(ctx, c, settings, dir)
	if err != nil {
		return err
	}
	defer turn.release()
	err = h.withLocal(ctx, settings, c.Tool, dir, func(e cli.Engine) error {
		if turn.joined {
			e = joined{e}
		}
		return cli.Run(ctx, c, e, w)
	})
	if err == nil && c.Verb == cli.Login {
		tellEngine(ctx, dir, c.Tool)
	}
	return err
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

// settings reads keyfob.toml from --config, KEYFOB_CONFIG or its usual place,
// and an administrator's tools.
func (h host) settings(c cli.Command) (*config.Settings, error) {
	path, err := h.settingsPath(c)
	if err != nil {
		return nil, err
	}
	return config.LoadAll(path, h.system)
}

// named is the settings file that the command line or the environment names, and
// which of them; empty where the usual one is meant.
func (h host) named(c cli.Command) (path, by string) {
	if c.Config != "" {
		return c.Config, "--config"
	}
	return h.getenv("KEYFOB_CONFIG"), "KEYFOB_CONFIG"
}

// namedSettings refuses a verb that needs settings where somebody has named a
// file that is not there: it is no empty one. The usual one may be missing, and
// one that a verb would make.
func (h host) namedSettings(c cli.Command) error {
	path, by := h.named(c)
	if path == "" || !c.NeedsSettings() {
		return nil
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return nil // who reads it says what else is wrong
	}
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeNoSettings, Who: auth.WhoYou,
		What: "there is no " + path + ", which " + by + " names", Do: "name the settings file that you mean, or make it with `keyfob tools add`",
	}
}

func (h host) settingsPath(c cli.Command) (string, error) {
	path, _ := h.named(c)
	if path == "" {
		return config.DefaultPath()
	}
	return filepath.Abs(path)
}

// version is the module's version where the build knows one.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development build"
}
