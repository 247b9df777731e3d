package provider

import "keyfob/auth"

const googleIssuer = "https://accounts.google.com"

// google is Google's own accounts and those of its Workspace.
func google() Preset {
	return Preset{
		ID: "google", Name: "Google", Known: "accounts.google.com; Google Workspace",
		Scopes:         []string{"openid", "profile", "email"},
		Params:         map[string]string{"access_type": "offline", "prompt": "consent"},
		ClientAuth:     auth.ClientAuthForm,
		Redirect:       "http://127.0.0.1/",
		NoRedirect:     true,
		RefusesOffline: true,
		Quirks:         []auth.Quirk{auth.QuirkNoPromptLogin, auth.QuirkLastingRefresh},
		Refresh: "There is always a refresh token; it ends after six months without use, and after seven days while the project " +
			"is in testing.",
		NoRefresh: "Google gives a refresh token with access_type=offline and prompt=consent only",
		SignOut:   "The tokens are revoked; Google has no sign-out page, so you stay signed in to it in the browser.",
		Notes: []string{
			"Create a client of the type \"Desktop app\"; nothing is registered as redirect URI, and any port will do.",
			"Google's code exchange needs the client's secret although a desktop client cannot keep one secret: store it in the " +
				"keychain, not in the settings.",
		},
		atHost:    googleHost,
		authorize: googleHost,
		derive:    func(d *draft) { d.tool.Issuer = googleIssuer },
	}
}

// googleHost knows Google's accounts, of which the address tells nothing more.
func googleHost(a address) (map[string]string, bool) { return nil, a.host == "accounts.google.com" }

// IsIssuer reports whether iss, in an ID token, means the issuer: the same text,
// but that Google's tokens may leave out the scheme.
func IsIssuer(iss, issuer string) bool {
	return iss == issuer || issuer == googleIssuer && "https://"+iss == issuer
}

// ScopeAlias is another name by which a provider says that it granted the scope,
// or the scope itself: Google answers with addresses.
func ScopeAlias(scope string) string {
	switch scope {
	case "email", "profile":
		return "https://www.googleapis.com/auth/userinfo." + scope
	}
	return scope
}
