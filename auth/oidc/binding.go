package oidc

import (
	"slices"

	"keyfob/auth"
)

// Binding is what the life of a refresh token is bound to.
type Binding string

// The bindings.
const (
	BoundUnknown Binding = ""        // there is no refresh token, or nothing tells
	BoundSession Binding = "session" // it ends with the person's session at the provider
	BoundOffline Binding = "offline" // it outlives that session (OpenID Connect Core 1.0 section 11)
)

// RefreshBinding tells, as far as that can be told, whether t's refresh token
// ends when the person signs out at the provider. Keycloak writes it into the
// token; elsewhere the granted scopes and what is known of the provider decide.
func RefreshBinding(tool auth.Tool, t auth.Tokens) Binding {
	if t.Refresh == "" {
		return BoundUnknown
	}
	if c, err := decodeToken(t.Refresh); err == nil {
		switch c.text("typ") {
		case "Offline":
			return BoundOffline
		case "Refresh":
			return BoundSession
		}
	}
	granted := t.Scopes
	if granted == nil {
		granted = tool.Scopes
	}
	switch {
	case tool.Has(auth.QuirkLastingRefresh), slices.Contains(granted, "offline_access"):
		return BoundOffline
	case tool.Has(auth.QuirkSessionRefresh):
		return BoundSession
	}
	return BoundUnknown
}
