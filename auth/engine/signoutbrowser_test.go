package engine_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
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
func newSignedInEnvironment(
	t *testing.T,
	names string,
	change ...func(*engine.Config),
) (*loopbackEnvironment, *signOutBrowser, auth.Tokens) {
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

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}
