package provider

import "keyfob/auth"

// WhyNoRefresh says in a clause why the tool's provider gave no refresh token,
// or is empty where nothing better is known than for any provider.
func WhyNoRefresh(tool auth.Tool) string {
	p, ok := Find(tool.Provider)
	if !ok || p.NeedsOffline && !tool.AsksOffline() {
		return ""
	}
	return p.NoRefresh
}
