package oidc_test

import (
	"slices"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// TestOnlyRefresh is what may be stored of an answer that is not yet verified:
// its refresh token. The answer to that one has to prove whose it is.
func TestOnlyRefresh(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	fresh, err := r.client.Refresh(t.Context(), r.tool, old)
	if err != nil {
		t.Fatal(err)
	}
	only := oidc.OnlyRefresh(old, fresh)
	if only.Refresh != fresh.Refresh || !only.RefreshExpiry.Equal(fresh.RefreshExpiry) || !only.RefreshUnproven || only.Unverified ||
		only.Access != old.Access || only.ID != old.ID || !only.Expiry.Equal(old.Expiry) || only.Account != old.Account ||
		!slices.Equal(only.Scopes, old.Scopes) {
		t.Errorf("got %+v", only)
	}
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") }))
	fresh, err = r.client.Refresh(t.Context(), r.tool, only)
	if err != nil || !fresh.Unverified {
		t.Fatalf("without an ID token: unverified %v, %v", fresh.Unverified, err)
	}
	got, err := r.client.VerifyRefreshed(t.Context(), r.tool, only, fresh)
	if wantError(t, err, auth.KindProtocol, "no_id_token"); got.Access != "" {
		t.Error("tokens came with the error")
	}
	r.faults.Clear("/token")
	fresh, err = r.client.Refresh(t.Context(), r.tool, oidc.OnlyRefresh(only, fresh))
	if err != nil {
		t.Fatal(err)
	}
	if got, err = r.client.VerifyRefreshed(t.Context(), r.tool, only, fresh); err != nil || got.RefreshUnproven || got.Unverified ||
		got.Access != fresh.Access {
		t.Errorf("with one: %v", err)
	}
	if same := oidc.OnlyRefresh(got, got); same.RefreshUnproven {
		t.Error("a refresh token that stays the same is as good as it was")
	}
	// An outage says nothing about the answer.
	r.client = r.newClient()
	r.faults.Set("/jwks", authtest.Answer(503, ""))
	_, err = r.client.VerifyRefreshed(t.Context(), r.tool, only, fresh)
	wantError(t, err, auth.KindTransient, "http_503")
}

// TestRefreshedIsOfTheSignIn renews with an ID token that says nothing of the
// sign-in, as most do, and then with one that says something else: what the
// sign-in said is still known.
func TestRefreshedIsOfTheSignIn(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	for code, edit := range map[string]func(_, claims map[string]any){
		"id_token_nonce":     func(_, c map[string]any) { c["nonce"] = "x" },
		"id_token_auth_time": func(_, c map[string]any) { c["auth_time"] = num(c["auth_time"]) - 1 },
	} {
		r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
		first := r.signIn()
		r.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) { delete(c, "nonce"); delete(c, "auth_time") }, mine))
		old, err := r.client.Refresh(t.Context(), r.tool, first)
		if err == nil {
			old, err = r.client.VerifyRefreshed(t.Context(), r.tool, first, old)
		}
		if err != nil {
			t.Fatal(err)
		}
		r.faults.Set("/token", authtest.RewriteIDToken(edit, mine))
		fresh, err := r.client.Refresh(t.Context(), r.tool, old)
		if err != nil {
			t.Fatal(err)
		}
		_, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
		wantError(t, err, auth.KindProtocol, code, fresh.Access, fresh.Refresh)
	}
}
