package engine_test

import (
	"net/http"
	"net/url"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestSignInWithoutTheRightToOfflineAccess has a provider that fails the whole
// sign-in of a person who may not have offline_access, as Keycloak does.
func TestSignInWithoutTheRightToOfflineAccess(t *testing.T) {
	refusal := authtest.Answer(
		http.StatusBadRequest,
		`{"error":"not_allowed","error_description":"Offline tokens not allowed for the user or client"}`,
	)
	for name, tt := range map[string]struct {
		quirks    []auth.Quirk
		mandatory []string
		times     int // how often it is refused
		sent      int // how often the person is sent to the browser
		ok        bool
	}{
		"once":                 {quirks: []auth.Quirk{auth.QuirkOfflineRole}, times: 1, sent: 2, ok: true},
		"again":                {quirks: []auth.Quirk{auth.QuirkOfflineRole}, times: 9, sent: 2},
		"demanded by the tool": {quirks: []auth.Quirk{auth.QuirkOfflineRole}, mandatory: []string{"offline_access"}, times: 1, sent: 1},
		"another provider":     {times: 1, sent: 1},
	} {
		t.Run(name, func(t *testing.T) {
			env := newLoopbackEnvironment(t, func(cfg *engine.Config) {
				cfg.Tools[0].Quirks, cfg.Tools[0].MandatoryScopes = tt.quirks, tt.mandatory
			})
			env.faults.Set("/token", authtest.Times(tt.times, refusal))
			err := env.SignIn(t.Context(), "renews", session.SignInOptions{Prompt: "login"})
			if e := auth.AsError(err); (e == nil) != tt.ok || e != nil && e.Code != "not_allowed" {
				t.Errorf("the sign-in ended with %v", err)
			}
			var asked []url.Values
			for _, address := range env.browser.Opened() {
				u, err := url.Parse(address)
				if err != nil {
					t.Fatal(err)
				}
				asked = append(asked, u.Query())
			}
			if len(asked) != tt.sent || asked[0].Get("scope") != "openid profile offline_access" || asked[0].Get("prompt") != "login" {
				t.Fatalf("asked for %v", asked)
			}
			// The first of two pages fails nobody.
			if err := env.browser.Wait(); (err == nil) != tt.ok {
				t.Errorf("the browser showed %v", err)
			}
			if tt.sent == 2 && (asked[1].Get("scope") != "openid profile" || asked[1].Has("prompt")) {
				t.Errorf("asked the second time for %v", asked[1])
			}
		})
	}
}

// TestReasonOfAPreset has the session say what is known of its provider.
func TestReasonOfAPreset(t *testing.T) {
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	tokens := auth.Tokens{Access: "a", IssuedAt: now, Expiry: now.Add(time.Hour), Scopes: []string{"openid"}}
	for name, tt := range map[string]struct {
		tool auth.Tool
		want string
	}{
		"AD FS, not asked for": {
			auth.Tool{Provider: "adfs"},
			"AD FS issues no further refresh token unless people are kept signed in or the device is registered",
		},
		"Auth0, asked for": {
			auth.Tool{Provider: "auth0", Scopes: []string{"offline_access"}},
			"offline access is not allowed for this API at Auth0",
		},
		"Auth0, not asked for": {auth.Tool{Provider: "auth0"}, "offline_access was not asked for"},
		"any provider":         {auth.Tool{Provider: "oidc"}, "offline_access was not asked for"},
	} {
		s := engine.Derive(engine.Facts{Tool: tt.tool, Loaded: true, Tokens: &tokens}, now)
		if s.Renewal == nil || s.Renewal.Reason != tt.want {
			t.Errorf("%s: %+v", name, s.Renewal)
		}
	}
}
