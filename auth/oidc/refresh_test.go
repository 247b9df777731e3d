package oidc_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestRefresh(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	r.clock.advance(50 * time.Minute)
	before := r.faults.Total()
	fresh, err := r.client.Refresh(t.Context(), r.tool, old)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.faults.Total() - before; got != 1 {
		t.Errorf("a refresh sends %d requests, want 1", got)
	}
	now := r.clock.now()
	if fresh.Access == old.Access || fresh.Refresh == old.Refresh || fresh.ID == old.ID || !fresh.Unverified {
		t.Errorf("got %+v", fresh)
	}
	if fresh.Set != old.Set || !fresh.SignedInAt.Equal(old.SignedInAt) || !fresh.IssuedAt.Equal(now) ||
		!fresh.Expiry.Equal(now.Add(time.Hour)) ||
		fresh.Account != old.Account {
		t.Errorf("got %+v", fresh)
	}
	if fresh.Valid(now, 0) {
		t.Error("an unverified set is valid")
	}
	verified, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
	if err != nil {
		t.Fatal(err)
	}
	if got := r.faults.Total() - before; got != 1 {
		t.Errorf("a refresh with its check sends %d requests, want 1", got)
	}
	if !verified.Valid(now, time.Minute) || verified.Account != old.Account || r.hello(verified) != http.StatusOK {
		t.Errorf("got %+v", verified)
	}
	// Once more with the rotated token; the provider would end the family if
	// an old one came again.
	if _, err := r.client.Refresh(t.Context(), r.tool, verified); err != nil {
		t.Error(err)
	}
	_, err = r.client.Refresh(t.Context(), r.tool, old)
	wantError(t, err, auth.KindGrant, "invalid_grant", old.Refresh)
}

func TestRefreshKeepsWhatIsNotSaid(t *testing.T) {
	r := newRig(t)
	r.tool.ClientID = "ends"
	old := r.signIn()
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) {
		for _, name := range []string{"refresh_token", "refresh_expires_in", "scope", "id_token"} {
			delete(m, name)
		}
	}))
	r.clock.advance(time.Minute)
	fresh, err := r.client.Refresh(t.Context(), r.tool, old)
	if err != nil {
		t.Fatal(err)
	}
	if fresh.Refresh != old.Refresh || !fresh.RefreshExpiry.Equal(old.RefreshExpiry) || fresh.ID != old.ID ||
		!slices.Equal(fresh.Scopes, old.Scopes) {
		t.Errorf("got %+v, had %+v", fresh, old)
	}
	if fresh.Unverified || fresh.Access == old.Access || !fresh.Valid(r.clock.now(), 0) {
		t.Errorf("got %+v", fresh)
	}
	r.faults.Clear("/token")
	again, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
	if err != nil || again.Access != fresh.Access {
		t.Errorf("checking what needs none: %v", err)
	}
	// Marked by whoever stored it, without an ID token: only the mark goes.
	fresh.Unverified, fresh.ID = true, ""
	if again, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh); err != nil || again.Unverified {
		t.Errorf("got %v", err)
	}
	// A new refresh token without a word on its end has no known end.
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { delete(m, "refresh_expires_in") }))
	old = r.signIn()
	old.RefreshExpiry = r.clock.now().Add(time.Hour)
	if fresh, err = r.client.Refresh(t.Context(), r.tool, old); err != nil || fresh.Refresh == old.Refresh ||
		!fresh.RefreshExpiry.IsZero() {
		t.Errorf("got %+v, %v", fresh, err)
	}
}

func TestRefreshErrors(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	type bad struct {
		fault authtest.Fault
		kind  auth.Kind
		code  string
	}
	cases := map[string]bad{
		"refused":              {authtest.Answer(400, `{"error":"invalid_grant"}`), auth.KindGrant, "invalid_grant"},
		"refused, 401":         {authtest.Answer(401, `{"error":"invalid_grant"}`), auth.KindGrant, "invalid_grant"},
		"refused, 403":         {authtest.Answer(403, `{"error":"invalid_grant"}`), auth.KindGrant, "invalid_grant"},
		"login required":       {authtest.Answer(400, `{"error":"login_required"}`), auth.KindGrant, "login_required"},
		"interaction required": {authtest.Answer(400, `{"error":"interaction_required"}`), auth.KindGrant, "interaction_required"},
		"consent required":     {authtest.Answer(400, `{"error":"consent_required"}`), auth.KindGrant, "consent_required"},
		"wrong client":         {authtest.Answer(401, `{"error":"invalid_client"}`), auth.KindSetup, "invalid_client"},
		"grant not allowed":    {authtest.Answer(400, `{"error":"unauthorized_client"}`), auth.KindSetup, "unauthorized_client"},
		"unknown error":        {authtest.Answer(400, `{"error":"weird"}`), auth.KindFailed, "weird"},
		"out of order": {
			authtest.Answer(400, `{"error":"temporarily_unavailable"}`),
			auth.KindTransient,
			"temporarily_unavailable",
		},
		"refused in an outage":  {authtest.Answer(503, `{"error":"invalid_grant"}`), auth.KindTransient, "http_503"},
		"refused while limited": {authtest.Answer(429, `{"error":"invalid_grant"}`), auth.KindTransient, "http_429"},
		"refresh token echoed":  {echo("refresh_token"), auth.KindGrant, "invalid_grant"},
	}
	for name, tc := range badDocuments {
		if name != "array" && name != "cut" && name != "dropped" { // those two use the token up
			cases[name] = bad(tc)
		}
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", tc.fault)
			before := r.faults.Seen("/token")
			fresh, err := r.client.Refresh(t.Context(), r.tool, old)
			wantError(t, err, tc.kind, tc.code, old.Refresh, old.Access)
			if fresh.Access != "" || fresh.Refresh != "" {
				t.Error("tokens came with the error")
			}
			if got := r.faults.Seen("/token") - before; got != 1 {
				t.Errorf("%d token requests", got)
			}
		})
	}
	// After all that the refresh token is as good as before.
	r.faults.Clear("/token")
	if _, err := r.client.Refresh(t.Context(), r.tool, old); err != nil {
		t.Error(err)
	}
}

