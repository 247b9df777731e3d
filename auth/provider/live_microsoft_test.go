package provider_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/providers"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

func TestEntra(t *testing.T) {
	const issuer = "https://login.microsoftonline.com/" + providers.Tenant + "/v2.0"
	for variant, tenant := range map[string]string{
		"entra": providers.Tenant, "entra domain": "contoso.onmicrosoft.com", "entra common": "common",
		"entra organizations": "organizations",
	} {
		t.Run(tenant, func(t *testing.T) {
			w := newFixture(t, given{id: "entra", values: values{"tenant": tenant}}, providers.Config{Provider: variant})
			tokens := w.signIn()
			if tokens.Account.Issuer != issuer || slices.Contains(tokens.Scopes, "offline_access") {
				t.Errorf("signed in at %s with the scopes %q", tokens.Account.Issuer, tokens.Scopes)
			}
			fresh := w.refresh(tokens)
			if fresh.Refresh == tokens.Refresh {
				t.Error("the refresh token was not replaced")
			}
			w.binding(fresh, auth.BoundOffline)

			// Signing out leaves refresh tokens alive, and nothing revokes them.
			w.revoke(fresh, "")
			if status, to := w.signOut(fresh, back); status != 302 || to != back {
				t.Errorf("signed out with %d to %s", status, to)
			}
			w.refresh(fresh)
		})
	}
	t.Run("without offline_access", func(t *testing.T) {
		w := newFixture(
			t,
			given{"entra", values{"tenant": providers.Tenant}, auth.Tool{Scopes: []string{"openid", "profile"}}},
			providers.Config{},
		)
		w.ends(w.signIn())
	})
	t.Run("another tenant than the settings say", func(t *testing.T) {
		w := newFixture(t, given{id: "entra", values: values{"tenant": guid}}, providers.Config{Provider: "entra"})
		w.tool.Issuer = "https://login.microsoftonline.com/" + providers.Tenant + "/v2.0"
		w.tool.ExpectIssuers = []string{"https://login.microsoftonline.com/" + guid + "/v2.0"}
		if _, err := w.client.Discover(t.Context(), w.tool); auth.AsError(err) == nil || auth.AsError(err).Code != "issuer_mismatch" {
			t.Errorf("got %v", err)
		}
	})
}

func TestB2C(t *testing.T) {
	g := given{id: "b2c", values: values{"tenant": "contoso", "policy": "b2c_1_signin"}}
	for name, cfg := range map[string]providers.Config{"issuer without policy": {}, "issuer with policy": {TFP: true}} {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t, g, cfg)
			tokens := w.signIn()
			if !slices.Contains(w.tool.Scopes, w.tool.ClientID) || tokens.RefreshExpiry.Sub(tokens.IssuedAt) != 14*24*time.Hour ||
				tokens.Expiry.Sub(tokens.IssuedAt) != time.Hour {
				t.Errorf("with the scopes %q: %+v", w.tool.Scopes, tokens)
			}
			fresh := w.refresh(tokens)
			w.binding(fresh, auth.BoundOffline)
			w.revoke(fresh, "")
			for _, back := range []string{"", back} {
				if status, to := w.signOut(fresh, back); status >= 400 || to != back {
					t.Errorf("signed out with %d to %s", status, to)
				}
			}
		})
	}
	t.Run("without the client ID as scope", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{})
		w.tool.Scopes = []string{"openid", "offline_access"}
		_, err := w.exchange(oidc.BeginOptions{})
		if e := auth.AsError(err); e == nil || e.Code != "no_access_token" || !strings.Contains(e.Do, "client ID itself as a scope") {
			t.Errorf("got %v", err)
		}
	})
	t.Run("without offline_access", func(t *testing.T) {
		g := g
		g.tool.Scopes = []string{"openid"}
		w := newFixture(t, g, providers.Config{})
		w.ends(w.signIn())
	})
}

func TestADFS(t *testing.T) {
	g := given{id: "adfs", values: values{"host": "fs.example.com", "resource": "https://api.example.com"}}
	for name, cfg := range map[string]providers.Config{"issuer without slash": {}, "issuer with slash": {TrailingSlash: true}} {
		t.Run(name, func(t *testing.T) {
			w := newFixture(t, g, cfg)
			w.exactPort()
			tokens := w.signIn()
			if asked := w.provider.Asked(); asked.Get("resource") != "https://api.example.com" ||
				!strings.Contains(asked.Get("scope"), "allatclaims") ||
				tokens.Account.Username != "ada@example.com" {
				t.Errorf("asked for %v, got %+v", asked, tokens.Account)
			}
			// The first refresh token is the last one, and ends after eight hours.
			fresh := w.refresh(tokens)
			if fresh.Refresh != tokens.Refresh || !fresh.RefreshExpiry.Equal(tokens.IssuedAt.Add(8*time.Hour)) {
				t.Errorf("the refresh token ends at %v, issued %v", fresh.RefreshExpiry, tokens.IssuedAt)
			}
			w.revoke(fresh, "")
			if status, to := w.signOut(fresh, back); status != 302 || to != back {
				t.Errorf("signed out with %d to %s", status, to)
			}
			w.refresh(fresh) // which signing out does not end
			w.pass(6 * time.Hour)
			if s := w.derive(fresh); s.State != session.Expired {
				t.Errorf("after eight hours it is %s", s.State)
			}
			w.refused(fresh)
		})
	}
	t.Run("no refresh token", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{NoRefresh: true})
		w.ends(w.signIn())
	})
}
