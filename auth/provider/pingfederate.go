package provider

import "slices"

// pingfederate is a company's own PingFederate.
func pingfederate() Preset {
	return Preset{
		ID: "pingfederate", Name: "PingFederate", Known: "a company's own server; the sign-in page has /as/ in its address",
		Fields: []Field{
			{Key: "host", Label: "Server", Example: "sso.example.com:9031", Help: "with its port, where the address has one", Host: "%"},
		},
		Scopes:    []string{"openid", "profile", "email"},
		Redirect:  numeric,
		OwnPath:   true,
		ExactPort: true,
		Refresh: "A refresh token comes without offline_access where the client's Refresh Token grant is ticked; with the rolling " +
			"policy each serves once.",
		NoRefresh: "the Refresh Token grant is not ticked for this client at PingFederate",
		SignOut:   "The refresh token is revoked and the session ended, where the metadata names addresses for that.",
		Notes: []string{
			"Tick the grants Authorization Code and Refresh Token, require PKCE, and list each redirect URI with its port.",
			"The issuer is the base URL, with the port (often 9031) where it has one.",
			"An administrator may change the metadata; endpoints written by hand take precedence. They usually end in " +
				"/as/authorization.oauth2, /as/token.oauth2, /pf/JWKS, /as/revoke_token.oauth2 and /idp/init_logout.openid.",
		},
		atPath: func(a address) (map[string]string, bool) {
			return known("host", a.u.Host), len(a.path) > 1 && slices.Contains([]string{"as", "idp", "pf"}, a.path[0])
		},
		authorize: func(a address) (map[string]string, bool) {
			return serverOrIssuer(a, "host", ""), len(a.path) == 2 && a.ends("as/authorization.oauth2")
		},
		derive: func(d *draft) { d.tool.Issuer = "https://" + d.host("host", false) },
	}
}
