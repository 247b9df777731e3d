package engine_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// TestManyProcessesOneRefresh has fifty processes ask for the token when it
// has ended, each with a copy of the old set.
func TestManyProcessesOneRefresh(t *testing.T) {
	for name, tc := range map[string]struct {
		since   time.Duration // the sign-in; an hour if zero
		atLeast time.Duration
		prepare func(env *environment)
		kind    auth.Kind
		posts   int
	}{
		"renewed":                   {atLeast: time.Minute, posts: 1},
		"for longer than any lives": {since: time.Minute, atLeast: time.Hour, posts: 1, kind: auth.KindUsage},
		"refused for good": {
			prepare: func(env *environment) { env.faults.Set(tokenPath, authtest.Answer(400, `{"error":"invalid_grant"}`)) },
			posts:   1, kind: auth.KindSignIn,
		},
		"a new token in a bad answer": {prepare: func(env *environment) {
			env.faults.Set(tokenPath, authtest.Times(1, authtest.RewriteJSON(func(m map[string]any) { m["token_type"] = "mac" })))
		}, posts: 1, kind: auth.KindSignIn},
		"not for this client": {prepare: func(env *environment) {
			env.faults.Set(tokenPath, authtest.Times(1, authtest.Answer(401, `{"error":"invalid_client"}`)))
		}, posts: 1, kind: auth.KindSignIn},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				if tc.since == 0 {
					tc.since = time.Hour
				}
				env.ahead.Store(int64(tc.since))
				if tc.prepare != nil {
					tc.prepare(env)
				}
				release := env.takeLock("renews") // until each has its copy
				requests := env.faults.Seen(tokenPath)
				all := make([]*engine.Manager, 50)
				for i := range all {
					all[i] = env.manager(onDemand)
					if err := all[i].Loaded(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				got, errs := make([]auth.Tokens, len(all)), make([]error, len(all))
				var wg sync.WaitGroup
				for i, m := range all {
					wg.Go(func() { got[i], errs[i] = m.Token(t.Context(), "renews", session.TokenOptions{MinValid: tc.atLeast}) })
				}
				synctest.Wait()
				release()
				wg.Wait()
				if n := env.faults.Seen(tokenPath) - requests; n != tc.posts {
					t.Errorf("%d requests, want %d", n, tc.posts)
				}
				for i := range all {
					if kindOf(errs[i]) != tc.kind {
						t.Fatalf("process %d: %v, want kind %q", i, errs[i], tc.kind)
					}
					if errs[i] == nil && got[i].Access != got[len(all)-1].Access {
						t.Errorf("process %d has another token", i)
					}
				}
			})
		})
	}
}

// TestFiftyCallersOneRefresh has fifty callers ask an engine that has just been
// started for the token of a session that has ended: one reads, one request goes
// out, and all get the same.
func TestFiftyCallersOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.ahead.Store(int64(time.Hour))
		requests := env.faults.Seen(tokenPath)
		m := env.manager(onDemand)
		got, errs := make([]auth.Tokens, 50), make([]error, 50)
		var wg sync.WaitGroup
		for i := range got {
			wg.Go(func() { got[i], errs[i] = m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute}) })
		}
		wg.Wait()
		for i := range got {
			if errs[i] != nil || got[i].Access == "" || got[i].Access != got[0].Access {
				t.Fatalf("caller %d has another token than the first, or none: %v", i, errs[i])
			}
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d requests for 50 callers", n)
		}
	})
}

// TestWhatASiblingStored says what a process with an old copy does about a set
// that another process of the user has stored meanwhile.
func TestWhatASiblingStored(t *testing.T) {
	for name, tc := range map[string]struct {
		stored func(env *environment, old auth.Tokens) auth.Tokens
		want   string // "stored", "renewed" or "old"
		posts  int
	}{
		"nothing": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens { return old },
			want:   "renewed", posts: 1,
		},
		"renewed since": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens { return env.refreshElsewhere(old) },
			want:   "stored",
		},
		"renewed in the same instant": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens {
				s := env.refreshElsewhere(old)
				s.IssuedAt = old.IssuedAt
				return s
			},
			want: "stored",
		},
		"a new refresh token alone": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens {
				fresh, err := env.client.Refresh(env.t.Context(), env.tools[0], old)
				if err != nil {
					env.t.Fatal(err)
				}
				return oidc.OnlyRefresh(old, fresh)
			},
			want: "renewed", posts: 1,
		},
		"another sign-in": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens {
				s := env.signIn("renews")
				s.Set = "another"
				return s
			},
			want: "stored",
		},
		"renewed, long ago by now": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens {
				s := env.refreshElsewhere(old)
				s.Expiry = env.now().Add(-time.Minute)
				return s
			},
			want: "renewed", posts: 1,
		},
		"an old set from a backup": {
			stored: func(env *environment, old auth.Tokens) auth.Tokens {
				old.Access, old.Refresh, old.IssuedAt = "backup", "backup", old.IssuedAt.Add(-time.Hour)
				return old
			},
			want: "renewed", posts: 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				old := env.signIn("renews")
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				env.ahead.Store(int64(10 * time.Minute))
				stored := tc.stored(env, old)
				if err := env.store.Save(t.Context(), "renews", stored); err != nil {
					t.Fatal(err)
				}
				requests := env.faults.Seen(tokenPath)
				got, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
				if err != nil {
					t.Fatal(err)
				}
				is := "renewed"
				switch got.Access {
				case old.Access:
					is = "old"
				case stored.Access:
					is = "stored"
				}
				if is != tc.want || env.faults.Seen(tokenPath)-requests != tc.posts {
					t.Errorf(
						"it goes on with the %s set after %d requests, want the %s after %d",
						is,
						env.faults.Seen(tokenPath)-requests,
						tc.want,
						tc.posts,
					)
				}
			})
		})
	}
}

// takeLock takes the lock of a tool, as a process of the user that is at work.
func (env *environment) takeLock(tool string) (release func()) {
	l, _ := env.locks.LoadOrStore(tool, make(chan struct{}, 1))
	l.(chan struct{}) <- struct{}{}
	return func() { <-l.(chan struct{}) }
}

// refreshElsewhere is old after a refresh by another process, which has not stored it.
func (env *environment) refreshElsewhere(old auth.Tokens) auth.Tokens {
	env.t.Helper()
	fresh, err := env.client.Refresh(env.t.Context(), env.tools[0], old)
	if err == nil {
		fresh, err = env.client.VerifyRefreshed(env.t.Context(), env.tools[0], old, fresh)
	}
	if err != nil {
		env.t.Fatal(err)
	}
	return fresh
}
