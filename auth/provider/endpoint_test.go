package provider_test

import (
	"maps"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestAtEndpoint holds which provider an authorization endpoint belongs to, and
// that the values made of its address give the issuer.
func TestAtEndpoint(t *testing.T) {
	for _, test := range []struct{ authorize, preset, issuer, name string }{
		{
			"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/oauth2/v2.0/authorize", "entra",
			"https://login.microsoftonline.com/11111111-2222-3333-4444-555555555555/v2.0", "Microsoft Entra ID",
		},
		{
			"https://login.microsoftonline.com/common/oauth2/v2.0/authorize?p=1", "entra",
			"https://login.microsoftonline.com/common/v2.0", "Microsoft Entra ID",
		},
		{
			"https://login.microsoftonline.us/contoso.com/oauth2/v2.0/authorize", "entra",
			"https://login.microsoftonline.us/contoso.com/v2.0", "Microsoft Entra ID",
		},
		{
			"https://login.windows.net/contoso.com/oauth2/authorize", "entra", "https://login.microsoftonline.com/contoso.com/v2.0",
			"Microsoft Entra ID",
		},
		{
			"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in/oauth2/v2.0/authorize", "b2c",
			"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_in/v2.0", "Azure AD B2C",
		},
		{"https://fs.example.com/adfs/oauth2/authorize/", "adfs", "https://fs.example.com/adfs", "AD FS"},
		{"http://127.0.0.1:8080/adfs/oauth2/authorize", "adfs", "http://127.0.0.1:8080/adfs", "AD FS"},
		{"https://ping.example.com:9031/as/authorization.oauth2", "pingfederate", "https://ping.example.com:9031", "PingFederate"},
		{
			"https://sso.example.com/realms/plant/protocol/openid-connect/auth", "keycloak", "https://sso.example.com/realms/plant",
			"Keycloak",
		},
		{
			"https://sso.example.com/auth/realms/plant/protocol/openid-connect/auth", "keycloak",
			"https://sso.example.com/auth/realms/plant", "Keycloak",
		},
		{"https://example.okta.com/oauth2/v1/authorize", "okta", "https://example.okta.com", "Okta"},
		{"https://example.okta.com/oauth2/default/v1/authorize", "okta", "https://example.okta.com/oauth2/default", "Okta"},
		{"https://contoso.eu.auth0.com/authorize", "auth0", "https://contoso.eu.auth0.com/", "Auth0"},
		{"https://accounts.google.com/o/oauth2/v2/auth", "google", "https://accounts.google.com", "Google"},
		{"https://id.example.com/core/connect/authorize", "oidc", "https://id.example.com/core", "id.example.com"},
		{"https://id.example.com/sign-in", "oidc", "https://id.example.com", "id.example.com"},
	} {
		e, ok := provider.AtEndpoint(test.authorize)
		name := e.Preset.Name
		if e.Guessed {
			name = e.Host
		}
		if !ok || e.Preset.ID != test.preset || name != test.name || e.Guessed != (test.preset == "oidc") {
			t.Errorf("%s: %+v, %v", test.authorize, e, ok)
			continue
		}
		if e.Old != (test.authorize == "https://login.windows.net/contoso.com/oauth2/authorize") {
			t.Errorf("%s: of an older version: %v", test.authorize, e.Old)
		}
		values := maps.Clone(e.Values)
		tool := auth.Tool{ClientID: "x", Issuer: values["issuer"]}
		delete(values, "issuer")
		got, err := e.Preset.Resolve(provider.Input{Tool: tool, Values: values})
		if err != nil || got.Issuer != test.issuer {
			t.Errorf("%s: %+v, %v", test.authorize, got, err)
		}
	}
	for _, bad := range []string{"", "no address", "ftp://x/authorize", "/authorize", "https://u:p@x/authorize"} {
		if e, ok := provider.AtEndpoint(bad); ok {
			t.Errorf("%q: %+v", bad, e)
		}
	}
}
