package oidc_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
)

func TestSignIn(t *testing.T) {
	r := newRig(t)
	tokens := r.signIn()
	now := r.clock.now()
	if tokens.Type != "Bearer" || !tokens.SignedInAt.Equal(now) || !tokens.IssuedAt.Equal(now) ||
		!tokens.Expiry.Equal(now.Add(time.Hour)) ||
		!tokens.RefreshExpiry.IsZero() {
		t.Errorf("got %+v", tokens)
	}
	if tokens.Refresh == "" || tokens.ID == "" || tokens.Set == "" || tokens.Unverified {
		t.Errorf("got %+v", tokens)
	}
	if want := []string{"openid", "profile", "email", "offline_access"}; !slices.Equal(tokens.Scopes, want) {
		t.Errorf("granted %q", tokens.Scopes)
	}
	a := tokens.Account
	if a.Issuer != r.tool.Issuer || a.Subject == "" || a.Name != "ada" || a.Username != "ada" || a.Email != "ada@example.com" {
		t.Errorf("the account is %+v", a)
	}
	if got := r.hello(tokens); got != http.StatusOK {
		t.Errorf("the resource answers %d", got)
	}
	if again := r.signIn(); again.Set == tokens.Set {
		t.Error("two sign-ins are one set")
	}
	r.tool.ClientID = "ends"
	if got := r.signIn().RefreshExpiry; !got.Equal(now.Add(8 * time.Hour)) {
		t.Errorf("the refresh token ends %v", got)
	}
	r.tool.ClientID = "plain"
	if tokens := r.signIn(); tokens.Refresh != "" || slices.Contains(tokens.Scopes, "offline_access") || !tokens.RefreshExpiry.IsZero() {
		t.Errorf("a client without refresh tokens got %+v", tokens)
	}
}

func TestEveryAlgorithm(t *testing.T) {
	r := newRig(t)
	cfg := idp.Config{Users: map[string]auth.Secret{"ada": password}, Now: r.clock.now}
	for _, alg := range oidc.Algorithms() {
		cfg.Clients = append(cfg.Clients, idp.Client{ID: alg, Alg: alg, Refresh: true})
	}
	p, err := idp.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	r.p = p
	r.serve(p)
	for _, alg := range oidc.Algorithms() {
		r.tool.ClientID = alg
		tokens := r.signIn()
		fresh, err := r.client.Refresh(t.Context(), r.tool, tokens)
		if err != nil {
			t.Errorf("%s: %v", alg, err)
			continue
		}
		if fresh, err = r.client.VerifyRefreshed(t.Context(), r.tool, tokens, fresh); err != nil || r.hello(fresh) != http.StatusOK {
			t.Errorf("%s: %v", alg, err)
		}
	}
	if got := r.faults.Seen("/jwks"); got != 1 {
		t.Errorf("the keys were fetched %d times", got)
	}
}

func TestRequestsOfASignIn(t *testing.T) {
	r := newRig(t)
	sent := func() int { return r.faults.Total() - r.faults.Seen("/authorize") - r.faults.Seen("/signin") }
	r.signIn()
	if got := sent(); got != 3 { // metadata, token, keys
		t.Errorf("a cold sign-in sends %d requests, want 3", got)
	}
	before := sent()
	r.signIn()
	if got := sent() - before; got != 1 {
		t.Errorf("a warm sign-in sends %d requests, want 1", got)
	}
	r.client = r.newClient()
	before = sent()
	for range 2 {
		if err := r.client.Warm(t.Context(), r.tool); err != nil {
			t.Fatal(err)
		}
	}
	if got := sent() - before; got != 2 {
		t.Errorf("warming twice sends %d requests, want 2", got)
	}
	before = sent()
	old := r.signIn()
	if _, err := r.client.Refresh(t.Context(), r.tool, old); err != nil {
		t.Fatal(err)
	}
	if got := sent() - before; got != 2 {
		t.Errorf("a sign-in after warming and a refresh send %d requests, want 2", got)
	}
}

func TestClientAuthentication(t *testing.T) {
	r := newRig(t)
	r.tool.ClientID = "secret"
	secret := func(s string) { r.client.Secret = constant(s) }
	for _, how := range []auth.ClientAuth{auth.ClientAuthForm, auth.ClientAuthHeader} {
		t.Run(string(how), func(t *testing.T) {
			r.tool.ClientAuth = how
			r.client.Secret = nil
			_, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{})
			wantError(t, err, auth.KindSetup, "no_client_secret")
			secret("wrong")
			_, err = r.exchange()
			wantError(t, err, auth.KindSetup, "invalid_client", "wrong")
			secret(clientSecret)
			tokens := r.signIn()
			fresh, err := r.client.Refresh(t.Context(), r.tool, tokens)
			if err != nil {
				t.Fatal(err)
			}
			if err := r.client.Revoke(t.Context(), r.tool, fresh); err != nil {
				t.Error(err)
			}
			if got := r.hello(fresh); got != http.StatusUnauthorized {
				t.Errorf("the resource answers %d after the revocation", got)
			}
		})
	}
	r.tool.ClientAuth = "basic"
	_, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{})
	wantError(t, err, auth.KindSetup, "bad_client_auth")
}

