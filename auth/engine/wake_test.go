package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestWakingIsToldAtOnce tells the manager of a waking: what ended is over and
// what renews is renewed without any time passing.
func TestWakingIsToldAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.signIn("ends")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		woke := time.Now()
		env.sleep(8 * time.Hour)
		if err := m.Wake(t.Context()); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if s := snapshot(t, m, "ends"); s.State != session.Expired {
			t.Errorf("the session that ended in the night is %s", s.State)
		}
		if s := snapshot(t, m, "renews"); s.State != session.Active || s.AccessUntil.Before(env.now()) {
			t.Errorf("the session that renews is %s until %v", s.State, s.AccessUntil)
		}
		if took := time.Since(woke); took != 0 {
			t.Errorf("that took %v", took)
		}
	})
}

// TestWhatEndedInASleepIsToldTogether makes sure that nobody ever sees some of
// the sessions ended and others not, whoever tells of the waking.
func TestWhatEndedInASleepIsToldTogether(t *testing.T) {
	for name, told := range map[string]bool{"by the desktop": true, "by the clock": false} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signInMany("ends", 20)
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				var (
					mu   sync.Mutex
					seen []int
				)
				watch := m.Watch(t.Context())
				go func() {
					for all := range watch {
						ended := 0
						for _, s := range all {
							if s.State == session.Expired {
								ended++
							}
						}
						mu.Lock()
						seen = append(seen, ended)
						mu.Unlock()
					}
				}()
				synctest.Wait()
				env.sleep(8 * time.Hour)
				if told {
					if err := m.Wake(t.Context()); err != nil {
						t.Fatal(err)
					}
				}
				time.Sleep(35 * time.Second)
				synctest.Wait()
				mu.Lock()
				defer mu.Unlock()
				if seen = slices.Compact(seen); !slices.Equal(seen, []int{0, 20}) {
					t.Errorf("told of %v ended sessions, want 0 and then 20", seen)
				}
			})
		})
	}
}

// TestTheNetworkComesUpAfterWaking brings the network up some time after the
// machine: the session renews within ten seconds of that, and nobody is asked
// for anything meanwhile.
func TestTheNetworkComesUpAfterWaking(t *testing.T) {
	for _, down := range []time.Duration{0, time.Second, 7 * time.Second, 20 * time.Second, time.Minute, 110 * time.Second} {
		for _, told := range []bool{true, false} {
			t.Run(fmt.Sprintf("%v, told %v", down, told), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					env := newEnvironment(t)
					n := env.useFakeNetwork()
					env.signInMany("renews", 10)
					m := env.manager()
					states := env.followStates(m, "renews")
					if err := m.Loaded(t.Context()); err != nil {
						t.Fatal(err)
					}
					// It went down first, so that the pauses are long by now.
					n.set(fails(dialing(syscall.ENETUNREACH)))
					time.Sleep(30 * time.Minute)
					env.sleep(8 * time.Hour)
					if told {
						if err := m.Wake(t.Context()); err != nil {
							t.Fatal(err)
						}
					} else {
						time.Sleep(30 * time.Second)
					}
					time.Sleep(down)
					n.set(nil)
					time.Sleep(10 * time.Second)
					synctest.Wait()
					for _, tool := range env.tools {
						if tool.ID == "ends" {
							continue
						}
						if s := snapshot(t, m, tool.ID); s.Problem != nil || s.AccessUntil.Before(env.now()) {
							t.Errorf(
								"ten seconds after the network came: %s, %s until %v with the problem %v",
								tool.ID,
								s.State,
								s.AccessUntil,
								s.Problem,
							)
						}
					}
					if got := len(n.seen()); got != 10 {
						t.Errorf("%d requests for 10 sessions", got)
					}
					if got := states(); slices.Contains(got, session.Expired) {
						t.Errorf("the states were %v", got)
					}
				})
			})
		}
	}
}

// TestWakingObeysTheProvider keeps the pause that a provider has asked for.
func TestWakingObeysTheProvider(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		env.faults.Set(tokenPath, authtest.Answer(429, "", "Retry-After", "600"))
		time.Sleep(4*time.Minute + time.Second)
		requests := env.faults.Seen(tokenPath)
		for range 9 {
			time.Sleep(time.Minute)
			if err := m.Wake(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d requests in the ten minutes that the provider asked for", n)
		}
	})
}

// TestManyWordsOfOneWaking are one waking: no request for each of them.
func TestManyWordsOfOneWaking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signIn("renews")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		n.set(fails(dialing(syscall.ENETUNREACH)))
		env.sleep(time.Hour)
		for range 100 {
			if err := m.Wake(t.Context()); err != nil {
				t.Fatal(err)
			}
			time.Sleep(10 * time.Millisecond)
		}
		if got := len(n.seen()); got > 3 {
			t.Errorf("%d attempts within a second", got)
		}
	})
}

// TestAStoppedManagerDoesNotWake returns instead of hanging.
func TestAStoppedManagerDoesNotWake(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	m := engine.New(engine.Config{Now: time.Now})
	cancel()
	m.Run(ctx)
	if err := m.Wake(t.Context()); err == nil {
		t.Error("a manager that has stopped woke")
	}
}

// TestASleepIsNoticed moves the wall clock eight hours while the timers stand
// still, as a suspended machine does.
func TestASleepIsNoticed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.signIn("ends")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		requests := env.faults.Seen(tokenPath)
		env.ahead.Store(int64(8 * time.Hour))
		time.Sleep(35 * time.Second)
		synctest.Wait()
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d refreshes after waking, want 1", n)
		}
		if s := snapshot(t, m, "ends"); s.State != session.Expired {
			t.Errorf("the session that ended in the night is %s", s.State)
		}
		if s := snapshot(t, m, "renews"); s.State != session.Active || s.AccessUntil.Before(env.now()) {
			t.Errorf("the session that renews is %s until %v", s.State, s.AccessUntil)
		}
	})
}
