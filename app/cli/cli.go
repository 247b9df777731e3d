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

	"keyfob/auth"
	"keyfob/auth/session"
)

// Engine is who the commands ask: the running engine over its socket, or this
// very process where none runs.
type Engine interface {
	Status(ctx context.Context) ([]session.Snapshot, error)
	Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error)
	Login(ctx context.Context, tool string, o session.SignInOptions) error
	Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
}

// Env is what a command takes from where it was typed.
type Env struct {
	In       io.Reader // read by `keyfob tools secret` alone
	Out, Err io.Writer
	Now      func() time.Time
	ExecInfo string // the environment's [formats.ExecInfo]
	Config   string // --config, or empty
}

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
	// Ask has use ask whoever answers for the sessions. Only tool is of interest,
	// where one is named.
	Ask(ctx context.Context, tool string, use func(Engine) error) error
	// AskToSignIn is Ask for a sign-in, one at a time for each tool. It waits for
	// another one for at most as long as wait says.
	AskToSignIn(ctx context.Context, tool string, wait time.Duration, use func(Engine) error) error

	Settings
	Tools(e Env) (Tools, error)
	Autostart(e Env) (Autostart, error)
	Check(ctx context.Context, o CheckOptions, e Env) error

	Tray(ctx context.Context) error
	Agent(ctx context.Context) error
	Demo(ctx context.Context, o DemoOptions) error
	KeychainHelper(ctx context.Context) error
	Version() string
}

// Settings is what commands that ask an engine want to know of the settings,
// and of what the keychain holds beside them.
type Settings interface {
	// Fault is why the settings cannot be read, or nil.
	Fault() error
	// Ignored is what they say in vain.
	Ignored() []error
	// Orphans are the tools of which the keychain holds something and the settings
	// nothing. Settings that cannot be read make no tool an orphan.
	Orphans() []Orphan
	// Forget deletes what no tool owns, after a sign-out that ended with err: all
	// of it with --all, and that of the one tool that the settings do not know. It
	// returns what was forgotten, and what the sign-out ends with then.
	Forget(ctx context.Context, o LogoutOptions, err error) (forgotten []string, end error)
	// MayAddOffline says why offline_access cannot be put into the tool's scopes
	// by this person, or nil.
	MayAddOffline(tool string) error
	// AddOffline does so, and returns the file.
	AddOffline(ctx context.Context, tool string) (file string, err error)
}

// Orphan is a tool that is no longer in the settings.
type Orphan struct {
	Tool  string
	Holds string // what the keychain still holds of it
}

// remark tells of what the settings say in vain, and of orphans: of tool alone,
// where one is named.
func remark(p Program, e Env, tool string) {
	for _, err := range p.Ignored() {
		Report(e.Err, err)
	}
	sayOrphans(p, e, tool)
}

func sayOrphans(p Program, e Env, tool string) {
	for _, o := range p.Orphans() {
		if tool != "" && o.Tool != tool {
			continue
		}
		Report(e.Err, &auth.Error{
			Kind: auth.KindSetup, Code: auth.CodeOrphan, Who: auth.WhoYou,
			What: "the keychain still holds " + o.Holds + " of " + auth.Quote(o.Tool) + ", which is no longer in the settings",
			Do:   "put the tool back, or run `" + e.again("logout "+o.Tool) + "` to delete it",
		})
	}
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
