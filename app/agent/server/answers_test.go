//go:build unix

package server_test

import (
	"context"
	"fmt"
	"strings"
	"time"

	"keyfob/app/agent"
	"keyfob/app/agent/server"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/inspect/parse"
	"keyfob/auth/session"
)

// engine is one whose every answer can be told from the others'.
func engine() server.Engine {
	return server.Engine{Sessions: answers{}, Desktop: answers{}}
}

// answers are an engine's answers, each of which says what was asked.
type answers struct{}

func (answers) Status(context.Context) (agent.Status, error) {
	return agent.Status{Snapshots: snapshots()}, nil
}

func (answers) Watch(ctx context.Context) <-chan []session.Snapshot {
	c := make(chan []session.Snapshot)
	go func() {
		defer close(c)
		for n := range 3 {
			select {
			case c <- snapshots()[:n]:
			case <-ctx.Done():
				return
			}
		}
		<-ctx.Done()
	}()
	return c
}

func (answers) Token(_ context.Context, tool string, o session.TokenOptions) (agent.Token, error) {
	t := tokens()
	t.Set = fmt.Sprint(tool, " ", o.MinValid)
	return agent.Token{Tokens: t, Address: "https://" + tool + ".example.com"}, nil
}

func (answers) Inspect(_ context.Context, tool string) (inspect.Inspection, error) {
	return parse.Tokens(tokens(), auth.Tool{ID: tool, Scopes: []string{"openid"}}, time.Time{}), nil
}

func (answers) SignIn(_ context.Context, tool string, o session.SignInOptions) error {
	asked := fmt.Sprint(tool, " ", o.NoBrowser, " ", o.Prompt, " ", o.Offline, " ", o.SwitchAccount)
	o.Progress(session.Step{Name: session.StepBrowser, Detail: asked})
	o.Progress(session.Step{Name: session.StepStored})
	return nil
}

func (answers) SignOut(_ context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	asked := fmt.Sprint(tool, " ", o.Local, " ", o.Browser)
	return session.SignOutResult{Words: []string{asked}, Incomplete: true, Rule: "so"}, refusal("logout", tool)
}

func (answers) CancelSignIn(_ context.Context, tool string) error { return refusal("cancel", tool) }

func (answers) Copy(_ context.Context, tool string, as agent.CopyAs) error {
	return refusal("copy "+string(as), tool)
}

func (answers) Later(_ context.Context, tool string) error  { return refusal("later", tool) }
func (answers) Home(_ context.Context, tool string) error   { return refusal("home", tool) }
func (answers) Reopen(_ context.Context, tool string) error { return refusal("reopen", tool) }
func (answers) Show(context.Context) error                  { return nil }

// refusal is an error that names what was asked, in which nothing is left out.
func refusal(op, tool string) error {
	return &auth.Error{
		Kind:       auth.KindDenied,
		Code:       op,
		What:       op + " " + tool,
		Do:         "nothing",
		Who:        auth.WhoAdmin,
		RetryAfter: time.Minute,
	}
}

// endless are answers that never come to an end by themselves.
type endless struct {
	answers
	began, ended chan<- string // the tool
}

func (e endless) until(ctx context.Context, tool string) error {
	e.began <- tool
	<-ctx.Done()
	e.ended <- tool
	return ctx.Err()
}

func (e endless) SignIn(ctx context.Context, tool string, _ session.SignInOptions) error {
	return e.until(ctx, tool)
}

func (e endless) Token(ctx context.Context, tool string, _ session.TokenOptions) (agent.Token, error) {
	return agent.Token{}, e.until(ctx, tool)
}

func snapshots() []session.Snapshot {
	at := time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC)
	return []session.Snapshot{
		{
			Tool:       "plant4",
			Name:       "Plant 4",
			State:      session.Active,
			Account:    "ann@example.com",
			Scopes:     []string{"openid"},
			SignedInAt: at,
			EndsAt:     at,
			Renewal:    &session.Renewal{Mode: session.Manual, Reason: "so"},
		},
		{
			Tool:    "api",
			Name:    "API",
			State:   session.SignedOut,
			Problem: &auth.Error{Kind: auth.KindTransient, Code: "x", What: "y", Do: "z", Who: auth.WhoWait, RetryAfter: time.Second},
		},
	}
}

// tokens is a set of 64 KiB.
func tokens() auth.Tokens {
	at := time.Date(2027, 1, 2, 3, 4, 5, 6, time.UTC)
	return auth.Tokens{
		Access: auth.Secret(
			strings.Repeat("a", 32<<10),
		), ID: auth.Secret(strings.Repeat("i", 31<<10)), Refresh: "canary-of-the-refresh-token", Type: "Bearer",
		Account: auth.Account{Issuer: "https://sso.example.com", Subject: "1", Email: "ann@example.com"}, Scopes: []string{"openid"},
		SignedInAt: at, IssuedAt: at, Expiry: at.Add(time.Hour), RefreshExpiry: at.Add(time.Hour), Set: "set",
	}
}
