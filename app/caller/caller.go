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
	Getenv  func(string) string
	Environ func() []string
	Config  string // --config, or empty
	// Program is the whole program, which is started where no engine runs.
	Program  func() (string, error)
	Terminal bool // a person is there to give the keychain's password
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
	dir, err := folders.RuntimeDir()
	if err != nil {
		return nil, err
	}
	path, named, err := c.Settings()
	if err != nil {
		return nil, err
	}
	return agent.New(agent.Config{
		Dir: dir, Settings: path, Named: named, Unlock: c.Terminal,
		Start: func(ctx context.Context) error {
			if err := process.MayChange(c.Getenv("HOME")); err != nil {
				return err
			}
			program, err := c.Program()
			if err != nil {
				return err
			}
			s := start.Config{Dir: dir, Program: program, Env: c.Environ()}
			if named {
				s.Settings = path
			}
			return start.Engine(ctx, s)
		},
	}), nil
}

// Quit asks whichever engine runs to end, and reports whether one did. With wait
// it has ended then.
func Quit(ctx context.Context, wait bool) (ran bool, err error) {
	dir, err := folders.RuntimeDir()
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
