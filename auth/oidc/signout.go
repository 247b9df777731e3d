package oidc

import (
	"context"
	"net/http"
	"net/url"
	"strings"

	"keyfob/auth"
	"keyfob/auth/weburl"
)

// Revoke asks the provider to void t, RFC 7009: the refresh token, with which
// the access tokens end too, or else the access token. It is nil when the
// provider has no revocation endpoint (Metadata tells) or there is nothing to
// revoke. After a KindTransient error the tokens may still live. Tokens of
// another provider than the tool's are sent nowhere: KindSignIn.
func (c *Client) Revoke(ctx context.Context, tool auth.Tool, t auth.Tokens) error {
	if err := sameIssuer(tool, t); err != nil {
		return err
	}
	if err := c.hangUp(); err != nil {
		return err
	}
	m, err := c.Discover(ctx, tool)
	if err != nil {
		return err
	}
	token, hint := t.Refresh, "refresh_token"
	if token == "" {
		token, hint = t.Access, "access_token"
	}
	if m.RevocationEndpoint == "" || token == "" {
		return nil
	}
	conf, err := c.config(ctx, tool, m)
	if err != nil {
		return err
	}
	form := url.Values{"token": {token.Reveal()}, "token_type_hint": {hint}}
	if tool.ClientAuth != auth.ClientAuthHeader {
		form.Set("client_id", tool.ClientID)
		if conf.ClientSecret != "" {
			form.Set("client_secret", conf.ClientSecret)
		}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.RevocationEndpoint, strings.NewReader(form.Encode()))
	if err != nil {
		return refused(
			auth.CodeInsecureEndpoint,
			"the provider's revocation_endpoint is not a URL",
			"have the provider's metadata fixed",
			err,
		)
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if tool.ClientAuth == auth.ClientAuthHeader {
		req.SetBasicAuth(url.QueryEscape(tool.ClientID), url.QueryEscape(conf.ClientSecret))
	}
	r, err := c.send(ctx, req)
	if err != nil {
		return err
	}
	if e := r.grantError(c.now(), m.Issuer, tool, []auth.Secret{token, auth.Secret(conf.ClientSecret)}); e != nil {
		return e
	}
	return nil
}

// EndSessionURL returns the address where a browser ends the provider's own
// session, OpenID Connect RP-Initiated Logout 1.0 section 2, and false when the
// provider has none. idToken (an expired one will do) and postLogout may be
// empty; postLogout must be registered with the provider.
func (c *Client) EndSessionURL(ctx context.Context, tool auth.Tool, idToken auth.Secret, postLogout string) (string, bool, error) {
	m, err := c.Discover(ctx, tool)
	if err != nil || m.EndSessionEndpoint == "" {
		return "", false, err
	}
	u, err := weburl.Secure(m.EndSessionEndpoint)
	if err != nil {
		return "", false, err
	}
	q := u.Query()
	q.Set("client_id", tool.ClientID)
	if tool.Has(auth.QuirkLogoutURI) {
		// AWS Cognito, which knows none of the standard's parameters and shows
		// an error without an address.
		q.Set("logout_uri", postLogout)
		u.RawQuery = q.Encode()
		return auth.ASCIIAddress(u.String()), postLogout != "", nil
	}
	if idToken != "" && !(tool.Has(auth.QuirkHintWantsHTTPS) && strings.HasPrefix(postLogout, "http:")) {
		q.Set("id_token_hint", idToken.Reveal())
	}
	if postLogout != "" {
		q.Set("post_logout_redirect_uri", postLogout)
	}
	u.RawQuery = q.Encode()
	return auth.ASCIIAddress(u.String()), true, nil
}
