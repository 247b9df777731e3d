package engine_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestIdleWaits ends when the operation does that is under way, and not before.
func TestIdleWaits(t *testing.T) {
	const takes = 10 * time.Second
	for name, begin := range map[string]func(env *environment, m *engine.Manager, k *fakeKeychain){
		"a refresh": func(env *environment, m *engine.Manager, _ *fakeKeychain) {
			env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(takes)
				next.ServeHTTP(rw, r)
			})
			env.sleep(time.Hour)
			go func() { _, _ = m.Token(context.Background(), "renews", session.TokenOptions{}) }()
		},
		"a keychain that asks": func(_ *environment, m *engine.Manager, k *fakeKeychain) {
			k.become(auth.CodeKeychainLocked)
			time.AfterFunc(takes, func() { k.answer <- true })
			go func() {
				_, _ = m.SignOut(context.Background(), "renews", session.SignOutOptions{Local: true, MayUnlock: true})
			}()
		},
		"the provider's end of a sign-out": func(env *environment, m *engine.Manager, _ *fakeKeychain) {
			env.faults.Set("/revoke", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
				time.Sleep(takes)
				next.ServeHTTP(rw, r)
			})
			ctx, cancel := context.WithCancel(context.Background())
			time.AfterFunc(time.Second, cancel) // and it goes on
			go func() { _, _ = m.SignOut(ctx, "renews", session.SignOutOptions{}) }()
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain("")
				env, m := newKeychainEnvironment(t, k)
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				if began := time.Now(); m.Idle(t.Context()) != nil || time.Since(began) > 0 {
					t.Errorf("with nothing under way it took %v", time.Since(began))
				}
				begin(env, m, k)
				synctest.Wait()
				soon, cancel := context.WithTimeout(t.Context(), takes/2)
				defer cancel()
				if err := m.Idle(soon); !errors.Is(err, context.DeadlineExceeded) {
					t.Errorf("in the middle: %v", err)
				}
				began := time.Now()
				if err := m.Idle(t.Context()); err != nil || time.Since(began) != takes/2 {
					t.Errorf("at the end: after %v, %v", time.Since(began), err)
				}
			})
		})
	}
}

// TestIdleDoesNotWaitForTheKeychainsReturn has an engine wait for its keychain,
// which is nothing under way.
func TestIdleDoesNotWaitForTheKeychainsReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		_, m := newKeychainEnvironment(t, k)
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if began := time.Now(); m.Idle(t.Context()) != nil || time.Since(began) > 0 {
			t.Errorf("it took %v", time.Since(began))
		}
	})
}
