package oidc

import (
	"context"

	"golang.org/x/oauth2"

	"keyfob/auth"
)

// Refresh renews old with its refresh token in one POST. The new refresh token
// must be stored before anything else is done, since the old one may be void:
// [OnlyRefresh] is the set to store meanwhile.
//
// fresh.Unverified is set when an ID token came back, or is missing where one is
// needed; VerifyRefreshed has to check it, and before that nothing else of fresh
// may be stored. An answer that is refused although it holds a new refresh token
// or an ID token gives a KindProtocol error and, in fresh, the old set with the
// new refresh token, marked where an ID token was not looked at: store that too.
// After any other error fresh is the zero Tokens.
//
// A service account has no refresh token: it gets a new token with its secret.
//
// Errors: KindGrant when the provider refused the refresh token for good or wants
// a person, KindTransient for network and outage, KindSetup for a client that
// the provider does not accept, KindSignIn when there is no refresh token or the
// tool's settings name another provider by now.
func (c *Client) Refresh(ctx context.Context, tool auth.Tool, old auth.Tokens) (fresh auth.Tokens, err error) {
	if tool.Grant == auth.GrantService {
		fresh, err := c.ServiceTokens(ctx, tool)
		if err == nil {
			fresh.Set, fresh.SignedInAt = old.Set, old.SignedInAt
		}
		return fresh, err
	}
	if old.Refresh == "" {
		return auth.Tokens{}, &auth.Error{
			Kind: auth.KindSignIn,
			Code: auth.CodeNoRefreshToken,
			What: "there is no refresh token",
			Do:   "sign in again",
			Who:  auth.WhoYou,
		}
	}
	if err := sameIssuer(tool, old); err != nil {
		return auth.Tokens{}, err
	}
	if err := c.hangUp(); err != nil {
		return auth.Tokens{}, err
	}
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return auth.Tokens{}, err
	}
	conf, err := c.config(ctx, tool, m)
	if err != nil {
		return auth.Tokens{}, err
	}
	a, err := c.grant(ctx, m, tool, func(ctx context.Context) error {
		_, err := conf.TokenSource(ctx, &oauth2.Token{RefreshToken: old.Refresh.Reveal()}).Token()
		return err
	}, old.Refresh, auth.Secret(conf.ClientSecret))
	if err != nil {
		e := *auth.AsError(err)
		if e.Code == auth.CodeInvalidGrant || e.Kind == auth.KindSignIn {
			e.Kind = auth.KindGrant
		}
		if a.refresh == "" && !a.named {
			return auth.Tokens{}, &e
		}
		fresh = old
		c.fillRefresh(&fresh, a)
		// It said whose it is, which was not looked at: the next has to say it again.
		fresh.RefreshUnproven = old.RefreshUnproven || a.named
		return fresh, &e
	}
	fresh = old
	c.fill(&fresh, a)
	fresh.Client = tool.ClientID // a refresh token is its client's alone, RFC 6749 section 6
	if fresh.Refusal = nil; a.id != "" || old.RefreshUnproven {
		fresh.ID, fresh.Unverified = a.id, true
	}
	return fresh, nil
}

// OnlyRefresh is old with the refresh token of fresh, an answer that is not yet
// verified: what may be stored of it.
func OnlyRefresh(old, fresh auth.Tokens) auth.Tokens {
	if fresh.Refresh == old.Refresh {
		return old
	}
	old.Refresh, old.RefreshExpiry, old.RefreshEndFixed = fresh.Refresh, fresh.RefreshExpiry, fresh.RefreshEndFixed
	old.RefreshUnproven = old.RefreshUnproven || fresh.Unverified
	return old
}
