package engine_test

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// TestALockedClientSecretIsAskedFor renews a session whose client's secret is in
// a keychain that was locked since the session was read.
func TestALockedClientSecretIsAskedFor(t *testing.T) {
	for name, tc := range map[string]struct {
		mayUnlock, answer bool
		after             bool // a script, which failed
		prompts           int
		code              string
	}{
		"by a script":                   {code: auth.CodeKeychainLocked},
		"a person gives the password":   {mayUnlock: true, answer: true, prompts: 1},
		"a person does, after a script": {mayUnlock: true, answer: true, after: true, prompts: 1},
		"a person does not":             {mayUnlock: true, prompts: 1, code: auth.CodeKeychainRefused},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain("")
				env := newEnvironment(t)
				if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
					t.Fatal(err)
				}
				env.client = &oidc.Client{
					HTTP: &http.Client{Transport: handlerTransport{env.faults}}, Now: env.now,
					Secret: func(ctx context.Context, _ auth.Tool) (auth.Secret, error) { return "secret", k.Peek(ctx) },
				}
				env.tools[0].ClientAuth = auth.ClientAuthForm
				env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
					if r.PostFormValue("client_secret") != "secret" {
						t.Error("the secret is not sent")
					}
					r.PostForm.Del("client_secret") // the embedded provider's client has none
					body := r.PostForm.Encode()
					r.Body, r.ContentLength, r.PostForm, r.Form = io.NopCloser(strings.NewReader(body)), int64(len(body)), nil, nil
					next.ServeHTTP(rw, r)
				})
				m := env.manager(onDemand, func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				k.become(auth.CodeKeychainLocked)
				env.ahead.Store(int64(time.Hour))
				if tc.after {
					if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindKeychain {
						t.Errorf("the script: %v", err)
					}
				}
				time.AfterFunc(time.Millisecond, func() { // well within the pause after a failure
					select {
					case k.answer <- tc.answer:
					case <-time.After(time.Minute):
					}
				})
				_, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: tc.mayUnlock, Waits: func(*auth.Error) {}})
				if e := auth.AsError(err); (e == nil) != (tc.code == "") || e != nil && e.Code != tc.code {
					t.Errorf("the token: %v, want %q", err, tc.code)
				}
				if prompts, _ := k.asked(); prompts != tc.prompts {
					t.Errorf("the person was asked %d times, want %d", prompts, tc.prompts)
				}
				time.Sleep(2 * time.Minute)
			})
		})
	}
}

// TestAServiceAccountAsksNobodyForAScript gets a token of a service account,
// which a locked keychain does not take: only where a person is there is it
// asked for its password.
func TestAServiceAccountAsksNobodyForAScript(t *testing.T) {
	for name, mayUnlock := range map[string]bool{"script": false, "person": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env, _ := newServiceEnvironment(t)
				k := newFakeKeychain("")
				m := env.manager(onDemand, func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				k.become(auth.CodeKeychainLocked)
				if mayUnlock {
					time.AfterFunc(time.Second, func() { k.answer <- true })
				}
				if _, err := m.Token(t.Context(), "robot", session.TokenOptions{MayUnlock: mayUnlock}); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if prompts, _ := k.asked(); prompts > 0 != mayUnlock {
					t.Errorf("the person was asked %d times", prompts)
				}
				if s := onlySnapshot(t, m); (s.Store == session.StoreMemory) == mayUnlock {
					t.Errorf("the token is in %s", s.Store)
				}
				if end, err := m.MemoryUntil(t.Context()); err != nil || !end.IsZero() {
					t.Errorf("it holds the engine until %v: %v", end, err)
				}
			})
		})
	}
}

// TestARenewalThatALockedKeychainDoesNotTake hands out the token, and asks the
// person who is there for the keychain's password, so that an engine which may
// end any time does not lose the session.
func TestARenewalThatALockedKeychainDoesNotTake(t *testing.T) {
	for name, mayUnlock := range map[string]bool{"script": false, "person": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				k := newFakeKeychain("")
				env := newEnvironment(t)
				if err := k.Store.Save(t.Context(), "renews", env.signIn("renews")); err != nil {
					t.Fatal(err)
				}
				m := env.manager(onDemand, func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				k.become(auth.CodeKeychainLocked)
				env.ahead.Store(int64(time.Hour))
				start := time.Now()
				got, err := m.Token(t.Context(), "renews", session.TokenOptions{MayUnlock: mayUnlock})
				if err != nil || time.Since(start) > 0 {
					t.Fatalf("the token, after %v: %v", time.Since(start), err)
				}
				synctest.Wait()
				if prompts, _ := k.asked(); prompts > 0 != mayUnlock {
					t.Errorf("the person was asked %d times", prompts)
				}
				if held := inMemory(t, m); len(held) != 1 || held[0].Tokens.Access != got.Access {
					t.Errorf("in memory alone are %d sessions", len(held))
				}
				if mayUnlock {
					k.answer <- true
				} else {
					k.become("")
				}
				synctest.Wait()
				if kept, err := k.Store.Load(t.Context(), "renews"); err != nil || kept.Refresh != got.Refresh {
					t.Errorf("unlocked, the keychain does not hold the new set: %v", err)
				}
			})
		})
	}
}
