package provider_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/providers"
	"keyfob/auth/engine"
	"keyfob/auth/loopback"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// These tests sign in with what the presets make of a person's settings, at
// their real addresses, against a stand-in for each provider.

// fixture is one tool and its provider.
type fixture struct {
	*testing.T
	provider *providers.Provider
	client   *oidc.Client
	tool     auth.Tool

	mu  sync.Mutex
	now time.Time
}

func (w *fixture) clock() time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now
}

func (w *fixture) pass(d time.Duration) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.now = w.now.Add(d)
}

// given is what a person writes into the settings.
type given struct {
	id     string
	values values
	tool   auth.Tool
}

// newFixture resolves what was given and starts the provider that cfg describes,
// at which the redirect URIs are registered that the preset tells.
func newFixture(t *testing.T, g given, cfg providers.Config) *fixture {
	t.Helper()
	w := &fixture{T: t, now: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}
	var err error
	if w.tool, err = resolve(t, g.id, g.values, g.tool); err != nil {
		t.Fatal(err)
	}
	if len(w.tool.Ports) > 0 {
		// The preset's own may be taken here, and so may one of these by the time
		// that it is used.
		w.tool.Ports = []int{freePort(t), freePort(t), freePort(t)}
	}
	w.tool.ID, w.tool.Name, w.tool.Reminders = "tool", "Tool", []time.Duration{5 * time.Minute}
	if cfg.Provider == "" {
		cfg.Provider = g.id
	}
	cfg.Now, cfg.ClientID, cfg.Redirects = w.clock, w.tool.ClientID, provider.RedirectURIs(w.tool)
	w.provider = providers.Start(t, cfg)
	w.client = &oidc.Client{HTTP: w.provider.Client(), Now: w.clock}
	if w.tool.ClientAuth.NeedsSecret() {
		w.client.Secret = func(context.Context, auth.Tool) (auth.Secret, error) { return providers.Secret, nil }
	}
	return w
}

