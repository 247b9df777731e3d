package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestMemoryIsHandedOver lets an engine without a keychain renew a session, and
// another one take over what only its memory holds. The tokens reach the
// keychain when it is there, and are nobody's but that engine's until then.
func TestMemoryIsHandedOver(t *testing.T) {
	for name, quiet := range map[string]bool{"to a tray": false, "to an engine on demand": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain("")
				env := newEnvironment(t)
				if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
					t.Fatal(err)
				}
				of := func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await }
				before, end := env.process(of)
				if err := before.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				if held := inMemory(t, before); len(held) != 0 {
					t.Fatalf("what the keychain holds as well: %d sessions", len(held))
				}
				if until, err := before.MemoryUntil(t.Context()); err != nil || !until.IsZero() {
					t.Errorf("nothing is in memory alone, until %v: %v", until, err)
				}
				k.become(auth.CodeKeychainAbsent)
				old, err := k.Store.Load(t.Context(), "renews")
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(4*time.Minute + time.Second) // it renews
				synctest.Wait()
				held := inMemory(t, before)
				if len(held) != 1 || held[0].Tool != "renews" || held[0].Tokens.Refresh == old.Refresh {
					t.Fatalf("in memory alone are %d sessions", len(held))
				}

				end()
				after := env.manager(of, func(c *engine.Config) { c.OnDemand, c.InMemory = quiet, held })
				synctest.Wait()
				if s := snapshot(t, after, "renews"); s.State != session.Active || s.Store != session.StoreMemory || s.Problem == nil ||
					s.Problem.Code != auth.CodeKeychainAbsent {
					t.Errorf("taken over, it is %s in %s: %v", s.State, s.Store, s.Problem)
				}
				if got, err := after.Token(t.Context(), "renews", session.TokenOptions{}); err != nil ||
					got.Access != held[0].Tokens.Access {
					t.Errorf("the token that was taken over: %v", err)
				}
				k.become("")
				time.Sleep(time.Second)
				if kept, err := k.Store.Load(t.Context(), "renews"); err != nil || kept.Refresh != held[0].Tokens.Refresh {
					t.Errorf("the keychain is back and does not hold it: %v", err)
				}
				if s := snapshot(t, after, "renews"); s.Store != session.StoreKeychain || s.Problem != nil {
					t.Errorf("then it is in %s: %v", s.Store, s.Problem)
				}
				if rest := inMemory(t, after); len(rest) != 0 {
					t.Errorf("then %d sessions are in memory alone", len(rest))
				}
			})
		})
	}
}

func inMemory(t *testing.T, m *engine.Manager) []engine.Held {
	t.Helper()
	held, err := m.InMemory(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return held
}

// TestWhatIsTakenOverHasToFit hands over tokens of another client, of no tool,
// and none at all.
func TestWhatIsTakenOverHasToFit(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signed := env.signIn("renews")
		if err := env.store.Delete(t.Context(), "renews"); err != nil {
			t.Fatal(err)
		}
		another := signed
		another.Client = "another"
		m := env.manager(func(c *engine.Config) {
			c.InMemory = []engine.Held{{Tool: "renews", Tokens: another}, {Tool: "gone", Tokens: signed}, {Tool: "ends"}}
		})
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		for _, id := range []string{"renews", "ends"} {
			if _, err := m.Token(t.Context(), id, session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
				t.Errorf("%s: %v", id, err)
			}
		}
		if held := inMemory(t, m); len(held) != 0 {
			t.Errorf("%d sessions were taken over", len(held))
		}
	})
}

// TestANewerSetInTheKeychainCounts takes over a set that another program has
// renewed in the keychain meanwhile.
func TestANewerSetInTheKeychainCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		old := env.signIn("renews")
		env.ahead.Store(int64(time.Minute))
		newer := env.refreshElsewhere(old)
		if err := env.store.Save(t.Context(), "renews", newer); err != nil {
			t.Fatal(err)
		}
		m := env.manager(onDemand, func(c *engine.Config) { c.InMemory = []engine.Held{{Tool: "renews", Tokens: old}} })
		synctest.Wait()
		if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access != newer.Access {
			t.Errorf("it goes on with what was handed over: %v", err)
		}
	})
}

// TestASignOutIsHandedOver leaves a sign-out that the keychain puts off to the
// next engine: the session does not come back with it.
func TestASignOutIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		env := newEnvironment(t)
		if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
			t.Fatal(err)
		}
		of := func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await }
		before, end := env.process(of)
		if _, err := before.SignOut(t.Context(), "renews", session.SignOutOptions{Local: true}); kindOf(err) != auth.KindKeychain {
			t.Fatalf("signing out over a locked keychain: %v", err)
		}
		held := inMemory(t, before)
		if len(held) != 1 || !held[0].SignedOut || held[0].Tokens.Access != "" {
			t.Fatalf("what is handed over: %d", len(held))
		}
		end()
		after := env.manager(onDemand, of, func(c *engine.Config) { c.InMemory = held })
		synctest.Wait()
		if until, err := after.MemoryUntil(t.Context()); err != nil || !until.IsZero() {
			t.Errorf("a sign-out holds the engine until %v: %v", until, err)
		}
		k.become("")
		time.Sleep(time.Second)
		if _, err := k.Store.Load(t.Context(), "renews"); err == nil {
			t.Error("unlocked, the keychain still holds the tokens")
		}
		if s := snapshot(t, after, "renews"); s.State != session.SignedOut || s.Problem != nil {
			t.Errorf("the session is %s: %v", s.State, s.Problem)
		}
	})
}

// TestMemoryUntil says until when an engine without a keychain is needed.
func TestMemoryUntil(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for name, tc := range map[string]struct {
			change func(env *environment, t *auth.Tokens)
			ends   func(env *environment) time.Time
		}{
			"the access token alone": {
				change: func(_ *environment, t *auth.Tokens) { t.Refresh, t.RefreshExpiry = "", time.Time{} },
				ends:   func(env *environment) time.Time { return env.now().Add(5 * time.Minute) },
			},
			"a refresh token with an end": {
				change: func(env *environment, t *auth.Tokens) { t.RefreshExpiry = env.now().Add(8 * time.Hour) },
				ends:   func(env *environment) time.Time { return env.now().Add(8 * time.Hour) },
			},
			"nobody knows the end": {
				change: func(_ *environment, t *auth.Tokens) { t.RefreshExpiry = time.Time{} },
				ends:   func(env *environment) time.Time { return env.now().Add(365 * 24 * time.Hour) },
			},
			"over": {
				change: func(env *environment, t *auth.Tokens) {
					t.Refresh, t.RefreshExpiry, t.Expiry = "", time.Time{}, env.now().Add(-time.Second)
				},
				ends: func(*environment) time.Time { return time.Time{} },
			},
		} {
			env := newEnvironment(t)
			signed := env.signIn("renews")
			tc.change(env, &signed)
			env.store.set(fault(auth.CodeKeychainAbsent))
			m := env.manager(onDemand, func(c *engine.Config) { c.InMemory = []engine.Held{{Tool: "renews", Tokens: signed}} })
			end, err := m.MemoryUntil(context.Background())
			if want := tc.ends(env); err != nil || end.Sub(want).Abs() > time.Second {
				t.Errorf("%s: until %v, want %v: %v", name, end, want, err)
			}
		}
	})
}
