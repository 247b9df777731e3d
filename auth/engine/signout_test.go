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

// visitor is a browser that goes where it is sent and signs in nowhere.
type visitor struct {
	sync.Mutex
	wg     sync.WaitGroup
	first  func(address string) // what happens before it goes anywhere; may be nil
	opened []string             // what it was started with
	went   []string             // where it came
	pages  []string
}

func (v *visitor) open(_ context.Context, address string) error {
	v.Lock()
	v.opened = append(v.opened, address)
	v.Unlock()
	if v.first != nil {
		v.first(address)
	}
	v.wg.Go(func() {
		client := &http.Client{Transport: &http.Transport{}, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			v.Lock()
			defer v.Unlock()
			v.went = append(v.went, r.URL.String())
			return nil
		}}
		resp, err := client.Get(address)
		if err != nil {
			return
		}
		page, _ := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		v.Lock()
		defer v.Unlock()
		v.pages = append(v.pages, string(page))
	})
	return nil
}

// newParted is a desk whose person has signed in to tools, named with spaces
// between them, and a browser for what comes then. The tokens are the first's.
func newParted(t *testing.T, names string, change ...func(*engine.Config)) (*desk, *visitor, auth.Tokens) {
	t.Helper()
	v := &visitor{}
	var leaving bool
	change = append(change, func(c *engine.Config) {
		signIn := c.OpenBrowser
		c.OpenBrowser = func(ctx context.Context, address string) error {
			if leaving {
				return v.open(ctx, address)
			}
			return signIn(ctx, address)
		}
	})
	d := newDesk(t, change...)
	tools := strings.Fields(names)
	for _, tool := range tools {
		if err := d.SignIn(t.Context(), tool, session.SignInOptions{}); err != nil {
			t.Fatal(err)
		}
		if err := d.browser.Wait(); err != nil {
			t.Fatal(err)
		}
	}
	leaving = true
	tokens, err := d.store.Load(t.Context(), tools[0])
	if err != nil {
		t.Fatal(err)
	}
	return d, v, tokens
}

func gone(t *testing.T, d *desk, tool string) {
	t.Helper()
	if _, err := d.store.Load(t.Context(), tool); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the keychain still answers %v", err)
	}
	if s := snapshot(t, d.Manager, tool); s.State != session.SignedOut || s.Account != "" {
		t.Errorf("the session is %+v", s)
	}
}

// TestSignOut revokes, and sends the browser to the provider's sign-out page
// without the ID token in its command line.
func TestSignOut(t *testing.T) {
	d, v, tokens := newParted(t, "renews")
	p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Left {
		t.Errorf("%+v, %v", p, err)
	}
	if want := "the provider revoked the refresh token; the provider's sign-out page is in the browser"; p.Line() != want {
		t.Errorf("told %q", p.Line())
	}
	gone(t, d, "renews")
	if p, err := d.SignOut(t.Context(), "nobody", session.SignOutOptions{}); kindOf(err) != auth.KindUsage || p.Words != nil {
		t.Errorf("a tool that is not there: %+v, %v", p, err)
	}
	v.wg.Wait()
	if len(v.opened) != 1 || strings.Contains(v.opened[0], "id_token") || strings.Contains(v.opened[0], tokens.ID.Reveal()) {
		t.Errorf("the browser was started with %q", v.opened)
	}
	if len(v.went) != 1 || !strings.Contains(v.went[0], "id_token_hint="+tokens.ID.Reveal()) ||
		!strings.Contains(v.went[0], "client_id=renews") ||
		strings.Contains(v.went[0], "post_logout") {
		t.Errorf("the browser went to %q", v.went)
	}
	if d.faults.Seen("/revoke") != 1 || d.faults.Seen("/end_session") != 1 {
		t.Errorf("%d revocations, %d sign-outs", d.faults.Seen("/revoke"), d.faults.Seen("/end_session"))
	}
	if p, err = d.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true}); err != nil ||
		p.Line() != "there were no tokens to revoke" ||
		d.faults.Seen("/revoke") != 1 {
		t.Errorf("a second time: %+v, %v", p, err)
	}
}

