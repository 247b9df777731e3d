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
		derive: func(d *draft) {
			d.tool.Issuer = "https://" + d.host("domain", false)
			if s := d.word("server", "-_"); s != "" {
				d.tool.Issuer += "/oauth2/" + s
			}
		},
	}
}
