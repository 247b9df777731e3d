package wire

import (
	"time"

	"keyfob/auth"
)

// Tokens is auth.Tokens as it crosses the socket. Its secrets are plain
// strings on purpose, since auth.Secret shows itself to no encoder; it exists
// between the two conversions below only. The refresh token stays with the
// engine: no client has a use for it.
type Tokens struct {
	Access        string       `json:"access"`
	ID            string       `json:"id,omitempty"`
	Type          string       `json:"type"`
	Account       auth.Account `json:"account"`
	Scopes        []string     `json:"scopes"`
	SignedInAt    time.Time    `json:"signed_in_at"`
	IssuedAt      time.Time    `json:"issued_at"`
	Expiry        time.Time    `json:"expiry"`
	RefreshExpiry time.Time    `json:"refresh_expiry"`
	Set           string       `json:"set"`
}

// FromTokens leaves the refresh token out.
func FromTokens(t auth.Tokens) *Tokens {
	return &Tokens{
		Access: t.Access.Reveal(), ID: t.ID.Reveal(), Type: t.Type,
		Account: t.Account, Scopes: t.Scopes,
		SignedInAt: t.SignedInAt, IssuedAt: t.IssuedAt, Expiry: t.Expiry, RefreshExpiry: t.RefreshExpiry,
		Set: t.Set,
	}
}

// Tokens hides the secrets again.
func (w *Tokens) Tokens() auth.Tokens {
	return auth.Tokens{
		Access: auth.Secret(w.Access), ID: auth.Secret(w.ID), Type: w.Type,
		Account: w.Account, Scopes: w.Scopes,
		SignedInAt: w.SignedInAt, IssuedAt: w.IssuedAt, Expiry: w.Expiry, RefreshExpiry: w.RefreshExpiry,
		Set: w.Set,
	}
}
