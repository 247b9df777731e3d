package engine

import (
	"context"

	"keyfob/auth"
	"keyfob/auth/session"
)

// SignOut signs out: here first, in memory at once and then in the keychain,
// without waiting for anybody else, and then at the provider, within ten seconds: the refresh
// token is revoked (RFC 7009), with a second try if the provider asks for one
// in that time, and the browser opened at the provider's sign-out page (OpenID
// Connect RP-Initiated Logout 1.0). A caller whose ctx ends leaves that to go
// on. The error says that the keychain may still hold the tokens; as long as this
// process lives, it deletes them when the keychain lets it. What the provider did
// is in the result, also beside an error.
func (m *Manager) SignOut(ctx context.Context, tool string, o session.SignOutOptions) (session.SignOutResult, error) {
	if o.Local {
		if err := m.forget(ctx, tool, o, nil); err != nil {
			return session.SignOutResult{}, err
		}
		return notTold("the provider was not told"), nil
	}
	var last lastTokens
	err := m.forget(ctx, tool, o, &last)
	t := last.tokens.Load()
	switch {
	case last.tool.ID == "": // there is no such tool, or nobody to ask
		return session.SignOutResult{}, err
	case t == nil && err != nil:
		return notTold("the provider was not told, since the tokens could not be read"), err
	case t == nil:
		return session.SignOutResult{Words: []string{"there were no tokens to revoke"}}, nil
	}
	var op *operation
	result := notTold("the provider was not told, since keyfob is ending")
	if e := m.do(context.WithoutCancel(ctx), func(run context.Context, l *loop) {
		out := providerSignOut{w: l.work, tool: last.tool, tokens: *t, options: o}
		op = start(run, l, out.run, func(_ context.Context, _ *operation, r session.SignOutResult) { result = r })
	}); e != nil {
		return result, err
	}
	select {
	case <-op.done:
		return result, err
	case <-ctx.Done():
		return notTold("the provider is still being told"), err
	}
}

func notTold(words string) session.SignOutResult {
	return session.SignOutResult{Words: []string{words}, Incomplete: true}
}

// ofProvider reports whether the tool's provider issued t.
func ofProvider(tool auth.Tool, t auth.Tokens) bool {
	for _, pattern := range tool.Issuers() {
		if auth.MatchIssuer(pattern, t.Account.Issuer) {
			return true
		}
	}
	return false
}
