package oidc

import (
	"context"
	"crypto/rand"
	"strings"

	"golang.org/x/oauth2"

	"keyfob/auth"
)

// Exchange turns the code that answered req into verified tokens. It sends one
// POST, and never a second one for the same request: a code that comes twice
// makes a provider end the whole sign-in (RFC 6749 section 10.5).
//
// Errors: KindTransient for network and outage, KindSetup for a client that the
// provider does not accept, KindProtocol for tokens that were refused,
// KindFailed when the code was not accepted.
func (c *Client) Exchange(ctx context.Context, req *Request, code auth.Secret) (auth.Tokens, error) {
	if !req.spent.CompareAndSwap(false, true) {
		return auth.Tokens{}, &auth.Error{
			Kind: auth.KindFailed,
			Code: auth.CodeSpent,
			What: "the code of this sign-in was already used",
			Do:   "sign in again",
			Who:  auth.WhoYou,
		}
	}
	if err := c.hangUp(); err != nil {
		return auth.Tokens{}, err
	}
	conf, err := c.config(ctx, req.tool, req.metadata)
	if err != nil {
		return auth.Tokens{}, err
	}
	conf.RedirectURL = req.redirect
	opts := []oauth2.AuthCodeOption{oauth2.VerifierOption(req.verifier.Reveal())}
	if req.tool.Has(auth.QuirkScopeAtToken) {
		opts = append(opts, oauth2.SetAuthURLParam("scope", strings.Join(req.tool.Scopes, " ")))
	}
	a, err := c.grant(ctx, req.metadata, req.tool, func(ctx context.Context) error {
		_, err := conf.Exchange(ctx, code.Reveal(), opts...)
		return err
	}, code, req.verifier, auth.Secret(conf.ClientSecret))
	if err != nil {
		return auth.Tokens{}, err
	}
	if a.id == "" {
		return auth.Tokens{}, refused(
			auth.CodeNoIDToken,
			"the provider issued no ID token",
			"ask for the scope openid, and check that the provider speaks OpenID Connect",
			nil,
		)
	}
	now := c.now()
	at := c.since(req.tool, now)
	claims, err := c.verify(ctx, req.tool, req.metadata, a.id, a.access, at)
	if err != nil {
		return auth.Tokens{}, err
	}
	if err := claims.checkFirst(req, at); err != nil {
		return auth.Tokens{}, err
	}
	t := auth.Tokens{
		ID:         a.id,
		Account:    claims.account(req.metadata.issuerOf(claims)),
		SignedInAt: now,
		Nonce:      req.nonce,
		Set:        rand.Text(),
		Client:     req.tool.ClientID,
	}
	t.AuthTime, _ = claims.time("auth_time")
	c.fill(&t, a)
	return t, nil
}
