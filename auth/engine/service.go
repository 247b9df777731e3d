package engine

import (
	"context"
	"strings"

	"keyfob/auth"
	"keyfob/auth/session"
)

// fetches reports whether a tool gets a token when one is asked for and nothing
// else brings one: a service account that has none yet, or whose renewal was
// refused, which a new secret may have fixed.
func fetches(f Facts) bool {
	return f.Tool.Grant == auth.GrantService && (f.Tokens == nil || f.Halted != nil)
}

// fetch is the sign-in of a service account: there is no person and no browser,
// and the client's secret brings the token.
func (s *signInFlow) fetch(ctx context.Context) signInResult {
	tokens, err := s.client.ServiceTokens(ctx, s.tool)
	if err != nil {
		return failedSignIn(err)
	}
	s.report(session.Step{Name: session.StepVerified, Detail: tokens.Account.Label()}, nil)
	return s.save(ctx, tokens)
}

// warnings says what the tool's settings make less safe than it could be.
func warnings(t auth.Tool) (all []string) {
	if t.ClientAuth == auth.ClientAuthQuery {
		all = append(all, `client_auth = "query" sends the client secret inside of addresses, which proxies and servers keep in their logs`)
	}
	if len(t.SharesRedirect) > 0 {
		all = append(all, "it has the same redirect URI as "+strings.Join(t.SharesRedirect, ", ")+", at another provider: "+
			"set a redirect of its own, unless `keyfob check` says of both that their answers name the issuer")
	}
	return all
}
