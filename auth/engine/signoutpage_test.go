package engine_test

import (
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/loopback/peer"
	"keyfob/auth/session"
)

// TestOnePageForOneSession signs out of two tools of one account at one
// provider: both are revoked, and one page ends the session in the browser. A
// page of somebody else's stands for nothing.
func TestOnePageForOneSession(t *testing.T) {
	for name, tc := range map[string]struct {
		pages func(first string) []string
		want  int
	}{
		"the same account":    {func(first string) []string { return []string{"another", first} }, 1},
		"another account":     {func(string) []string { return []string{"another"} }, 2},
		"asked for by itself": {func(string) []string { return nil }, 2},
	} {
		t.Run(name, func(t *testing.T) {
			env, browser, _ := newSignedInEnvironment(t, "renews ends")
			first, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || first.Page == "" {
				t.Fatalf("%+v, %v", first, err)
			}
			second, err := env.SignOut(t.Context(), "ends", session.SignOutOptions{Browser: true, Pages: tc.pages(first.Page)})
			if err != nil || second.Incomplete || !strings.Contains(second.Line(), "revoked") || (second.Page == "") != (tc.want == 1) {
				t.Errorf("%+v, %v", second, err)
			}
			if same := strings.Contains(second.Line(), "the same sign-out page"); same != (tc.want == 1) {
				t.Errorf("told %q", second.Line())
			}
			browser.wg.Wait()
			if n := env.faults.Seen("/end_session"); n != tc.want || env.faults.Seen("/revoke") != 2 {
				t.Errorf("%d pages and %d revocations", n, env.faults.Seen("/revoke"))
			}
			checkSignedOut(t, env, "renews")
			checkSignedOut(t, env, "ends")
		})
	}
}

// cognito is a loopback environment whose provider knows no state at its sign-out, and sends
// the browser to the address in logout_uri.
func cognito(c *engine.Config) {
	c.Tools[0].PostLogout = "http://127.0.0.1/signed-out"
	c.Tools[0].Quirks = []auth.Quirk{auth.QuirkLogoutURI}
}

// TestSignOutWithoutState comes back from a provider that echoes no state.
func TestSignOutWithoutState(t *testing.T) {
	env, browser, tokens := newSignedInEnvironment(t, "renews", cognito)
	env.faults.Set("/end_session", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		if q := r.URL.Query(); len(q) != 2 || q.Get("client_id") != "renews" {
			t.Errorf("asked with %v", q)
		}
		http.Redirect(w, r, r.FormValue("logout_uri"), http.StatusFound)
	})
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Incomplete || !strings.HasSuffix(p.Line(), "; the browser is back from the provider's sign-out page") {
		t.Errorf("%+v, %v", p, err)
	}
	browser.wg.Wait()
	if len(browser.pages) != 1 || !strings.Contains(browser.pages[0], "Signed out") ||
		strings.Contains(browser.went[0], tokens.ID.Reveal()) {
		t.Errorf("the browser went to %q and saw %q", browser.went, browser.pages)
	}
}

// TestSignOutOfATabThatNeverComesBack ends the wait, says what is not known,
// and leaves the session deleted and revoked.
func TestSignOutOfATabThatNeverComesBack(t *testing.T) {
	for name, change := range map[string]func(*engine.Config){
		"with state":    func(c *engine.Config) { c.Tools[0].PostLogout = "http://127.0.0.1/signed-out" },
		"without state": cognito,
	} {
		t.Run(name, func(t *testing.T) {
			env, browser, _ := newSignedInEnvironment(
				t,
				"renews",
				change,
				func(c *engine.Config) { c.SignOutPageTimeout = 50 * time.Millisecond },
			)
			env.faults.Set("/end_session", authtest.Answer(200, "You are signed out."))
			p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			want := "the provider revoked the refresh token; " +
				"the provider's sign-out page is in the browser, and has not said that it is done"
			if err != nil ||
				!p.Incomplete ||
				p.Line() != want {
				t.Errorf("%+v, %v", p, err)
			}
			checkSignedOut(t, env, "renews")
			browser.wg.Wait()
		})
	}
}

// TestSignOutTakenByAnother signs out where the system does not tell whose a
// connection is, and somebody has read the browser's command line and is there
// before it: the sign-out is not called done.
func TestSignOutTakenByAnother(t *testing.T) {
	for _, faster := range []bool{true, false} {
		env, browser, _ := newSignedInEnvironment(
			t,
			"renews",
			func(c *engine.Config) { c.Who = func(net.Conn) peer.Who { return peer.Unknown } },
		)
		if faster {
			browser.first = func(address string) {
				if resp, err := http.Get(address); err == nil {
					_ = resp.Body.Close()
				}
			}
		}
		p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
		if err != nil || p.Incomplete != faster || strings.Contains(p.Line(), "another program took") != faster {
			t.Errorf("with a thief %v: %+v, %v", faster, p, err)
		}
		browser.wg.Wait()
	}
}
