package engine_test

import (
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestPromotionStartsTheTimers has an engine on demand get an icon after an
// hour: what is due is renewed at once, and what comes later by itself. When the
// icon goes, that ends.
func TestPromotionStartsTheTimers(t *testing.T) {
	for name, read := range map[string]bool{"sessions that were read": true, "sessions that nobody has read": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				m := env.manager(onDemand)
				if read {
					if err := m.Loaded(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(time.Hour)
				requests := env.faults.Seen(tokenPath)
				if err := m.SetOnDemand(t.Context(), false); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if n := env.faults.Seen(tokenPath) - requests; n != 1 {
					t.Errorf("%d requests at once, want 1", n)
				}
				if s := snapshot(t, m, "renews"); s.State != session.Active || !s.AccessUntil.After(env.now()) {
					t.Errorf("the session is %s until %v: %v", s.State, s.AccessUntil, s.Problem)
				}
				time.Sleep(time.Hour)
				if n := env.faults.Seen(tokenPath) - requests; n < 15 {
					t.Errorf("%d requests in an hour of five-minute tokens", n)
				}
				if err := m.SetOnDemand(t.Context(), true); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				requests = env.faults.Seen(tokenPath)
				time.Sleep(time.Hour)
				if n := env.faults.Seen(tokenPath) - requests; n != 0 {
					t.Errorf("%d requests in an hour without the icon", n)
				}
			})
		})
	}
}

// TestPromotionEndsPauses has an engine get an icon while a session pauses since
// there was no network: it tries at once.
func TestPromotionEndsPauses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signIn("renews")
		env.sleep(time.Hour)
		m := env.manager(onDemand)
		n.set(fails(dialing(syscall.ENETUNREACH)))
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindTransient {
			t.Fatalf("without a network: %v", err)
		}
		n.set(nil)
		if err := m.SetOnDemand(t.Context(), false); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if sent := len(n.seen()); sent != 1 {
			t.Errorf("%d requests at once", sent)
		}
	})
}
