package npm_test

import (
	"net/http"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/oidc"
)

// TestNameFromUserInfo asks a provider whose ID tokens hold no names, which is
// its own way, for the account's name: as JSON, and as a signed JWT.
func TestNameFromUserInfo(t *testing.T) {
	s := npm.Start(
		t,
		npm.Config{Thin: true, Clients: []npm.Client{{ID: "signed", UserInfo: "RS256"}, {ID: "signed-otherwise", UserInfo: "ES256"}}},
	)
	var c oidc.Client
	for _, client := range []string{npm.Native, "signed", "signed-otherwise"} {
		tool := tool(s, client)
		tokens, err := signInWith(t, &c, tool, &npm.Person{}, consent)
		if err != nil {
			t.Fatal(err)
		}
		if !oidc.Nameless(tool, tokens) {
			t.Errorf("%s: the ID token names %+v", client, tokens.Account)
		}
		account, err := c.UserInfo(t.Context(), tool, tokens)
		want := auth.Account{Issuer: s.Issuer, Subject: "alice", Name: "alice", Username: "alice", Email: "alice@example.test"}
		if err != nil || account != want {
			t.Errorf("%s: %+v, %v", client, account, err)
		}
	}
}

// TestFormPost takes answers that the provider has the browser post.
func TestFormPost(t *testing.T) {
	posted := make(chan bool, 1)
	s := npm.Start(t, npm.Config{Front: func(provider http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Query().Get("response_mode") == "form_post" {
				select {
				case posted <- true:
				default:
				}
			}
			provider.ServeHTTP(w, r)
		})
	}})
	var c oidc.Client
	tool := tool(s, npm.Native)
	tool.Params = map[string]string{"response_mode": "form_post"}
	if _, err := signInWith(t, &c, tool, &npm.Person{}, consent); err != nil {
		t.Error(err)
	}
	if len(posted) != 1 {
		t.Error("nobody asked for a form")
	}
	_, err := signInWith(t, &c, tool, &npm.Person{}, oidc.BeginOptions{Prompt: "none"})
	if e := auth.AsError(err); e == nil || e.Code != "login_required" {
		t.Errorf("a refusal by form: %v", err)
	}
}
