package engine_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestHold stops a manager whose sessions only memory holds, past the moment at
// which it would renew them: what it has given away is what it has then. Whoever
// asks meanwhile waits, or leaves.
func TestHold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signed := env.signIn("renews")
		env.store.set(errLocked)
		m := env.manager(func(c *engine.Config) { c.InMemory = []engine.Held{{Tool: "renews", Tokens: signed}} })
		held, release, err := m.Hold(t.Context())
		if err != nil || len(held) != 1 || held[0].Tool != "renews" || held[0].Tokens.Refresh == "" {
			t.Fatalf("%d held, %v", len(held), err)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := m.Token(short, "renews", session.TokenOptions{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it answered: %v", err)
		}
		asked := env.faults.Seen("/token")
		time.Sleep(10 * time.Minute) // beyond the token's life
		synctest.Wait()
		if n := env.faults.Seen("/token"); n != asked {
			t.Errorf("it asked the provider %d times", n-asked)
		}
		next := env.manager(func(c *engine.Config) { c.InMemory = held })
		if _, err := next.Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
			t.Errorf("the next one cannot renew: %v", err)
		}
		release()
		if _, err := m.Snapshots(t.Context()); err != nil {
			t.Errorf("after the release: %v", err)
		}
	})
}

// TestHoldWaits waits for a refresh that is under way, or leaves it alone.
func TestHoldWaits(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signIn("renews")
		env.faults.Set("/token", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			time.Sleep(10 * time.Second)
			next.ServeHTTP(w, r)
		})
		m := env.manager()
		time.Sleep(2 * time.Second) // so that the token is too old for who asks
		began := time.Now()
		renewed := make(chan error, 1)
		go func() {
			_, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: 5*time.Minute - time.Second})
			renewed <- err
		}()
		time.Sleep(2 * time.Second)
		short, stop := context.WithTimeout(t.Context(), time.Second)
		defer stop()
		if _, _, err := m.Hold(short); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("it did not wait: %v", err)
		}
		_, release, err := m.Hold(t.Context())
		if err != nil || time.Since(began) < 10*time.Second {
			t.Fatalf("after %v: %v", time.Since(began), err)
		}
		release()
		if err := <-renewed; err != nil {
			t.Errorf("the refresh that was under way: %v", err)
		}
	})
}
