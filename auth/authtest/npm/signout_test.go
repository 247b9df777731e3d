package npm_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// TestSignOut is a whole sign-out: the tokens deleted, revoked, and the
// person's own session at the provider ended in their browser.
func TestSignOut(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.Native, Refresh: npm.RefreshAlways}}})
	person := &npm.Person{}
	var (
		mu     sync.Mutex
		opened []string
		pages  []string
		wg     sync.WaitGroup
	)
	store := memory.New()
	who := tool(s, npm.Native)
	who.Scopes = []string{"openid", "profile"}
	who.PostLogout = "http://127.0.0.1/signed-out"
	m := engine.New(engine.Config{
		Tools: []auth.Tool{who}, Store: store, Now: time.Now,
		Client: func(auth.Tool) (*oidc.Client, error) { return &oidc.Client{}, nil },
		Lock:   func(context.Context, string) (func(), error) { return func() {}, nil },
		OpenBrowser: func(_ context.Context, address string) error {
			mu.Lock()
			opened = append(opened, address)
			mu.Unlock()
			wg.Go(func() {
				page, err := person.Open(context.Background(), address)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					page = err.Error()
				}
				pages = append(pages, page)
			})
			return nil
		},
	})
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan bool)
	go func() { m.Run(ctx); close(ended) }()
	defer func() { stop(); <-ended }()

	signIn := func(forms int) auth.Tokens {
		t.Helper()
		before := person.Pages
		if err := m.SignIn(t.Context(), who.ID, session.SignInOptions{}); err != nil {
			t.Fatal(err)
		}
		wg.Wait()
		if got := person.Pages - before; got != forms {
			t.Errorf("the person was shown %d forms, want %d", got, forms)
		}
		tokens, err := store.Load(t.Context(), who.ID)
		if err != nil {
			t.Fatal(err)
		}
		return tokens
	}
	signIn(2)
	tokens := signIn(1) // the provider knows the browser, and asks a native client for consent each time
	if live, err := s.Introspect(t.Context(), tokens.Refresh); err != nil || live["active"] != true {
		t.Fatalf("the refresh token before: %v, %v", live, err)
	}

	p, err := m.SignOut(t.Context(), who.ID, session.SignOutOptions{Browser: true})
	wg.Wait()
	if err != nil || p.Incomplete ||
		!slices.Equal(p.Words, []string{"the provider revoked the refresh token", "the provider ended its session in the browser"}) {
		t.Errorf("%+v, %v; the browser shows\n%s", p, err, pages[len(pages)-1])
	}
	if !strings.Contains(pages[len(pages)-1], "<h1>Signed out") {
		t.Errorf("the browser ended on\n%s", pages[len(pages)-1])
	}
	if at := opened[len(opened)-1]; strings.Contains(at, "id_token") || strings.HasPrefix(at, s.Issuer) {
		t.Errorf("the browser was started with %s", at)
	}
	for name, token := range map[string]auth.Secret{"refresh": tokens.Refresh, "access": tokens.Access} {
		if live, err := s.Introspect(t.Context(), token); err != nil || live["active"] != false {
			t.Errorf("the %s token afterwards: %v, %v", name, live, err)
		}
	}
	if _, err := store.Load(t.Context(), who.ID); !errors.Is(err, keychain.ErrNotFound) {
		t.Errorf("the keychain answers %v", err)
	}
	signIn(2) // the provider knows the browser no more
}
