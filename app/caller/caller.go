package caller

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/signal"
	"path/filepath"
	"runtime/debug"
	"syscall"

	"keyfob/app/agent"
	"keyfob/app/folders"
	"keyfob/app/process"
	"keyfob/app/start"
	"keyfob/auth"
)

// Caller is where a command was typed.
type Caller struct {
	Getenv   func(string) string
	Config   string // --config, or empty
	Terminal bool   // a person is there to give the keychain's password
	// Start starts an engine in dir where none runs: with the settings file of that
	// absolute path where somebody named one, else with the usual one.
	Start func(ctx context.Context, dir, settings string) error
}

// StartOf is [Caller.Start] with the program whose path find returns.
func StartOf(find func() (string, error)) func(ctx context.Context, dir, settings string) error {
	return func(ctx context.Context, dir, settings string) error {
		program, err := find()
		if err != nil {
			return err
		}
		return start.Engine(ctx, start.Config{Dir: dir, Settings: settings, Program: program, Env: os.Environ()})
	}
}

// MayRun says why a command must not run: it would change what is another user's,
// or it is for nothing without the settings file that somebody has named, which
// is not there. The usual one may be missing, and one that a command would make.
func (c Caller) MayRun(changes, needsSettings bool) error {
	if changes {
		if err := process.MayChange(c.Getenv("HOME")); err != nil {
			return err
		}
	}
	path, by := c.named()
	if !needsSettings || path == "" {
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

// named is the settings file that the command line or the environment names, and
// which of them; empty where the usual one is meant.
func (c Caller) named() (path, by string) {
	if c.Config != "" {
		return c.Config, "--config"
	}
	return c.Getenv("KEYFOB_CONFIG"), "KEYFOB_CONFIG"
}

// Settings is where the settings are, or would be, and whether somebody named
// that place.
func (c Caller) Settings() (path string, named bool, err error) {
	if path, _ = c.named(); path == "" {
		path, err = folders.DefaultSettings()
		return path, false, err
	}
	path, err = filepath.Abs(path)
	return path, true, err
}

// Client asks the user's engine. One is started with the first request where none
// runs.
func (c Caller) Client() (*agent.Client, error) {
	cfg, err := c.ClientConfig()
	if err != nil {
		return nil, err
	}
	return agent.New(cfg), nil
}

// ClientConfig says how to ask that engine.
func (c Caller) ClientConfig() (agent.Config, error) {
	dir, err := folders.RuntimeDir()
	if err != nil {
		return agent.Config{}, err
	}
	path, named, err := c.Settings()
	if err != nil {
		return agent.Config{}, err
	}
	settings := ""
	if named {
		settings = path
	}
	return agent.Config{
		Dir: dir, Settings: path, Named: named, Unlock: c.Terminal,
		Start: func(ctx context.Context) error { return c.Start(ctx, dir, settings) },
	}, nil
}

// Endings are the signals that ask a program to end. It then finishes what
// would be lost half done, such as a refresh that the provider is answering. A
// terminal that closes asks too, unless the program was started to outlive it.
func Endings() []os.Signal {
	all := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		all = append(all, syscall.SIGHUP)
	}
	return all
}

// version is what FyneApp.toml says, which make hands to the linker.
var version string

// Version is the program's version where the build knows one.
func Version() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		return info.Main.Version
	}
	return "development build"
}
