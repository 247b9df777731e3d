package engine_test

import (
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

const (
	hour = time.Hour
	year = 365 * 24 * time.Hour
)

// jump sets this computer's clock, and no other.
func (w *world) jump(by time.Duration) {
	w.ahead.Add(int64(by))
	w.apart.Add(-int64(by))
}

// sleep suspends the machine: the world goes on, the timers stand still.
func (w *world) sleep(d time.Duration) { w.ahead.Add(int64(d)) }

// most returns how many of the tries began within any one second at most.
func most(tries []try) int {
	n := 0
	for i, first := range tries {
		last := i
		for last < len(tries) && tries[last].began.Sub(first.began) < time.Second {
			last++
		}
		n = max(n, last-i)
	}
	return n
}

// many adds copies of a tool and signs in to all of them.
func (w *world) many(id string, n int) {
	w.signIn(id)
	i := slices.IndexFunc(w.tools, func(t auth.Tool) bool { return t.ID == id })
	for k := range n - 1 {
		tool := w.tools[i]
		tool.ID = fmt.Sprintf("%s%d", id, k)
		w.tools = append(w.tools, tool)
		w.signIn(tool.ID)
	}
}

// TestAClockThatJumps sets the wall clock while twenty sessions live. None asks
// for a person; the refreshes that follow are few, and not at once; a quarter
// of an hour later all is as ever, with the clock put right or left wrong.
func TestAClockThatJumps(t *testing.T) {
	const sessions = 20
	for _, jump := range []time.Duration{20 * time.Minute, -20 * time.Minute, hour, -hour, year, -year} {
		for _, back := range []bool{false, true} {
			t.Run(fmt.Sprint(jump, ", put right: ", back), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					w := newWorld(t)
					n := w.rewire()
					w.many("renews", sessions)
					w.signIn("ends")
					m := w.manager()
					told := w.follow(m, "renews")
					if err := m.Loaded(t.Context()); err != nil {
						t.Fatal(err)
					}
					time.Sleep(6 * time.Minute) // they no longer fall due together
					n.set(nil)
					w.jump(jump)
					if back {
						time.Sleep(10 * time.Minute)
						w.jump(-jump)
					}
					time.Sleep(15 * time.Minute)
					synctest.Wait()
					tries := n.seen()
					if burst := most(tries); burst > 15 {
						t.Errorf("%d requests within a second", burst)
					}
					// One each in four minutes, and one or two for each jump.
					if limit := sessions * (25/4 + 1 + 4); len(tries) > limit {
						t.Errorf("%d requests, want %d at most", len(tries), limit)
					}
					for _, s := range told() {
						if s != session.Active && s != session.Unavailable {
							t.Errorf("the session was %s", s)
						}
					}
					tok, err := m.Token(t.Context(), "renews", 0)
					ahead := !back && jump > 2*time.Minute // the provider's ID tokens look expired
					if (err != nil) != ahead {
						t.Errorf("the token: %v", err)
					}
					if left := tok.Expiry.Sub(w.now()); err == nil && left > 5*time.Minute {
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

// TestNoTokenIsEndless sets the wall clock back while a token lives that
// nothing renews. It ends when its five minutes are over, whatever the clock
// says, and it is told by the clock as it is then.
func TestNoTokenIsEndless(t *testing.T) {
	for _, back := range []time.Duration{10 * time.Second, time.Minute, hour, year} {
		t.Run(back.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				signed := w.signIn("ends")
				m := w.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				w.jump(-back)
				got, err := m.Token(t.Context(), "ends", 0)
				if left := got.Expiry.Sub(w.now()).Round(time.Second); err != nil || left != 4*time.Minute {
					t.Errorf("after a minute the token has %v left, %v", left, err)
				}
				time.Sleep(31 * time.Second)
				synctest.Wait()
				s := snapshot(t, m, "ends")
				if left := s.EndsAt.Sub(w.now()).Round(time.Second); s.State != session.Active || left != 3*time.Minute+29*time.Second {
					t.Errorf("after 91 s: %s for %v", s.State, left)
				}
				time.Sleep(time.Until(signed.Expiry) - 10*time.Second)
				if _, err := m.Token(t.Context(), "ends", 0); err != nil {
					t.Errorf("ten seconds before the end: %v", err)
				}
				time.Sleep(15 * time.Second)
				synctest.Wait()
				if s := snapshot(t, m, "ends"); s.State != session.Expired {
					t.Errorf("after the end: %s", s.State)
				}
				if _, err := m.Token(t.Context(), "ends", 0); kindOf(err) != auth.KindSignIn {
					t.Errorf("the token after the end: %v", err)
				}
			})
		})
	}
}

// TestAClockThatComesBack sets the clock ahead and back again: what seemed to
// have ended lives on.
func TestAClockThatComesBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.signIn("ends")
		m := w.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		told := w.follow(m, "ends")
		_ = told()
		w.jump(year)
		time.Sleep(time.Minute)
		w.jump(-year)
		time.Sleep(time.Minute)
		want := []session.State{session.Active, session.Expired, session.Active}
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("the states were %v, want %v", got, want)
		}
		time.Sleep(4 * time.Minute)
		want = append(want, session.Expiring, session.Expired)
		if got := told(); !slices.Equal(got, want) {
			t.Errorf("the states were %v, want %v", got, want)
		}
	})
}

