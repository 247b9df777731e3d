package engine_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// TestASignOutThatTheKeychainPutsOff is done when it is unlocked, and until
// then what is stored counts as nothing.
func TestASignOutThatTheKeychainPutsOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		_, m := newKeychainEnvironment(t, k)
		start := time.Now()
		if err := forget(t.Context(), m, "renews"); auth.AsError(err).Code != auth.CodeKeychainWaiting ||
			time.Since(start) > 3*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		k.answer <- false
		synctest.Wait()
		if s := snapshot(t, m, "renews"); s.State != session.SignedOut || s.Problem == nil || s.Problem.Code != auth.CodeKeychainRefused {
			t.Errorf("the session is %s: %v", s.State, s.Problem)
		}
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); kindOf(err) != auth.KindSignIn {
			t.Errorf("the token: %v", err)
		}
		if _, err := k.Store.Load(t.Context(), "renews"); err != nil {
			t.Errorf("the keychain: %v", err)
		}
		k.become("")
		time.Sleep(10 * time.Second)
		if _, err := k.Store.Load(t.Context(), "renews"); !errors.Is(err, keychain.ErrNotFound) {
			t.Errorf("unlocked, the keychain still holds the tokens: %v", err)
		}
		if s := snapshot(t, m, "renews"); s.State != session.SignedOut || s.Problem != nil {
			t.Errorf("then the session is %s: %v", s.State, s.Problem)
		}
	})
}

// TestSigningInUnlocksFirst brings the session back without a browser.
func TestSigningInUnlocksFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		_, m := newKeychainEnvironment(t, k) // its browser fails the test
		var steps []session.Step
		go func() { time.Sleep(10 * time.Second); k.answer <- true }()
		err := m.SignIn(t.Context(), "renews", session.SignInOptions{Progress: func(s session.Step) { steps = append(steps, s) }})
		if err != nil || len(steps) != 1 || steps[0].Name != session.StepKeychain || steps[0].Detail == "" {
			t.Errorf("after the steps %v: %v", steps, err)
		}
		if s := snapshot(t, m, "renews"); s.State != session.Active {
			t.Errorf("the session is %s: %v", s.State, s.Problem)
		}
	})
}

// TestAskingStopsWhenToldTo leaves people alone who gave no password, unless
// they want something.
func TestAskingStopsWhenToldTo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		env := newEnvironment(t)
		if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
			t.Fatal(err)
		}
		var vain bool
		m := env.manager(func(c *engine.Config) {
			c.Store, c.AwaitKeychain = k, k.Await
			c.MayAsk = func(_ context.Context, insist bool) (func(bool), error) {
				if vain && !insist {
					return nil, keychain.Dismissed(nil)
				}
				return func(answered bool) { vain = !answered }, nil
			}
		})
		go func() { k.answer <- false }()
		for range 100 {
			if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); auth.AsError(
				err,
			).Code != auth.CodeKeychainRefused {
				t.Fatalf("the token: %v", err)
			}
		}
		if prompts, _ := k.asked(); prompts != 1 {
			t.Errorf("%d prompts for 100 calls", prompts)
		}
		go func() { k.answer <- true }()
		if err := m.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil || vain {
			t.Errorf("signing in: %v", err)
		}
		if prompts, _ := k.asked(); prompts != 2 {
			t.Errorf("%d prompts in all", prompts)
		}
	})
}

// TestTheKeychainEndsWhileItAsks tells a caller what became of the question
// that it waited for, although others see at once that the keychain is gone.
func TestTheKeychainEndsWhileItAsks(t *testing.T) {
	for range 10 { // the others may be first, or last
		synctest.Test(t, func(t *testing.T) {
			k := newFakeKeychain(auth.CodeKeychainLocked)
			_, m := newKeychainEnvironment(t, k)
			go func() {
				time.Sleep(time.Second)
				k.crash()
			}()
			if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: true}); auth.AsError(err) == nil ||
				auth.AsError(err).Code != auth.CodeKeychainFailed {
				t.Errorf("the token: %v", err)
			}
		})
	}
}
