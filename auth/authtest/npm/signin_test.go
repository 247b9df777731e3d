package npm_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/loopback"
	"keyfob/auth/oidc"
)

// These tests are a whole sign-in, from discovery to verified tokens, with a
// provider that nobody here wrote.

func tool(s *npm.Server, client string) auth.Tool {
	return auth.Tool{
		ID: "tool", Name: "Tool", Provider: "oidc", Issuer: s.Issuer, ClientID: client, ClientAuth: auth.ClientAuthNone,
		Scopes: []string{"openid", "profile", "email", "offline_access"}, Redirect: "http://127.0.0.1/callback",
	}
}

// signInWith signs person in to tool and returns what the client got.
func signInWith(t *testing.T, c *oidc.Client, tool auth.Tool, person *npm.Person, o oidc.BeginOptions) (auth.Tokens, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	listener, err := loopback.Listen(ctx, loopback.Options{Redirect: tool.Redirect})
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	req, err := c.Begin(ctx, tool, listener.RedirectURI(), o)
	if err != nil {
		return auth.Tokens{}, err
	}
	pages := make(chan string, 1)
	go func() {
		page, err := person.Open(ctx, req.URL)
		if err != nil {
			page = err.Error()
		}
		pages <- page
		// A page of the provider's own never comes back to the client.
		if !strings.Contains(page, "Keyfob") {
			cancel()
		}
	}()
	callback, err := listener.Wait(ctx, req.State)
	if err != nil {
		t.Fatalf("no callback; the person ended on\n%s", <-pages)
	}
	tokens, err := func() (auth.Tokens, error) {
		code, err := c.CheckCallback(req, callback.Values)
		if err != nil {
			return auth.Tokens{}, err
		}
		return c.Exchange(ctx, req, code)
	}()
	callback.Finish(err == nil)
	if page := <-pages; strings.Contains(page, "<h1>Signed in") != (err == nil) {
		t.Errorf("with the result %v the person was shown\n%s", err, page)
	}
	return tokens, err
}

var consent = oidc.BeginOptions{Prompt: "consent"}

