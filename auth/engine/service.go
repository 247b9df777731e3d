package engine

import (
	"context"
	"strings"

	"keyfob/auth"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// fetches reports whether a tool gets a token when one is asked for and nothing
// else brings one: a service account that has none yet, or whose renewal was
// refused, which a new secret may have fixed.
func fetches(f Facts) bool {
	return f.Tool.Grant == auth.GrantService && (f.Tokens == nil || f.Halted != nil)
}

// signInService is the sign-in of a service account: there is no person and no
// browser, and the client's secret brings the token.
func (m *Manager) signInService(ctx context.Context, client *oidc.Client, tool auth.Tool, report func(session.Step, *auth.Error)) signedIn {
	tokens, err := client.ServiceTokens(ctx, tool)
	if err != nil {
		return signedIn{err: err}
	}
	report(session.Step{Name: session.StepVerified, Detail: tokens.Account.Label()}, nil)
	return m.storeSignIn(ctx, tool.ID, tokens, report)
}

// storeSignIn stores what a sign-in brought. From here on a cancelled sign-in
// would throw away what the person did.
func (m *Manager) storeSignIn(ctx context.Context, tool string, tokens auth.Tokens, report func(session.Step, *auth.Error)) signedIn {
	ctx = context.WithoutCancel(ctx)
	release, err := m.cfg.Lock(ctx, tool)
	if err != nil {
		return signedIn{err: err}
	}
	defer release()
	store, kept := m.keep(ctx, tool, tokens)
	if kept != nil && m.cfg.MustStore {
		return signedIn{err: kept}
	}
	report(session.Step{Name: session.StepStored, Detail: store}, nil)
	return signedIn{tokens: tokens, store: store, keychain: kept}
}

// warnings says what the tool's settings make less safe than it could be.
func warnings(t auth.Tool) (all []string) {
	if t.ClientAuth == auth.ClientAuthQuery {
		all = append(all, `client_auth = "query" sends the client secret inside of addresses, which proxies and servers keep in their logs`)
	}
	if len(t.SharesRedirect) > 0 {
		all = append(
			all,
			"it has the same redirect URI as "+strings.Join(
				t.SharesRedirect,
				", ",
			)+", at another provider: set a redirect of its own, unless `keyfob check` says of both that their answers name the issuer",
		)
	}
	return all
}
