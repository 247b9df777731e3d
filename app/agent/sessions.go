package agent

import (
	"context"

	"keyfob/app/agent/internal/wire"
	"keyfob/auth"
	"keyfob/auth/session"
)

// Status is how all sessions stand, with what is to be said of the settings.
type Status struct {
	Snapshots []session.Snapshot
	Fault     *auth.Error   // why the settings cannot be read now; nil where they can
	Ignored   []*auth.Error // what they say in vain
	Orphans   []Orphan
}

// Orphan is a tool that is no longer in the settings, of which the keychain holds
// something.
type Orphan struct {
	Tool  string
	Holds string // what, in words
}

// Status returns all sessions.
func (c *Client) Status(ctx context.Context) (Status, error) {
	r, err := call(ctx, c, wire.OpStatus, wire.CallerRequest{Caller: c.caller()})
	s := Status{Snapshots: r.Snapshots, Fault: r.Fault, Ignored: r.Ignored}
	for _, o := range r.Orphans {
		s.Orphans = append(s.Orphans, Orphan(o))
	}
	return s, err
}

// Watch calls f with all sessions now and after each change, until ctx ends,
// the engine ends or f returns an error, which Watch then returns.
func (c *Client) Watch(ctx context.Context, f func([]session.Snapshot) error) error {
	_, err := stream(ctx, c, wire.OpWatch, wire.Nothing{}, func(r wire.SessionsReply) error { return f(r.Snapshots) })
	return err
}

// Token is a tool's tokens, and where they are for.
type Token struct {
	auth.Tokens
	Address string // of the tool's API, or else its home page; may be empty
}

// Token returns tokens whose access token is valid for more than o.MinValid. They
// hold no refresh token.
func (c *Client) Token(ctx context.Context, tool string, o session.TokenOptions) (Token, error) {
	req := wire.TokenRequest{Caller: c.caller(), Tool: tool, MinValid: o.MinValid}
	req.Unlock = req.Unlock || o.MayUnlock
	r, err := stream(ctx, c, wire.OpToken, req, func(r wire.TokenReply) error {
		if r.Waits != nil && o.Waits != nil {
			o.Waits(r.Waits)
		}
		return nil
	})
	t, err := Whole(r.Tokens, err, "a token")
	if err != nil {
		return Token{}, err
	}
	return Token{t.Tokens(), r.Address}, nil
}

// Login signs in, or joins a sign-in under way, and waits for its end. When
// ctx ends first and nobody else waits, the sign-in is cancelled.
func (c *Client) Login(ctx context.Context, tool string, o session.SignInOptions) error {
	req := wire.LoginRequest{
		Caller: c.caller(), Tool: tool, NoBrowser: o.NoBrowser, CallerOpens: o.CallerOpens,
		Prompt: o.Prompt, Offline: o.Offline, SwitchAccount: o.SwitchAccount,
	}
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
	req := wire.LogoutRequest{
		Caller:      c.caller(),
		Tool:        tool,
		Local:       o.Local,
		Browser:     o.Browser,
		Pages:       o.Pages,
		CallerOpens: o.Open != nil,
	}
	_, err := stream(ctx, c, wire.OpLogout, req, func(r wire.LogoutReply) error {
		switch {
		case r.SignOut != nil:
			result = *r.SignOut
		case r.Open != "" && o.Open != nil:
			return o.Open(ctx, r.Open)
		case r.Waits != nil && o.Waits != nil:
			o.Waits(r.Waits)
		}
		return nil
	})
	return result, err
}

// Quit asks the engine to end, of whatever version it is. It does so after Quit
// has returned, when what is under way has ended.
func (c *Client) Quit(ctx context.Context) error {
	_, err := call(ctx, c, wire.OpQuit, wire.Nothing{})
	return err
}
