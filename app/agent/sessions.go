package agent

import (
	"context"
	"time"

	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
	"keyfob/auth/inspect"
	"keyfob/auth/session"
)

// Status returns all sessions.
func (c *Client) Status(ctx context.Context) ([]session.Snapshot, error) {
	r, err := call(ctx, c, wire.OpStatus, wire.Nothing{})
	return r.Snapshots, err
}

// Watch calls f with all sessions now and after each change, until ctx ends,
// the engine ends or f returns an error, which Watch then returns.
func (c *Client) Watch(ctx context.Context, f func([]session.Snapshot) error) error {
	_, err := stream(ctx, c, wire.OpWatch, wire.Nothing{}, func(r wire.SessionsReply) error { return f(r.Snapshots) })
	return err
}

// Token returns tokens whose access token is valid for more than atLeast. They
// hold no refresh token.
func (c *Client) Token(ctx context.Context, tool string, atLeast time.Duration) (auth.Tokens, error) {
	r, err := call(ctx, c, wire.OpToken, wire.TokenRequest{Tool: tool, MinValid: atLeast})
	t, err := whole(r.Tokens, err, "a token")
	if err != nil {
		return auth.Tokens{}, err
	}
	return t.Tokens(), nil
}

// Inspect returns what the tool's tokens say, as they are: expired ones are not
// renewed for it. No token crosses the socket.
func (c *Client) Inspect(ctx context.Context, tool string) (inspect.Inspection, error) {
	r, err := call(ctx, c, wire.OpInspect, wire.ToolRequest{Tool: tool})
	return whole(r.Inspection, err, "what the token says")
}

// Login signs in, or joins a sign-in under way, and waits for its end. When
// ctx ends first and nobody else waits, the sign-in is cancelled.
func (c *Client) Login(ctx context.Context, tool string, o session.SignInOptions) error {
	req := wire.LoginRequest{Tool: tool, NoBrowser: o.NoBrowser, Prompt: o.Prompt, Offline: o.Offline, SwitchAccount: o.SwitchAccount}
	_, err := stream(ctx, c, wire.OpLogin, req, func(r wire.LoginReply) error {
		if r.Step != nil && o.Progress != nil {
			o.Progress(*r.Step)
		}
		return nil
	})
	return err
}

// Cancel ends a sign-in for everybody who waits for it.
func (c *Client) Cancel(ctx context.Context, tool string) error {
	_, err := call(ctx, c, wire.OpCancel, wire.ToolRequest{Tool: tool})
	return err
}

// Logout signs out. What became of it is told beside an error, too.
func (c *Client) Logout(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	var result session.SignOutResult
	req := wire.LogoutRequest{Tool: tool, Local: o.Local, Browser: o.Browser, Pages: o.Pages}
	_, err := stream(ctx, c, wire.OpLogout, req, func(r wire.LogoutReply) error {
		if r.SignOut != nil {
			result = *r.SignOut
		}
		return nil
	})
	return result, err
}

// Quit asks the engine to end. It does so after Quit has returned.
func (c *Client) Quit(ctx context.Context) error {
	_, err := call(ctx, c, wire.OpQuit, wire.Nothing{})
	return err
}
