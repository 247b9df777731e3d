package engine_test

import (
	"context"
	"net/url"
	"testing"

	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestTheCallerOpensTheBrowser signs in with a browser that the caller opens,
// at a one-time address without state or nonce. The engine opens nothing, and a
// second caller is not told to.
func TestTheCallerOpensTheBrowser(t *testing.T) {
	forbidden := &authtest.Browser{Forbid: t}
	env := newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(_ context.Context, u string) error { return forbidden.Open(u) }
	})
	if err := env.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	opened := 0
	joined := make(chan error, 1)
	err := env.SignIn(t.Context(), "ends", session.SignInOptions{CallerOpens: true, Progress: func(s session.Step) {
		if s.Name != session.StepBrowser {
			if s.Open != "" {
				t.Errorf("told to open the browser with the step %s", s.Name)
			}
			return
		}
		opened++
		told := make(chan struct{})
		go func() {
			joined <- env.SignIn(t.Context(), "ends", session.SignInOptions{CallerOpens: true, Progress: func(s session.Step) {
				if s.Open != "" {
					t.Error("a second caller is told to open the browser, too")
				}
				if s.Name == session.StepBrowser {
					close(told)
				}
			}})
		}()
		<-told
		at, err := url.Parse(s.Open)
		if err != nil || at.Hostname() != "127.0.0.1" || at.RawQuery != "" || s.Detail == "" || s.Detail == s.Open {
			t.Errorf("told to open %q, for %q: %v", s.Open, s.Detail, err)
		}
		if err := env.browser.Open(s.Open); err != nil {
			t.Error(err)
		}
	}})
	if err != nil || opened != 1 {
		t.Errorf("the browser was opened %d times: %v", opened, err)
	}
	if err := <-joined; err != nil {
		t.Errorf("who joined: %v", err)
	}
	if s := snapshot(t, env.Manager, "ends"); s.State != session.Active {
		t.Errorf("the session is %s: %v", s.State, s.Problem)
	}
}

// TestTheCallerOpensTheSignOutPage has the caller open the browser, and the
// engine open none.
func TestTheCallerOpensTheSignOutPage(t *testing.T) {
	env, browser, _ := newSignedInEnvironment(t, "renews")
	opened := 0
	p, err := env.SignOut(
		t.Context(),
		"renews",
		session.SignOutOptions{Browser: true, Open: func(ctx context.Context, address string) error {
			opened++
			return browser.open(ctx, address)
		}},
	)
	browser.wg.Wait()
	if err != nil || p.Incomplete || opened != 1 || len(browser.opened) != 1 {
		t.Errorf("opened %d times, %d in all: %+v, %v", opened, len(browser.opened), p, err)
	}
	checkSignedOut(t, env, "renews")
}
