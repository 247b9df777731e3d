package engine

import (
	"context"
	"slices"
	"sync/atomic"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// tellWithin bounds what a sign-out waits for at the provider, and for the
// browser to start.
const tellWithin = 10 * time.Second

// SignOut signs out: here first, as [Manager.Forget] does and without waiting
// for anybody else, and then at the provider, within ten seconds: the refresh
// token is revoked (RFC 7009), with a second try if the provider asks for one
// in that time, and the browser opened at the provider's sign-out page (OpenID
// Connect RP-Initiated Logout 1.0). A caller whose ctx ends leaves that to go on. The error is Forget's alone;
// what the provider did is in the result, also beside an error.
func (m *Manager) SignOut(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	if o.Local {
		if err := m.Forget(ctx, tool); err != nil {
			return session.SignOutResult{}, err
		}
		return session.SignOutResult{Words: []string{"the provider was not told"}, Left: true}, nil
	}
	var last lastTokens
	err := m.signOut(ctx, tool, &last)
	t := last.tokens.Load()
	switch {
	case last.tool.ID == "": // there is no such tool, or nobody to ask
		return session.SignOutResult{}, err
	case t == nil && err != nil:
		return session.SignOutResult{Words: []string{"the provider was not told, since the tokens could not be read"}, Left: true}, err
	case t == nil:
		return session.SignOutResult{Words: []string{"there were no tokens to revoke"}}, nil
	}
	var op *operation
	p := session.SignOutResult{Words: []string{"the provider was not told, since keyfob is ending"}, Left: true}
	if e := m.do(context.WithoutCancel(ctx), func(run context.Context) {
		op = start(run, m, func(ctx context.Context) session.SignOutResult {
			return m.tell(ctx, last.tool, *t, o)
		}, func(_ context.Context, _ *operation, told session.SignOutResult) { p = told })
	}); e != nil {
		return p, err
	}
	select {
	case <-op.done:
		return p, err
	case <-ctx.Done():
		return session.SignOutResult{Words: []string{"the provider is still being told"}, Left: true}, err
	}
}

// lastTokens holds the tokens that a sign-out deletes, for the one use that is
// left for them.
type lastTokens struct {
	tool   auth.Tool
	tokens atomic.Pointer[auth.Tokens]
}

// begin takes what is in memory.
func (p *lastTokens) begin(f Facts) {
	if p == nil {
		return
	}
	p.tool = f.Tool
	if f.Tokens != nil {
		t := *f.Tokens
		p.tokens.Store(&t)
	}
}

// read takes what the keychain holds, where that is newer: another process may
// have renewed it, and this one may never have read it. The error is one of the
// keychain that a deletion would have as well.
func (p *lastTokens) read(ctx context.Context, from keychain.Store) error {
	if p == nil {
		return nil
	}
	stored, err := from.Load(ctx, p.tool.ID)
	if err == nil {
		if have := p.tokens.Load(); have == nil || replaced(stored, *have) {
			p.tokens.Store(&stored)
		}
	}
	if auth.KindOf(err) == auth.KindKeychain {
		return err
	}
	return nil
}

// tell does at the provider what can be done.
func (m *Manager) tell(ctx context.Context, tool auth.Tool, t auth.Tokens, o session.SignOutOptions) (p session.SignOutResult) {
	defer func() {
		if p.Left {
			p.Rule = provider.SignOutRule(tool)
		}
	}()
	if t.Client != "" && !tool.ClientAuth.NeedsSecret() {
		tool.ClientID = t.Client // the settings may name another one by now
	}
	client, err := m.cfg.Client(tool)
	if err != nil {
		left(&p, "the provider was not told: "+auth.AsError(err).What)
		return p
	}
	if otherClient(tool, t) != nil {
		left(&p, "the provider was not told, since the tokens were another one's than the settings name now")
		return p
	}
	if tool.Issuer == "" && tool.Grant == auth.GrantService { // a token address alone
		left(&p, "the settings name no address for a revocation, so "+lives(t))
		return p
	}
	// Whoever ends the program now wants the token to end as well.
	within, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellWithin)
	defer cancel()
	meta, err := client.Discover(within, tool)
	if err != nil {
		left(&p, "the provider was not told ("+auth.AsError(err).What+"), so "+lives(t))
		return p
	}
	outcome := onceMore(within, func() error { return client.Revoke(within, tool, t) })
	var there session.SignOutResult // the browser does not wait for a second try
	switch page := pageOf(meta, t); {
	case !o.Browser || tool.Grant == auth.GrantService:
	case page != "" && slices.Contains(o.Pages, page):
		say(&there, "the same sign-out page ends the browser's session at the provider")
	case m.leave(ctx, client, tool, t, &there):
		p.Page = page
	}
	if meta.RevocationEndpoint == "" {
		left(&p, "the provider does not support revocation, so "+lives(t))
	} else {
		revoked(&p, <-outcome, t)
	}
	p.Words, p.Left = append(p.Words, there.Words...), p.Left || there.Left
	return p
}

// pageOf names the session that a browser has at a provider: all tools of one
// account share it, whatever their client. What an account is called is
// compared, since a provider may give each client a subject of its own.
func pageOf(meta *oidc.Metadata, t auth.Tokens) string {
	if meta.EndSessionEndpoint == "" {
		return ""
	}
	return meta.EndSessionEndpoint + " " + t.Account.Label()
}

// onceMore tries, and once again later if the provider asks for a pause that
// ends before ctx does (RFC 7009 section 2.2.1). It returns after the first
// try, with where the outcome will be.
func onceMore(ctx context.Context, try func() error) <-chan error {
	outcome := make(chan error, 1)
	err := try()
	pause := time.Duration(0)
	if e := auth.AsError(err); e != nil && e.Kind == auth.KindTransient {
		pause = e.RetryAfter
	}
	if end, ok := ctx.Deadline(); pause <= 0 || !ok || time.Until(end) <= pause {
		outcome <- err
		return outcome
	}
	go func() {
		if sleep(ctx, pause) == nil {
			err = try()
		}
		outcome <- err
	}()
	return outcome
}

// ofProvider reports whether the tool's provider issued t.
func ofProvider(tool auth.Tool, t auth.Tokens) bool {
	return slices.ContainsFunc(tool.Issuers(), func(pattern string) bool { return auth.MatchIssuer(pattern, t.Account.Issuer) })
}

func say(p *session.SignOutResult, words string)  { p.Words = append(p.Words, words) }
func left(p *session.SignOutResult, words string) { say(p, words); p.Left = true }

// revoked says what came of revoking the refresh token, or else the access
// token.
func revoked(p *session.SignOutResult, err error, t auth.Tokens) {
	what := "refresh token"
	if t.Refresh == "" {
		what = "access token"
	}
	switch e := auth.AsError(err); {
	case e == nil:
		say(p, "the provider revoked the "+what)
	case e.Kind == auth.KindTransient:
		left(p, "the provider did not answer the revocation ("+e.What+"), so "+lives(t))
	default:
		left(p, "the provider refused the revocation ("+e.What+"), so "+lives(t))
	}
}

// lives says what goes on at a provider that has not voided t.
func lives(t auth.Tokens) string {
	what, end := "refresh token", t.RefreshExpiry
	if t.Refresh == "" {
		what, end = "access token", t.Expiry
	}
	if end.IsZero() {
		return "the " + what + ", deleted here, stays valid at the provider until it expires"
	}
	return "the " + what + ", deleted here, stays valid at the provider until " + end.Local().Format("2 Jan at 15:04")
}
