package provider

import (
	"net/url"
	"slices"
	"strings"

	"keyfob/auth"
)

// keycloak is Keycloak, and Red Hat's build of it.
func keycloak() Preset {
	return Preset{
		ID: "keycloak", Name: "Keycloak", Known: "the sign-in page has /realms/ in its address",
		Fields: []Field{
			{Key: "host", Label: "Server", Example: "sso.example.com", Help: "the host of the sign-in page"},
			{Key: "realm", Label: "Realm", Example: "plant", Help: "what follows /realms/ in that page's address"},
		},
		Scopes:   []string{"openid", "profile", "email"},
		Redirect: numeric,
		SendsIss: true, // since version 23
		Quirks:   []auth.Quirk{auth.QuirkOfflineRole, auth.QuirkSessionRefresh},
		Refresh: "Without offline_access the refresh token ends with the session at Keycloak, after 30 minutes without use by " +
			"default; with it, it outlives a sign-out.",
		NoRefresh: "refresh tokens are switched off for this client at Keycloak",
		SignOut:   "The refresh token is revoked; Keycloak's sign-out page ends the session in the browser.",
		Notes: []string{
			"Switch client authentication off and register http://127.0.0.1/callback without a port: any port will do then.",
			"A person needs the role offline_access for that scope; without the role Keycloak refuses the sign-in, and it is tried once " +
				"more without the scope.",
			"Before version 17 the host is followed by /auth, as in sso.example.com/auth.",
		},
		atPath: func(a address) (map[string]string, bool) {
			at := realmsIn(a)
			if at < 0 {
				return nil, false
			}
			return known("host", strings.Join(append([]string{a.u.Host}, a.path[:at]...), "/"), "realm", a.path[at+1]), true
		},
		authorize: func(a address) (map[string]string, bool) {
			n := len(a.path)
			if !a.ends("protocol/openid-connect/auth") || n < 5 || a.path[n-5] != "realms" {
				return nil, false
			}
			return known("issuer", a.origin()+"/"+strings.Join(a.path[:n-3], "/")), true
		},
		derive: func(d *draft) {
			realm := d.values["realm"]
			if strings.ContainsAny(realm, "/?#%\\") || strings.Trim(realm, ".") == "" {
				d.fail("realm", "realm: "+auth.Quote(realm)+" holds a character that is never part of it", `write it like "plant"`)
			}
			d.tool.Issuer = "https://" + d.host("host", true) + "/realms/" + url.PathEscape(realm)
		},
	}
}

// realmsIn is the segment of the path that stands before a realm, or -1.
func realmsIn(a address) int {
	at := slices.Index(a.path, "realms")
	if at+1 >= len(a.path) {
		return -1
	}
	return at
}

// WithoutOffline returns the tool as it is to be asked for once more after err,
// and whether that may help: where a person's lack of a right to offline_access
// failed the whole sign-in, and the tool can do without.
func WithoutOffline(tool auth.Tool, err error) (auth.Tool, bool) {
	e := auth.AsError(err)
	if e == nil || e.Code != auth.CodeNotAllowed || !tool.Has(auth.QuirkOfflineRole) || !tool.AsksOffline() ||
		slices.Contains(tool.MandatoryScopes, "offline_access") {
		return auth.Tool{}, false
	}
	tool.Scopes = slices.DeleteFunc(slices.Clone(tool.Scopes), func(s string) bool { return s == "offline_access" })
	return tool, true
}