func TestRefreshedIDToken(t *testing.T) {
	r := newRig(t)
	mine := authtest.NewSigner("ES256", "mine")
	r.faults.Set("/jwks", authtest.Keys(mine))
	set := func(name string, value any) func(_, claims map[string]any) {
		return func(_, claims map[string]any) { claims[name] = value }
	}
	for name, tc := range map[string]struct {
		edit func(header, claims map[string]any)
		code string // empty: accepted
	}{
		"as it is":            {nil, ""},
		"subject changed":     {set("sub", "eve"), "id_token_subject"},
		"issuer changed":      {set("iss", "https://evil.example.com"), "id_token_issuer"},
		"audience changed":    {set("aud", "other"), "id_token_audience"},
		"azp changed":         {set("azp", "other"), "id_token_audience"},
		"nonce changed":       {set("nonce", "x"), "id_token_nonce"},
		"older sign-in":       {func(_, c map[string]any) { c["auth_time"] = num(c["auth_time"]) - 1 }, "id_token_auth_time"},
		"newer sign-in":       {func(_, c map[string]any) { c["auth_time"] = num(c["auth_time"]) + 60 }, ""},
		"sign-in not said":    {func(_, c map[string]any) { delete(c, "auth_time") }, ""},
		"at_hash of another":  {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "id_token_at_hash"},
		"expired":             {func(_, c map[string]any) { c["exp"] = num(c["iat"]) - 90 }, "id_token_expired"},
		"names left out":      {func(_, c map[string]any) { delete(c, "name"); delete(c, "email"); delete(c, "preferred_username") }, ""},
		"name changed":        {set("name", "Ada L."), ""},
		"signed by a strange": {func(h, _ map[string]any) { h["kid"] = "x" }, "id_token_signature"},
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Set("/token", authtest.RewriteIDToken(nil, mine))
			old := r.signIn()
			r.faults.Set("/token", authtest.RewriteIDToken(tc.edit, mine))
			fresh, err := r.client.Refresh(t.Context(), r.tool, old)
			if err != nil || !fresh.Unverified {
				t.Fatalf("got %+v, %v", fresh, err)
			}
			got, err := r.client.VerifyRefreshed(t.Context(), r.tool, old, fresh)
			if tc.code != "" {
				wantError(t, err, auth.KindProtocol, tc.code, fresh.Access, fresh.Refresh)
				if got.Access != "" {
					t.Error("tokens came with the error")
				}
				return
			}
			if err != nil || got.Unverified {
				t.Fatalf("refused: %v", err)
			}
			want := old.Account
			if name == "name changed" {
				want.Name = "Ada L."
			}
			if got.Account != want {
				t.Errorf("the account is %+v, want %+v", got.Account, want)
			}
		})
	}
}

func TestRefreshWithoutToken(t *testing.T) {
	r := newRig(t)
	_, err := r.client.Refresh(t.Context(), r.tool, auth.Tokens{})
	wantError(t, err, auth.KindSignIn, "no_refresh_token")
	if got := r.faults.Total(); got != 0 {
		t.Errorf("%d requests", got)
	}
}

func TestTokensGoToTheirOwnProviderOnly(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	r.serve(r.p) // the settings name another issuer now
	_, err := r.client.Refresh(t.Context(), r.tool, old)
	wantError(t, err, auth.KindSignIn, "other_issuer", old.Refresh)
	wantError(t, r.client.Revoke(t.Context(), r.tool, old), auth.KindSignIn, "other_issuer", old.Refresh)
	old.Unverified = true
	_, err = r.client.VerifyRefreshed(t.Context(), r.tool, old, old)
	wantError(t, err, auth.KindSignIn, "other_issuer")
	if got := r.faults.Total(); got != 0 {
		t.Errorf("%d requests", got)
	}
}

func TestRetryAfter(t *testing.T) {
	r := newRig(t)
	old := r.signIn()
	now := r.clock.now()
	for says, want := range map[string]time.Duration{
		"":                     0,
		"120":                  2 * time.Minute,
		" 7 ":                  7 * time.Second,
		"0":                    0,
		"-5":                   0,
		"1000000000":           15 * time.Minute,
		"99999999999999999999": 15 * time.Minute,
		"soon":                 0,
		"1.5":                  0,
		now.Add(3 * time.Minute).Format(http.TimeFormat): 3 * time.Minute,
		now.Add(-time.Hour).Format(http.TimeFormat):      0,
		now.Add(24 * time.Hour).Format(http.TimeFormat):  15 * time.Minute,
		strings.Repeat("9", 2000):                        15 * time.Minute,
	} {
		for status, body := range map[int]string{429: "", 503: "<html>", 400: `{"error":"temporarily_unavailable"}`} {
			r.faults.Set("/token", authtest.Answer(status, body, "Retry-After", says))
			_, err := r.client.Refresh(t.Context(), r.tool, old)
			if e := auth.AsError(err); e.Kind != auth.KindTransient || e.RetryAfter != want {
				t.Errorf("%.40q with status %d: %s after %v, want %v", says, status, e.Kind, e.RetryAfter, want)
			}
		}
	}
}
