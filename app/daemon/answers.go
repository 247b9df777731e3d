package daemon

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// answers is the sessions as the engine's clients ask for them. It implements
// [keyfob/app/agent/server.Sessions].
type answers struct {
	sessions *engine.Manager
	now      func() time.Time
}

func (a answers) Status(ctx context.Context) ([]session.Snapshot, error) {
	return Status(ctx, a.sessions)
}

func (a answers) Watch(ctx context.Context) <-chan []session.Snapshot { return a.sessions.Watch(ctx) }

func (a answers) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	return a.sessions.Token(ctx, tool, session.TokenOptions{MinValid: atLeast, MayUnlock: true})
}

// Inspect explains the tokens that a tool has, without the tokens. It renews
// nothing and opens no browser.
func (a answers) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	t, of, err := a.sessions.CurrentTokens(ctx, tool, session.TokenOptions{})
	if err != nil {
		return inspect.Inspection{}, err
	}
	return parse.Tokens(t, of, a.now()), nil
}

func (a answers) SignIn(ctx context.Context, tool string, o session.SignInOptions) error {
	return a.sessions.SignIn(ctx, tool, o)
}

func (a answers) CancelSignIn(ctx context.Context, tool string) error {
	return a.sessions.CancelSignIn(ctx, tool)
}

func (a answers) SignOut(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	o.MayUnlock = true
	return a.sessions.SignOut(ctx, tool, o)
}
