package provider_test

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/provider"
)

const guid = "11111111-2222-3333-4444-55555555abcd"

type values = map[string]string

// resolve resolves a tool of which a person gave no more than that.
func resolve(t *testing.T, id string, v values, tool auth.Tool) (auth.Tool, error) {
	t.Helper()
	p, ok := provider.Find(id)
	if !ok {
		t.Fatalf("there is no preset %q", id)
	}
	if tool.ClientID == "" {
		tool.ClientID = "client"
	}
	return p.Resolve(provider.Input{Tool: tool, Values: v})
}

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
			[]string{"https://contoso.b2clogin.com/{tenantid}/v2.0/", "https://contoso.b2clogin.com/tfp/{tenantid}/B2C_1_signin/v2.0/", "https://contoso.b2clogin.com/tfp/{tenantid}/b2c_1_signin/v2.0/"},
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

// TestDefaults holds what each preset fills in beside the issuer.
func TestDefaults(t *testing.T) {
	ports := provider.Ports()
	for _, tt := range []struct {
		id     string
		values values
		want   auth.Tool
	}{
		{
			"entra",
			values{"tenant": guid},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"}, Redirect: "http://localhost/callback", Quirks: []auth.Quirk{auth.QuirkLastingRefresh}},
		},
		{
			"b2c",
			values{"tenant": "contoso", "policy": "b2c_1"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "offline_access", "client"}, Redirect: "http://localhost/callback/contoso.b2clogin.com", Quirks: []auth.Quirk{auth.QuirkScopeAtToken, auth.QuirkHintWantsHTTPS, auth.QuirkLastingRefresh}},
		},
		{
			"adfs",
			values{"host": "fs.example.com", "resource": "urn:api"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "allatclaims"}, Redirect: "http://127.0.0.1/callback/fs.example.com", Ports: ports, Params: values{"resource": "urn:api"}},
		},
		{
			"google", nil,
			auth.Tool{ClientAuth: "form", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://127.0.0.1/", Params: values{"access_type": "offline", "prompt": "consent"}, Quirks: []auth.Quirk{auth.QuirkNoPromptLogin, auth.QuirkLastingRefresh}},
		},
		{
			"auth0",
			values{"domain": "example.auth0.com"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"}, Redirect: "http://127.0.0.1/callback/example.auth0.com", Ports: ports},
		},
		{
			"keycloak",
			values{"host": "sso.example.com", "realm": "plant"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://127.0.0.1/callback", Quirks: []auth.Quirk{auth.QuirkOfflineRole, auth.QuirkSessionRefresh}},
		},
		{
			"pingfederate",
			values{"host": "sso.example.com:9031"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://127.0.0.1/callback/sso.example.com_9031", Ports: ports},
		},
		{
			"okta",
			values{"domain": "example.okta.com"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"}, Redirect: "http://127.0.0.1/callback/example.okta.com", Ports: ports},
		},
		{
			"cognito",
			values{"pool": "eu-west-1_AbC"},
			auth.Tool{ClientAuth: "none", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://localhost/callback", Ports: ports, Quirks: []auth.Quirk{auth.QuirkLogoutURI, auth.QuirkLastingRefresh}},
		},
	} {
		t.Run(tt.id, func(t *testing.T) {
			got, err := resolve(t, tt.id, tt.values, auth.Tool{})
			if err != nil {
				t.Fatal(err)
			}
			tt.want.Provider, tt.want.ClientID, tt.want.Issuer, tt.want.ExpectIssuers = tt.id, "client", got.Issuer, got.ExpectIssuers
			if !reflect.DeepEqual(got, tt.want) {
				t.Errorf("got  %+v\nwant %+v", got, tt.want)
			}
			// What a person wrote themselves stays.
			own := auth.Tool{
				ClientAuth: "header", Scopes: []string{"api/read"}, MandatoryScopes: []string{"api/write"}, Redirect: "http://[::1]/x", Ports: []int{9},
				Params: values{
					"prompt": "none",
					"x":      "y",
				}, ExpectIssuers: []string{"https://pinned.example.com"}, Endpoints: auth.Endpoints{Token: "https://proxy.example.com/t"},
			}
			if got, err = resolve(t, tt.id, tt.values, own); err != nil {
				t.Fatal(err)
			}
			if got.ClientAuth != own.ClientAuth || got.Redirect != own.Redirect || !reflect.DeepEqual(got.Ports, own.Ports) || got.Params["prompt"] != "none" || got.Params["x"] != "y" ||
				!reflect.DeepEqual(got.ExpectIssuers, own.ExpectIssuers) ||
				got.Endpoints != own.Endpoints ||
				!reflect.DeepEqual(got.Scopes, []string{"openid", "api/read", "api/write"}) {
				t.Errorf("what the person wrote became %+v", got)
			}
			if len(own.Params) != 2 {
				t.Errorf("the person's own parameters changed: %v", own.Params)
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

func TestServiceAccountByHand(t *testing.T) {
	const address = "https://tpe.example.com/token"
	tool, err := resolve(
		t,
		"oidc",
		nil,
		auth.Tool{
			Grant:      auth.GrantService,
			ClientAuth: auth.ClientAuthForm,
			Endpoints:  auth.Endpoints{Token: address},
			Scopes:     []string{"api"},
		},
	)
	if err != nil || tool.Issuer != address || tool.ClientAuth != auth.ClientAuthForm || !reflect.DeepEqual(tool.Scopes, []string{"api"}) {
		t.Errorf("got %+v, %v", tool, err)
	}
}

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
			`tenant: "https://login.microsoftonline.com/x" holds a character that is never part of it: write it like "11111111-2222-3333-4444-555555555555"`,
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
			`addresses without discovery need all of authorize_uri, token_uri, jwks_uri and expect_issuer: add what is missing, or an issuer to ask for it`,
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

// TestWords makes sure that every preset tells what a person must know, in
// whole sentences.
func TestWords(t *testing.T) {
	for _, p := range provider.All() {
		for _, s := range append([]string{p.Refresh, p.SignOut}, p.Notes...) {
			if s == "" || !strings.HasSuffix(s, ".") || strings.ToUpper(s[:1]) != s[:1] && !strings.HasPrefix(s, "allatclaims") {
				t.Errorf("%s says %q", p.ID, s)
			}
		}
		for _, f := range p.Fields {
			if f.Label == "" || f.Example == "" || strings.HasSuffix(f.Help, ".") {
				t.Errorf("%s asks for %+v", p.ID, f)
			}
		}
		if len(p.Notes) == 0 || p.Name == "" || p.Known == "" {
			t.Errorf("%s tells nothing", p.ID)
		}
		if strings.HasSuffix(p.NoRefresh, ".") {
			t.Errorf("%s: the clause %q ends like a sentence", p.ID, p.NoRefresh)
		}
	}
}

func TestRedirectURIs(t *testing.T) {
	for _, tt := range []struct {
		tool auth.Tool
		want []string
	}{
		{auth.Tool{Redirect: "http://localhost/callback"}, []string{"http://localhost/callback"}},
		{
			auth.Tool{Redirect: "http://127.0.0.1/callback", Ports: []int{1, 2}},
			[]string{"http://127.0.0.1:1/callback", "http://127.0.0.1:2/callback"},
		},
		{auth.Tool{Redirect: "http://[::1]/", Ports: []int{1}}, []string{"http://[::1]:1/"}},
	} {
		if got := provider.RedirectURIs(tt.tool); !reflect.DeepEqual(got, tt.want) {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

func TestWhyNoRefresh(t *testing.T) {
	for _, tt := range []struct {
		tool auth.Tool
		want string
	}{
		{auth.Tool{Provider: "auth0", Scopes: []string{"openid"}}, ""},
		{auth.Tool{Provider: "auth0", Scopes: []string{"openid", "offline_access"}}, "offline access is not allowed for this API at Auth0"},
		{auth.Tool{Provider: "google"}, "Google gives a refresh token with access_type=offline and prompt=consent only"},
		{auth.Tool{Provider: "oidc"}, ""},
		{auth.Tool{Provider: "of another time"}, ""},
	} {
		if got := provider.WhyNoRefresh(tt.tool); got != tt.want {
			t.Errorf("%s: %q", tt.tool.Provider, got)
		}
	}
}

func TestWithoutOffline(t *testing.T) {
	refusal := &auth.Error{Kind: auth.KindSetup, Code: "not_allowed"}
	tool, err := resolve(
		t,
		"keycloak",
		values{"host": "sso.example.com", "realm": "plant"},
		auth.Tool{Scopes: []string{"openid", "offline_access", "profile"}},
	)
	if err != nil {
		t.Fatal(err)
	}
	again, ok := provider.WithoutOffline(tool, refusal)
	if !ok || !reflect.DeepEqual(again.Scopes, []string{"openid", "profile"}) || !tool.AsksOffline() {
		t.Errorf("got %v, %v; the tool itself asks for %v", again.Scopes, ok, tool.Scopes)
	}
	for name, try := range map[string]func() (auth.Tool, bool){
		"asked for less already": func() (auth.Tool, bool) { return provider.WithoutOffline(again, refusal) },
		"no refusal":             func() (auth.Tool, bool) { return provider.WithoutOffline(tool, nil) },
		"another refusal":        func() (auth.Tool, bool) { return provider.WithoutOffline(tool, &auth.Error{Code: "invalid_scope"}) },
		"demanded": func() (auth.Tool, bool) {
			demanding := tool
			demanding.MandatoryScopes = []string{"offline_access"}
			return provider.WithoutOffline(demanding, refusal)
		},
		"another provider": func() (auth.Tool, bool) {
			other := tool
			other.Quirks = nil
			return provider.WithoutOffline(other, refusal)
		},
	} {
		if _, ok := try(); ok {
			t.Errorf("%s: it would be tried again", name)
		}
	}
}
