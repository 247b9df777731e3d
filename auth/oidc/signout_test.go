package oidc_test

import (
	"net/http"
	"net/url"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestRevoke(t *testing.T) {
	r := newRig(t)
	tokens := r.signIn()
	if err := r.client.Revoke(t.Context(), r.tool, tokens); err != nil {
		t.Fatal(err)
	}
	if got := r.hello(tokens); got != http.StatusUnauthorized {
		t.Errorf("the access token lives: %d", got)
	}
	_, err := r.client.Refresh(t.Context(), r.tool, tokens)
	wantError(t, err, auth.KindGrant, "invalid_grant")

	r.tool.ClientID = "plain"
	tokens = r.signIn()
	if err := r.client.Revoke(t.Context(), r.tool, tokens); err != nil || r.hello(tokens) != http.StatusUnauthorized {
		t.Errorf("an access token alone: %v", err)
	}
	before := r.faults.Total()
	if err := r.client.Revoke(t.Context(), r.tool, auth.Tokens{Account: tokens.Account}); err != nil || r.faults.Total() != before {
		t.Errorf("nothing to revoke: %v", err)
	}
}

func TestRevokeErrors(t *testing.T) {
	r := newRig(t)
	tokens := r.signIn()
	for name, tc := range map[string]struct {
		fault authtest.Fault
		kind  auth.Kind
		code  string
	}{
		"outage":           {authtest.Answer(503, "", "Retry-After", "5"), auth.KindTransient, "http_503"},
		"redirect":         {authtest.Redirect(307, "/x"), auth.KindTransient, "redirect"},
		"dropped":          {authtest.Drop, auth.KindTransient, "network"},
		"wrong client":     {authtest.Answer(401, `{"error":"invalid_client"}`), auth.KindSetup, "invalid_client"},
		"unsupported type": {authtest.Answer(400, `{"error":"unsupported_token_type"}`), auth.KindFailed, "unsupported_token_type"},
		"token echoed":     {echo("token"), auth.KindFailed, "invalid_grant"},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/revoke", tc.fault)
			wantError(t, r.client.Revoke(t.Context(), r.tool, tokens), tc.kind, tc.code, tokens.Refresh)
		})
	}
	r = newRig(t)
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "revocation_endpoint") }))
	if err := r.client.Revoke(t.Context(), r.tool, r.signIn()); err != nil {
		t.Errorf("no endpoint: %v", err)
	}
}

func TestEndSessionURL(t *testing.T) {
	r := newRig(t)
	tokens := r.signIn()
	address, ok, err := r.client.EndSessionURL(t.Context(), r.tool, tokens.ID, "http://127.0.0.1/out")
	if err != nil || !ok {
		t.Fatalf("got %v, %v", ok, err)
	}
	u, err := url.Parse(address)
	if err != nil || u.Path != "/end_session" {
		t.Fatalf("got %v, %v", u, err)
	}
	q := u.Query()
	if q.Get("client_id") != "renews" || q.Get("id_token_hint") != tokens.ID.Reveal() ||
		q.Get("post_logout_redirect_uri") != "http://127.0.0.1/out" {
		t.Errorf("got %v", q)
	}
	address, _, err = r.client.EndSessionURL(t.Context(), r.tool, "", "")
	if err != nil || address != r.tool.Issuer+"/end_session?client_id=renews" {
		t.Errorf("got %s, %v", address, err)
	}

	r = newRig(t)
	r.faults.Set(
		discoveryPath,
		authtest.RewriteJSON(func(m map[string]any) { m["end_session_endpoint"] = r.tool.Issuer + "/bye?p=policy" }),
	)
	if address, _, _ = r.client.EndSessionURL(t.Context(), r.tool, "", ""); address != r.tool.Issuer+"/bye?client_id=renews&p=policy" {
		t.Errorf("got %s", address)
	}
	r = newRig(t)
	r.faults.Set(discoveryPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "end_session_endpoint") }))
	if _, ok, err := r.client.EndSessionURL(t.Context(), r.tool, tokens.ID, ""); ok || err != nil {
		t.Errorf("no endpoint: %v, %v", ok, err)
	}
}
