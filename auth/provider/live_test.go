package provider_test

import (
	"net/url"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/providers"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
)

const back = "http://localhost/signed-out"

func TestGoogle(t *testing.T) {
	g := given{id: "google"}
	w := newFixture(t, g, providers.Config{})
	tokens := w.signIn()
	if tokens.Account.Issuer != "https://accounts.google.com" || tokens.Account.Email != "ada@example.com" {
		t.Errorf("signed in as %+v", tokens.Account)
	}
	fresh := w.refresh(tokens)
	if fresh.Refresh != tokens.Refresh {
		t.Error("the refresh token did not stay")
	}
	w.binding(fresh, auth.BoundOffline)
	if _, ok, err := w.client.EndSessionURL(t.Context(), w.tool, fresh.ID, ""); ok || err != nil {
		t.Errorf("there is a sign-out: %v", err)
	}
	w.revoke(fresh, "/revoke")
	w.refused(fresh)
	if w.provider.Takes(t.Context(), fresh.Access) {
		t.Error("the access token lives after the revocation")
	}
	if _, err := w.exchange(oidc.BeginOptions{Prompt: "login"}); err != nil {
		t.Errorf("a sign-in afresh, for which Google has another word: %v", err)
	}

	w.client.Secret = nil
	if _, err := w.client.Begin(t.Context(), w.tool, "http://127.0.0.1:1/", oidc.BeginOptions{}); auth.AsError(err) == nil ||
		auth.AsError(err).Code != "no_client_secret" {
		t.Errorf("without the secret: %v", err)
	}
	t.Run("no refresh token", func(t *testing.T) {
		g := g
		g.tool.Params = values{"access_type": "online"}
		w := newFixture(t, g, providers.Config{})
		w.ends(w.signIn())
	})
}

func TestAuth0(t *testing.T) {
	g := given{id: "auth0", values: values{"domain": "example.eu.auth0.com"}, tool: auth.Tool{Audience: "https://api.example.com"}}
	w := newFixture(t, g, providers.Config{})
	w.exactPort()
	tokens := w.signIn()
	if asked := w.provider.Asked(); asked.Get("audience") != "https://api.example.com" ||
		tokens.Account.Issuer != "https://example.eu.auth0.com/" {
		t.Errorf("asked for %v at %s", asked, tokens.Account.Issuer)
	}
	fresh := w.refresh(tokens)
	again := w.refresh(fresh)
	w.binding(again, auth.BoundOffline)
	// A refresh token that is used again ends them all.
	w.refused(func() auth.Tokens { _, _ = w.client.Refresh(t.Context(), w.tool, tokens); return again }())

	tokens = w.signIn()
	w.revoke(tokens, "/oauth/revoke")
	w.refused(tokens)
	if status, to := w.signOut(tokens, back); status != 302 || to != back {
		t.Errorf("signed out with %d to %s", status, to)
	}
	t.Run("offline access not allowed for the API", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{NoRefresh: true})
		w.ends(w.signIn())
	})
}

func TestKeycloak(t *testing.T) {
	g := given{id: "keycloak", values: values{"host": "sso.example.com", "realm": "plant"}}
	offline := g
	offline.tool.Scopes = []string{"openid", "profile", "offline_access"}
	t.Run("bound to the session", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{AccessTTL: 20 * time.Minute})
		tokens := w.signIn()
		w.binding(tokens, auth.BoundSession)
		if tokens.RefreshExpiry.Sub(tokens.IssuedAt) != 30*time.Minute {
			t.Errorf("the refresh token ends %v", tokens.RefreshExpiry)
		}
		fresh := w.refresh(tokens)
		if status, to := w.signOut(fresh, back); status != 302 || to != back {
			t.Errorf("signed out with %d to %s", status, to)
		}
		w.refused(fresh)
	})
	t.Run("offline", func(t *testing.T) {
		w := newFixture(t, offline, providers.Config{})
		tokens := w.signIn()
		w.binding(tokens, auth.BoundOffline)
		if !tokens.RefreshExpiry.IsZero() {
			t.Errorf("the refresh token ends %v", tokens.RefreshExpiry)
		}
		w.signOut(tokens, "")
		fresh := w.refresh(tokens) // which signing out does not end
		w.revoke(fresh, "/realms/plant/protocol/openid-connect/revoke")
		w.refused(fresh)
	})
	t.Run("person without the role", func(t *testing.T) {
		w := newFixture(t, offline, providers.Config{NoOfflineRole: true})
		_, err := w.exchange(oidc.BeginOptions{})
		again, ok := provider.WithoutOffline(w.tool, err)
		if !ok {
			t.Fatalf("it would not be tried again after %v", err)
		}
		w.tool = again
		w.binding(w.signIn(), auth.BoundSession)
	})
	t.Run("no refresh token", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{NoRefresh: true})
		w.ends(w.signIn())
	})
}

