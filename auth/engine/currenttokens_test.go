package engine_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// TestCurrentTokensRenewsNothing looks at a session whose access token has ended and
// could be renewed: it stays as it is.
func TestCurrentTokensRenewsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		signedIn := env.signIn("renews")
		env.faults.Set("/token", func(rw http.ResponseWriter, _ *http.Request, _ http.Handler) {
			rw.WriteHeader(http.StatusServiceUnavailable)
		})
		m := env.manager()
		got, tool, err := m.CurrentTokens(t.Context(), "renews", session.TokenOptions{})
		if err != nil || got.Access != signedIn.Access || tool.ClientID != "renews" {
			t.Fatalf("just after the start: %v, of client %q", err, tool.ClientID)
		}
		time.Sleep(time.Hour)
		synctest.Wait()
		asked := env.faults.Seen("/token")
		got, _, err = m.CurrentTokens(t.Context(), "renews", session.TokenOptions{})
		if err != nil || got.Access != signedIn.Access || got.Valid(env.now(), 0) {
			t.Fatalf("of a session whose token has ended: %v", err)
		}
		if n := env.faults.Seen("/token"); n != asked {
			t.Errorf("the provider was asked %d times", n-asked)
		}
	})
}

func TestCurrentTokensWithoutTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		m := env.manager()
		if _, _, err := m.CurrentTokens(t.Context(), "ends", session.TokenOptions{}); auth.KindOf(err) != auth.KindSignIn {
			t.Errorf("of nobody: %v", err)
		}
		if _, _, err := m.CurrentTokens(t.Context(), "nonsense", session.TokenOptions{}); auth.KindOf(err) != auth.KindUsage {
			t.Errorf("of no tool: %v", err)
		}
	})
}
