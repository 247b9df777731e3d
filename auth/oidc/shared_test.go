package oidc_test

import (
	"net/http"
	"testing"

	"keyfob/auth"
	"keyfob/auth/oidc"
)

// broken is a network whose every error is one and the same.
type broken struct{ err *auth.Error }

func (b broken) RoundTrip(*http.Request) (*http.Response, error) { return nil, b.err }

// TestAnErrorOfOthersStaysAsItIs: what it means for a session is written into a
// copy.
func TestAnErrorOfOthersStaysAsItIs(t *testing.T) {
	const issuer = "https://idp.example.com"
	shared := auth.Error{
		Kind: auth.KindSignIn,
		Code: "shared",
		What: "nobody is signed in to the network",
		Do:   "sign in to it",
		Who:  auth.WhoYou,
	}
	before := shared
	c := &oidc.Client{HTTP: &http.Client{Transport: broken{&shared}}}
	tool := auth.Tool{
		ID: "tool", Issuer: issuer, ClientID: "c", Scopes: []string{"openid"},
		Endpoints: auth.Endpoints{Authorize: issuer + "/a", Token: issuer + "/t", JWKS: issuer + "/k"},
	}
	_, err := c.Refresh(t.Context(), tool, auth.Tokens{Refresh: "r", Account: auth.Account{Issuer: issuer}})
	wantError(t, err, auth.KindGrant, "shared")
	service := tool
	service.Grant = auth.GrantService
	_, err = c.ServiceTokens(t.Context(), service)
	wantError(t, err, auth.KindSetup, "shared")
	if shared != before {
		t.Errorf("the error became %+v", shared)
	}
}
