package provider

import (
	"slices"
	"strings"

	"keyfob/auth"
)

// adfs is Active Directory Federation Services, 2019 and later (PKCE).
func adfs() Preset {
	return Preset{
		ID: "adfs", Name: "AD FS", Known: "a company's own server; the sign-in page has /adfs/ in its address",
		Fields: []Field{
			{Key: "host", Label: "Server", Example: "fs.example.com", Help: "the host of the sign-in page", Host: "%"},
			{Key: "resource", Label: "API (resource)", Example: "https://api.example.com", Help: "what the tokens are for", Optional: true},
		},
		Scopes:    []string{"openid", "profile", "email", "allatclaims"},
		Redirect:  numeric,
		OwnPath:   true,
		ExactPort: true,
		Refresh: "A refresh token comes without offline_access; unless people are kept signed in or the device is registered, it " +
			"lasts about eight hours and no further one is issued.",
		NoRefresh: "AD FS issues no further refresh token unless people are kept signed in or the device is registered",
		SignOut: "The session in the browser ends; AD FS cannot revoke tokens, so a refresh token, deleted here, stays valid until it " +
			"expires.",
		Notes: []string{
			"Register a \"Native application accessing a web API\", without a secret, with the redirect URIs including their ports.",
			"The API is named by resource, or by a scope RESOURCE/NAME, one API only.",
			"allatclaims asks for the claims in the ID token; permit it and openid for the application.",
			"Claims of your own rules may get into the ID token only with params = { response_mode = \"form_post\" }.",
		},
		derive: func(d *draft) {
			d.tool.Issuer = "https://" + strings.TrimSuffix(d.host("host", true), "/adfs") + "/adfs"
			if strings.Count(d.tool.Issuer, "/") > 3 {
				d.fail(
					"host",
					"host: "+auth.Quote(d.values["host"])+" holds more than the name of a server",
					`write it like "fs.example.com"`,
				)
			}
		},
		expect: func(d *draft) {
			bare := strings.TrimRight(d.tool.Issuer, "/")
			d.tool.ExpectIssuers = []string{bare, bare + "/"}
		},
		atPath: func(a address) (map[string]string, bool) {
			// A realm of Keycloak may have that name.
			return known("host", a.u.Host), slices.Contains(a.path, "adfs") && realmsIn(a) < 0
		},
		authorize: func(a address) (map[string]string, bool) {
			return serverOrIssuer(a, "host", "/adfs"), len(a.path) == 3 && a.ends("adfs/oauth2/authorize")
		},
		finish: func(d *draft) {
			if r := d.values["resource"]; r != "" {
				d.param("resource", r)
			}
		},
	}
}

// param sets a parameter that a field stands for.
func (d *draft) param(name, value string) {
	params := map[string]string{name: value}
	for k, v := range d.tool.Params {
		if k == name && v != value {
			d.fail("params", auth.Quote(name)+" is given twice, also in params", "remove it from params")
		}
		params[k] = v
	}
	d.tool.Params = params
}
