package cli_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"keyfob/app/agent"
	"keyfob/app/cli"
	"keyfob/auth"
	"keyfob/auth/session"
)

var noon = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// engine answers with fixed sessions.
type engine struct {
	all         []session.Snapshot
	tokens      auth.Tokens
	err         error
	out         []string // tools signed out of
	callerOpens bool     // at the last of them
	pages       []string // the sign-out pages that the last of them was told of
	forget      error
	locked      string // a tool whose tokens cannot be deleted
}

func (e *engine) Status(context.Context) (agent.Status, error) {
	return agent.Status{Snapshots: e.all}, e.err
}

func (e *engine) Token(context.Context, string, session.TokenOptions) (agent.Token, error) {
	token := agent.Token{Tokens: e.tokens}
	if len(e.all) > 0 {
		token.Address = e.all[0].Address()
	}
	return token, e.err
}

func (e *engine) Forget(context.Context, string) ([]string, error) { return nil, e.forget }

func (e *engine) Login(_ context.Context, _ string, o session.SignInOptions) error {
	if e.err == nil {
		o.Progress(session.Step{Name: session.StepAddress, Detail: "https://idp.example/authorize"})
	}
	return e.err
}

func (e *engine) Logout(_ context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	e.out, e.pages, e.callerOpens = append(e.out, tool), o.Pages, o.Open != nil
	if tool == e.locked {
		return session.SignOutResult{}, &auth.Error{
			Kind: auth.KindKeychain,
			Code: "keychain_locked",
			What: "the keychain is locked",
			Do:   "unlock it",
		}
	}
	if o.Local {
		return session.SignOutResult{Words: []string{"the provider was not told"}, Incomplete: true}, e.err
	}
	return session.SignOutResult{
		Words:      []string{"it was revoked", "it lives on"},
		Incomplete: true,
		Rule:       "The rule.",
		Page:       "page of " + tool,
	}, e.err
}

// program has an engine, and settings of which nothing is to be said.
type program struct {
	cli.Program
	engine    cli.Engine
	noBrowser bool
}

func (p program) Engine() (cli.Engine, error) { return p.engine, nil }

func (p program) HasBrowser() bool { return !p.noBrowser }

func (program) OpenBrowser(context.Context, string) error { return nil }

// run runs a command line that asks an engine.
func run(ctx context.Context, t *testing.T, line string, engine cli.Engine, e cli.Env) error {
	t.Helper()
	call, err := cli.Parse(strings.Fields(line))
	if err != nil {
		t.Fatal(err)
	}
	return call.Run(ctx, program{engine: engine}, e)
}