// TestSignOutWithoutABrowser and TestSignOutLocal do no more than was asked.
func TestSignOutWithoutABrowser(t *testing.T) {
	d, v, _ := newParted(t, "ends")
	p, err := d.SignOut(t.Context(), "ends", session.SignOutOptions{})
	if err != nil || p.Left || p.Line() != "the provider revoked the access token" || len(v.opened) > 0 {
		t.Errorf("%+v, %v, opened %q", p, err, v.opened)
	}
	gone(t, d, "ends")
}

func TestSignOutLocal(t *testing.T) {
	d, v, _ := newParted(t, "renews")
	before := d.faults.Total()
	p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{Local: true, Browser: true})
	if err != nil || p.Line() != "the provider was not told" || len(v.opened) > 0 || d.faults.Total() != before {
		t.Errorf("%+v, %v, opened %q, %d requests", p, err, v.opened, d.faults.Total()-before)
	}
	gone(t, d, "renews")
}

// TestSignOutComesBack takes the browser back where the settings say that an
// address for that is registered, and only with the state that was sent.
func TestSignOutComesBack(t *testing.T) {
	d, v, _ := newParted(t, "renews", func(c *engine.Config) { c.Tools[0].PostLogout = "http://127.0.0.1/signed-out" })
	p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || p.Left || !strings.HasSuffix(p.Line(), "; the provider ended its session in the browser") {
		t.Errorf("%+v, %v", p, err)
	}
	v.wg.Wait()
	if len(v.went) != 2 || len(v.pages) != 1 || !strings.Contains(v.pages[0], "Signed out") {
		t.Fatalf("the browser went to %q and saw %q", v.went, v.pages)
	}
	sent, back := parsed(t, v.went[0]).Query(), parsed(t, v.went[1])
	if back.Path != "/signed-out" || sent.Get("post_logout_redirect_uri") != "http://"+back.Host+back.Path || len(sent.Get("state")) < 26 ||
		back.Query().Get("state") != sent.Get("state") {
		t.Errorf("sent with %v, back at %v", sent, back)
	}
}

func TestSignOutChecksTheState(t *testing.T) {
	d, v, _ := newParted(t, "renews", func(c *engine.Config) { c.Tools[0].PostLogout = "http://127.0.0.1/signed-out" })
	d.faults.Set("/end_session", func(w http.ResponseWriter, r *http.Request, _ http.Handler) {
		http.Redirect(w, r, r.FormValue("post_logout_redirect_uri")+"?state=forged", http.StatusSeeOther)
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan session.SignOutResult)
	go func() {
		p, _ := d.SignOut(ctx, "renews", session.SignOutOptions{Browser: true})
		done <- p
	}()
	for seen := false; !seen; time.Sleep(5 * time.Millisecond) {
		v.Lock()
		seen = len(v.pages) == 1
		v.Unlock()
	}
	if strings.Contains(v.pages[0], "Signed out") {
		t.Errorf("a forged answer was taken: %q", v.pages)
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
			d, v, _ := newParted(t, "renews", func(c *engine.Config) {
				c.Client = func(auth.Tool) (*oidc.Client, error) {
					return &oidc.Client{HTTP: &http.Client{Transport: &http.Transport{}, Timeout: limit}, Now: time.Now}, nil
				}
			})
			if tt.name == "no answer" {
				limit = 3 * time.Second
			}
			d.faults.Set(tt.path, tt.fault)
			p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || !p.Left || !strings.Contains(p.Words[0], tt.want) ||
				!strings.Contains(p.Words[0], "the refresh token, deleted here, stays valid at the provider until ") {
				t.Errorf("%q, %v", p.Words, err)
			}
			gone(t, d, "renews")
			v.wg.Wait()
			if len(v.opened) != 1 || len(p.Words) != 2 {
				t.Errorf("the sign-out page was left out: %q, opened %q", p.Words, v.opened)
			}
		})
	}
}

