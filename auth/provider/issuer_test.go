package provider_test

import (
	"reflect"
	"strings"
	"testing"

	"keyfob/auth"
)

// TestIssuer holds what each preset makes of what a person gives: where
// discovery is asked, and what the provider may call itself.
func TestIssuer(t *testing.T) {
	for _, tt := range []struct {
		id     string
		values values
		issuer string // written by the person
		want   string
		expect []string
	}{
		{"entra", values{"tenant": guid}, "", "https://login.microsoftonline.com/" + guid + "/v2.0", nil},
		{"entra", values{"tenant": strings.ToUpper(guid)}, "", "https://login.microsoftonline.com/" + guid + "/v2.0", nil},
		{
			"entra",
			values{"tenant": "contoso.onmicrosoft.com"},
			"", "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
			[]string{"https://login.microsoftonline.com/{tenantid}/v2.0"},
		},
		{
			"entra",
			values{"tenant": "common"},
			"", "https://login.microsoftonline.com/common/v2.0",
			[]string{"https://login.microsoftonline.com/{tenantid}/v2.0"},
		},
		{
			"entra",
			values{"tenant": "Organizations"},
			"", "https://login.microsoftonline.com/organizations/v2.0",
			[]string{"https://login.microsoftonline.com/{tenantid}/v2.0"},
		},
		{
			"entra", nil, "https://login.microsoftonline.us/contoso.us/v2.0", "https://login.microsoftonline.us/contoso.us/v2.0",
			[]string{"https://login.microsoftonline.us/{tenantid}/v2.0"},
		},
		{
			"entra", nil, "https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0",
			"https://contoso.ciamlogin.com/contoso.onmicrosoft.com/v2.0",
			[]string{"https://{tenantid}.ciamlogin.com/{tenantid}/v2.0"},
		},
		{
			"entra", nil, "https://contoso.ciamlogin.com/" + guid + "/v2.0", "https://contoso.ciamlogin.com/" + guid + "/v2.0",
			[]string{"https://" + guid + ".ciamlogin.com/" + guid + "/v2.0"},
		},
		{"entra", values{"tenant": "common"}, "http://127.0.0.1:8080/" + guid + "/v2.0", "http://127.0.0.1:8080/" + guid + "/v2.0", nil},
		{"entra", values{"tenant": "common"}, "http://127.0.0.1:8080", "http://127.0.0.1:8080", nil},

		{
			"b2c",
			values{"tenant": "Contoso", "policy": "B2C_1_signin"},
			"",
			"https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/v2.0",
			[]string{
				"https://contoso.b2clogin.com/{tenantid}/v2.0/", "https://contoso.b2clogin.com/tfp/{tenantid}/B2C_1_signin/v2.0/",
				"https://contoso.b2clogin.com/tfp/{tenantid}/b2c_1_signin/v2.0/",
			},
		},
		{
			"b2c",
			values{"tenant": "contoso.onmicrosoft.com", "policy": "b2c_1", "host": "id.contoso.com"},
			"",
			"https://id.contoso.com/contoso.onmicrosoft.com/b2c_1/v2.0",
			[]string{"https://id.contoso.com/{tenantid}/v2.0/", "https://id.contoso.com/tfp/{tenantid}/b2c_1/v2.0/"},
		},

		{
			"adfs",
			values{"host": "FS.example.com"},
			"", "https://fs.example.com/adfs",
			[]string{"https://fs.example.com/adfs", "https://fs.example.com/adfs/"},
		},
		{
			"adfs",
			values{"host": "https://fs.example.com/adfs/"},
			"", "https://fs.example.com/adfs",
			[]string{"https://fs.example.com/adfs", "https://fs.example.com/adfs/"},
		},
		{
			"adfs", nil, "https://fs.example.com/adfs/", "https://fs.example.com/adfs/",
			[]string{"https://fs.example.com/adfs", "https://fs.example.com/adfs/"},
		},

		{"google", nil, "", "https://accounts.google.com", nil},

		{"auth0", values{"domain": "example.eu.auth0.com"}, "", "https://example.eu.auth0.com/", nil},
		{"auth0", values{"domain": "https://login.example.com/"}, "", "https://login.example.com/", nil},
		{"auth0", nil, "https://login.example.com", "https://login.example.com", []string{"https://login.example.com/"}},

		{"keycloak", values{"host": "sso.example.com", "realm": "plant"}, "", "https://sso.example.com/realms/plant", nil},
		{
			"keycloak",
			values{"host": "sso.example.com:8443/auth/", "realm": "Plant 4"},
			"",
			"https://sso.example.com:8443/auth/realms/Plant%204", nil,
		},

		{"pingfederate", values{"host": "sso.example.com:9031"}, "", "https://sso.example.com:9031", nil},

		{"okta", values{"domain": "example.okta.com"}, "", "https://example.okta.com", nil},
		{"okta", values{"domain": "example.okta.com", "server": "default"}, "", "https://example.okta.com/oauth2/default", nil},

		{"cognito", values{"pool": "eu-west-1_AbC"}, "", "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", nil},
		{
			"cognito",
			values{"pool": "eu-west-1_AbC", "region": "eu-west-1"},
			"",
			"https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC", nil,
		},

		{"oidc", nil, "https://auth.pingone.eu/" + guid + "/as", "https://auth.pingone.eu/" + guid + "/as", nil},
	} {
		t.Run(tt.id, func(t *testing.T) {
			tool, err := resolve(t, tt.id, tt.values, auth.Tool{Issuer: tt.issuer})
			if err != nil {
				t.Fatalf("%v: %v", tt.values, err)
			}
			if tool.Issuer != tt.want || !reflect.DeepEqual(tool.ExpectIssuers, tt.expect) || tool.Provider != tt.id {
				t.Errorf("%v: got %s of %s, expecting %q", tt.values, tool.Provider, tool.Issuer, tool.ExpectIssuers)
			}
		})
	}
}

func TestWholeEndpoints(t *testing.T) {
	e := auth.Endpoints{Authorize: "https://a.example.com/a", Token: "https://a.example.com/t", JWKS: "https://a.example.com/k"}
	tool, err := resolve(t, "oidc", nil, auth.Tool{Endpoints: e, ExpectIssuers: []string{"https://a.example.com"}})
	if err != nil || tool.Issuer != "https://a.example.com" || tool.Endpoints != e {
		t.Errorf("got %+v, %v", tool, err)
	}
}
