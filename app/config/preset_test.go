package config_test

import (
	"path/filepath"
	"reflect"
	"testing"

	"keyfob/app/config"
	"keyfob/auth"
)

// presetTools is one tool for each preset, with the least that a person gives,
// and one for each way around discovery.
const presetTools = `
[tools.entra]
provider = "entra"
tenant = "contoso.onmicrosoft.com"
client_id = "x"

[tools.b2c]
provider = "b2c"
tenant = "contoso"
policy = "B2C_1_signin"
client_id = "x"

[tools.adfs]
provider = "adfs"
host = "fs.example.com"
resource = "urn:api"
client_id = "x"

[tools.google]
provider = "google"
client_id = "x"

[tools.auth0]
provider = "auth0"
domain = "example.eu.auth0.com"
audience = "https://api.example.com"
client_id = "x"

[tools.keycloak]
provider = "keycloak"
host = "sso.example.com"
realm = "plant"
client_id = "x"
mandatory_scopes = ["offline_access"]

[tools.pingfederate]
provider = "pingfederate"
host = "sso.example.com:9031"
client_id = "x"

[tools.okta]
provider = "okta"
domain = "example.okta.com"
server = "default"
client_id = "x"

[tools.cognito]
provider = "cognito"
pool = "eu-west-1_AbC"
client_id = "x"

[tools.pinned]
issuer = "https://login.example.com/tenant"
expect_issuer = "https://id.example.com/"
client_id = "x"

[tools.by_hand]
authorize_uri = "https://sso.example.com/authorize"
token_uri = "https://sso.example.com/token"
jwks_uri = "https://sso.example.com/keys"
end_session_uri = "https://sso.example.com/bye"
revocation_uri = "https://sso.example.com/revoke"
expect_issuer = "https://sso.example.com"
client_id = "x"

[tools.elsewhere]
provider = "entra"
issuer = "http://127.0.0.1:8080/common/v2.0"
client_id = "x"
`

func TestPresets(t *testing.T) {
	s := load(t, presetTools)
	if len(s.Bad) > 0 {
		t.Fatalf("not usable: %v", s.Bad)
	}
	got := map[string]auth.Tool{}
	for _, tool := range s.Tools {
		got[tool.ID] = tool
	}
	for id, want := range map[string]string{
		"entra":        "https://login.microsoftonline.com/contoso.onmicrosoft.com/v2.0",
		"b2c":          "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_signin/v2.0",
		"adfs":         "https://fs.example.com/adfs",
		"google":       "https://accounts.google.com",
		"auth0":        "https://example.eu.auth0.com/",
		"keycloak":     "https://sso.example.com/realms/plant",
		"pingfederate": "https://sso.example.com:9031",
		"okta":         "https://example.okta.com/oauth2/default",
		"cognito":      "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC",
		"pinned":       "https://login.example.com/tenant",
		"by_hand":      "https://sso.example.com",
		"elsewhere":    "http://127.0.0.1:8080/common/v2.0",
	} {
		if got[id].Issuer != want {
			t.Errorf("%s: the issuer is %s", id, got[id].Issuer)
		}
	}
	if x := got["pinned"]; !reflect.DeepEqual(x.ExpectIssuers, []string{"https://id.example.com/"}) || x.Provider != "oidc" {
		t.Errorf("pinned: %+v", x)
	}
	if x := got["elsewhere"]; !reflect.DeepEqual(x.ExpectIssuers, []string{"http://127.0.0.1:8080/{tenantid}/v2.0"}) {
		t.Errorf("elsewhere: %+v", x)
	}
	if x := got["by_hand"].Endpoints; !x.Whole() || x.EndSession != "https://sso.example.com/bye" ||
		x.Revocation != "https://sso.example.com/revoke" {
		t.Errorf("by hand: %+v", x)
	}
	if x := got["keycloak"]; !reflect.DeepEqual(x.Scopes, []string{"openid", "profile", "email", "offline_access"}) {
		t.Errorf("a mandatory scope beside the preset's: %q", x.Scopes)
	}
	if x := got["google"]; x.ClientAuth != auth.ClientAuthForm || x.Params["access_type"] != "offline" ||
		x.Redirect != "http://127.0.0.1/" {
		t.Errorf("google: %+v", x)
	}
}

// TestAddPresets writes every one of these tools with Add and reads it back.
func TestAddPresets(t *testing.T) {
	before := load(t, presetTools)
	path := filepath.Join(t.TempDir(), "keyfob.toml")
	for _, tool := range before.Tools {
		if err := config.Add(t.Context(), path, tool); err != nil {
			t.Errorf("%s: %v", tool.ID, err)
		}
	}
	after, err := config.Load(path)
	if err != nil || len(after.Bad) > 0 {
		t.Fatalf("%v, not usable %v", err, after.Bad)
	}
	for i, tool := range after.Tools {
		if !reflect.DeepEqual(tool, before.Tools[i]) {
			t.Errorf("read back %+v\nwant      %+v", tool, before.Tools[i])
		}
	}
}
