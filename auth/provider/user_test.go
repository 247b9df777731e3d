package provider_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/authtest/providers"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// user is a person with the sessions of one fixture.
type user struct {
	*fixture
	m     *engine.Manager
	store *memory.Store

	browser sync.WaitGroup
	mu      sync.Mutex
	opened  int
	page    error // how the last visit of the browser ended
}

func (row row) user(t *testing.T, g given, cfg providers.Config) *user {
	t.Helper()
	if cfg.Provider == "" {
		cfg.Provider = row.cfg.Provider
	}
	w := newFixture(t, g, cfg)
	w.tool.Provider, w.tool.PostLogout = g.id, row.back
	u := &user{fixture: w, store: memory.New()}
	u.m = engine.New(engine.Config{
		Tools: []auth.Tool{w.tool}, Store: u.store, Now: w.clock, OpenBrowser: u.open,
		Client: func(auth.Tool) (*oidc.Client, error) { return w.client, nil },
		Lock:   func(context.Context, string) (func(), error) { return func() {}, nil },
	})
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { u.m.Run(ctx); close(ended) }()
	t.Cleanup(func() { cancel(); <-ended; u.browser.Wait() })
	return u
}

// open is the browser, for which the provider is at its real address.
func (u *user) open(_ context.Context, address string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.opened++
	u.browser.Go(func() {
		err := u.visit(address)
		u.mu.Lock()
		defer u.mu.Unlock()
		u.page = err
	})
	return nil
}

func (u *user) visit(address string) error {
	ctx := context.Background()
	_, to, err := get(ctx, address) // which leads to the provider's page
	if err != nil {
		return err
	}
	if strings.Contains(to, "response_type=") {
		return u.provider.SignIn(ctx, to)
	}
	status, to, err := u.provider.SignOut(ctx, to)
	if err != nil || status >= 400 || to == "" {
		return errors.Join(err, statusError(status))
	}
	status, _, err = get(ctx, to)
	return errors.Join(err, statusError(status))
}

func statusError(status int) error {
	if status < 400 {
		return nil
	}
	return errors.New(http.StatusText(status))
}

// get asks for address without following where it leads.
func get(ctx context.Context, address string) (status int, to string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return 0, "", err
	}
	c := &http.Client{
		Transport:     &http.Transport{},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer c.CloseIdleConnections()
	resp, err := c.Do(req)
	if err != nil {
		return 0, "", err
	}
	return resp.StatusCode, resp.Header.Get("Location"), resp.Body.Close()
}

// visited waits for the browser and returns how often it was opened, and how
// the last visit ended.
func (u *user) visited() (int, error) {
	u.browser.Wait()
	u.mu.Lock()
	defer u.mu.Unlock()
	return u.opened, u.page
}

func (u *user) snapshot() session.Snapshot {
	u.Helper()
	all, err := u.m.Snapshots(u.Context())
	if err != nil || len(all) != 1 {
		u.Fatal(err)
	}
	return all[0]
}

// signedIn signs in, and returns what the keychain holds then.
func (u *user) signedIn() auth.Tokens {
	u.Helper()
	if err := u.m.SignIn(u.Context(), "tool", session.SignInOptions{}); err != nil {
		u.Fatalf("%v (%s)", err, auth.AsError(err).Note())
	}
	if n, err := u.visited(); n != 1 || err != nil {
		u.Errorf("the browser was opened %d times, and showed %v", n, err)
	}
	t, err := u.store.Load(u.Context(), "tool")
	if err != nil {
		u.Fatal(err)
	}
	return t
}

// wake lets time pass, as a sleep does.
func (u *user) wake(d time.Duration) {
	u.Helper()
	u.pass(d)
	if err := u.m.Wake(u.Context()); err != nil {
		u.Fatal(err)
	}
}
