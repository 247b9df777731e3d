package provider

// okta is Okta's workforce identity cloud.
func okta() Preset {
	return Preset{
		ID: "okta", Name: "Okta", Known: "EXAMPLE.okta.com, or a domain of one's own",
		Fields: []Field{
			{Key: "domain", Label: "Domain", Example: "example.okta.com", Host: "%"},
			{
				Key:      "server",
				Label:    "Authorization server",
				Example:  "default",
				Help:     "its ID, if the tokens are for an API",
				Optional: true,
			},
		},
		Scopes:       []string{"openid", "profile", "email", "offline_access"},
		Redirect:     numeric,
		OwnPath:      true,
		ExactPort:    true,
		NeedsOffline: true,
		Refresh: "With offline_access and the Refresh Token grant there is a refresh token, kept over refreshes or rotated as the " +
			"application says; seven days without use end it at most servers.",
		NoRefresh: "the Refresh Token grant is not ticked for this application at Okta",
		SignOut: "The refresh token is revoked; Okta's sign-out page ends the session in the browser, for which the last ID token " +
			"is sent.",
		Notes: []string{
			"Create a \"Native\" application without a secret, tick Refresh Token, and list each redirect URI with its port.",
			"The server is a custom authorization server's ID, such as default; without one it is the organisation's own.",
		},
		atHost: func(a address) (map[string]string, bool) {
			return known("domain", a.host, "server", oktaServer(a)), a.under("okta.com", "oktapreview.com", "okta-emea.com")
		},
		atPath: func(a address) (map[string]string, bool) {
			return known("domain", a.host, "server", oktaServer(a)), oktaServer(a) != ""
		},
		authorize: func(a address) (map[string]string, bool) {
			switch n := len(a.path); {
			case n == 3 && a.ends("oauth2/v1/authorize"):
				return known("issuer", a.origin()), true
			case n == 4 && a.ends("v1/authorize") && a.path[0] == "oauth2":
				return known("issuer", a.origin()+"/oauth2/"+a.path[1]), true
			}
			return nil, false
		},
		derive: func(d *draft) {
			d.tool.Issuer = "https://" + d.host("domain", false)
			if s := d.word("server", "-_"); s != "" {
				d.tool.Issuer += "/oauth2/" + s
			}
		},
	}
}

// oktaServer is the authorization server that the path names, if any.
func oktaServer(a address) string {
	if len(a.path) > 2 && a.path[0] == "oauth2" && a.path[2] == "v1" {
		return a.path[1]
	}
	return ""
}