// TestATokenFromTheFuture starts with tokens that were stored before the clock
// was set back. Nobody can know their age: what renews is renewed, the other
// is over, unless the clock comes right.
func TestATokenFromTheFuture(t *testing.T) {
	for _, back := range []time.Duration{2 * time.Minute, hour, year} {
		t.Run(back.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t)
				w.signIn("renews")
				w.signIn("ends")
				w.jump(-back)
				requests := w.faults.Seen(tokenPath)
				m := w.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := m.Token(t.Context(), "renews", 0); err != nil {
					t.Error(err)
				}
				if n := w.faults.Seen(tokenPath) - requests; n != 1 {
					t.Errorf("%d refreshes, want 1", n)
				}
				if s := snapshot(t, m, "ends"); s.State != session.Expired || s.EndsAt.After(w.now()) {
					t.Errorf("the other one is %s until %v", s.State, s.EndsAt)
				}
				w.jump(back)
				time.Sleep(time.Minute)
				if s := snapshot(t, m, "ends"); s.State != session.Active {
					t.Errorf("with the clock put right it is %s", s.State)
				}
			})
		})
	}
}

// TestAnotherProcessRenewedAfterTheClockWasSetBack makes sure that the newer
// set is known as such although its time is older.
func TestAnotherProcessRenewedAfterTheClockWasSetBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		old := w.signIn("renews")
		m := w.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.jump(-hour)
		time.Sleep(time.Minute)
		fresh, err := w.client.Refresh(t.Context(), w.tools[0], old)
		if err == nil {
			fresh, err = w.client.VerifyRefreshed(t.Context(), w.tools[0], old, fresh)
		}
		if err == nil {
			err = w.store.Save(t.Context(), "renews", fresh)
		}
		if err != nil {
			t.Fatal(err)
		}
		requests := w.faults.Seen(tokenPath)
		if _, err := m.Token(t.Context(), "renews", 4*time.Minute+30*time.Second); err != nil {
			t.Fatal(err)
		}
		if n := w.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d refreshes with a token that the provider has replaced", n)
		}
	})
}

// TestAnIDTokenThatSeemsExpired lets this computer's clock run an hour fast
// for a while: the session says what is wrong, and lives on afterwards.
func TestAnIDTokenThatSeemsExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		w.signIn("renews")
		m := w.manager()
		told := w.follow(m, "renews")
		w.jump(hour)
		time.Sleep(20 * time.Minute)
		if s := snapshot(t, m, "renews"); s.Problem == nil || s.Problem.Code != auth.CodeClock {
			t.Errorf("the problem is %v", s.Problem)
		}
		w.jump(-hour)
		time.Sleep(6 * time.Minute)
		if _, err := m.Token(t.Context(), "renews", 0); err != nil {
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
			w := newWorld(t)
			w.apart.Store(int64(ahead))
			w.signIn("renews")
			m := w.manager()
			requests := w.faults.Seen(tokenPath)
			time.Sleep(hour + time.Minute)
			if n := w.faults.Seen(tokenPath) - requests; n != 15 {
				t.Errorf("%v: %d refreshes in an hour, want 15", ahead, n)
			}
			got, err := m.Token(t.Context(), "renews", 0)
			if left := got.Expiry.Sub(w.now()); err != nil || left <= 0 || left > 5*time.Minute {
				t.Errorf("%v: a token for %v, %v", ahead, left, err)
			}
		})
	}
}

// TestDaylightSaving judges a session in the hour when the clocks of its place
// go back or forth. States, ends and reminders fall on the same instants as
// anywhere else.
func TestDaylightSaving(t *testing.T) {
	berlin, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	for _, change := range []time.Time{
		time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC),  // 02:00 → 03:00
		time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC), // 03:00 → 02:00
	} {
		begin := change.Add(-30 * time.Minute)
		tok := func(in *time.Location) *auth.Tokens {
			return tokens(func(t *auth.Tokens) { t.IssuedAt, t.Expiry = begin.In(in), begin.Add(hour).In(in) })
		}
		facts := engine.Facts{Tool: auth.Tool{ID: "x", Reminders: []time.Duration{15 * time.Minute, 5 * time.Minute}}}
		for at := begin; at.Before(begin.Add(2 * hour)); at = at.Add(time.Minute) {
			facts.Tokens = tok(time.UTC)
			want := engine.Derive(facts, at)
			facts.Tokens = tok(berlin)
			got := engine.Derive(facts, at.In(berlin))
			if got.State != want.State || !got.EndsAt.Equal(want.EndsAt) || !got.Reminder.Equal(want.Reminder) ||
				!got.NextWake.Equal(want.NextWake) ||
				wording.State(got, at.In(berlin)) != wording.State(want, at) {
				t.Errorf("at %v: %+v, want %+v", at.In(berlin), got, want)
			}
		}
	}
}

// TestTheKeychainKeepsItsTimes makes sure that a clock that was set back does
// not reach what is stored.
func TestTheKeychainKeepsItsTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		signed := w.signIn("ends")
		m := w.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		w.jump(-hour)
		time.Sleep(time.Minute)
		stored, err := w.store.Load(t.Context(), "ends")
		if err != nil || !stored.Expiry.Equal(signed.Expiry) {
			t.Errorf("stored until %v, %v; was %v", stored.Expiry, err, signed.Expiry)
		}
	})
}
