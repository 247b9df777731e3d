package server

import (
	"context"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// Engine is who answers, in its parts.
type Engine struct {
	Sessions Sessions
	Manage   Manage  // nil where there is no settings file
	Desktop  Desktop // nil where there never is a desktop
	Setup    Setup   // nil where there never is a desktop
	Quit     func()  // asks the engine to end, and returns at once; nil where it ends with the program that runs it

	// Client is called when a request is looked at, and what it returns when its
	// answer has ended. It returns nil when the engine is ending, and the client is
	// told so. May be nil.
	Client func() (gone func())

	// Other is called when somebody asks in another version of the protocol, and
	// returns at once. May be nil.
	Other func()
}

// Sessions is what every engine does. Its methods may be called from any
// goroutine, and end when ctx ends.
type Sessions interface {
	Status(ctx context.Context) (agent.Status, error)
	Watch(ctx context.Context) <-chan []session.Snapshot // the sessions now, and after each change
	Token(ctx context.Context, tool string, o session.TokenOptions) (agent.Token, error)
	Inspect(ctx context.Context, tool string) (inspect.Inspection, error)
	SignIn(ctx context.Context, tool string, o session.SignInOptions) error
	CancelSignIn(ctx context.Context, tool string) error
	SignOut(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
}

// Manage is what an engine does for the commands that change the settings and
// what the keychain holds beside sessions. The methods of [agent.Client] say what
// each does, and unlock that a person is there to give the keychain's password.
type Manage interface {
	// Suits refuses a request that means other settings than the engine has. named
	// says that a person chose them.
	Suits(settings string, named bool) error
	Reload(ctx context.Context) error
	Yield(ctx context.Context) error
	SaveSecret(ctx context.Context, tool string, secret auth.Secret, unlock bool) error
	DeleteSecret(ctx context.Context, tool string, unlock bool) error
	Holds(ctx context.Context, tool string) (tokens, secret bool, err error)
	Forget(ctx context.Context, tool string, unlock bool) (forgotten []string, err error)
	Promote(ctx context.Context, environment map[string]string) (said string, err error)
}

// Desktop is what an engine does beside that on a person's desktop. Its methods
// may be called from any goroutine, and end when ctx ends.
type Desktop interface {
	Later(ctx context.Context, tool string) error // a person put off the prompt to sign in
	Copy(ctx context.Context, tool string, as agent.CopyAs) error
	Home(ctx context.Context, tool string) error   // opens the tool's home page
	Reopen(ctx context.Context, tool string) error // opens the address of the sign-in under way once more
	Show(ctx context.Context) error                // brings the engine to the person's attention
}

// Setup is what a person sets up in the window: tools, and how Keyfob itself
// behaves. The engine does all of it, since the window touches no file. The
// methods of [agent.Client] say what each does.
type Setup interface {
	Presets(ctx context.Context) ([]form.Preset, error)
	Recognise(ctx context.Context, address string) (form.Draft, error)
	Check(ctx context.Context, d form.Draft) (form.Judgement, error)
	Add(ctx context.Context, d form.Draft) (form.Judgement, error)
	Import(ctx context.Context, i form.ImportRequest) (form.ImportResult, error)
	Preferences(ctx context.Context) (form.Preferences, error)
	Change(ctx context.Context, c form.Change) (form.Preferences, error)
}
