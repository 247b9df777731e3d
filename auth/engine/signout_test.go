package engine_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// signOutBrowser is a browser that goes where it is sent and signs in nowhere.
type signOutBrowser struct {
	sync.Mutex
	wg     sync.WaitGroup
	first  func(address string) // what happens before it goes anywhere; may be nil
	opened []string             // what it was started with
	went   []string             // where it came
	pages  []string
}

func (browser *signOutBrowser) open(_ context.Context, address string) error {
	browser.Lock()
	browser.opened = append(browser.opened, address)
	browser.Unlock()
	if browser.first != nil {
		browser.first(address)
	}
	browser.wg.Go(func() {
		client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			browser.Lock()
			defer browser.Unlock()
			browser.went = append(browser.went, r.URL.String())
			return nil
		}}
		resp, err := client.Get(address)
		if err != nil {
			return
		}
		page, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		browser.Lock()
		defer browser.Unlock()
		browser.pages = append(browser.pages, string(page))
	})
	return nil
}

// newSignedInEnvironment is a loopback environment whose person has signed in to tools, named with spaces
// between them, and a browser for what comes then. The tokens are the first's.
func newSignedInEnvironment(t *testing.T, names string, change ...func(*engine.Config)) (*loopbackEnvironment, *signOutBrowser, auth.Tokens) {
	t.Helper()
	browser := &signOutBrowser{}
	var signingOut bool
	change = append(change, func(c *engine.Config) {
		signIn := c.OpenBrowser
		c.OpenBrowser = func(ctx context.Context, address string) error {
			if signingOut {
				return browser.open(ctx, address)
			}
			return signIn(ctx, address)
		}
	})
	env := newLoopbackEnvironment(t, change...)
	tools := strings.Fields(names)
	for _, tool := range tools {
		if err := env.SignIn(t.Context(), tool, session.SignInOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := env.browser.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	signingOut = true
	tokens, err := env.store.Load(t.Context(), tools[0])
	if err != nil {
		t.Fatal(err)
	}
	return env, browser, tokens
}

func checkSignedOut(t *testing.T, env *loopbackEnvironment, tool string) {
	t.Helper()
	if _, err := env.store.Load(t.Context(), tool); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the keychain still answers %v", err)
	}
	if s := snapshot(t, env.Manager, tool); s.State != session.SignedOut || s.Account != "" {
		t.Errorf("the session is %+v", s)
	}
}

// TestSignOut revokes, and sends the browser to the provider's sign-out page
// without the ID token in its command line.
func TestSignOut(t *testing.T) {
	env, browser, tokens := newSignedInEnvironment(t, "renews")
	p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Left {
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
	if len(browser.opened) != 1 || strings.Contains(browser.opened[0], "id_token") || strings.Contains(browser.opened[0], tokens.ID.Reveal()) {
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
	if err != nil || p.Left || p.Line() != "the provider revoked the access token" || len(browser.opened) > 0 {
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
	if err != nil || p.Left || !strings.HasSuffix(p.Line(), "; the provider ended its session in the browser") {
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

// TestSignOutWithAProviderAway deletes here whatever the provider does, and
// says what may live on there.
func TestSignOutWithAProviderAway(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		path  string
		fault authtest.Fault
		want  string
	}{
		{name: "503", path: "/revoke", fault: authtest.Answer(503, "", "Retry-After", "120"), want: "did not answer the revocation"},
		{name: "no answer", path: "/revoke", fault: authtest.Hang, want: "did not answer the revocation"},
		{name: "refused", path: "/revoke", fault: authtest.Answer(401, `{"error":"invalid_client"}`), want: "refused the revocation"},
		{
			name: "no endpoint", path: "/.well-known/openid-configuration",
			fault: authtest.RewriteJSON(func(m map[string]any) { delete(m, "revocation_endpoint") }), want: "does not support revocation",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var limit time.Duration
			env, browser, _ := newSignedInEnvironment(t, "renews", func(c *engine.Config) {
				c.Client = func(auth.Tool) (*oidc.Client, error) {
					return &oidc.Client{HTTP: &http.Client{Transport: &http.Transport{}, Timeout: limit}, Now: time.Now}, nil
				}
			})
			if tt.name == "no answer" {
				limit = 3 * time.Second
			}
			env.faults.Set(tt.path, tt.fault)
			p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || !p.Left || !strings.Contains(p.Words[0], tt.want) ||
				!strings.Contains(p.Words[0], "the refresh token, deleted here, stays valid at the provider until ") {
				t.Errorf("%q, %v", p.Words, err)
			}
			checkSignedOut(t, env, "renews")
			browser.wg.Wait()
			if len(browser.opened) != 1 || len(p.Words) != 2 {
				t.Errorf("the sign-out page was left out: %q, opened %q", p.Words, browser.opened)
			}
		})
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
	if p := <-done; !p.Left || p.Line() != "the provider is still being told" {
		t.Errorf("%+v", p)
	}
	close(answer)
}

// TestSignOutSaysWhatAProviderCannot is what a person hears whose provider has
// no sign-out page or no revocation.
func TestSignOutSaysWhatAProviderCannot(t *testing.T) {
	for preset, tt := range map[string]struct{ without, words, rule string }{
		"google": {"end_session_endpoint", "has no sign-out page", "Google has no sign-out"},
		"entra":  {"revocation_endpoint", "does not support revocation", "cannot revoke tokens"},
		"adfs":   {"revocation_endpoint", "does not support revocation", "cannot revoke tokens"},
		"oidc":   {"revocation_endpoint", "does not support revocation", ""},
	} {
		t.Run(preset, func(t *testing.T) {
			env, browser, _ := newSignedInEnvironment(t, "renews", func(c *engine.Config) {
				c.Tools[0].Provider = preset
				c.Client = func(auth.Tool) (*oidc.Client, error) { return &oidc.Client{Now: time.Now}, nil } // reads the metadata each time
			})
			env.faults.Set("/.well-known/openid-configuration", authtest.RewriteJSON(func(m map[string]any) { delete(m, tt.without) }))
			p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || !p.Left || !strings.Contains(p.Line(), tt.words) || !strings.Contains(p.Rule, tt.rule) ||
				(tt.rule == "") != (p.Rule == "") {
				t.Errorf("%+v, %v", p, err)
			}
			browser.wg.Wait()
			if slices.Contains([]string{"google"}, preset) != (len(browser.opened) == 0) {
				t.Errorf("opened %q", browser.opened)
			}
		})
	}
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
	if p, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{}); err != nil || p.Left {
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
	if kindOf(err) != auth.KindKeychain || p.Left || p.Line() != "the provider revoked the refresh token" {
		t.Errorf("%+v, %v", p, err)
	}
	if s := snapshot(t, env.Manager, "renews"); s.Account != "" {
		t.Errorf("the tokens are still in memory: %+v", s)
	}
}

// TestSignOutToAnotherProvider sends nothing to a provider that did not issue
// the tokens.
func TestSignOutToAnotherProvider(t *testing.T) {
	env, browser, tokens := newSignedInEnvironment(t, "renews")
	tokens.Account.Issuer = "https://former.example.com"
	if err := env.store.Save(t.Context(), "renews", tokens); err != nil {
		t.Fatal(err)
	}
	fresh := engine.New(engine.Config{
		Tools: []auth.Tool{{ID: "renews", Issuer: "https://id.example.com"}}, Store: env.store, Now: time.Now,
		Client: func(auth.Tool) (*oidc.Client, error) {
			return &oidc.Client{HTTP: &http.Client{Transport: handlerTransport{env.faults}}}, nil
		},
		OpenBrowser: browser.open, Lock: func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { fresh.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	before := env.faults.Total()
	p, err := fresh.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || !p.Left || !strings.Contains(p.Line(), "another one's") || env.faults.Total() != before || len(browser.opened) > 0 {
		t.Errorf("%+v, %v, %d requests", p, err, env.faults.Total()-before)
	}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
