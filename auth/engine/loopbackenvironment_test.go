package engine_test

import (
	"context"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/memory"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// loopbackEnvironment is a manager beside a provider on real loopback, with a person at the
// browser: what a sign-in needs.
type loopbackEnvironment struct {
	*engine.Manager
	faults  *authtest.Faults
	browser *authtest.Browser
	store   *faultyStore
}

func newLoopbackEnvironment(t *testing.T, change ...func(*engine.Config)) *loopbackEnvironment {
	t.Helper()
	p, err := idp.New(idp.Config{
		RSA:     authtest.RSA(),
		Users:   map[string]auth.Secret{"ann": "pw", "bob": "pw"},
		Clients: []idp.Client{{ID: "renews", Refresh: true}, {ID: "ends"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	env := &loopbackEnvironment{
		faults:  authtest.NewFaults(p),
		browser: &authtest.Browser{Person: idp.Person{Username: "ann", Password: "pw"}},
		store:   &faultyStore{Store: memory.New()},
	}
	issuer := authtest.Serve(t, env.faults)
	cfg := engine.Config{
		Store:       env.store,
		OpenBrowser: func(_ context.Context, u string) error { return env.browser.Open(u) },
		Lock:        func(context.Context, string) (func(), error) { return func() {}, nil },
		Now:         time.Now,
	}
	client := &oidc.Client{Now: time.Now}
	cfg.Client = func(auth.Tool) (*oidc.Client, error) { return client, nil }
	for _, id := range []string{"renews", "ends"} {
		cfg.Tools = append(cfg.Tools, auth.Tool{
			ID: id, Name: id, Provider: "oidc", Issuer: issuer, ClientID: id, ClientAuth: auth.ClientAuthNone,
			Scopes: []string{"openid", "profile", "offline_access"}, Redirect: "http://127.0.0.1/callback",
		})
	}
	for _, c := range change {
		c(&cfg)
	}
	env.Manager = engine.New(cfg)
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { env.Run(ctx); close(done) }()
	t.Cleanup(func() { cancel(); <-done; _ = env.browser.Wait() })
	return env
}

// waitFor waits until the session is as ok says.
func waitFor(t *testing.T, m *engine.Manager, tool string, ok func(session.Snapshot) bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	for all := range m.Watch(ctx) {
		for _, s := range all {
			if s.Tool == tool && ok(s) {
				return
			}
		}
	}
	t.Errorf("the session of %s never got there", tool)
}
