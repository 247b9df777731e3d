package server

import (
	"context"
	"time"

	"keyfob/app/agent"
	"keyfob/app/setup/form"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// Engine is who answers, in its parts.
type Engine struct {
	Sessions Sessions
	Desktop  Desktop // nil where there is no desktop
	Setup    Setup   // nil where there is no desktop
	Quit     func()  // asks the engine to end, and returns at once; nil where it ends with the program that runs it
}

// Sessions is what every engine does. Its methods may be called from any
// goroutine, and end when ctx ends.
type Sessions interface {
	Status(ctx context.Context) ([]session.Snapshot, error)
	Watch(ctx context.Context) <-chan []session.Snapshot // the sessions now, and after each change
	Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error)
	Inspect(ctx context.Context, tool string) (inspect.Inspection, error)
	SignIn(ctx context.Context, tool string, o session.SignInOptions) error
	CancelSignIn(ctx context.Context, tool string) error
	SignOut(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error)
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
