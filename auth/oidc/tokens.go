package oidc

import (
	"slices"
	"time"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// fill puts a into t, keeping what a does not speak of: the refresh token (RFC
// 6749 section 6) and the scopes.
func (c *Client) fill(t *auth.Tokens, a answer) {
	now := c.now()
	t.Access, t.Type, t.IssuedAt, t.Expiry = a.access, "Bearer", now, now.Add(a.lifetime)
	c.fillRefresh(t, a)
	if a.scopes != nil {
		t.Scopes = a.scopes
	}
}

// fillRefresh is the part of fill that is about the refresh token.
func (c *Client) fillRefresh(t *auth.Tokens, a answer) {
	if a.refresh != "" && a.refresh != t.Refresh {
		t.Refresh, t.RefreshExpiry = a.refresh, time.Time{}
	}
	if a.refreshLifetime > 0 && t.Refresh != "" {
		t.RefreshExpiry = c.now().Add(a.refreshLifetime)
	}
}

// MissingScopes returns the tool's mandatory scopes that the provider did not
// grant. A provider that says nothing granted what was asked (RFC 6749 section
// 5.1). For offline_access it is the refresh token that counts: some providers
// give one and never list the scope, others list it and give none.
func MissingScopes(tool auth.Tool, t auth.Tokens) []string {
	granted := t.Scopes
	if granted == nil {
		granted = tool.Scopes
	}
	var missing []string
	for _, s := range tool.MandatoryScopes {
		has := slices.Contains(granted, s) || slices.Contains(granted, provider.ScopeAlias(s))
		if s == "offline_access" {
			has = t.Refresh != ""
		}
		if !has {
			missing = append(missing, s)
		}
	}
	return missing
}

// sameIssuer makes sure that t came from the tool's provider: after a change of
// the settings, one provider's tokens must not be sent to another.
func sameIssuer(tool auth.Tool, t auth.Tokens) error {
	for _, pattern := range tool.Issuers() {
		if auth.MatchIssuer(pattern, t.Account.Issuer) {
			return nil
		}
	}
	return &auth.Error{
		Kind: auth.KindSignIn,
		Code: auth.CodeOtherIssuer,
		What: "the last sign-in was at another provider, " + auth.Quote(t.Account.Issuer),
		Do:   "sign in again",
		Who:  auth.WhoYou,
	}
}
