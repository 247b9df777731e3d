package oidc

import (
	"context"
	"crypto/rand"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2/clientcredentials"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// ServiceTokens gets tokens for a tool that is a service account: the client
// shows its secret and nobody signs in, RFC 6749 section 4.4. It sends one POST.
// The account is the client itself, and there is no refresh token (section
// 4.4.3): whoever needs a fresh token asks again.
//
// The tool's audience and extra parameters go into the request, as some
// providers want them. With a token endpoint in the settings no metadata is
// asked for.
//
// Errors: KindTransient for network and outage, KindSetup for a client that the
// provider does not accept or that has no secret, KindProtocol for an answer
// that was refused.
func (c *Client) ServiceTokens(ctx context.Context, tool auth.Tool) (auth.Tokens, error) {
	m, err := c.tokenMetadata(ctx, tool)
	if err != nil {
		return auth.Tokens{}, err
	}
	conf, err := c.config(ctx, tool, m)
	if err != nil {
		return auth.Tokens{}, err
	}
	params := url.Values{}
	if tool.Audience != "" {
		params.Set("audience", tool.Audience)
	}
	for k, v := range tool.Params {
		if ownParam(k) || strings.EqualFold(k, "audience") {
			return auth.Tokens{}, setup(
				auth.CodeBadParams,
				"params sets "+auth.Quote(k)+", which every request for a token sets itself",
				"remove it from params",
			)
		}
		params.Set(k, v)
	}
	service := clientcredentials.Config{
		ClientID: conf.ClientID, ClientSecret: conf.ClientSecret, TokenURL: conf.Endpoint.TokenURL, AuthStyle: conf.Endpoint.AuthStyle,
		Scopes: tool.Scopes, EndpointParams: params,
	}
	a, err := c.grant(ctx, m, tool, func(ctx context.Context) error {
		_, err := service.Token(ctx)
		return err
	}, auth.Secret(conf.ClientSecret))
	if err != nil {
		e := *auth.AsError(err)
		if slices.Contains([]auth.Kind{auth.KindSignIn, auth.KindGrant, auth.KindDenied}, e.Kind) {
			e.Kind, e.Who = auth.KindSetup, auth.WhoSetup // there is nobody who could sign in
		}
		return auth.Tokens{}, &e
	}
	t := auth.Tokens{
		Account:    auth.Account{Issuer: m.Issuer, Subject: tool.ClientID},
		SignedInAt: c.now(),
		Set:        rand.Text(),
		Client:     tool.ClientID,
	}
	a.refresh, a.refreshLifetime = "", 0
	c.fill(&t, a)
	return t, nil
}

// tokenMetadata is the metadata of a tool that needs the token endpoint alone.
func (c *Client) tokenMetadata(ctx context.Context, tool auth.Tool) (*Metadata, error) {
	if tool.Endpoints.Token == "" {
		return c.Discover(ctx, tool)
	}
	if _, err := weburl.Secure(tool.Endpoints.Token); err != nil {
		return nil, err
	}
	return &Metadata{Issuer: tool.Issuers()[0], TokenEndpoint: tool.Endpoints.Token, RevocationEndpoint: tool.Endpoints.Revocation}, nil
}
