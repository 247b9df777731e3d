package engine_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestSignOut revokes, and sends the browser to the provider's sign-out page
// without the ID token in its command line.
func TestSignOut(t *testing.T) {
	env, browser, tokens := newSignedInEnvironment(t, "renews")
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Incomplete {
		t.Errorf("%+v, %v", p, err)
	}
	if want := "the provider revoked the refresh token; the provider's sign-out page is in the browser"; p.Line() != want {
		t.Errorf("told %q", p.Line())
	}
	checkSignedOut(t, env, "renews")
	if p, err := env.SignOut(t.Context(), "nobody", session.SignOutOptions{}); kindOf(err) != auth.KindUsage || p.Words != nil {
		t.Errorf("a tool that is not there: %+v, %v", p, err)
	}
	browser.wg.Wait()
	if len(browser.opened) != 1 || strings.Contains(browser.opened[0], "id_token") ||
		strings.Contains(browser.opened[0], tokens.ID.Reveal()) {
		t.Errorf("the browser was started with %q", browser.opened)
	}
	if len(browser.went) != 1 || !strings.Contains(browser.went[0], "id_token_hint="+tokens.ID.Reveal()) ||
		!strings.Contains(browser.went[0], "client_id=renews") ||
		strings.Contains(browser.went[0], "post_logout") {
		t.Errorf("the browser went to %q", browser.went)
	}
	if env.faults.Seen("/revoke") != 1 || env.faults.Seen("/end_session") != 1 {
		t.Errorf("%d revocations, %d sign-outs", env.faults.Seen("/revoke"), env.faults.Seen("/end_session"))
	}
	if p, err = env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true}); err != nil ||
		p.Line() != "there were no tokens to revoke" ||
		env.faults.Seen("/revoke") != 1 {
		t.Errorf("a second time: %+v, %v", p, err)
	}
}

// TestSignOutWithoutABrowser and TestSignOutLocal do no more than was asked.
func TestSignOutWithoutABrowser(t *testing.T) {
	env, browser, _ := newSignedInEnvironment(t, "ends")
	p, err := env.SignOut(t.Context(), "ends", session.SignOutOptions{})
	if err != nil || p.Incomplete || p.Line() != "the provider revoked the access token" || len(browser.opened) > 0 {
		t.Errorf("%+v, %v, opened %q", p, err, browser.opened)
	}
	checkSignedOut(t, env, "ends")
}

func TestSignOutLocal(t *testing.T) {
	env, browser, _ := newSignedInEnvironment(t, "renews")
	before := env.faults.Total()
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Local: true, Browser: true})
	if err != nil || p.Line() != "the provider was not told" || len(browser.opened) > 0 || env.faults.Total() != before {
		t.Errorf("%+v, %v, opened %q, %d requests", p, err, browser.opened, env.faults.Total()-before)
	}
	checkSignedOut(t, env, "renews")
}

// TestSignOutComesBack takes the browser back where the settings say that an
// address for that is registered, and only with the state that was sent.
func TestSignOutComesBack(t *testing.T) {
	env, browser, _ := newSignedInEnvironment(t, "renews", func(c *engine.Config) { c.Tools[0].PostLogout = "http://127.0.0.1/signed-out" })
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Incomplete || !strings.HasSuffix(p.Line(), "; the provider ended its session in the browser") {
		t.Errorf("%+v, %v", p, err)
	}
	browser.wg.Wait()
	if len(browser.went) != 2 || len(browser.pages) != 1 || !strings.Contains(browser.pages[0], "Signed out") {
		t.Fatalf("the browser went to %q and saw %q", browser.went, browser.pages)
	}
	sent, back := parsed(t, browser.went[0]).Query(), parsed(t, browser.went[1])
	if back.Path != "/signed-out" || sent.Get("post_logout_redirect_uri") != "http://"+back.Host+back.Path || len(sent.Get("state")) < 26 ||
		back.Query().Get("state") != sent.Get("state") {
		t.Errorf("sent with %v, back at %v", sent, back)
	}
}

func TestSignOutChecksTheState(t *testing.T) {
	env, browser, _ := newSignedInEnvironment(t, "renews", func(c *engine.Config) { c.Tools[0].PostLogout = "http://127.0.0.1/signed-out" })
	env.faults.Set("/end_session", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		http.Redirect(w, r, r.FormValue("post_logout_redirect_uri")+"?state=forged", http.StatusSeeOther)
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan session.SignOutResult)
	go func() {
		p, _ := env.SignOut(ctx, "renews", session.SignOutOptions{Browser: true})
		done <- p
	}()
	for seen := false; !seen; time.Sleep(5 * time.Millisecond) {
		browser.Lock()
		seen = len(browser.pages) == 1
		browser.Unlock()
	}
	if strings.Contains(browser.pages[0], "Signed out") {
		t.Errorf("a forged answer was taken: %q", browser.pages)
	}
	cancel()
	if p := <-done; p.Line() != "the provider is still being told" {
		t.Errorf("it ended with %+v", p)
	}
}

// TestSignOutDeletesFirst keeps the provider's answer back until the local
// deletion has been seen.
func TestSignOutDeletesFirst(t *testing.T) {
	env, _, _ := newSignedInEnvironment(t, "renews")
	asked, answer := make(chan bool), make(chan bool)
	env.faults.Set("/revoke", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(asked)
		<-answer
		next.ServeHTTP(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan session.SignOutResult)
	go func() {
		p, _ := env.SignOut(ctx, "renews", session.SignOutOptions{})
		done <- p
	}()
	<-asked
	checkSignedOut(t, env, "renews")
	cancel() // nobody has to stay for it
	if p := <-done; !p.Incomplete || p.Line() != "the provider is still being told" {
		t.Errorf("%+v", p)
	}
	close(answer)
}

// TestSignOutOfAnotherProcess reads the keychain for what this process has
// never had in its memory: a sibling may have renewed the token meanwhile.
func TestSignOutOfAnotherProcess(t *testing.T) {
	env, _, tokens := newSignedInEnvironment(t, "renews")
	newer := tokens
	newer.Refresh, newer.IssuedAt = "renewed-elsewhere", tokens.IssuedAt.Add(time.Minute)
	if err := env.store.Save(t.Context(), "renews", newer); err != nil {
		t.Fatal(err)
	}
	var revoked string
	env.faults.Set("/revoke", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		revoked = r.FormValue("token")
		next.ServeHTTP(w, r)
	})
	if p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{}); err != nil || p.Incomplete {
		t.Errorf("%+v, %v", p, err)
	}
	if revoked != "renewed-elsewhere" {
		t.Errorf("revoked %q", revoked)
	}
}

// TestSignOutOfALockedKeychain revokes what is in memory although nothing can
// be deleted yet.
func TestSignOutOfALockedKeychain(t *testing.T) {
	env, _, _ := newSignedInEnvironment(t, "renews")
	env.store.set(errLocked)
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{})
	if kindOf(err) != auth.KindKeychain || p.Incomplete || p.Line() != "the provider revoked the refresh token" {
		t.Errorf("%+v, %v", p, err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Account != "" {
		t.Errorf("the tokens are still in memory: %+v", s)
	}
}
