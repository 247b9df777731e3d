package provider

import "strings"

// auth0 is Auth0 by Okta.
func auth0() Preset {
	return Preset{
		ID: "auth0", Name: "Auth0", Known: "EXAMPLE.auth0.com, or a domain of one's own",
		Fields: []Field{{Key: "domain", Label: "Domain", Example: "example.eu.auth0.com", Host: "%"}},
		Audience: Field{
			Key:      "audience",
			Label:    "API (audience)",
			Example:  "https://api.example.com",
			Help:     "what the tokens are for",
			Optional: true,
		},
		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Redirect:     numeric,
		OwnPath:      true,
		ExactPort:    true,
		NeedsOffline: true,
		Refresh: "With offline_access there is a refresh token; with rotation each serves once, and one that is used again later " +
			"ends them all.",
		NoRefresh: "offline access is not allowed for this API at Auth0",
		SignOut:   "The refresh token is revoked, and the session in the browser ended where the tenant publishes an address for that.",
		Notes: []string{
			"Create a \"Native\" application without a secret and list each redirect URI with its port as an allowed callback URL.",
			"Name the API as audience, and switch \"Allow Offline Access\" on for it; without an audience the access token is opaque.",
			"The issuer ends with a slash.",
		},
		atHost: func(a address) (map[string]string, bool) { return known("domain", a.host), a.under("auth0.com") },
		authorize: func(a address) (map[string]string, bool) {
			return known("issuer", a.origin()+"/"), a.under("auth0.com") && a.ends("authorize")
		},
		derive: func(d *draft) { d.tool.Issuer = "https://" + d.host("domain", false) + "/" },
		expect: func(d *draft) {
			// The slash is forgotten easily, and is part of the name.
			if !strings.HasSuffix(d.tool.Issuer, "/") {
				d.tool.ExpectIssuers = []string{d.tool.Issuer + "/"}
			}
		},
	}
}
