package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestOneTokenDoesNotWaitForAllSessions asks for a token while the engine reads
// two hundred sessions from a keychain that takes ten seconds for each.
func TestOneTokenDoesNotWaitForAllSessions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		env.signInMany("renews", 200)
		m := env.manager(func(c *engine.Config) { c.Store = &slowStore{faultyStore: env.store} })
		synctest.Wait()
		for i, tool := range []string{"renews30", "renews150", "renews197"} {
			start := time.Now()
			_, err := m.Token(t.Context(), tool, session.TokenOptions{Waits: func(*auth.Error) {}})
			if took := time.Since(start); err != nil || took > 10*time.Second {
				t.Errorf("token %d, after %v: %v", i, took, err)
			}
		}
		if err := m.Loaded(t.Context()); err != nil {
			t.Fatal(err)
		}
	})
}
