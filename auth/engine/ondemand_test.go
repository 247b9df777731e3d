package engine_test

import (
	"context"
	"net/http"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// onDemand makes a manager that of an engine which nobody sees.
func onDemand(c *engine.Config) { c.OnDemand = true }

// TestOnDemandNothingHappensByItself lets a day pass over two sessions that an
// engine on demand has read: nothing wakes, and the provider hears nothing.
func TestOnDemandNothingHappensByItself(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.signIn("ends")
		clock := &countingClock{now: env.now}
		m := env.manager(onDemand, func(c *engine.Config) { c.Now = clock.Now })
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		requests := env.faults.Seen(tokenPath)
		if got := clock.wakes(24 * time.Hour); got != 0 {
			t.Errorf("%d wakes in a day", got)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d requests that nobody asked for", n)
		}
		if s := snapshot(t, m, "ends"); s.State != session.Expired {
			t.Errorf("who asks for the sessions then is told of the past: %s", s.State)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d requests since somebody asked for the sessions", n)
		}
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
			t.Errorf("a token that is asked for: %v", err)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d requests for a token that is asked for", n)
		}
	})
}

// TestOnDemandReadsWhatIsWanted counts the uses of the keychain: one token is
// one read, whatever else there is.
func TestOnDemandReadsWhatIsWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain("")
		env := newEnvironment(t)
		env.signInMany("renews", 10)
		for _, tool := range env.tools {
			if held, err := env.store.Load(t.Context(), tool.ID); err == nil {
				if err := k.Store.Save(t.Context(), tool.ID, held); err != nil {
					t.Fatal(err)
				}
			}
		}
		m := env.manager(onDemand, func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
		if _, err := m.Token(t.Context(), "renews3", session.TokenOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := m.SetTools(t.Context(), env.tools, nil); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if _, calls := k.asked(); calls != 1 {
			t.Errorf("%d uses of the keychain for one token", calls)
		}
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		all, err := m.Snapshots(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range all {
			if s.State == session.Unavailable {
				t.Errorf("%s is not read for somebody who wants all", s.Tool)
			}
		}
		if _, calls := k.asked(); calls != len(env.tools) {
			t.Errorf("%d uses of the keychain for %d sessions", calls, len(env.tools))
		}
	})
}

// TestOnDemandALockedKeychain is read again for who asks: one session for one
// token, and all for who wants all.
func TestOnDemandALockedKeychain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		k := newFakeKeychain(auth.CodeKeychainLocked)
		env := newEnvironment(t)
		env.signInMany("renews", 10)
		for _, tool := range env.tools {
			if held, err := env.store.Load(t.Context(), tool.ID); err == nil {
				if err := k.Store.Save(t.Context(), tool.ID, held); err != nil {
					t.Fatal(err)
				}
			}
		}
		m := env.manager(onDemand, func(c *engine.Config) { c.Store, c.AwaitKeychain = k, k.Await })
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := snapshot(t, m, "renews"); s.Problem == nil || s.Problem.Code != auth.CodeKeychainLocked {
			t.Errorf("the session is %s: %v", s.State, s.Problem)
		}
		k.become("")
		time.Sleep(time.Hour)
		if _, calls := k.asked(); calls != 0 {
			t.Errorf("%d uses of the keychain that nobody asked for", calls)
		}
		if _, _, err := m.CurrentTokens(t.Context(), "renews3", session.TokenOptions{}); err != nil {
			t.Errorf("the tokens once it is unlocked: %v", err)
		}
		synctest.Wait()
		if _, calls := k.asked(); calls != 1 {
			t.Errorf("%d uses of the keychain for one session", calls)
		}
		time.Sleep(triedEvery)
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
		if s := snapshot(t, m, "renews"); s.Account == "" {
			t.Errorf("who wants all is told of %s: %v", s.State, s.Problem)
		}
	})
}

// triedEvery is how often callers make an ailing keychain be tried.
const triedEvery = 2 * time.Second

// TestOnDemandSomebodyWatches keeps the sessions as they are for somebody who
// watches, and goes back to sleep after that.
func TestOnDemandSomebodyWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("ends")
		env.signIn("renews")
		clock := &countingClock{now: env.now}
		m := env.manager(onDemand, func(c *engine.Config) { c.Now = clock.Now })
		requests := env.faults.Seen(tokenPath)
		ctx, stop := context.WithCancel(t.Context())
		watch := m.Watch(ctx)
		var last session.State
		until := time.After(10 * time.Minute)
	watching:
		for {
			select {
			case all := <-watch:
				for _, s := range all {
					if s.Tool == "ends" {
						last = s.State
					}
				}
			case <-until:
				break watching
			}
		}
		if last != session.Expired {
			t.Errorf("who watches is told %q", last)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 0 {
			t.Errorf("%d requests that nobody asked for", n)
		}
		stop()
		for range watch { // until it is closed
		}
		if got := clock.wakes(time.Hour); got != 0 {
			t.Errorf("%d wakes in an hour after that", got)
		}
	})
}

// TestOnDemandALateNetworkIsSeenSoon asks for a token again and again while
// there is no network: few of the calls send anything, and one that comes
// some seconds after the network gets its token.
func TestOnDemandALateNetworkIsSeenSoon(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		n := env.useFakeNetwork()
		env.signIn("renews")
		env.sleep(time.Hour)
		m := env.manager(onDemand)
		n.set(fails(dialing(syscall.ENETUNREACH)))
		for range 600 {
			if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindTransient {
				t.Fatalf("without a network: %v", err)
			}
			time.Sleep(time.Second)
		}
		if sent := len(n.seen()); sent < 600/20 || sent > 300 {
			t.Errorf("%d requests for 600 calls in ten minutes", sent)
		}
		n.set(nil)
		time.Sleep(20 * time.Second)
		if sent := len(n.seen()); sent != 0 {
			t.Errorf("%d requests that nobody asked for", sent)
		}
		if _, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
			t.Errorf("twenty seconds after the network: %v", err)
		}
	})
}

// TestOnDemandObeysRetryAfter asks again and again while the provider wants to
// be left alone.
func TestOnDemandObeysRetryAfter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.ahead.Store(int64(time.Hour))
		env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
			rw.Header().Set("Retry-After", "120")
			authtest.Answer(http.StatusTooManyRequests, "")(rw, r, next)
		})
		m := env.manager(onDemand)
		requests := env.faults.Seen(tokenPath)
		for range 110 {
			_, _ = m.Token(t.Context(), "renews", session.TokenOptions{})
			time.Sleep(time.Second)
		}
		if n := env.faults.Seen(tokenPath) - requests; n != 1 {
			t.Errorf("%d requests in the pause that the provider asked for", n)
		}
	})
}