func TestMissingScopes(t *testing.T) {
	tool := auth.Tool{Scopes: []string{"openid", "api"}, MandatoryScopes: []string{"api", "offline_access"}}
	for name, tc := range map[string]struct {
		tokens auth.Tokens
		want   []string
	}{
		"not said, as asked":      {auth.Tokens{Refresh: "r"}, nil},
		"all":                     {auth.Tokens{Scopes: []string{"api", "offline_access"}, Refresh: "r"}, nil},
		"listed, but no token":    {auth.Tokens{Scopes: []string{"api", "offline_access"}}, []string{"offline_access"}},
		"refresh token unlisted":  {auth.Tokens{Scopes: []string{"api"}, Refresh: "r"}, nil},
		"API missing":             {auth.Tokens{Scopes: []string{"openid"}, Refresh: "r"}, []string{"api"}},
		"offline missing, silent": {auth.Tokens{}, []string{"offline_access"}},
	} {
		if got := oidc.MissingScopes(tool, tc.tokens); !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
	}
	r := newRig(t)
	r.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { delete(m, "scope") }))
	if got := r.signIn().Scopes; got != nil {
		t.Errorf("the provider said nothing, and %q was granted", got)
	}
}

// TestGooglesScopes takes the addresses that Google grants for the scopes that
// they stand for.
func TestGooglesScopes(t *testing.T) {
	tool := auth.Tool{Provider: "google", Scopes: []string{"openid", "email"}, MandatoryScopes: []string{"email", "profile"}}
	granted := auth.Tokens{Scopes: []string{"openid", "https://www.googleapis.com/auth/userinfo.email"}}
	if got := oidc.MissingScopes(tool, granted); !slices.Equal(got, []string{"profile"}) {
		t.Errorf("missing %q, want profile alone", got)
	}
}

func TestRedirectsAreNotFollowed(t *testing.T) {
	var strangers sync.Map
	stranger := authtest.Serve(t, http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		strangers.Store(req.Method+" "+req.URL.Path, true)
		writeJSON(w, map[string]any{"access_token": "stolen", "token_type": "Bearer"})
	}))
	for _, path := range []string{discoveryPath, "/jwks", "/token"} {
		for _, status := range []int{301, 302, 303, 307, 308} {
			r := newRig(t)
			r.faults.Set(path, authtest.Redirect(status, stranger+path))
			req, err := r.client.Begin(t.Context(), r.tool, r.callback, oidc.BeginOptions{})
			if err == nil {
				_, err = r.client.Exchange(t.Context(), req, r.code(req))
			}
			wantError(t, err, auth.KindTransient, "redirect")
			if path == "/token" {
				old := auth.Tokens{Refresh: "r", Account: auth.Account{Issuer: r.tool.Issuer}}
				_, err := r.client.Refresh(t.Context(), r.tool, old)
				wantError(t, err, auth.KindTransient, "redirect")
			}
		}
	}
	strangers.Range(func(k, _ any) bool {
		t.Errorf("a stranger got %v", k)
		return true
	})
}

func TestTokenRequest(t *testing.T) {
	r := newRig(t)
	var form url.Values
	var header http.Header
	r.faults.Set("/token", func(w http.ResponseWriter, req *http.Request, next http.Handler) {
		_ = req.ParseForm()
		form, header = req.PostForm, req.Header
		next.ServeHTTP(w, req)
	})
	req := r.begin()
	code := r.code(req)
	tokens, err := r.client.Exchange(t.Context(), req, code)
	if err != nil {
		t.Fatal(err)
	}
	if form.Get("code") != code.Reveal() || form.Get("redirect_uri") != r.callback || len(form.Get("code_verifier")) != 43 ||
		form.Get("client_id") != "renews" ||
		form.Has("client_secret") {
		t.Errorf("the exchange sends %v", form)
	}
	if header.Get("Authorization") != "" || header.Get("Accept") != "application/json" ||
		!strings.HasPrefix(header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		t.Errorf("the exchange sends %v", header)
	}
	if _, err := r.client.Refresh(t.Context(), r.tool, tokens); err != nil {
		t.Fatal(err)
	}
	if len(form) != 3 || form.Get("grant_type") != "refresh_token" || form.Get("refresh_token") != tokens.Refresh.Reveal() {
		t.Errorf("the refresh sends %v", form)
	}
}
