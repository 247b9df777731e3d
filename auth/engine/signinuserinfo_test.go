package engine_test

import (
	"testing"

	"keyfob/auth/authtest"
	"keyfob/auth/session"
)

// TestSignInWithoutUserInfo has a provider whose ID token names nobody and whose
// UserInfo endpoint is of no help: the person is signed in all the same.
func TestSignInWithoutUserInfo(t *testing.T) {
	signer := authtest.NewSigner("RS256", "mine")
	for name, fault := range map[string]authtest.Fault{
		"outage":             authtest.Answer(503, "", "Retry-After", "60"),
		"token not accepted": authtest.Answer(401, `{"error":"invalid_token"}`),
		"broken off":         authtest.Drop,
		"nothing to tell":    authtest.RewriteJSON(func(m map[string]any) { delete(m, "name"); delete(m, "preferred_username") }),
	} {
		t.Run(name, func(t *testing.T) {
			env := newLoopbackEnvironment(t)
			env.faults.Set("/jwks", authtest.Keys(signer))
			env.faults.Set("/token", authtest.RewriteIDToken(func(_, c map[string]any) {
				delete(c, "name")
				delete(c, "preferred_username")
			}, signer))
			env.faults.Set("/userinfo", fault)
			if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
				t.Fatal(err)
			}
			if err := env.browser.Wait(); err != nil {
				t.Errorf("the browser showed %v", err)
			}
			kept, err := env.store.Load(t.Context(), "renews")
			if s := snapshot(t, env.Manager, "renews"); err != nil || s.State != session.Active || s.Problem != nil ||
				s.Account != kept.Account.Subject ||
				env.faults.Seen("/userinfo") == 0 {
				t.Errorf("%+v after %d requests: %v", s, env.faults.Seen("/userinfo"), err)
			}
		})
	}
}
