package provider_test

import (
	"reflect"
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
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"},
				Redirect: "http://localhost/callback", Quirks: []auth.Quirk{auth.QuirkLastingRefresh},
			},
		},
		{
			"b2c",
			values{"tenant": "contoso", "policy": "b2c_1"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "offline_access", "client"},
				Redirect: "http://localhost/callback/contoso.b2clogin.com",
				Quirks:   []auth.Quirk{auth.QuirkScopeAtToken, auth.QuirkHintWantsHTTPS, auth.QuirkLastingRefresh},
			},
		},
		{
			"adfs",
			values{"host": "fs.example.com", "resource": "urn:api"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "allatclaims"},
				Redirect: "http://127.0.0.1/callback/fs.example.com", Ports: ports, Params: values{"resource": "urn:api"},
			},
		},
		{
			"google", nil,
			auth.Tool{
				ClientAuth: "form", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://127.0.0.1/",
				Params: values{"access_type": "offline", "prompt": "consent"},
				Quirks: []auth.Quirk{auth.QuirkNoPromptLogin, auth.QuirkLastingRefresh},
			},
		},
		{
			"auth0",
			values{"domain": "example.auth0.com"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"},
				Redirect: "http://127.0.0.1/callback/example.auth0.com", Ports: ports,
			},
		},
		{
			"keycloak",
			values{"host": "sso.example.com", "realm": "plant"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://127.0.0.1/callback",
				Quirks: []auth.Quirk{auth.QuirkOfflineRole, auth.QuirkSessionRefresh},
			},
		},
		{
			"pingfederate",
			values{"host": "sso.example.com:9031"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email"},
				Redirect: "http://127.0.0.1/callback/sso.example.com_9031", Ports: ports,
			},
		},
		{
			"okta",
			values{"domain": "example.okta.com"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email", "offline_access"},
				Redirect: "http://127.0.0.1/callback/example.okta.com", Ports: ports,
			},
		},
		{
			"cognito",
			values{"pool": "eu-west-1_AbC"},
			auth.Tool{
				ClientAuth: "none", Scopes: []string{"openid", "profile", "email"}, Redirect: "http://localhost/callback",
				Ports: ports, Quirks: []auth.Quirk{auth.QuirkLogoutURI, auth.QuirkLastingRefresh},
			},
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
				ClientAuth: "header", Scopes: []string{"api/read"}, MandatoryScopes: []string{"api/write"}, Redirect: "http://[::1]/x",
				Ports: []int{9},
				Params: values{
					"prompt": "none",
					"x":      "y",
				}, ExpectIssuers: []string{"https://pinned.example.com"}, Endpoints: auth.Endpoints{Token: "https://proxy.example.com/t"},
			}
			if got, err = resolve(t, tt.id, tt.values, own); err != nil {
				t.Fatal(err)
			}
			if got.ClientAuth != own.ClientAuth || got.Redirect != own.Redirect || !reflect.DeepEqual(got.Ports, own.Ports) ||
				got.Params["prompt"] != "none" || got.Params["x"] != "y" ||
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
