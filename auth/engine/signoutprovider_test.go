package engine_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

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
			if err != nil || !p.Incomplete || !strings.Contains(p.Words[0], tt.want) ||
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
			if err != nil || !p.Incomplete || !strings.Contains(p.Line(), tt.words) || !strings.Contains(p.Rule, tt.rule) ||
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
	if err != nil || !p.Incomplete || !strings.Contains(p.Line(), "another "+
		"one's") || env.faults.Total() != before || len(browser.opened) > 0 {
		t.Errorf("%+v, %v, %d requests", p, err, env.faults.Total()-before)
	}
}
