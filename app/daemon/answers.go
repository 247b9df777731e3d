package daemon

import (
	"context"

	"keyfob/app/agent"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// answers is the sessions as the engine's clients ask for them. It implements
// [keyfob/app/agent/server.Sessions].
type answers struct{ d *Daemon }

func (a answers) Status(ctx context.Context) (agent.Status, error) {
	a.followFault(ctx)
	all, err := Status(ctx, a.d.sessions)
	s, problem := a.d.settings.Last()
	if !a.d.life.staying() {
		most := a.d.now().Add(lingersMost)
		for i := range all {
			all[i] = all[i].InMemoryAtMost(most)
		}
	}
	status := agent.Status{Snapshots: all, Fault: problem, Ignored: s.Ignored}
	if problem == nil {
		for _, tool := range a.d.holdings.Orphans(s) {
			status.Orphans = append(status.Orphans, agent.Orphan{Tool: tool, Holds: a.d.holdings.Words(tool)})
		}
	}
	return status, err
}

// followFault reads settings again that could not be read: somebody may have
// corrected them just now.
func (a answers) followFault(ctx context.Context) {
	if _, problem := a.d.settings.Last(); problem != nil {
		a.d.reload(ctx)
	}
}

func (a answers) Watch(ctx context.Context) <-chan []session.Snapshot { return a.d.sessions.Watch(ctx) }

// known has do done once more with the settings as they are now where it knows
// no such tool. Where they cannot be read, that is the error.
func (a answers) known(ctx context.Context, do func() error) error {
	err := do()
	if e := auth.AsError(err); e == nil || e.Code != auth.CodeUnknownTool || a.d.settings.Path() == "" {
		return err
	}
	a.d.reload(ctx)
	err = do()
	if _, problem := a.d.settings.Last(); problem != nil && err != nil && auth.AsError(err).Code == auth.CodeUnknownTool {
		return problem
	}
	return err
}

func (a answers) Token(ctx context.Context, tool string, o session.TokenOptions) (t agent.Token, err error) {
	err = a.known(ctx, func() (err error) {
		t.Tokens, err = a.d.sessions.Token(ctx, tool, o)
		return err
	})
	if err == nil {
		t.Address = a.d.settings.address(tool)
	}
	return t, err
}

// Inspect explains the tokens that a tool has, without the tokens. It renews
// nothing and opens no browser.
func (a answers) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	t, of, err := a.d.sessions.CurrentTokens(ctx, tool, session.TokenOptions{})
	if err != nil {
		return inspect.Inspection{}, err
	}
	return parse.Tokens(t, of, a.d.now()), nil
}

func (a answers) SignIn(ctx context.Context, tool string, o session.SignInOptions) error {
	return a.known(ctx, func() error { return a.d.sessions.SignIn(ctx, tool, o) })
}

func (a answers) CancelSignIn(ctx context.Context, tool string) error {
	return a.d.sessions.CancelSignIn(ctx, tool)
}

func (a answers) SignOut(ctx context.Context, tool string, o session.SignOutOptions) (r session.SignOutResult, err error) {
	err = a.known(ctx, func() (err error) {
		r, err = a.d.sessions.SignOut(ctx, tool, o)
		return err
	})
	return r, err
}
