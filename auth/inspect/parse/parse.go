// Package parse explains tokens to the person who holds them: it makes an
// [inspect.Inspection] of them.
//
// It verifies nothing and asks nobody. What it gives must never hold a token, a
// signature, or a secret that a provider put into a claim, and is bounded
// whatever a token holds.
package parse

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/inspect"
)

// Tokens explains the tokens of a tool as they are at now.
func Tokens(t auth.Tokens, tool auth.Tool, now time.Time) inspect.Inspection {
	r := newReader(t)
	in := inspect.Inspection{
		Tool: tool.ID, ClientID: tool.ClientID,
		Account: auth.Account{
			Issuer: r.line(t.Account.Issuer), Subject: r.line(t.Account.Subject), Name: r.line(t.Account.Name),
			Username: r.line(t.Account.Username), Email: r.line(t.Account.Email),
		},
		SignedInAt: t.SignedInAt, IssuedAt: t.IssuedAt, Expiry: t.Expiry,
		Expired:      !t.Expiry.Round(0).After(now.Round(0)),
		RefreshToken: t.Refresh != "", RefreshExpiry: t.RefreshExpiry,
		Access: r.token(t.Access, accessToken),
		Scopes: r.scopes(t, tool), ScopesSaid: t.Scopes != nil,
	}
	if t.ID != "" {
		id := r.token(t.ID, idToken)
		in.ID = &id
	}
	return in
}
