package engine_test

import (
	"errors"
	"testing"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// TestSignOut deletes here, and reports a keychain that refuses.
func TestForget(t *testing.T) {
	env := newLoopbackEnvironment(t)
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	env.store.set(errLocked)
	if err := forget(t.Context(), env.Manager, "renews"); kindOf(err) != auth.KindKeychain {
		t.Errorf("signing out with a locked keychain: %v", err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Account != "" || s.Problem == nil {
		t.Errorf("the tokens are still in memory, or the fault is not said: %+v", s)
	}
	env.store.set(nil)
	if err := forget(t.Context(), env.Manager, "renews"); err != nil {
		t.Fatal(err)
	}
	if _, err := env.store.Load(t.Context(), "renews"); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the keychain after signing out: %v", err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.State != session.SignedOut || s.Problem != nil {
		t.Errorf("after signing out: %+v", s)
	}
}