// TestSignOutDeletesFirst keeps the provider's answer back until the local
// deletion has been seen.
func TestSignOutDeletesFirst(t *testing.T) {
	d, _, _ := newParted(t, "renews")
	asked, answer := make(chan bool), make(chan bool)
	d.faults.Set("/revoke", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		close(asked)
		<-answer
		next.ServeHTTP(w, r)
	})
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan session.SignOutResult)
	go func() {
		p, _ := d.SignOut(ctx, "renews", session.SignOutOptions{})
		done <- p
	}()
	<-asked
	gone(t, d, "renews")
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
			d, v, _ := newParted(t, "renews", func(c *engine.Config) {
				c.Tools[0].Provider = preset
				c.Client = func(auth.Tool) (*oidc.Client, error) { return &oidc.Client{Now: time.Now}, nil } // reads the metadata each time
			})
			d.faults.Set("/.well-known/openid-configuration", authtest.RewriteJSON(func(m map[string]any) { delete(m, tt.without) }))
			p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
			if err != nil || !p.Left || !strings.Contains(p.Line(), tt.words) || !strings.Contains(p.Rule, tt.rule) ||
				(tt.rule == "") != (p.Rule == "") {
				t.Errorf("%+v, %v", p, err)
			}
			v.wg.Wait()
			if slices.Contains([]string{"google"}, preset) != (len(v.opened) == 0) {
				t.Errorf("opened %q", v.opened)
			}
		})
	}
}

// TestSignOutOfAnotherProcess reads the keychain for what this process has
// never had in its memory: a sibling may have renewed the token meanwhile.
func TestSignOutOfAnotherProcess(t *testing.T) {
	d, _, tokens := newParted(t, "renews")
	newer := tokens
	newer.Refresh, newer.IssuedAt = "renewed-elsewhere", tokens.IssuedAt.Add(time.Minute)
	if err := d.store.Save(t.Context(), "renews", newer); err != nil {
		t.Fatal(err)
	}
	var revoked string
	d.faults.Set("/revoke", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		revoked = r.FormValue("token")
		next.ServeHTTP(w, r)
	})
	if p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{}); err != nil || p.Left {
		t.Errorf("%+v, %v", p, err)
	}
	if revoked != "renewed-elsewhere" {
		t.Errorf("revoked %q", revoked)
	}
}

// TestSignOutOfALockedKeychain revokes what is in memory although nothing can
// be deleted yet.
func TestSignOutOfALockedKeychain(t *testing.T) {
	d, _, _ := newParted(t, "renews")
	d.store.set(errLocked)
	p, err := d.SignOut(t.Context(), "renews", session.SignOutOptions{})
	if kindOf(err) != auth.KindKeychain || p.Left || p.Line() != "the provider revoked the refresh token" {
		t.Errorf("%+v, %v", p, err)
	}
	if s := snapshot(t, d.Manager, "renews"); s.Account != "" {
		t.Errorf("the tokens are still in memory: %+v", s)
	}
}

// TestSignOutToAnotherProvider sends nothing to a provider that did not issue
// the tokens.
func TestSignOutToAnotherProvider(t *testing.T) {
	d, v, tokens := newParted(t, "renews")
	tokens.Account.Issuer = "https://former.example.com"
	if err := d.store.Save(t.Context(), "renews", tokens); err != nil {
		t.Fatal(err)
	}
	fresh := engine.New(engine.Config{
		Tools: []auth.Tool{{ID: "renews", Issuer: "https://id.example.com"}}, Store: d.store, Now: time.Now,
		Client: func(auth.Tool) (*oidc.Client, error) {
			return &oidc.Client{HTTP: &http.Client{Transport: calls{d.faults}}}, nil
		},
		OpenBrowser: v.open, Lock: func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { fresh.Run(ctx); close(ended) }()
	defer func() { cancel(); <-ended }()
	before := d.faults.Total()
	p, err := fresh.SignOut(t.Context(), "renews", session.SignOutOptions{Browser: true})
	if err != nil || !p.Left || !strings.Contains(p.Line(), "another one's") || d.faults.Total() != before || len(v.opened) > 0 {
		t.Errorf("%+v, %v, %d requests", p, err, d.faults.Total()-before)
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
