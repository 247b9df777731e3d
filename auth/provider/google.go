package provider

import "keyfob/auth"

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
		Refresh:        "There is always a refresh token; it ends after six months without use, and after seven days while the project is in testing.",
		NoRefresh:      "Google gives a refresh token with access_type=offline and prompt=consent only",
		SignOut:        "The tokens are revoked; Google has no sign-out page, so you stay signed in to it in the browser.",
		Notes: []string{
			"Create a client of the type \"Desktop app\"; nothing is registered as redirect URI, and any port will do.",
			"Google's code exchange needs the client's secret although a desktop client cannot keep one secret: store it in the keychain, not in the settings.",
		},
		atHost:    googleHost,
		authorize: googleHost,
		derive:    func(d *draft) { d.tool.Issuer = "https://accounts.google.com" },
	}
}

// googleHost knows Google's accounts, of which the address tells nothing more.
func googleHost(a address) (map[string]string, bool) { return nil, a.host == "accounts.google.com" }
