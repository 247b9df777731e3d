package engine_test

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestChangedScopes holds the settings' scopes against those of the sign-in.
func TestChangedScopes(t *testing.T) {
	for _, tt := range []struct {
		name     string
		asked    []string
		settings []string
		removal  bool
		want     string // in the problem; empty for none
	}{
		{name: "the same in another order", asked: []string{"openid", "a"}, settings: []string{"a", "openid"}, removal: true},
		{name: "added", asked: []string{"openid"}, settings: []string{"openid", "a", "b"}, want: "ask for a, b now, which"},
		{name: "removed", asked: []string{"openid", "a"}, settings: []string{"openid"}},
		{
			name: "removed, and that counts", asked: []string{"openid", "a"}, settings: []string{"openid"}, removal: true,
			want: "no longer ask for a, which",
		},
		{
			name: "both", asked: []string{"openid", "a"}, settings: []string{"openid", "b"}, removal: true,
			want: "ask for b now and no longer ask for a, which",
		},
		{name: "nobody noted what was asked", settings: []string{"openid", "a"}, removal: true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := engine.Facts{
				Tool:   auth.Tool{ID: "a", Scopes: tt.settings, RetriggerRemoved: tt.removal},
				Tokens: tokens(func(t *auth.Tokens) { t.Asked = tt.asked }),
			}
			s := engine.Derive(f, noon)
			if s.State != session.Active {
				t.Errorf("the working token is lost: %s", s.State)
			}
			switch {
			case tt.want == "" && s.Problem != nil:
				t.Errorf("a problem is made of it: %v", s.Problem)
			case tt.want != "" && (s.Problem == nil || s.Problem.Code != auth.CodeScopesChanged || s.Problem.Kind != auth.KindSignIn ||
				!strings.Contains(s.Problem.What, tt.want)):
				t.Errorf("the problem is %+v", s.Problem)
			}
		})
	}
}

// TestBinding says what a refresh token is bound to, and warns where the tool
// wants it otherwise.
func TestBinding(t *testing.T) {
	jwt := func(typ string) auth.Secret {
		part := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
		return auth.Secret(part(`{"alg":"HS512"}`) + "." + part(`{"typ":"`+typ+`"}`) + ".c2ln")
	}
	for _, tt := range []struct {
		name    string
		quirks  []auth.Quirk
		scopes  []string // granted
		refresh auth.Secret
		want    auth.Binding
		warned  bool
	}{
		{name: "Keycloak's offline token", refresh: jwt("Offline"), want: auth.BoundOffline, warned: true},
		{name: "Keycloak's session token", refresh: jwt("Refresh"), want: auth.BoundSession},
		{name: "Keycloak with an opaque one", quirks: []auth.Quirk{auth.QuirkSessionRefresh}, refresh: "x", want: auth.BoundSession},
		{name: "Google", quirks: []auth.Quirk{auth.QuirkLastingRefresh}, refresh: "x", want: auth.BoundOffline, warned: true},
		{name: "offline_access granted", scopes: []string{"openid", "offline_access"}, refresh: "x", want: auth.BoundOffline, warned: true},
		{name: "nothing tells", refresh: "x"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			f := engine.Facts{
				Tool:   auth.Tool{ID: "a", Scopes: []string{"openid"}, Quirks: tt.quirks},
				Tokens: tokens(func(t *auth.Tokens) { t.Refresh, t.Scopes = tt.refresh, tt.scopes }),
			}
			if tt.scopes != nil {
				f.Tool.Scopes = tt.scopes
			}
			s := engine.Derive(f, noon)
			if s.Renewal == nil || s.Renewal.Bound != tt.want || s.Warnings != nil {
				t.Errorf("renewal %+v, warnings %q", s.Renewal, s.Warnings)
			}
			f.Tool.WantsSessionBound = true
			s = engine.Derive(f, noon)
			if (len(s.Warnings) == 1) != tt.warned {
				t.Errorf("warnings %q", s.Warnings)
			}
			if tt.warned && strings.Contains(s.Warnings[0], "take offline_access out") != (tt.scopes != nil) {
				t.Errorf("the advice is %q", s.Warnings[0])
			}
		})
	}
}

