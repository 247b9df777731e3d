package engine_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// TestSignOutTriesOnceMore has a provider ask for a pause before it revokes:
// one that ends within the sign-out's ten seconds is waited for, once. The
// tokens are gone from here before the first try.
func TestSignOutTriesOnceMore(t *testing.T) {
	busy := func(status int, pause string) authtest.Fault {
		return authtest.Answer(status, "", "Retry-After", pause)
	}
	for name, tt := range map[string]struct {
		fault authtest.Fault
		took  time.Duration
		asked int
		left  string // empty: revoked
	}{
		"unavailable for a while": {authtest.Times(1, busy(503, "4")), 4 * time.Second, 2, ""},
		"too many for a while":    {authtest.Times(1, busy(429, "9")), 9 * time.Second, 2, ""},
		"by date":                 {authtest.Times(1, busy(503, "Sat, 01 Jan 2000 00:00:05 GMT")), 5 * time.Second, 2, ""},
		"unavailable twice":       {busy(503, "4"), 4 * time.Second, 2, "503"},
		"refused the second time": {authtest.Times(1, busy(503, "1")), time.Second, 2, ""},
		"for longer than we stay": {busy(503, "10"), 0, 1, "503"},
		"for much longer":         {busy(429, "3600"), 0, 1, "429"},
		"without saying how long": {busy(503, ""), 0, 1, "503"},
		"a refusal is no pause": {
			authtest.Answer(401, `{"error":"invalid_client"}`, "Retry-After", "1"), 0, 1,
			"refused the revocation",
		},
		"away the second time": {then(busy(503, "4"), authtest.Answer(504, "")), 4 * time.Second, 2, "did not answer"},
		"refusing the second time": {
			then(busy(503, "4"), authtest.Answer(400, `{"error":"unsupported_token_type"}`)),
			4 * time.Second, 2, "refused the revocation",
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				m := env.manager()
				synctest.Wait()
				env.faults.Set("/revoke", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
					if _, err := env.store.Load(t.Context(), "renews"); !errors.Is(err, keychain.ErrNotFound) {
						t.Errorf("the provider was asked before the tokens were deleted here: %v", err)
					}
					tt.fault(rw, r, next)
				})
				start := time.Now()
				p, err := m.SignOut(t.Context(), "renews", session.SignOutOptions{})
				if err != nil || time.Since(start) != tt.took || env.faults.Seen("/revoke") != tt.asked {
					t.Errorf("asked %d times in %v: %v", env.faults.Seen("/revoke"), time.Since(start), err)
				}
				switch {
				case tt.left == "" && (p.Incomplete || p.Line() != "the provider revoked the refresh token"):
					t.Errorf("told %+v", p)
				case tt.left != "" && (!p.Incomplete || !strings.Contains(p.Line(), tt.left) ||
					!strings.Contains(p.Line(), "deleted here, stays valid")):
					t.Errorf("told %+v, want %q", p, tt.left)
				}
			})
		})
	}
}

// then is a fault for the first request, and another for the rest.
func then(first, rest authtest.Fault) authtest.Fault {
	once := authtest.Times(1, first)
	return func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		once(w, r, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { rest(w, r, next) }))
	}
}

// TestSignOutDoesNotKeepTheBrowserWaiting opens the sign-out page while the
// revocation waits for its second try, and tells both in their order.
func TestSignOutDoesNotKeepTheBrowserWaiting(t *testing.T) {
	t.Parallel()
	env, browser, _ := newSignedInEnvironment(t, "renews")
	page := make(chan bool)
	env.faults.Set("/end_session", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		next.ServeHTTP(w, r)
		close(page)
	})
	env.faults.Set(
		"/revoke",
		then(authtest.Answer(503, "", "Retry-After", "1"), func(w http.ResponseWriter, r *http.Request, next http.Handler) {
			<-page
			next.ServeHTTP(w, r)
		}),
	)
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if want := "the provider revoked the refresh token; the provider's sign-out page is in the browser"; err != nil || p.Incomplete ||
		p.Line() != want {
		t.Errorf("%+v, %v", p, err)
	}
	browser.wg.Wait()
}
