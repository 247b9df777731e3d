package engine_test

import (
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestAnIDTokenThatSeemsExpired lets this computer's clock run an hour fast
// for a while: the session says what is wrong, and lives on afterwards.
func TestAnIDTokenThatSeemsExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		told := env.followStates(m, "renews")
		env.jumpClock(hour)
		time.Sleep(20 * time.Minute)
		if s := snapshot(t, m, "renews"); s.Problem == nil || s.Problem.Code != auth.CodeClock {
			t.Errorf("the problem is %v", s.Problem)
		}
		env.jumpClock(-hour)
		time.Sleep(6 * time.Minute)
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
			t.Error(err)
		}
		if got := told(); slices.Contains(got, session.Expired) {
			t.Errorf("the states were %v", got)
		}
	})
}

// TestAProviderWithAnotherClock goes by expires_in where the provider's clock
// runs ahead.
func TestAProviderWithAnotherClock(t *testing.T) {
	for _, ahead := range []time.Duration{time.Minute, hour, year, -30 * time.Second} {
		synctest.Test(t, func(t *testing.T) {
			env := newEnvironment(t)
			env.apart.Store(int64(ahead))
			env.signIn("renews")
			m := env.manager()
			requests := env.faults.Seen(tokenPath)
			time.Sleep(hour + time.Minute)
			if n := env.faults.Seen(tokenPath) - requests; n != 15 {
				t.Errorf("%v: %d refreshes in an hour, want 15", ahead, n)
			}
			got, err := m.Token(t.Context(), "renews", session.TokenOptions{})
			if left := got.Expiry.Sub(env.now()); err != nil || left <= 0 || left > 5*time.Minute {
				t.Errorf("%v: a token for %v, %v", ahead, left, err)
			}
		})
	}
}

// TestAWrongClockEndsNothing sets this computer's clock wrong by an hour while a
// session is renewed: its refresh tokens are kept, the problem is told, and the
// session goes on by itself soon after the clock was set right, also in an
// engine that started meanwhile.
func TestAWrongClockEndsNothing(t *testing.T) {
	for name, restart := range map[string]bool{"one engine": false, "another engine": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				old := env.signIn("renews")
				env.setClock(time.Hour)
				m := env.manager()
				time.Sleep(10 * time.Minute)
				s := snapshot(t, m, "renews")
				if s.State != session.Active || s.Problem == nil || s.Renewal.Mode != session.Automatic {
					t.Errorf("with a wrong clock: %s, %v", s.State, s.Problem)
				}
				if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err == nil || kindOf(err) == auth.KindSignIn ||
					!strings.Contains(err.Error(), "clock") {
					t.Errorf("the token meanwhile: %v", err)
				}
				kept, err := env.store.Load(t.Context(), "renews")
				if err != nil || kept.Refresh == old.Refresh || kept.Access != old.Access || kept.Refusal != nil {
					t.Errorf("stored: %v, %v", kept.Refusal, err)
				}
				env.setClock(0)
				if restart {
					m = env.manager()
				}
				time.Sleep(35 * time.Second)
				if s := snapshot(t, m, "renews"); s.State != session.Active || s.Problem != nil {
					t.Errorf("with the right one: %s, %v", s.State, s.Problem)
				}
				if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access == old.Access {
					t.Errorf("the token afterwards: %v", err)
				}
			})
		})
	}
}

// setClock sets this computer's clock, and not the provider's, ahead by d.
func (env *environment) setClock(d time.Duration) {
	env.ahead.Store(int64(d))
	env.apart.Store(-int64(d))
}