func freePort(t *testing.T) int {
	t.Helper()
	l, err := net.Listen("tcp4", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().(*net.TCPAddr).Port
}

// exchange is a whole sign-in in a browser.
func (w *fixture) exchange(o oidc.BeginOptions) (auth.Tokens, error) {
	w.Helper()
	ctx, cancel := context.WithTimeout(w.Context(), time.Minute)
	defer cancel()
	listener, err := loopback.Listen(ctx, loopback.Options{Redirect: w.tool.Redirect, Ports: w.tool.Ports})
	if err != nil {
		w.Fatal(err)
	}
	defer listener.Close()
	req, err := w.client.Begin(ctx, w.tool, listener.RedirectURI(), o)
	if err != nil {
		w.Fatal(err)
	}
	person := make(chan error, 1)
	go func() {
		err := w.provider.SignIn(ctx, req.URL)
		if person <- err; err != nil {
			cancel() // nothing comes back from a page of the provider's own
		}
	}()
	callback, err := listener.Wait(ctx, req.State)
	if err != nil {
		w.Fatalf("no callback; the person says: %v", <-person)
	}
	tokens, err := func() (auth.Tokens, error) {
		code, err := w.client.CheckCallback(req, callback.Values)
		if err != nil {
			return auth.Tokens{}, err
		}
		return w.client.Exchange(ctx, req, code)
	}()
	callback.Finish(err == nil)
	<-person
	return tokens, err
}

func (w *fixture) signIn() auth.Tokens {
	w.Helper()
	tokens, err := w.exchange(oidc.BeginOptions{})
	if err != nil {
		w.Fatal(err)
	}
	if !w.provider.Takes(w.Context(), tokens.Access) {
		w.Error("the API does not take the access token")
	}
	if tokens.Account.Subject == "" || tokens.Account.Label() == "" {
		w.Errorf("the account is %+v", tokens.Account)
	}
	if missing := oidc.MissingScopes(w.tool, tokens); missing != nil {
		w.Errorf("missing scopes %q", missing)
	}
	return tokens
}

// refresh renews tokens an hour later, with what becomes of them after a check.
func (w *fixture) refresh(old auth.Tokens) auth.Tokens {
	w.Helper()
	w.pass(time.Hour)
	if w.provider.Takes(w.Context(), old.Access) {
		w.Error("the API still takes the old access token")
	}
	fresh, err := w.client.Refresh(w.Context(), w.tool, old)
	if err != nil {
		w.Fatal(err)
	}
	if fresh, err = w.client.VerifyRefreshed(w.Context(), w.tool, old, fresh); err != nil {
		w.Fatal(err)
	}
	if !w.provider.Takes(w.Context(), fresh.Access) || fresh.Account.Subject != old.Account.Subject || fresh.Refresh == "" {
		w.Errorf("the refreshed session is %+v", fresh)
	}
	return fresh
}

// refused makes sure that tokens cannot be renewed any more.
func (w *fixture) refused(t auth.Tokens) {
	w.Helper()
	if _, err := w.client.Refresh(w.Context(), w.tool, t); auth.KindOf(err) != auth.KindGrant {
		w.Errorf("the refresh token is taken, or refused as %v", err)
	}
}

// derive is what a person is told of tokens now.
func (w *fixture) derive(t auth.Tokens) session.Snapshot {
	return engine.Derive(engine.Facts{Tool: w.tool, Loaded: true, Tokens: &t, Store: session.StoreKeychain}, w.clock())
}

// ends makes sure that a session without refresh token counts down, says so and
// is over when its access token is.
func (w *fixture) ends(t auth.Tokens) {
	w.Helper()
	if t.Refresh != "" {
		w.Fatal("there is a refresh token")
	}
	s := w.derive(t)
	if s.State != session.Active || s.Renewal == nil || s.Renewal.Mode != session.Manual || s.Renewal.Reason == "" ||
		!s.EndsAt.Equal(t.Expiry) {
		w.Errorf("before the end: %+v, %+v", s, s.Renewal)
	}
	w.pass(56 * time.Minute)
	if s := w.derive(t); s.State != session.Expiring {
		w.Errorf("ahead of the end: %s", s.State)
	}
	w.pass(4 * time.Minute)
	if s := w.derive(t); s.State != session.Expired || w.provider.Takes(w.Context(), t.Access) {
		w.Errorf("after the end: %s", s.State)
	}
	if _, err := w.client.Refresh(w.Context(), w.tool, t); auth.KindOf(err) != auth.KindSignIn {
		w.Errorf("a refresh without a token: %v", err)
	}
}

// signOut ends the session in the browser and returns where the page leads.
func (w *fixture) signOut(t auth.Tokens, back string) (status int, to string) {
	w.Helper()
	address, ok, err := w.client.EndSessionURL(w.Context(), w.tool, t.ID, back)
	if err != nil || !ok {
		w.Fatalf("no sign-out: %v", err)
	}
	status, to, err = w.provider.SignOut(w.Context(), address)
	if err != nil {
		w.Fatal(err)
	}
	return status, to
}

// revoke revokes the refresh token, or makes sure that nothing is sent where
// that is not possible.
func (w *fixture) revoke(t auth.Tokens, path string) {
	w.Helper()
	if err := w.client.Revoke(w.Context(), w.tool, t); err != nil {
		w.Error(err)
	}
	if path != "" && w.provider.Seen(path) != 1 {
		w.Errorf("nothing was revoked at %s", path)
	}
}

func (w *fixture) binding(t auth.Tokens, want auth.Binding) {
	w.Helper()
	if got := oidc.RefreshBinding(w.tool, t); got != want {
		w.Errorf("the refresh token is bound to %q, want %q", got, want)
	}
}

// exactPort makes sure that another port than the registered one ends on a page
// of the provider's own, so that the preset has to name ports.
func (w *fixture) exactPort() {
	w.Helper()
	req, err := w.client.Begin(w.Context(), w.tool, strings.Replace(w.tool.Redirect, "/callback", ":1/callback", 1), oidc.BeginOptions{})
	if err != nil {
		w.Fatal(err)
	}
	if err := w.provider.SignIn(w.Context(), req.URL); err == nil || !strings.Contains(err.Error(), "400") {
		w.Errorf("a port that is not registered: %v", err)
	}
}
