package oidc_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

func signInAs(r *rig, address string) error {
	return idp.Person{Username: "ada", Password: password}.SignIn(r.Context(), address)
}

func TestIDTokenWithoutAccessToken(t *testing.T) {
	r := newRig(t)
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { delete(m, "access_token"); delete(m, "expires_in") }))
	_, err := r.exchange()
	wantError(t, err, auth.KindProtocol, "no_access_token")
	if !strings.Contains(err.Error(), "client ID itself as a scope") {
		t.Errorf("nobody could fix that by reading %q", err)
	}
}

func TestScopesAreRepeatedWithTheCode(t *testing.T) {
	for quirk, want := range map[auth.Quirk]string{"": "", auth.QuirkScopeAtToken: "openid profile email offline_access"} {
		r := newRig(t)
		var got string
		r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
			got = req.PostFormValue("scope")
			next.ServeHTTP(w, req)
		})
		r.tool.Quirks = []auth.Quirk{quirk}
		r.signIn()
		if got != want {
			t.Errorf("with the quirk %q the scopes %q were sent", quirk, got)
		}
	}
}

func TestPromptThatIsNotThere(t *testing.T) {
	r := newRig(t)
	r.tool.Quirks = []auth.Quirk{auth.QuirkNoPromptLogin}
	for asked, want := range map[string]string{"login": "select_account", "consent": "consent", "": ""} {
		req, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{Prompt: asked})
		if err != nil {
			t.Fatal(err)
		}
		if u, err := url.Parse(req.URL); err != nil || u.Query().Get("prompt") != want {
			t.Errorf("prompt %q was sent as %q", asked, u.Query().Get("prompt"))
		}
	}
}

func TestSignOutWithLogoutURI(t *testing.T) {
	r := newRig(t)
	r.tool.Quirks = []auth.Quirk{auth.QuirkLogoutURI}
	address, ok, err := r.client.EndSessionURL(t.Context(), r.tool, "a.b.c", "http://localhost/out")
	if err != nil || !ok || address != r.tool.Issuer+"/end_session?client_id=renews&logout_uri=http%3A%2F%2Flocalhost%2Fout" {
		t.Errorf("got %s, %v, %v", address, ok, err)
	}
	if address, ok, _ := r.client.EndSessionURL(t.Context(), r.tool, "a.b.c", ""); ok {
		t.Errorf("without a place to return to it is %s", address)
	}
}

func TestSignOutWithoutTheHint(t *testing.T) {
	r := newRig(t)
	r.tool.Quirks = []auth.Quirk{auth.QuirkHintWantsHTTPS}
	for back, want := range map[string]bool{"": true, "http://localhost/out": false, "https://plant.example.com/out": true} {
		address, ok, err := r.client.EndSessionURL(t.Context(), r.tool, "a.b.c", back)
		if err != nil || !ok || strings.Contains(address, "id_token_hint") != want {
			t.Errorf("back to %q: %s, %v, %v", back, address, ok, err)
		}
	}
}

func TestRefreshBinding(t *testing.T) {
	jwt := func(typ string) auth.Secret {
		return auth.Secret("e30." + base64.RawURLEncoding.EncodeToString([]byte(`{"typ":"`+typ+`"}`)) + ".c2ln")
	}
	asks := auth.Tool{Scopes: []string{"openid", "offline_access"}}
	lasting := auth.Tool{Quirks: []auth.Quirk{auth.QuirkLastingRefresh}}
	session := auth.Tool{Quirks: []auth.Quirk{auth.QuirkSessionRefresh}}
	for name, tt := range map[string]struct {
		tool   auth.Tool
		tokens auth.Tokens
		want   auth.Binding
	}{
		"no refresh token":           {lasting, auth.Tokens{}, auth.BoundUnknown},
		"nothing tells":              {auth.Tool{}, auth.Tokens{Refresh: "r"}, auth.BoundUnknown},
		"asked for and nothing said": {asks, auth.Tokens{Refresh: "r"}, auth.BoundOffline},
		"asked for and not granted":  {asks, auth.Tokens{Refresh: "r", Scopes: []string{"openid"}}, auth.BoundUnknown},
		"granted": {
			auth.Tool{},
			auth.Tokens{Refresh: "r", Scopes: []string{"offline_access"}},
			auth.BoundOffline,
		},
		"a provider whose tokens last":        {lasting, auth.Tokens{Refresh: "r"}, auth.BoundOffline},
		"a provider of sessions":              {session, auth.Tokens{Refresh: "r"}, auth.BoundSession},
		"a provider of sessions, offline":     {session, auth.Tokens{Refresh: "r", Scopes: []string{"offline_access"}}, auth.BoundOffline},
		"the token says session":              {asks, auth.Tokens{Refresh: jwt("Refresh")}, auth.BoundSession},
		"the token says offline":              {session, auth.Tokens{Refresh: jwt("Offline")}, auth.BoundOffline},
		"the token is a JWT and says nothing": {session, auth.Tokens{Refresh: jwt("JWT")}, auth.BoundSession},
	} {
		if got := oidc.RefreshBinding(tt.tool, tt.tokens); got != tt.want {
			t.Errorf("%s: %q, want %q", name, got, tt.want)
		}
	}
}
