package engine_test

import (
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// TestNoTokenIsEndless sets the wall clock back while a token lives that
// nothing renews. It ends when its five minutes are over, whatever the clock
// says, and it is told by the clock as it is then.
func TestNoTokenIsEndless(t *testing.T) {
	for _, back := range []time.Duration{10 * time.Second, time.Minute, hour, year} {
		t.Run(back.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				signed := env.signIn("ends")
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Minute)
				env.jumpClock(-back)
				got, err := m.Token(t.Context(), "ends", session.TokenOptions{})
				if left := got.Expiry.Sub(env.now()).Round(time.Second); err != nil || left != 4*time.Minute {
					t.Errorf("after a minute the token has %v left, %v", left, err)
				}
				time.Sleep(31 * time.Second)
				synctest.Wait()
				s := snapshot(t, m, "ends")
				if left := s.EndsAt.Sub(env.now()).Round(time.Second); s.State != session.Active || left != 3*time.Minute+29*time.Second {
					t.Errorf("after 91 s: %s for %v", s.State, left)
				}
				time.Sleep(time.Until(signed.Expiry) - 10*time.Second)
				if _, err := m.Token(t.Context(), "ends", session.TokenOptions{}); err != nil {
					t.Errorf("ten seconds before the end: %v", err)
				}
				time.Sleep(15 * time.Second)
				synctest.Wait()
				if s := snapshot(t, m, "ends"); s.State != session.Expired {
					t.Errorf("after the end: %s", s.State)
				}
				if _, err := m.Token(t.Context(), "ends", session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
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
		env := newEnvironment(t)
		env.signIn("ends")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		told := env.followStates(m, "ends")
		_ = told()
		env.jumpClock(year)
		time.Sleep(time.Minute)
		env.jumpClock(-year)
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
				env := newEnvironment(t)
				env.signIn("renews")
				env.signIn("ends")
				env.jumpClock(-back)
				requests := env.faults.Seen(tokenPath)
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
					t.Error(err)
				}
				if n := env.faults.Seen(tokenPath) - requests; n != 1 {
					t.Errorf("%d refreshes, want 1", n)
				}
				if s := snapshot(t, m, "ends"); s.State != session.Expired || s.EndsAt.After(env.now()) {
					t.Errorf("the other one is %s until %v", s.State, s.EndsAt)
				}
				env.jumpClock(back)
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
		env := newEnvironment(t)
		old := env.signIn("renews")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		env.jumpClock(-hour)
		time.Sleep(time.Minute)
		fresh, err := env.client.Refresh(t.Context(), env.tools[0], old)
		if err == nil {
			fresh, err = env.client.VerifyRefreshed(t.Context(), env.tools[0], old, fresh)
		}
		if err == nil {
			err = env.store.Save(t.Context(), "renews", fresh)
		}
		if err != nil {
			t.Fatal(err)
		}
		requests := env.faults.Seen(tokenPath)
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: 4*time.Minute + 30*time.Second}); err != nil {
			t.Fatal(err)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d refreshes with a token that the provider has replaced", n)
		}
	})
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
		env := newEnvironment(t)
		signed := env.signIn("ends")
		m := env.manager()
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		env.jumpClock(-hour)
		time.Sleep(time.Minute)
		stored, err := env.store.Load(t.Context(), "ends")
		if err != nil || !stored.Expiry.Equal(signed.Expiry) {
			t.Errorf("stored until %v, %v; was %v", stored.Expiry, err, signed.Expiry)
		}
	})
}
