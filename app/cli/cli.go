// Package cli is Keyfob's command line: one table of commands with their
// arguments, flags and help, how a command line is parsed by it, what commands
// print and how they end.
//
// Rules of this user interface: what a program reads goes to stdout and
// nothing else does; everything for people goes to stderr. An error is one
// line, "keyfob: what happened: what to do". The exit code says what kind it
// was, by the one map in exit.go. No command but login and logout opens a
// browser by itself.
//
// The package owns words and formats. It must never talk to a provider or a
// keychain itself: it asks an [Engine]. It must stay small, since a program that
// only asks links it: what reads and writes settings files is in
// keyfob/app/cli/manage.
package cli

import (
	"context"
	"io"
	"time"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/session"
)

// Engine is who the commands ask: the user's engine, over its socket. The methods
// of [agent.Client] say what each does.
type Engine interface {
	Status(ctx context.Context) (agent.Status, error)
	Token(ctx context.Context, tool string, o session.TokenOptions) (agent.Token, error)
	Login(ctx context.Context, tool string, o session.SignInOptions) error
	Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
	Forget(ctx context.Context, tool string) (forgotten []string, err error)
}

// Env is what a command takes from where it was typed.
type Env struct {
	In       io.Reader // read by `keyfob tools secret` alone
	Out, Err io.Writer
	Now      func() time.Time
	ExecInfo string // the environment's [formats.ExecInfo]
	Config   string // --config, or empty
}

// waits tells a person what the engine waits for on their behalf.
func (e Env) waits(why *auth.Error) { Report(e.Err, why) }

// again is another command line on the same settings.
func (e Env) again(words string) string {
	if e.Config == "" {
		return "keyfob " + words
	}
	return "keyfob --config " + e.Config + " " + words
}

// Program is what the commands need of the program that they run in. It puts
// parts together; the words, and what comes first, are the commands'.
type Program interface {
	// Engine is the user's engine. One is started with the first request where none
	// runs.
	Engine() (Engine, error)
	// HasBrowser reports whether OpenBrowser may open one.
	HasBrowser() bool
	// OpenBrowser opens an address for the person who typed the command.
	OpenBrowser(ctx context.Context, address string) error
	// MayAddOffline says why offline_access cannot be put into the tool's scopes
	// by this person, or nil.
	MayAddOffline(tool string) error
	// AddOffline does so, and returns the file.
	AddOffline(ctx context.Context, tool string) (file string, err error)
	Tools(e Env) (Tools, error)
	Autostart(e Env) (Autostart, error)
	Check(ctx context.Context, o CheckOptions, e Env) error

	Tray(ctx context.Context) error
	Agent(ctx context.Context) error
	BackgroundEngine(ctx context.Context) error
	// Quit asks whichever engine runs to end, and reports whether one did. With wait
	// it has ended then.
	Quit(ctx context.Context, wait bool) (ran bool, err error)
	Demo(ctx context.Context, o DemoOptions) error
	KeychainHelper(ctx context.Context) error
	Version() string
}

// remark tells of what the settings say in vain, and of orphans: of tool alone,
// where one is named.
func remark(e Env, s agent.Status, tool string) {
	for _, err := range s.Ignored {
		Report(e.Err, err)
	}
	sayOrphans(e, s, tool)
}

// explain remarks on the settings after an error that says that they have no such
// tool: they may say why.
func explain(ctx context.Context, e Env, engine Engine, tool string, err error) {
	if !unknownTool(err) {
		return
	}
	if s, fault := engine.Status(ctx); fault == nil {
		remark(e, s, tool)
	}
}

func sayOrphans(e Env, s agent.Status, tool string) {
	for _, o := range s.Orphans {
		if tool == "" || o.Tool == tool {
			SayOrphan(e, o.Tool, o.Holds)
		}
	}
}

// SayOrphan tells of a tool that is no longer in the settings, and what the
// keychain holds of it.
func SayOrphan(e Env, tool, holds string) {
	Report(e.Err, &auth.Error{
		Kind: auth.KindSetup, Code: auth.CodeOrphan, Who: auth.WhoYou,
		What: "the keychain still holds " + holds + " of " + auth.Quote(tool) + ", which is no longer in the settings",
		Do:   "put the tool back, or run `" + e.again("logout "+tool) + "` to delete it",
	})
}

// unknownTool reports whether err says that the settings have no such tool: what
// is remarkable about them may say why.
func unknownTool(err error) bool {
	return err != nil && auth.AsError(err).Code == auth.CodeUnknownTool
}

// snapshotOf finds a tool's session.
func snapshotOf(all []session.Snapshot, tool string) (session.Snapshot, error) {
	for _, s := range all {
		if s.Tool == tool {
			return s, nil
		}
	}
	return session.Snapshot{}, &auth.Error{
		Kind: auth.KindUsage,
		Code: auth.CodeUnknownTool,
		What: "there is no tool " + auth.Quote(tool) + " in the settings",
		Do:   "run `keyfob status` to see the tools",
		Who:  auth.WhoYou,
	}
}
