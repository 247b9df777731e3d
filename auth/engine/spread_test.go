package engine_test

import (
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth/session"
)

// TestAWakingLaptopSpreadsItsRefreshes lets two hundred sessions fall due in
// one sleep. Somebody who asks for a token does not wait for the spreading.
func TestAWakingLaptopSpreadsItsRefreshes(t *testing.T) {
	for name, told := range map[string]bool{"told by the desktop": true, "seen by the clock": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				n := env.useFakeNetwork()
				env.signInMany("renews", 200)
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				n.set(nil)
				env.sleep(8 * time.Hour)
				if told {
					if err := m.Wake(t.Context()); err != nil {
						t.Fatal(err)
					}
				} else {
					time.Sleep(31 * time.Second)
				}
				got, err := m.Token(t.Context(), "renews198", session.TokenOptions{MinValid: time.Minute})
				if err != nil || !got.Expiry.After(env.now()) {
					t.Errorf("somebody who asks meanwhile: %v", err)
				}
				time.Sleep(time.Minute)
				checkSpread(t, n.seen(), 200)
			})
		})
	}
}

// TestALateNetworkIsSpreadToo lets two hundred sessions wake without a network
// that comes up a minute later. The first is well within ten seconds.
func TestALateNetworkIsSpreadToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signInMany("renews", 200)
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.set(fails(dialing(syscall.ENETUNREACH)))
		env.sleep(8 * time.Hour)
		if err := m.Wake(t.Context()); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Minute)
		if burst := largestBurst(n.seen()); burst > 30 {
			t.Errorf("%d attempts within a second", burst)
		}
		n.set(nil)
		time.Sleep(10 * time.Second)
		if got := len(n.seen()); got == 0 {
			t.Error("no session tried within ten seconds of the network's return")
		}
		time.Sleep(time.Minute)
		checkSpread(t, n.seen(), 200)
	})
}

// TestAnOutageIsNoStorm lets two hundred sessions run into an outage at once.
func TestAnOutageIsNoStorm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signInMany("renews", 200)
		_ = env.manager()
		n.set(answers(http.StatusServiceUnavailable, ""))
		time.Sleep(10 * time.Minute)
		if burst := largestBurst(n.seen()); burst > 40 {
			t.Errorf("%d requests within a second", burst)
		}
	})
}

// checkSpread wants one request for each session, over thirty seconds or more.
func checkSpread(t *testing.T, attempts []attempt, sessions int) {
	t.Helper()
	if len(attempts) != sessions {
		t.Errorf("%d requests for %d sessions", len(attempts), sessions)
	}
	if over := attempts[len(attempts)-1].began.Sub(attempts[0].began); over < 30*time.Second {
		t.Errorf("%d requests within %v, want 30 s or more", len(attempts), over)
	}
	if burst := largestBurst(attempts); burst > 30 {
		t.Errorf("%d requests within a second", burst)
	}
}
