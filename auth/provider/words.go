package provider

import (
	"net/url"
	"strconv"

	"keyfob/auth"
)

// RedirectURIs returns what to register as redirect URIs for the tool, with the
// ports where the provider compares them.
func RedirectURIs(tool auth.Tool) []string {
	u, err := url.Parse(tool.Redirect)
	if err != nil || len(tool.Ports) == 0 {
		return []string{tool.Redirect}
	}
	var all []string
	host := u.Host
	for _, p := range tool.Ports {
		u.Host = host + ":" + strconv.Itoa(p)
		all = append(all, u.String())
	}
	return all
}

// WhyNoRefresh says in a clause why the tool's provider gave no refresh token,
// or is empty where nothing better is known than for any provider.
func WhyNoRefresh(tool auth.Tool) string {
	p, ok := Find(tool.Provider)
	if !ok || p.NeedsOffline && !tool.AsksOffline() {
		return ""
	}
	return p.NoRefresh
}
