package provider_test

import (
	"errors"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestFaults holds the words for what a preset cannot use, and the setting that
// they are about.
func TestFaults(t *testing.T) {
	whole := auth.Endpoints{Authorize: "https://a.example.com/a", Token: "https://a.example.com/t", JWKS: "https://a.example.com/k"}
	for _, tt := range []struct {
		name, id  string
		values    values
		tool      auth.Tool
		key, want string
	}{
		{
			"nothing given", "entra", nil,
			auth.Tool{},
			"",
			`the provider "entra" needs tenant: give tenant = "11111111-2222-3333-4444-555555555555"`,
		},
		{
			"half of it", "keycloak",
			values{"host": "sso.example.com"},
			auth.Tool{},
			"",
			`the provider "keycloak" needs realm: give host = "sso.example.com" and realm = "plant"`,
		},
		{
			"empty counts as nothing", "keycloak",
			values{"host": "", "realm": ""},
			auth.Tool{},
			"",
			`the provider "keycloak" needs host and realm: give host = "sso.example.com" and realm = "plant"`,
		},
		{"plain without issuer", "oidc", nil, auth.Tool{}, "", `the provider "oidc" needs issuer: give issuer = "https://…"`},
		{
			"another provider's", "entra",
			values{"tenant": guid, "realm": "plant"},
			auth.Tool{},
			"realm",
			`the provider "entra" does not accept "realm": give tenant = "11111111-2222-3333-4444-555555555555"`,
		},
		{
			"another provider's, at Google", "google",
			values{"tenant": guid},
			auth.Tool{},
			"tenant",
			`the provider "google" does not accept "tenant": remove it, the client_id is enough`,
		},
		{
			"another provider's, plain", "oidc",
			values{"host": "x"},
			auth.Tool{Issuer: "https://x"},
			"host",
			`the provider "oidc" does not accept "host": give issuer = "https://…"`,
		},
		{
			"optional ones", "okta",
			values{"region": "x"},
			auth.Tool{},
			"region",
			`the provider "okta" does not accept "region": give domain = "example.okta.com" and server = "default" (if there is one)`,
		},

		{
			"tenant a URL", "entra",
			values{"tenant": "https://login.microsoftonline.com/x"},
			auth.Tool{},
			"tenant",
			`tenant: "https://login.microsoftonline.com/x" holds a character that is never part of it: write it like ` +
				`"11111111-2222-3333-4444-555555555555"`,
		},
		{
			"tenant upwards", "entra",
			values{"tenant": ".."},
			auth.Tool{},
			"tenant",
			`tenant: ".." holds a character that is never part of it: write it like "11111111-2222-3333-4444-555555555555"`,
		},
		{
			"a domain of its own for B2C", "b2c",
			values{"tenant": "contoso.com", "policy": "p"},
			auth.Tool{},
			"tenant",
			`tenant: "contoso.com" is not the name of a B2C tenant: write it like "contoso" or "contoso.onmicrosoft.com"`,
		},
		{
			"policy with a query", "b2c",
			values{"tenant": "contoso", "policy": "p?x"},
			auth.Tool{},
			"policy",
			`policy: "p?x" holds a character that is never part of it: write it like "B2C_1_signin"`,
		},
		{
			"host plain http", "adfs",
			values{"host": "http://fs.example.com"},
			auth.Tool{},
			"host",
			`host: "http://fs.example.com" is plain http: write it like "fs.example.com"`,
		},
		{
			"host with a path", "adfs",
			values{"host": "fs.example.com/x"},
			auth.Tool{},
			"host",
			`host: "fs.example.com/x" holds more than the name of a server: write it like "fs.example.com"`,
		},
		{
			"host with a query", "pingfederate",
			values{"host": "sso.example.com?x"},
			auth.Tool{},
			"host",
			`host: "sso.example.com?x" is not the name of a server: write it like "sso.example.com:9031"`,
		},
		{
			"host with a user", "pingfederate",
			values{"host": "sso@evil.example.com"},
			auth.Tool{},
			"host",
			`host: "sso@evil.example.com" is not the name of a server: write it like "sso.example.com:9031"`,
		},
		{
			"domain with a path", "auth0",
			values{"domain": "example.auth0.com/x"},
			auth.Tool{},
			"domain",
			`domain: "example.auth0.com/x" holds more than the name of a server: write it like "example.eu.auth0.com"`,
		},
		{
			"realm a path", "keycloak",
			values{"host": "sso.example.com", "realm": "a/b"},
			auth.Tool{},
			"realm",
			`realm: "a/b" holds a character that is never part of it: write it like "plant"`,
		},
		{
			"pool without region", "cognito",
			values{"pool": "AbC"},
			auth.Tool{},
			"pool",
			`pool: "AbC" does not begin with a region: write it like "eu-west-1_AbCdEfGhI"`,
		},
		{
			"pool of another region", "cognito",
			values{"pool": "eu-west-1_AbC", "region": "us-east-1"},
			auth.Tool{},
			"region",
			`the pool is in the region "eu-west-1" and not in "us-east-1": remove region`,
		},

		{
			"offline_access at Google", "google", nil,
			auth.Tool{Scopes: []string{"offline_access"}},
			"scopes",
			`Google refuses the scope offline_access: remove it, a refresh token comes without it`,
		},
		{
			"offline_access demanded at Cognito", "cognito",
			values{"pool": "eu-west-1_AbC"},
			auth.Tool{MandatoryScopes: []string{"offline_access"}},
			"mandatory_scopes",
			`AWS Cognito refuses the scope offline_access: remove it, a refresh token comes without it`,
		},
		{
			"resource twice", "adfs",
			values{"host": "fs.example.com", "resource": "a"},
			auth.Tool{Params: values{"resource": "b"}},
			"params", `"resource" is given twice, also in params: remove it from params`,
		},

		{
			"endpoints without an issuer", "oidc", nil,
			auth.Tool{Endpoints: whole},
			"authorize_uri",
			`addresses without discovery need expect_issuer, which the ID tokens must name: add expect_issuer = "https://…"`,
		},
		{
			"some endpoints", "oidc", nil,
			auth.Tool{Endpoints: auth.Endpoints{Token: "https://x"}},
			"",
			`addresses without discovery need all of authorize_uri, token_uri, jwks_uri and expect_issuer: add what is missing, or an ` +
				`issuer to ask for it`,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			tool, err := resolve(t, tt.id, tt.values, tt.tool)
			var f *provider.FieldError
			if !errors.As(err, &f) || auth.KindOf(err) != auth.KindSetup {
				t.Fatalf("got %+v, %v", tool, err)
			}
			if f.Key != tt.key || err.Error() != tt.want {
				t.Errorf("at %q: %v\nwant %q: %s", f.Key, err, tt.key, tt.want)
			}
		})
	}
}
