package oidc_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// TestGrantedScopesAsAList warn as the text does.
func TestGrantedScopesAsAList(t *testing.T) {
	r := newRig(t)
	r.tool.Scopes, r.tool.MandatoryScopes = []string{"openid", "api"}, []string{"api"}
	for name, tc := range map[string]struct {
		scope   string
		missing []string
	}{
		"text":             {`"openid"`, []string{"api"}},
		"a list":           {`["openid"]`, []string{"api"}},
		"a list with it":   {`["openid","api"]`, nil},
		"a list of lines":  {`["openid api"]`, nil},
		"a list with more": {`["openid",7,null,{}]`, []string{"api"}},
		"an empty list":    {`[]`, nil}, // it says nothing, so all was granted
		"a number":         {`7`, nil},
		"null":             {`null`, nil},
		"an object":        {`{"openid":true}`, nil},
		"a line break":     {`["openid\n"]`, nil},
	} {
		r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { m["scope"] = json.RawMessage(tc.scope) }))
		if got := oidc.MissingScopes(r.tool, r.signIn()); !slices.Equal(got, tc.missing) {
			t.Errorf("%s: %v is missing, want %v", name, got, tc.missing)
		}
	}
}

// TestClientAuthenticationFailed: 401 says so at every endpoint to which the
// client proves itself, whatever stands in the body.
func TestClientAuthenticationFailed(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	service := auth.Tool{ID: "robot", Issuer: r.tool.Issuer, ClientID: "secret", ClientAuth: auth.ClientAuthForm, Grant: auth.GrantService}
	secret := r.tool
	secret.ClientID, secret.ClientAuth = "secret", auth.ClientAuthHeader
	for name, fault := range map[string]authtest.Fault{
		"nothing":            authtest.Answer(401, ""),
		"a page":             authtest.Answer(401, "<html><h1>401</h1>", "Content-Type", "text/html", "WWW-Authenticate", "Basic"),
		"text":               authtest.Answer(401, "Unauthorized", "Content-Type", "text/plain"),
		"another's JSON":     authtest.Answer(401, `{"message":"Unauthorized"}`, "Content-Type", "application/json"),
		"an error in a list": authtest.Answer(401, `{"error":["invalid_client"]}`, "Content-Type", "application/json"),
		"a byte-order mark":  authtest.Answer(401, "\xef\xbb\xbf"),
		"its own word":       authtest.Answer(401, `{"error":"invalid_client"}`),
	} {
		t.Run(name, func(t *testing.T) {
			r.client.Secret = constant(clientSecret)
			r.faults.Set("/token", fault)
			r.faults.Set("/revoke", fault)
			_, exchange := r.exchange()
			_, refresh := r.client.Refresh(t.Context(), r.tool, old)
			_, proven := r.client.Refresh(t.Context(), secret, old)
			_, credentials := r.client.ServiceTokens(t.Context(), service)
			for at, err := range map[string]error{
				"exchange": exchange, "refresh": refresh, "refresh with a secret": proven, "client credentials": credentials,
				"revocation": r.client.Revoke(t.Context(), r.tool, old),
			} {
				wantError(t, err, auth.KindSetup, "invalid_client", clientSecret, old.Refresh)
				e := auth.AsError(err)
				if e.Who != auth.WhoSetup || !strings.Contains(e.Do, "client_id") || !strings.Contains(e.Do, "secret") {
					t.Errorf("at %s: %v, to be done by %s", at, err, e.Who)
				}
			}
		})
	}
	// After all that the refresh token is as good as before.
	r.faults.Clear("/token")
	if _, err := r.client.Refresh(t.Context(), r.tool, old); err != nil {
		t.Error(err)
	}
}
