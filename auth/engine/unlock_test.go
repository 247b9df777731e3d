package engine_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// wants are what a caller may want of a locked keychain.
var wants = []struct {
	name string
	call func(ctx context.Context, m *engine.Manager, mayUnlock bool, waits func(*auth.Error)) error
}{
	{"a token", func(ctx context.Context, m *engine.Manager, mayUnlock bool, waits func(*auth.Error)) error {
		_, err := m.Token(ctx, "renews", session.TokenOptions{MayUnlock: mayUnlock, Waits: waits})
		return err
	}},
	{"the tokens as they are", func(ctx context.Context, m *engine.Manager, mayUnlock bool, waits func(*auth.Error)) error {
		_, _, err := m.CurrentTokens(ctx, "renews", session.TokenOptions{MayUnlock: mayUnlock, Waits: waits})
		return err
	}},
	{"a sign-out", func(ctx context.Context, m *engine.Manager, mayUnlock bool, waits func(*auth.Error)) error {
		_, err := m.SignOut(ctx, "renews", session.SignOutOptions{Local: true, MayUnlock: mayUnlock, Waits: waits})
		return err
	}},
}

// eachWant runs test for each, with an engine that acts by itself and with one
// that does not.
func eachWant(
	t *testing.T,
	test func(t *testing.T, k *fakeKeychain, call func(ctx context.Context, mayUnlock bool, waits func(*auth.Error)) error),
) {
	for _, want := range wants {
		for how, quiet := range map[string]bool{"tray": false, "on demand": true} {
			t.Run(want.name+", "+how, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					k := newFakeKeychain(auth.CodeKeychainLocked)
					env := newEnvironment(t)
					if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
						t.Fatal(err)
					}
					m := env.manager(func(c *engine.Config) { c.Store, c.AwaitKeychain, c.OnDemand = k, k.Await, quiet })
					test(t, k, func(ctx context.Context, mayUnlock bool, waits func(*auth.Error)) error {
						return want.call(ctx, m, mayUnlock, waits)
					})
				})
			})
		}
	}
}

// TestWhoMayUnlockWaitsForThePerson is told once, within three seconds, what it
// waits for, and gets what it wants when the person has given the password.
func TestWhoMayUnlockWaitsForThePerson(t *testing.T) {
	eachWant(t, func(t *testing.T, k *fakeKeychain, call func(context.Context, bool, func(*auth.Error)) error) {
		start := time.Now()
		time.AfterFunc(30*time.Second, func() { k.answer <- true })
		var told []string
		err := call(t.Context(), true, func(why *auth.Error) {
			if told = append(told, why.Code); time.Since(start) > 3*time.Second {
				t.Errorf("told after %v", time.Since(start))
			}
		})
		if err != nil || !slices.Equal(told, []string{auth.CodeKeychainWaiting}) || time.Since(start) < 30*time.Second {
			t.Errorf("told %v, and after %v: %v", told, time.Since(start), err)
		}
		if prompts, _ := k.asked(); prompts != 1 {
			t.Errorf("the person was asked %d times", prompts)
		}
	})
}

// TestWhoMayUnlockNeedNotWait leaves, or cannot be told what for: the keychain
// goes on asking.
func TestWhoMayUnlockNeedNotWait(t *testing.T) {
	eachWant(t, func(t *testing.T, k *fakeKeychain, call func(context.Context, bool, func(*auth.Error)) error) {
		start := time.Now()
		soon, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := call(soon, true, func(*auth.Error) {}); !errors.Is(err, context.DeadlineExceeded) || time.Since(start) != 10*time.Second {
			t.Errorf("who leaves is told after %v: %v", time.Since(start), err)
		}
		start = time.Now()
		if err := call(t.Context(), true, nil); auth.AsError(err).Code != auth.CodeKeychainWaiting || time.Since(start) > 3*time.Second {
			t.Errorf("who cannot be told what for gets after %v: %v", time.Since(start), err)
		}
		k.answer <- true
		synctest.Wait()
		if err := call(t.Context(), false, nil); err != nil {
			t.Errorf("afterwards: %v", err)
		}
	})
}

// TestNobodyIsAskedForAScript gets the locked keychain as the error, at once.
func TestNobodyIsAskedForAScript(t *testing.T) {
	eachWant(t, func(t *testing.T, k *fakeKeychain, call func(context.Context, bool, func(*auth.Error)) error) {
		start := time.Now()
		waits := func(why *auth.Error) { t.Errorf("it waits: %v", why) }
		for range 3 {
			if err := call(t.Context(), false, waits); auth.AsError(err) == nil || auth.AsError(err).Code != auth.CodeKeychainLocked {
				t.Errorf("the error is %v", err)
			}
		}
		if prompts, _ := k.asked(); prompts != 0 || time.Since(start) > 0 {
			t.Errorf("the person was asked %d times, and it took %v", prompts, time.Since(start))
		}
	})
}

// TestAScriptDoesNotWaitForSomebodyElse asks for a token while the keychain
// asks a person for another caller: that is the error, within three seconds.
func TestAScriptDoesNotWaitForSomebodyElse(t *testing.T) {
	eachWant(t, func(t *testing.T, k *fakeKeychain, call func(context.Context, bool, func(*auth.Error)) error) {
		first := make(chan error, 1)
		go func() { first <- call(t.Context(), true, func(*auth.Error) {}) }()
		synctest.Wait()
		start := time.Now()
		err := call(t.Context(), false, func(*auth.Error) {})
		if e := auth.AsError(err); e == nil || !keychain.IsLocked(e) || time.Since(start) > 3*time.Second {
			t.Errorf("after %v: %v", time.Since(start), err)
		}
		k.answer <- true
		if err := <-first; err != nil {
			t.Errorf("who may unlock: %v", err)
		}
	})
}

// TestASlowKeychainIsTold has the keychain take long for a script, which waits
// for it and is told once, although it reads twice.
func TestASlowKeychainIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signed := env.signIn("renews")
		slow := &slowStore{faultyStore: env.store}
		m := env.manager(onDemand, func(c *engine.Config) { c.Store = slow })
		env.store.set(errLocked)
		go func() { _ = m.Loaded(t.Context()) }()
		synctest.Wait()
		time.AfterFunc(15*time.Second, func() { env.store.set(nil) }) // in the middle of the second
		var told []string
		waits := func(why *auth.Error) { told = append(told, why.Code) }
		got, err := m.Token(t.Context(), "renews", session.TokenOptions{Waits: waits})
		if err != nil || got.Access != signed.Access || !slices.Equal(told, []string{auth.CodeKeychainSlow}) {
			t.Errorf("told %v, then %v", told, err)
		}
	})
}

// slowStore takes ten seconds to answer.
type slowStore struct{ *faultyStore }

func (s *slowStore) Load(ctx context.Context, tool string) (auth.Tokens, error) {
	time.Sleep(10 * time.Second)
	return s.faultyStore.Load(ctx, tool)
}
