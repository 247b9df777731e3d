package engine_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

const tokenPath = "/token"

// TestASessionWithoutRefreshTokenEnds follows a session to its end: reminders
// at the lead times, then expired, and no request to the provider.
func TestASessionWithoutRefreshTokenEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signed := env.signIn("ends")
		m := env.manager()
		requests := env.faults.Seen(tokenPath)

		type change struct {
			after    time.Duration
			state    session.State
			reminder time.Duration // ahead of the end
		}
		var got []change
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute)
		defer cancel()
		for all := range m.Watch(ctx) {
			s := all[1]
			if s.State == session.Unavailable {
				continue // the keychain is being read
			}
			c := change{after: time.Since(signed.IssuedAt).Round(time.Second), state: s.State}
			if !s.Reminder.IsZero() {
				c.reminder = s.EndsAt.Sub(s.Reminder)
			}
			if len(got) == 0 || got[len(got)-1] != c { // else another session changed
				got = append(got, c)
			}
		}
		want := []change{
			{0, session.Active, 0},
			{3 * time.Minute, session.Expiring, 2 * time.Minute},
			{4 * time.Minute, session.Expiring, time.Minute},
			{5 * time.Minute, session.Expired, 0},
		}
		if len(got) != len(want) {
			t.Fatalf("changes %v, want %v", got, want)
		}
		for i := range want {
			if got[i] != want[i] {
				t.Errorf("change %d is %v, want %v", i, got[i], want[i])
			}
		}
		if n := env.faults.Seen(tokenPath); n != requests {
			t.Errorf("%d requests to the token endpoint without a refresh token", n-requests)
		}
		if _, err := m.Token(t.Context(), "ends", session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
			t.Errorf("the token after the end: %v, want kind %s", err, auth.KindSignIn)
		}
	})
}

// TestAWeekOfRefreshes runs seven days with five-minute tokens: nobody is
// asked for anything, and each token is renewed once.
func TestAWeekOfRefreshes(t *testing.T) {
	authtest.NotShort(t, "it simulates a week")
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		requests := env.faults.Seen(tokenPath)
		const week = 7 * 24 * time.Hour
		ctx, cancel := context.WithTimeout(t.Context(), week)
		defer cancel()
		for all := range m.Watch(ctx) {
			if s := all[0].State; s != session.Active && s != session.Unavailable {
				t.Fatalf("state %s after %v", s, time.Since(env.now()))
			}
		}
		want := int(week / (4 * time.Minute)) // renewed when a fifth of five minutes is left
		if n := env.faults.Seen(tokenPath) - requests; n < want-1 || n > want+1 {
			t.Errorf("%d refreshes in a week, want %d", n, want)
		}
	})
}

// TestManyCallersOneRefresh asks for a token fifty times at once when it has
// just ended.
func TestManyCallersOneRefresh(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.ahead.Store(int64(time.Hour))
		requests := env.faults.Seen(tokenPath)
		m := env.manager()
		var wg sync.WaitGroup
		got := make([]auth.Secret, 50)
		for i := range got {
			wg.Go(func() {
				tok, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
				if err != nil {
					t.Error(err)
				}
				got[i] = tok.Access
			})
		}
		wg.Wait()
		for i := range got {
			if got[i] == "" || got[i] != got[0] {
				t.Fatalf("caller %d got another token than caller 0", i)
			}
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d refreshes for 50 callers", n)
		}
	})
}

// TestAPassingFaultKeepsTheSession lets the provider fail for an hour.
func TestAPassingFaultKeepsTheSession(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		m := env.manager()
		env.faults.Set(tokenPath, func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) {
			rw.WriteHeader(http.StatusServiceUnavailable)
		})
		requests := env.faults.Seen(tokenPath)
		time.Sleep(time.Hour)
		synctest.Wait()
		s := snapshot(t, m, "renews")
		if s.State != session.Active || s.Problem == nil || s.Problem.Kind != auth.KindTransient {
			t.Errorf("after an hour of 503: %s with problem %v", s.State, s.Problem)
		}
		// Pauses grow to five minutes at most, half of that on average.
		if n := env.faults.Seen(tokenPath) - requests; n < 10 || n > 60 {
			t.Errorf("%d attempts in an hour", n)
		}
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindTransient {
			t.Errorf("the token meanwhile: %v, want kind %s", err, auth.KindTransient)
		}
		env.faults.Clear(tokenPath)
		time.Sleep(6 * time.Minute)
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
			t.Errorf("after the fault: %v", err)
		}
		if s := snapshot(t, m, "renews"); s.Problem != nil {
			t.Errorf("the problem stays after a success: %v", s.Problem)
		}
	})
}

// TestARefusedRefreshTokenEndsTheSessionOnce revokes the sign-in at the
// provider: one request, one end, and the reason outlives a restart.
func TestARefusedRefreshTokenEndsTheSessionOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signed := env.signIn("renews")
		m := env.manager()
		if err := env.client.Revoke(t.Context(), env.tools[0], signed); err != nil {
			t.Fatal(err)
		}
		requests := env.faults.Seen(tokenPath)
		time.Sleep(time.Hour)
		for range 100 {
			if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
				t.Fatalf("the token: %v, want kind %s", err, auth.KindSignIn)
			}
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d requests with a refresh token that was refused", n)
		}
		kept, err := env.store.Load(t.Context(), "renews")
		if err != nil || kept.Refresh != "" || !kept.RefreshRefused {
			t.Errorf("in the keychain: refresh token %q, refused %v, error %v", kept.Refresh, kept.RefreshRefused, err)
		}
		restarted := env.manager()
		if err := restarted.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		after := snapshot(t, restarted, "renews")
		before := snapshot(t, m, "renews")
		if after.State != session.Expired || after.Renewal.Reason == "" || before.Problem == nil || after.Problem == nil ||
			after.Problem.Error() != before.Problem.Error() ||
			after.Problem.Kind != auth.KindGrant ||
			after.Problem.Who != auth.WhoYou {
			t.Errorf("after a restart: %s, %+v; before %+v", after.State, after.Problem, before.Problem)
		}
	})
}
