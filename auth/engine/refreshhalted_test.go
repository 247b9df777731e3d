package engine_test

import (
	"context"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// refusals are answers that trying again does not fix.
var refusals = []struct {
	name  string
	fault authtest.Fault
	kind  auth.Kind
}{
	{"invalid_client", authtest.Answer(401, `{"error":"invalid_client"}`), auth.KindSetup},
	{"unauthorized_client", authtest.Answer(400, `{"error":"unauthorized_client"}`), auth.KindSetup},
	{"invalid_scope", authtest.Answer(400, `{"error":"invalid_scope"}`), auth.KindSetup},
	{"an error of the provider's own", authtest.Answer(400, `{"error":"weird"}`), auth.KindFailed},
	{"a refusal without an error", authtest.Answer(403, `{}`), auth.KindFailed},
	{"not a bearer token", authtest.RewriteJSON(func(m map[string]any) { m["token_type"] = "mac" }), auth.KindProtocol},
}

// TestARefusalIsSaidOnce lets the provider refuse a refresh in ways that pass
// by no waiting: one request in a day and a hundred calls, one end, the reason
// stays.
func TestARefusalIsSaidOnce(t *testing.T) {
	for _, tt := range refusals {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				signed := env.signIn("renews")
				m := env.manager()
				told := env.followStates(m, "renews")
				requests := env.faults.Seen(tokenPath)
				env.faults.Set(tokenPath, tt.fault)

				time.Sleep(time.Until(signed.Expiry) - 10*time.Second)
				if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); tt.kind != auth.KindProtocol &&
					(err != nil || got.Access != signed.Access) {
					t.Errorf("the token that still lives: %v", err)
				}
				time.Sleep(24 * time.Hour)
				for range 100 {
					if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
						t.Fatalf("the token: %v, want kind %s", err, auth.KindSignIn)
					}
				}
				if n := env.faults.Seen(tokenPath) - requests; n != 1 {
					t.Errorf("%d requests, want 1", n)
				}
				s := snapshot(t, m, "renews")
				if s.State != session.Expired || s.Problem == nil || s.Problem.Kind != tt.kind || s.Renewal.Reason == "" {
					t.Errorf("%s with the problem %+v", s.State, s.Problem)
				}
				states := told()
				ends := 0
				for _, s := range states {
					if s == session.Expired {
						ends++
					}
				}
				if ends != 1 || states[len(states)-1] != session.Expired {
					t.Errorf("the states were %v, want one end", states)
				}
			})
		})
	}
}

// TestWhatClearsARefusal takes a session up again after new settings and after
// a restart, and each of them asks the provider once, whether or not it fixes
// anything.
func TestWhatClearsARefusal(t *testing.T) {
	refuse := authtest.Answer(401, `{"error":"invalid_client"}`)
	for _, fixed := range []bool{false, true} {
		for name, clear := range map[string]func(*environment, *engine.Manager) *engine.Manager{
			"new settings": func(env *environment, m *engine.Manager) *engine.Manager {
				if err := m.SetTools(context.Background(), env.tools, nil); err != nil {
					env.t.Error(err)
				}
				return m
			},
			"a restart": func(env *environment, _ *engine.Manager) *engine.Manager { return env.manager() },
		} {
			t.Run(name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					env := newEnvironment(t)
					env.signIn("renews")
					m := env.manager()
					env.faults.Set(tokenPath, refuse)
					time.Sleep(time.Hour)
					if fixed {
						env.faults.Clear(tokenPath)
					}
					requests := env.faults.Seen(tokenPath)
					m = clear(env, m)
					time.Sleep(3 * time.Minute)
					s := snapshot(t, m, "renews")
					if fixed != (s.State == session.Active && s.Problem == nil) || !fixed && s.State != session.Expired {
						t.Errorf("fixed %v: %s with the problem %v", fixed, s.State, s.Problem)
					}
					if n := env.faults.Seen(tokenPath) - requests; n != 1 {
						t.Errorf("fixed %v: %d requests, want 1", fixed, n)
					}
				})
			})
		}
	}
}

// TestASignInClearsARefusal signs in again after the provider refused to
// renew, and the session renews as before.
func TestASignInClearsARefusal(t *testing.T) {
	env := newLoopbackEnvironment(t)
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	env.faults.Set(tokenPath, authtest.Answer(400, `{"error":"weird"}`))
	// A token that lives longer than any: the session is renewed for it.
	if _, err := env.Token(t.Context(), "renews", session.TokenOptions{MinValid: 30 * 24 * time.Hour}); err == nil {
		t.Fatal("a token for a month")
	}
	if s := snapshot(t, env.Manager, "renews"); s.Renewal.Mode != session.Manual || s.Problem == nil {
		t.Fatalf("renewal %+v with the problem %v", s.Renewal, s.Problem)
	}
	env.faults.Clear(tokenPath)
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Renewal.Mode != session.Automatic || s.Problem != nil {
		t.Errorf("renewal %+v with the problem %v", s.Renewal, s.Problem)
	}
	requests := env.faults.Seen(tokenPath)
	_, _ = env.Token(t.Context(), "renews", session.TokenOptions{MinValid: 30 * 24 * time.Hour})
	if n := env.faults.Seen(tokenPath) - requests; n != 1 {
		t.Errorf("%d refreshes, want 1", n)
	}
}

// TestARefusedTokenIsLookedUpAgain has the provider refuse a refresh token
// that another program replaced at that very moment, without the lock.
func TestARefusedTokenIsLookedUpAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		told := env.followStates(m, "renews")
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		requests := env.faults.Seen(tokenPath)
		refuse := authtest.Answer(400, `{"error":"invalid_grant"}`)
		env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, _ http.Handler) {
			env.faults.Clear(tokenPath)
			env.signIn("renews")
			refuse(rw, r, nil)
		})
		time.Sleep(4*time.Minute + time.Second)
		stored, err := env.store.Load(t.Context(), "renews")
		if err != nil {
			t.Fatal(err)
		}
		if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access != stored.Access {
			t.Errorf("the token that the other program stored: %v", err)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 2 { // the refused one and the other program's
			t.Errorf("%d requests, want 2", n)
		}
		time.Sleep(time.Hour)
		if states := told(); slices.Contains(states, session.Expired) {
			t.Errorf("the states were %v", states)
		}
	})
}

// TestALockedKeychainEndsNothing has the provider refuse the refresh token
// while the keychain cannot say whether there is a newer one.
func TestALockedKeychainEndsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		told := env.followStates(m, "renews")
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		env.store.set(errLocked)
		env.faults.Set(tokenPath, authtest.Answer(400, `{"error":"invalid_grant"}`))
		time.Sleep(time.Hour)
		s := snapshot(t, m, "renews")
		if s.State != session.Active || s.Problem == nil || s.Problem.Kind != auth.KindKeychain {
			t.Errorf("with a locked keychain: %s with the problem %v", s.State, s.Problem)
		}
		env.store.set(nil)
		time.Sleep(10 * time.Minute)
		if states := told(); states[len(states)-1] != session.Expired {
			t.Errorf("the states were %v, want the end when the keychain is open", states)
		}
	})
}
