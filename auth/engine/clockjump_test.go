package engine_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth/session"
)

const (
	hour = time.Hour
	year = 365 * 24 * time.Hour
)

// TestAClockThatJumps sets the wall clock while twenty sessions live. None asks
// for a person; the refreshes that follow are few, and not at once; a quarter
// of an hour later all is as ever, with the clock put right or left wrong.
func TestAClockThatJumps(t *testing.T) {
	const sessions = 20
	for _, jump := range []time.Duration{20 * time.Minute, -20 * time.Minute, hour, -hour, year, -year} {
		for _, back := range []bool{false, true} {
			t.Run(fmt.Sprint(jump, ", put right: ", back), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					env := newEnvironment(t)
					n := env.useFakeNetwork()
					env.signInMany("renews", sessions)
					env.signIn("ends")
					m := env.manager()
					told := env.followStates(m, "renews")
					if err := m.Loaded(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(6 * time.Minute) // they no longer fall due together
					n.set(nil)
					env.jumpClock(jump)
					if back {
						time.Sleep(10 * time.Minute)
						env.jumpClock(-jump)
					}
					time.Sleep(15 * time.Minute)
					synctest.Wait()
					attempts := n.seen()
					if burst := largestBurst(attempts); burst > 15 {
						t.Errorf("%d requests within a second", burst)
					}
					// One each in four minutes, and one or two for each jump.
					if limit := sessions * (25/4 + 1 + 4); len(attempts) > limit {
						t.Errorf("%d requests, want %d at most", len(attempts), limit)
					}
					for _, s := range told() {
						if s != session.Active && s != session.Unavailable {
							t.Errorf("the session was %s", s)
						}
					}
					tok, err := m.Token(t.Context(), "renews", session.TokenOptions{})
					ahead := !back && jump > 2*time.Minute // the provider's ID tokens look expired
					if (err != nil) != ahead {
						t.Errorf("the token: %v", err)
					}
					if left := tok.Expiry.Sub(env.now()); err == nil && left > 5*time.Minute {
						t.Errorf("a five-minute token that lives for %v", left)
					}

					n.set(nil)
					time.Sleep(20 * time.Minute)
					synctest.Wait()
					if got, want := len(n.seen()), sessions*5; !ahead && (got < want-sessions || got > want+sessions) {
						t.Errorf("%d refreshes in the following twenty minutes, want %d", got, want)
					}
				})
			})
		}
	}
}
