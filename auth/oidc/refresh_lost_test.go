package oidc_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/oidc"
)

// TestRefreshLostAnswer tells a request whose answer was lost, which may have
// spent the refresh token, from one that did not go out or was answered.
func TestRefreshLostAnswer(t *testing.T) {
	for name, tc := range map[string]struct {
		fault authtest.Fault
		code  string
		lost  bool
	}{
		"cut":             {authtest.Cut, "network", true},
		"dropped":         {authtest.Drop, "network", true},
		"gateway":         {authtest.Answer(502, ""), "http_502", true},
		"gateway timeout": {authtest.Answer(504, "<html>"), "http_504", true},
		"outage":          {authtest.Answer(503, ""), "http_503", false},
		"limit":           {authtest.Answer(429, ""), "http_429", false},
		"portal":          {authtest.Answer(200, "<html>", "Content-Type", "text/html"), "not_json", false},
	} {
		r := newRig(t)
		old := r.signIn()
		r.faults.Set("/token", tc.fault)
		before := r.faults.Seen("/token")
		_, err := r.client.Refresh(t.Context(), r.tool, old)
		wantError(t, err, auth.KindTransient, tc.code, old.Refresh)
		if got := errors.Is(err, oidc.ErrNoAnswer); got != tc.lost {
			t.Errorf("%s: the answer counts as lost: %v, want %v", name, got, tc.lost)
		}
		if got := r.faults.Seen("/token") - before; got != 1 {
			t.Errorf("%s: %d token requests", name, got)
		}
	}
	// Nobody is there: nothing went out.
	r := newRig(t)
	old := r.signIn()
	gone := httptest.NewServer(http.NotFoundHandler())
	gone.Close()
	r.faults.Set(
		"/.well-known/openid-configuration",
		authtest.RewriteJSON(func(m map[string]any) { m["token_endpoint"] = gone.URL + "/token" }),
	)
	r.client = r.newClient()
	_, err := r.client.Refresh(t.Context(), r.tool, old)
	wantError(t, err, auth.KindTransient, "unreachable", old.Refresh)
	if errors.Is(err, oidc.ErrNoAnswer) {
		t.Error("a request that did not go out counts as one without an answer")
	}
}

func TestRotatedTokenSurvivesABadAnswer(t *testing.T) {
	r := newRig(t)
	for name, edit := range map[string]func(map[string]any){
		"type":         func(m map[string]any) { m["token_type"] = "mac" },
		"access token": func(m map[string]any) { m["access_token"] = "a\nb" },
		"none":         func(m map[string]any) { delete(m, "access_token") },
		"ID token":     func(m map[string]any) { m["id_token"] = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			r.faults.Clear("/token")
			old := r.signIn()
			r.faults.Set("/token", authtest.RewriteJSON(edit))
			fresh, err := r.client.Refresh(t.Context(), r.tool, old)
			if auth.KindOf(err) != auth.KindProtocol {
				t.Fatalf("got %v", err)
			}
			if fresh.Refresh == "" || fresh.Refresh == old.Refresh || fresh.Access != old.Access || fresh.Expiry != old.Expiry ||
				fresh.ID != old.ID {
				t.Fatalf("got %+v", fresh)
			}
			r.faults.Clear("/token")
			if _, err := r.client.Refresh(t.Context(), r.tool, fresh); err != nil {
				t.Errorf("the rotated token is lost: %v", err)
			}
		})
	}
	// What x/oauth2 would lose it over is no error here.
	old := r.signIn()
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { m["expires_in"] = 3600.5 }))
	if fresh, err := r.client.Refresh(t.Context(), r.tool, old); err != nil || fresh.Refresh == old.Refresh {
		t.Errorf("got %v", err)
	}
}
