package provider_test

import (
	"maps"
	"slices"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

// TestRecognise holds what the addresses of real sign-in pages tell.
func TestRecognise(t *testing.T) {
	for address, want := range map[string]struct {
		preset string
		values values
	}{
		"https://login.microsoftonline.com/contoso.com/oauth2/v2.0/authorize?client_id=x&state=y#z": {
			"entra",
			values{"tenant": "contoso.com"},
		},
		"https://login.microsoftonline.com/" + guid + "/saml2": {"entra", values{"tenant": guid}},
		"login.microsoftonline.com":                            {"entra", nil},
		"https://login.microsoftonline.com/common/login":       {"entra", nil},
		"https://login.microsoftonline.us/contoso.us/x": {
			"entra",
			values{"issuer": "https://login.microsoftonline.us/contoso.us/v2.0"},
		},
		"https://contoso.ciamlogin.com/contoso.com/oauth2": {
			"entra",
			values{"issuer": "https://contoso.ciamlogin.com/contoso.com/v2.0"},
		},
		"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/oauth2/v2.0/authorize": {
			"b2c",
			values{"tenant": "contoso", "policy": "B2C_1_signin"},
		},
		"https://contoso.b2clogin.com/contoso.onmicrosoft.com/oauth2/v2.0/authorize?p=b2c_1_x": {
			"b2c",
			values{"tenant": "contoso", "policy": "b2c_1_x"},
		},
		"https://fs.example.com/adfs/ls/?wa=wsignin1.0": {
			"adfs",
			values{"host": "fs.example.com"},
		},
		"https://accounts.google.com/v3/signin/identifier": {"google", nil},
		"https://example.eu.auth0.com/u/login?state=x": {
			"auth0",
			values{"domain": "example.eu.auth0.com"},
		},
		"https://sso.example.com/realms/plant/login-actions/authenticate?x=y": {
			"keycloak",
			values{"host": "sso.example.com", "realm": "plant"},
		},
		"https://sso.example.com:8443/auth/realms/Plant%204/protocol/openid-connect/auth": {
			"keycloak",
			values{"host": "sso.example.com:8443/auth", "realm": "Plant 4"},
		},
		"https://sso.example.com:9031/as/authorization.oauth2": {
			"pingfederate",
			values{"host": "sso.example.com:9031"},
		},
		"https://example.okta.com/app/x/sso/saml": {
			"okta",
			values{"domain": "example.okta.com"},
		},
		"https://login.example.com/oauth2/default/v1/authorize": {
			"okta",
			values{"domain": "login.example.com", "server": "default"},
		},
		"https://example.auth.eu-west-1.amazoncognito.com/login?client_id=x": {"cognito", nil},
		"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC": {
			"cognito",
			values{"pool": "eu-west-1_AbC"},
		},
		"https://id.example.com/a/connect/authorize?x": {
			"oidc",
			values{"issuer": "https://id.example.com/a"},
		},
		"http://127.0.0.1:8080/.well-known/openid-configuration": {
			"oidc",
			values{"issuer": "http://127.0.0.1:8080"},
		},
		"id.example.com/login": {
			"oidc",
			values{"issuer": "https://id.example.com"},
		},
		"http://id.example.com/x":  {"", nil},
		"":                         {"", nil},
		"plant":                    {"", nil},
		"our company's login page": {"", nil},
		"https://anna@example.com": {"", nil},
	} {
		preset, got, ok := provider.Recognise(address)
		if preset != want.preset || !maps.Equal(got, want.values) || ok != (want.preset != "") {
			t.Errorf("%s: %s %q, %v", address, preset, got, ok)
		}
		p, found := provider.Find(preset)
		if ok && !found {
			t.Errorf("%s: there is no preset %s", address, preset)
		}
		if _, err := p.Resolve(provider.Input{Tool: auth.Tool{ClientID: "x", Issuer: got["issuer"]}, Values: without(got, "issuer")}); ok &&
			len(got) > 0 &&
			err != nil &&
			preset != "b2c" {
			t.Errorf("%s: what it tells cannot be used: %v", address, err)
		}
	}
}

func without(m values, key string) values {
	rest := maps.Clone(m)
	delete(rest, key)
	return rest
}

// FuzzRecognise: whatever people paste, what comes of it is a preset with
// fields that it knows.
func FuzzRecognise(f *testing.F) {
	for _, s := range []string{
		"https://login.microsoftonline.com/contoso.com/x", "realms/realms/a", "https://x.okta.com//", "https://a.b/oauth2//v1", "",
		"::", "https://a.b/%2f/realms/%2e%2e",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, address string) {
		preset, got, ok := provider.Recognise(address)
		p, found := provider.Find(preset)
		if ok != found {
			t.Fatalf("%q is of %q", address, preset)
		}
		for key, v := range got {
			known := key == "issuer" || slices.ContainsFunc(p.Fields, func(f provider.Field) bool { return f.Key == key })
			if !known || v == "" {
				t.Fatalf("%q: %s takes no %s = %q", address, preset, key, v)
			}
		}
	})
}
