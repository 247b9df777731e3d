package engine_test

import (
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// countingClock is the environment's clock, and notes when somebody looked at it: nobody
// does who is asleep.
type countingClock struct {
	now func() time.Time

	mu    sync.Mutex
	looks map[time.Time]bool
}

func (c *countingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.looks != nil {
		c.looks[time.Now()] = true
	}
	return c.now()
}

// wakes returns at how many moments of the time d, from now on, anything
// happened.
func (c *countingClock) wakes(d time.Duration) int {
	synctest.Wait()
	c.mu.Lock()
	c.looks = map[time.Time]bool{}
	c.mu.Unlock()
	time.Sleep(d - time.Nanosecond)
	synctest.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.looks)
}

// TestIdle counts at how many moments a manager does anything in an hour of
// which nobody wants anything.
func TestIdle(t *testing.T) {
	for _, tt := range []struct {
		name  string
		begin func(*environment)
		want  int // at most, beside the ticks of two a minute
		ticks bool
	}{
		{name: "nobody signed in", begin: func(*environment) {}},
		{name: "locked keychain", begin: func(env *environment) { env.store.set(errLocked) }},
		{name: "a session that ended long ago", begin: func(env *environment) { env.signIn("ends"); env.sleep(time.Hour) }, ticks: true},
		{name: "a session that renews", begin: func(env *environment) { env.signIn("renews") }, ticks: true, want: 15},
		{
			name: "a session that renews and one that ends", begin: func(env *environment) { env.signIn("renews"); env.signIn("ends") },
			ticks: true, want: 15 + 3,
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				tt.begin(env)
				clock := &countingClock{now: env.now}
				m := env.manager(func(c *engine.Config) { c.Now = clock.Now })
				_ = m.Loaded(t.Context())
				got := clock.wakes(time.Hour)
				want := tt.want
				if tt.ticks {
					want += 120
				}
				if got > want {
					t.Errorf("%d wakes in an hour, want %d", got, want)
				}
				if tt.ticks && got < 119 {
					t.Errorf("%d wakes in an hour, so a sleep may go unnoticed", got)
				}
			})
		})
	}
}

// TestNothingTicksAfterSigningOut signs out of the last session.
func TestNothingTicksAfterSigningOut(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		clock := &countingClock{now: env.now}
		m := env.manager(func(c *engine.Config) { c.Now = clock.Now })
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := forget(t.Context(), m, "renews"); err != nil {
			t.Fatal(err)
		}
		if got := clock.wakes(24 * time.Hour); got != 0 {
			t.Errorf("%d wakes in a day with nobody signed in", got)
		}
	})
}

// TestAWeekInTheSameMemory runs two sessions with five-minute tokens for
// seven days and compares the heap after the first and the last. The provider
// here remembers nothing, unlike the embedded one.
func TestAWeekInTheSameMemory(t *testing.T) {
	authtest.NotShort(t, "it simulates a week")
	const sessions = 2
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signInMany("renews", sessions)
		var refreshes int
		var mu sync.Mutex
		env.faults.Set(tokenPath, func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) {
			mu.Lock()
			defer mu.Unlock()
			refreshes++
			rw.Header().Set("Content-Type", "application/json")
			_, _ = fmt.Fprintf(
				rw,
				`{"access_token":"a%01500d","refresh_token":"r%0500d","token_type":"Bearer","expires_in":300}`,
				refreshes,
				refreshes,
			)
		})
		m := env.manager(func(c *engine.Config) { c.Store = env.store.Store }) // which keeps no list of what was saved
		told := env.followStates(m, "renews")
		heap := func() uint64 {
			synctest.Wait()
			runtime.GC()
			runtime.GC()
			var s runtime.MemStats
			runtime.ReadMemStats(&s)
			return s.HeapAlloc
		}
		time.Sleep(24 * time.Hour)
		first := heap()
		time.Sleep(6 * 24 * time.Hour)
		last := heap()
		t.Logf("%d refreshes; the heap is %d KiB after a day and %d KiB after a week", refreshes, first>>10, last>>10)
		if grown := int64(last) - int64(first); grown > 256<<10 {
			t.Errorf("the heap grew by %d KiB in six days", grown>>10)
		}
		if want := sessions * 7 * 24 * 60 / 4; refreshes < want-sessions || refreshes > want+sessions {
			t.Errorf("%d refreshes, want %d", refreshes, want)
		}
		for _, s := range told() {
			if s != session.Active && s != session.Unavailable {
				t.Errorf("a session was %s", s)
			}
		}
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Second}); kindOf(err) != auth.Kind("") {
			t.Error(err)
		}
	})
}
