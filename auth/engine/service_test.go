package engine_test

import (
	"context"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// newServiceEnvironment returns an environment with the service account "robot", whose
// tokens live five minutes, and the place of its client secret.
func newServiceEnvironment(t *testing.T) (*environment, *atomic.Pointer[auth.Secret]) {
	t.Helper()
	env := newEnvironment(t)
	p, err := idp.New(
		idp.Config{
			Now:     env.now,
			RSA:     authtest.RSA(),
			Clients: []idp.Client{{ID: "robot", Secret: "canary-secret", AccessTTL: 5 * time.Minute}},
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	env.provider, env.faults = p, authtest.NewFaults(p)
	secret := new(atomic.Pointer[auth.Secret])
	env.client = &oidc.Client{
		HTTP: &http.Client{Transport: handlerTransport{env.faults}}, Now: env.now,
		Secret: func(context.Context, auth.Tool) (auth.Secret, error) { return *secret.Load(), nil },
	}
	env.tools = []auth.Tool{{
		ID: "robot", Name: "Robot", Provider: "oidc", Issuer: issuer, ClientID: "robot",
		ClientAuth: auth.ClientAuthHeader, Grant: auth.GrantService, Scopes: []string{"api"},
	}}
	right := auth.Secret("canary-secret")
	secret.Store(&right)
	return env, secret
}

// TestServiceAccountNeedsNobody: asking for a token is enough, also after the
// token's end and after a sign-out; no browser is ever opened (the environment's
// fails the test).
func TestServiceAccountNeedsNobody(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, _ := newServiceEnvironment(t)
		m := env.manager()
		ctx := t.Context()
		s := onlySnapshot(t, m)
		if got := wording.State(s, env.now()); s.State != session.SignedOut || !s.Service || got != "no token yet" {
			t.Errorf("before: %s, %q", s.State, got)
		}
		first, err := m.Token(ctx, "robot", session.TokenOptions{MinValid: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		s = onlySnapshot(t, m)
		if got := wording.State(s, env.now()); s.State != session.Active || got != "has a token" || s.Account != "robot" ||
			s.Renewal == nil ||
			s.Renewal.Mode != session.Automatic {
			t.Errorf("with a token: %+v, %q", s, got)
		}

		time.Sleep(time.Hour)
		second, err := m.Token(ctx, "robot", session.TokenOptions{MinValid: time.Minute})
		if err != nil || second.Access == first.Access {
			t.Errorf("an hour later: the same token %v, %v", second.Access == first.Access, err)
		}
		if s := onlySnapshot(t, m); s.State != session.Active || s.Set == "" {
			t.Errorf("an hour later: %+v", s)
		}

		if err := forget(ctx, m, "robot"); err != nil {
			t.Fatal(err)
		}
		if s := onlySnapshot(t, m); s.State != session.SignedOut {
			t.Errorf("signed out: %s", s.State)
		}
		if _, err := m.Token(ctx, "robot", session.TokenOptions{}); err != nil {
			t.Errorf("after a sign-out: %v", err)
		}
		if err := m.SignIn(ctx, "robot", session.SignInOptions{}); err != nil {
			t.Errorf("signing in: %v", err)
		}
	})
}

// TestServiceAccountCallersShareOneRequest: twenty callers without a token are
// one request.
func TestServiceAccountCallersShareOneRequest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, _ := newServiceEnvironment(t)
		m := env.manager()
		errs := make(chan error, 20)
		for range cap(errs) {
			go func() {
				_, err := m.Token(t.Context(), "robot", session.TokenOptions{})
				errs <- err
			}()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
		if got := env.faults.Seen("/token"); got != 1 {
			t.Errorf("%d requests", got)
		}
	})
}

// TestServiceAccountWithoutSecret says how to store it, and goes on once it is
// there.
func TestServiceAccountWithoutSecret(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env, secret := newServiceEnvironment(t)
		none, right, wrong := auth.Secret(""), auth.Secret("canary-secret"), auth.Secret("canary-wrong")
		m := env.manager()
		secret.Store(&none)
		_, err := m.Token(t.Context(), "robot", session.TokenOptions{})
		if auth.KindOf(err) != auth.KindSetup || !strings.Contains(err.Error(), "keyfob tools secret robot") {
			t.Errorf("without a secret: %v", err)
		}
		secret.Store(&wrong)
		_, err = m.Token(t.Context(), "robot", session.TokenOptions{})
		if auth.KindOf(err) != auth.KindSetup || auth.AsError(err).Code != "invalid_client" || strings.Contains(err.Error(), "canary") {
			t.Errorf("with a wrong secret: %v", err)
		}
		if s := onlySnapshot(t, m); s.Problem == nil || s.State != session.SignedOut {
			t.Errorf("with a wrong secret: %+v", s)
		}
		secret.Store(&right)
		if _, err = m.Token(t.Context(), "robot", session.TokenOptions{}); err != nil {
			t.Errorf("with the right one: %v", err)
		}

		// A secret that ends later halts the session: it is tried again when
		// somebody asks, and not before.
		secret.Store(&wrong)
		time.Sleep(time.Hour)
		if _, err = m.Token(t.Context(), "robot", session.TokenOptions{}); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("after the secret ended: %v", err)
		}
		before := env.faults.Seen("/token")
		time.Sleep(time.Hour)
		if got := env.faults.Seen("/token") - before; got > 0 {
			t.Errorf("%d more requests with a secret that was refused", got)
		}
		if s := onlySnapshot(t, m); s.State != session.Expired || wording.State(s, env.now()) != "no token" {
			t.Errorf("after the secret ended: %s, %q", s.State, wording.State(s, env.now()))
		}
		if _, err = m.Token(t.Context(), "robot", session.TokenOptions{}); auth.AsError(err) == nil ||
			auth.AsError(err).Code != "invalid_client" {
			t.Errorf("asked again: %v", err)
		}
		secret.Store(&right)
		if _, err = m.Token(t.Context(), "robot", session.TokenOptions{}); err != nil {
			t.Errorf("with a new secret: %v", err)
		}
	})
}

func TestSecretInTheAddressIsWarnedOf(t *testing.T) {
	for how, want := range map[auth.ClientAuth]int{
		auth.ClientAuthNone: 0, auth.ClientAuthForm: 0, auth.ClientAuthHeader: 0, auth.ClientAuthQuery: 1,
	} {
		s := engine.Derive(engine.Facts{Tool: auth.Tool{ClientAuth: how}, Loaded: true}, time.Now())
		if len(s.Warnings) != want {
			t.Errorf("%s: %v", how, s.Warnings)
		}
	}
}

func TestASharedRedirectIsWarnedOf(t *testing.T) {
	s := engine.Derive(engine.Facts{Tool: auth.Tool{SharesRedirect: []string{"mes", "lean"}}, Loaded: true}, time.Now())
	if len(s.Warnings) != 1 ||
		!strings.Contains(s.Warnings[0], "the same redirect URI as mes, lean, at another provider: set a redirect of its own") {
		t.Errorf("%q", s.Warnings)
	}
}