// TestAddingOffline is offered where it may help, and only there.
func TestAddingOffline(t *testing.T) {
	for name, tt := range map[string]struct {
		tool auth.Tool
		want bool
	}{
		"not asked for": {auth.Tool{Provider: "entra", Scopes: []string{"openid"}}, true},
		"asked for":     {auth.Tool{Provider: "entra", Scopes: []string{"openid", "offline_access"}}, false},
		"refused there": {auth.Tool{Provider: "google", Scopes: []string{"openid"}}, false},
		"another kind":  {auth.Tool{Grant: auth.GrantService}, false},
		"unknown to us": {auth.Tool{Provider: "oidc", Scopes: []string{"openid"}}, true},
		"mandatory there": {
			auth.Tool{Provider: "oidc", Scopes: []string{"openid", "offline_access"}, MandatoryScopes: []string{"offline_access"}},
			false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := engine.Derive(engine.Facts{Tool: tt.tool, Tokens: tokens()}, noon)
			if s.Renewal == nil || s.Renewal.AddOffline != tt.want {
				t.Errorf("%+v", s.Renewal)
			}
			refused := engine.Facts{Tool: tt.tool, Tokens: tokens(func(t *auth.Tokens) { t.RefreshRefused = true })}
			if s := engine.Derive(refused, noon); s.Renewal == nil || s.Renewal.AddOffline {
				t.Errorf("after a refresh token that was refused: %+v", s.Renewal)
			}
			explained := s.Problem != nil && strings.Contains(s.Problem.What, "ThingWorx gets no refresh token")
			if explained != (tt.tool.MandatoryScopes != nil) {
				t.Errorf("the problem is %v", s.Problem)
			}
		})
	}
}

// TestSignInNotesWhatItAsksFor follows a change of the settings: the session
// goes on and says what is missing until somebody signs in.
func TestSignInNotesWhatItAsksFor(t *testing.T) {
	var tools []auth.Tool
	env := newLoopbackEnvironment(t, func(c *engine.Config) { tools = c.Tools })
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	stored, err := env.store.Load(t.Context(), "renews")
	if err != nil || !slices.Equal(stored.Asked, tools[0].Scopes) {
		t.Errorf("noted %q, %v", stored.Asked, err)
	}
	changed := slices.Clone(tools)
	changed[0].Scopes = append(slices.Clone(changed[0].Scopes), "email")
	if err := env.SetTools(t.Context(), changed, nil); err != nil {
		t.Fatal(err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.State != session.Active || s.Problem == nil || s.Problem.Code != auth.CodeScopesChanged {
		t.Errorf("after the change: %s, %v", s.State, s.Problem)
	}
	if got, err := env.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access == "" {
		t.Errorf("the token is lost: %v", err)
	}
	_, _ = env.Token(t.Context(), "renews", session.TokenOptions{MinValid: 2 * time.Hour}) // which a renewal does not bring either
	if renewed, err := env.store.Load(t.Context(), "renews"); err != nil || renewed.Refresh == stored.Refresh ||
		!slices.Equal(renewed.Asked, stored.Asked) {
		t.Errorf("after a renewal: %q, %v", renewed.Asked, err)
	}
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Problem != nil {
		t.Errorf("after signing in again: %v", s.Problem)
	}
}

// TestSignInWithOffline asks for one more scope than the settings.
func TestSignInWithOffline(t *testing.T) {
	env := newLoopbackEnvironment(t, func(c *engine.Config) { c.Tools[0].Scopes = []string{"openid"} })
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{Offline: true}); err != nil {
		t.Fatal(err)
	}
	if err := env.browser.Wait(); err != nil {
		t.Fatal(err)
	}
	if got := parsed(t, env.browser.Opened()[0]).Query().Get("scope"); got != "openid offline_access" {
		t.Errorf("asked for %q", got)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Problem != nil || s.Renewal.Mode != session.Automatic ||
		s.Renewal.Bound != auth.BoundOffline {
		t.Errorf("%+v", s)
	}
}