func TestPingFederate(t *testing.T) {
	g := given{id: "pingfederate", values: values{"host": "sso.example.com:9031"}}
	w := newFixture(t, g, providers.Config{})
	w.exactPort()
	tokens := w.signIn()
	fresh := w.refresh(tokens)
	if fresh.Refresh == tokens.Refresh {
		t.Error("the refresh token did not roll")
	}
	w.refresh(fresh)
	tokens = w.signIn()
	w.revoke(tokens, "/as/revoke_token.oauth2")
	w.refused(tokens)
	if status, to := w.signOut(tokens, back); status != 302 || to != back || w.provider.Seen("/idp/startSLO.ping") != 1 {
		t.Errorf("signed out with %d to %s", status, to)
	}
	t.Run("grant not ticked", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{NoRefresh: true})
		w.ends(w.signIn())
	})
}

func TestOkta(t *testing.T) {
	g := given{id: "okta", values: values{"domain": "example.okta.com", "server": "default"}}
	w := newFixture(t, g, providers.Config{})
	w.exactPort()
	tokens := w.signIn()
	// A refresh may bring an access token alone.
	fresh := w.refresh(tokens)
	if fresh.Refresh != tokens.Refresh || fresh.ID != tokens.ID {
		t.Error("the refresh token and the ID token did not stay")
	}
	w.binding(fresh, auth.BoundOffline)
	w.revoke(fresh, "/oauth2/default/v1/revoke")
	w.refused(fresh)
	if status, to := w.signOut(fresh, back); status != 302 || to != back {
		t.Errorf("signed out with %d to %s", status, to)
	}
	if status, _ := w.signOut(auth.Tokens{}, back); status != 400 {
		t.Errorf("without an ID token it answers %d", status)
	}
	t.Run("without offline_access", func(t *testing.T) {
		g := g
		g.tool.Scopes = []string{"openid", "email"}
		w := newFixture(t, g, providers.Config{})
		w.ends(w.signIn())
	})
}

func TestCognito(t *testing.T) {
	g := given{id: "cognito", values: values{"pool": "eu-west-1_AbC"}}
	w := newFixture(t, g, providers.Config{})
	w.exactPort()
	tokens := w.signIn()
	if tokens.Account.Issuer != "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC" {
		t.Errorf("signed in at %s", tokens.Account.Issuer)
	}
	fresh := w.refresh(tokens)
	if fresh.Refresh != tokens.Refresh {
		t.Error("the refresh token did not stay")
	}
	w.binding(fresh, auth.BoundOffline)
	if status, to := w.signOut(fresh, back); status != 302 || to != back {
		t.Errorf("signed out with %d to %s", status, to)
	}
	w.revoke(fresh, "/oauth2/revoke")
	w.refused(fresh)
	t.Run("refreshing switched off", func(t *testing.T) {
		w := newFixture(t, g, providers.Config{NoRefresh: true})
		w.ends(w.signIn())
	})
}

// TestOIDC is any other provider, by its addresses written by hand: here
// Keycloak's, whose metadata nobody asks for.
func TestOIDC(t *testing.T) {
	const realm = "https://sso.example.com/realms/plant"
	e := auth.Endpoints{
		Authorize: realm + "/protocol/openid-connect/auth",
		Token:     realm + "/protocol/openid-connect/token",
		JWKS:      realm + "/protocol/openid-connect/certs",
	}
	w := newFixture(t, given{"oidc", nil, auth.Tool{Endpoints: e, ExpectIssuers: []string{realm}}}, providers.Config{Provider: "keycloak"})
	w.refresh(w.signIn())
	if n := w.provider.Seen("/realms/plant/.well-known/openid-configuration"); n != 0 {
		t.Errorf("the metadata was asked for %d times", n)
	}
	if u, err := url.Parse(w.provider.Asked().Get("redirect_uri")); err != nil || u.Hostname() != "127.0.0.1" {
		t.Errorf("came back to %v", u)
	}
}