func TestSignInWithEveryAlgorithm(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	var c oidc.Client
	for _, alg := range npm.Algorithms {
		t.Run(alg, func(t *testing.T) {
			tokens, err := signInWith(t, &c, tool(s, npm.Alg+alg), &npm.Person{}, consent)
			if err != nil {
				t.Fatal(err)
			}
			head, _, _ := strings.Cut(tokens.ID.Reveal(), ".")
			raw, err := base64.RawURLEncoding.DecodeString(head)
			if err != nil {
				t.Fatal(err)
			}
			var header struct{ Alg string }
			if err := json.NewDecoder(bytes.NewReader(raw)).Decode(&header); err != nil {
				t.Fatal(err)
			}
			if header.Alg != alg {
				t.Errorf("the ID token is signed with %s", header.Alg)
			}
			want := auth.Account{Issuer: s.Issuer, Subject: "alice"}
			if got := tokens.Account; got.Issuer != want.Issuer || got.Subject != want.Subject {
				t.Errorf("account %+v, want %+v", got, want)
			}
			if left := time.Until(tokens.Expiry); left < 58*time.Minute || left > time.Hour {
				t.Errorf("%v left of an hour", left)
			}
			fresh, err := c.Refresh(t.Context(), tool(s, npm.Alg+alg), tokens)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.VerifyRefreshed(t.Context(), tool(s, npm.Alg+alg), tokens, fresh); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestNoRefreshToken(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	var c oidc.Client
	for _, x := range []struct {
		name, client string
		options      oidc.BeginOptions
		offline      bool // the provider says that it granted offline_access
	}{
		{"offline_access asked for and silently dropped", npm.Native, oidc.BeginOptions{}, false},
		{"offline_access granted to a client that gets none", npm.NoRefresh, consent, true},
	} {
		t.Run(x.name, func(t *testing.T) {
			tokens, err := signInWith(t, &c, tool(s, x.client), &npm.Person{}, x.options)
			if err != nil {
				t.Fatal(err)
			}
			if tokens.Refresh != "" {
				t.Error("there is a refresh token")
			}
			offline := strings.Contains(strings.Join(tokens.Scopes, " "), "offline_access")
			if offline != x.offline {
				t.Errorf("granted scopes %q", tokens.Scopes)
			}
			mandatory := tool(s, x.client)
			mandatory.MandatoryScopes = []string{"offline_access"}
			if missing := oidc.MissingScopes(mandatory, tokens); len(missing) != 1 {
				t.Errorf("missing scopes %q, without a refresh token", missing)
			}
		})
	}
}

func TestRotationAndReuse(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	var c oidc.Client
	rotate := tool(s, npm.Rotate)
	first, err := signInWith(t, &c, rotate, &npm.Person{}, consent)
	if err != nil {
		t.Fatal(err)
	}
	refresh := func(old auth.Tokens) (auth.Tokens, error) {
		fresh, err := c.Refresh(t.Context(), rotate, old)
		if err != nil || !fresh.Unverified {
			return fresh, err
		}
		return c.VerifyRefreshed(t.Context(), rotate, old, fresh)
	}
	second, err := refresh(first)
	if err != nil {
		t.Fatal(err)
	}
	third, err := refresh(second)
	if err != nil {
		t.Fatal(err)
	}
	if second.Refresh == first.Refresh || third.Refresh == second.Refresh {
		t.Error("a refresh token was not rotated")
	}
	if third.Set != first.Set || third.Account != first.Account || !third.SignedInAt.Equal(first.SignedInAt) {
		t.Error("a refresh made another sign-in of it")
	}
	wantKind(t, refresh, first, auth.KindGrant)
	wantKind(t, refresh, third, auth.KindGrant) // the reuse ended the whole grant
}

func wantKind(t *testing.T, refresh func(auth.Tokens) (auth.Tokens, error), old auth.Tokens, kind auth.Kind) {
	t.Helper()
	_, err := refresh(old)
	if auth.KindOf(err) != kind {
		t.Errorf("%v, want an error of kind %s", err, kind)
	}
	if err != nil && strings.Contains(err.Error(), old.Refresh.Reveal()) {
		t.Error("the error holds the refresh token")
	}
}

func TestThePersonDeclines(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	_, err := signInWith(t, &oidc.Client{}, tool(s, npm.Native), &npm.Person{Cancel: true}, consent)
	var e *auth.Error
	if !errors.As(err, &e) || e.Kind != auth.KindDenied || e.Code != "access_denied" {
		t.Errorf("got %v, want access_denied", err)
	}
}

func TestASecondSignInAsksForConsentAlone(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	var c oidc.Client
	person := &npm.Person{Login: "bea"}
	// Sign-in and consent, then consent: this provider lets no native client in
	// without asking, since any program may be listening on loopback.
	for _, pages := range []int{2, 3} {
		tokens, err := signInWith(t, &c, tool(s, npm.NoRefresh), person, oidc.BeginOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if person.Pages != pages || tokens.Account.Subject != "bea" {
			t.Errorf("%d pages so far for %q, want %d", person.Pages, tokens.Account.Subject, pages)
		}
	}
}

func TestRevokeAndSignOut(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	var c oidc.Client
	native, person := tool(s, npm.Native), &npm.Person{}
	tokens, err := signInWith(t, &c, native, person, consent)
	if err != nil {
		t.Fatal(err)
	}
	active := func() any {
		claims, err := s.Introspect(t.Context(), tokens.Access)
		if err != nil {
			t.Fatal(err)
		}
		return claims["active"]
	}
	if active() != true {
		t.Error("a new access token is not active")
	}
	if err := c.Revoke(t.Context(), native, tokens); err != nil {
		t.Fatal(err)
	}
	if active() != false {
		t.Error("the access token is active after its refresh token was revoked")
	}
	if _, err := c.Refresh(t.Context(), native, tokens); auth.KindOf(err) != auth.KindGrant {
		t.Errorf("a revoked refresh token: %v", err)
	}
	address, ok, err := c.EndSessionURL(t.Context(), native, tokens.ID, "")
	if err != nil || !ok {
		t.Fatalf("no way to sign out: %v", err)
	}
	if page, err := person.Open(t.Context(), address); err != nil || !strings.Contains(page, "Sign-out Success") {
		t.Errorf("signing out at the provider: %v\n%s", err, page)
	}
	pages := person.Pages
	if _, err := signInWith(t, &c, native, person, oidc.BeginOptions{}); err != nil {
		t.Fatal(err)
	}
	if person.Pages == pages {
		t.Error("the provider's session outlived the sign-out")
	}
}

func TestRequestsOfASignIn(t *testing.T) {
	var faults *authtest.Faults
	s := npm.Start(t, npm.Config{Front: func(provider http.Handler) http.Handler {
		faults = authtest.NewFaults(provider)
		return faults
	}})
	var c oidc.Client
	for range 3 {
		if _, err := signInWith(t, &c, tool(s, npm.Native), &npm.Person{}, consent); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]int{"/.well-known/openid-configuration": 1, "/jwks": 1, "/token": 3, "/me": 0} {
		if got := faults.Seen(path); got != want {
			t.Errorf("%d requests to %s, want %d", got, path, want)
		}
	}
}
