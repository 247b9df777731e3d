package npm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/oidc"
)

// canary is a secret with characters that a header and a form write in
// different ways.
const canary = "canary+s3cret/of:the client%21-0123456789"

func withSecret(s auth.Secret) *oidc.Client {
	return &oidc.Client{Secret: func(context.Context, auth.Tool) (auth.Secret, error) { return s, nil }}
}

// TestConfidentialClient signs in, renews and signs out as a client with a
// secret. This provider takes each client's secret in one place only.
func TestConfidentialClient(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{
		{ID: "web-form", Secret: canary, Auth: "client_secret_post"},
		{ID: "web-header", Secret: canary, Auth: "client_secret_basic"},
	}})
	for id, how := range map[string]auth.ClientAuth{"web-form": auth.ClientAuthForm, "web-header": auth.ClientAuthHeader} {
		t.Run(id, func(t *testing.T) {
			tool, c := tool(s, id), withSecret(canary)
			tool.ClientAuth = how
			tokens, err := signInWith(t, c, tool, &npm.Person{}, oidc.BeginOptions{Prompt: "consent"})
			if err != nil {
				t.Fatal(err)
			}
			fresh, err := c.Refresh(t.Context(), tool, tokens)
			if err != nil {
				t.Fatal(err)
			}
			if err := c.Revoke(t.Context(), tool, fresh); err != nil {
				t.Error(err)
			}
			if _, err := c.Refresh(t.Context(), tool, fresh); auth.KindOf(err) != auth.KindGrant {
				t.Errorf("after the revocation: %v", err)
			}

			_, err = signInWith(t, withSecret("wrong-"+canary), tool, &npm.Person{}, oidc.BeginOptions{})
			if auth.KindOf(err) != auth.KindSetup || strings.Contains(err.Error(), "canary") {
				t.Errorf("with another secret: %v", err)
			}
		})
	}
}

func TestServiceAccount(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{
		{ID: "robot", Secret: canary, Auth: "client_secret_basic", Service: true, AccessTTL: 10 * time.Minute},
		{ID: "robot-form", Secret: canary, Auth: "client_secret_post", Service: true, AccessTTL: 10 * time.Minute},
	}})
	for id, how := range map[string]auth.ClientAuth{"robot": auth.ClientAuthHeader, "robot-form": auth.ClientAuthForm} {
		tool, c := tool(s, id), withSecret(canary)
		tool.Grant, tool.ClientAuth, tool.Scopes = auth.GrantService, how, []string{"api"}
		tokens, err := c.ServiceTokens(t.Context(), tool)
		if err != nil {
			t.Fatal(err)
		}
		if left := time.Until(tokens.Expiry); tokens.Refresh != "" || tokens.Account.Subject != id || left < 5*time.Minute ||
			left > 10*time.Minute {
			t.Errorf("%s: %v, refresh token %v, %v left", id, tokens.Account, tokens.Refresh != "", left)
		}
		claims, err := s.Introspect(t.Context(), tokens.Access)
		if err != nil || claims["active"] != true || claims["client_id"] != id {
			t.Errorf("%s: the provider knows the token as %v, %v", id, claims, err)
		}
		if _, err := withSecret("wrong").ServiceTokens(t.Context(), tool); auth.KindOf(err) != auth.KindSetup {
			t.Errorf("%s with another secret: %v", id, err)
		}
	}
}
