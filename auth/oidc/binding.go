package oidc

import (
	"slices"

	"keyfob/auth"
)

// RefreshBinding tells, as far as that can be told, whether t's refresh token
// ends when the person signs out at the provider. Keycloak writes it into the
// token; elsewhere the granted scopes and what is known of the provider decide.
func RefreshBinding(tool auth.Tool, t auth.Tokens) auth.Binding {
	if t.Refresh == "" {
		return auth.BoundUnknown
	}
	switch claimed(t.Refresh).text("typ") {
	case "Offline":
		return auth.BoundOffline
	case "Refresh":
		return auth.BoundSession
	}
	granted := t.Scopes
	if granted == nil {
		granted = tool.Scopes
	}
	switch {
	case tool.Has(auth.QuirkLastingRefresh), slices.Contains(granted, "offline_access"):
		return auth.BoundOffline
	case tool.Has(auth.QuirkSessionRefresh):
		return auth.BoundSession
	}
	return auth.BoundUnknown
}
