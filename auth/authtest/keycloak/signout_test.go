//go:build unix

package keycloak_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/authtest/keycloak"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

func signsOut(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "sign-out", nil)
	tool := r.Tool(keycloak.Native)
	tool.PostLogout = "http://127.0.0.1/signed-out"
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	tokens := d.SignIn(tool.ID)
	p, err := d.SignOut(t.Context(), tool.ID, session.SignOutOptions{Browser: true})
	if err != nil || p.Incomplete ||
		!slices.Equal(p.Words, []string{"the provider revoked the refresh token", "the provider ended its session in the browser"}) {
		t.Errorf("%+v, %v; the browser shows\n%s", p, err, d.Page())
	}
	if !strings.Contains(d.Page(), "<h1>Signed out") {
		t.Errorf("the browser ended on\n%s", d.Page())
	}
	_, err = d.Client.Refresh(t.Context(), tool, tokens)
	told(t, err, auth.KindGrant, auth.WhoYou, "the session at the provider has ended")
	if got := r.Userinfo(tokens.Access); got == http.StatusOK {
		t.Error("the access token is still taken")
	}
	before := d.Person.Shown()
	d.SignIn(tool.ID)
	if got := d.Person.Shown() - before; got != 1 {
		t.Errorf("signing in again took %d forms", got)
	}

	// What is left of an offline token is ended as well.
	tool = r.Tool(keycloak.Native, "openid", "offline_access")
	d = machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	tokens = d.SignIn(tool.ID)
	p, err = d.SignOut(t.Context(), tool.ID, session.SignOutOptions{})
	if err != nil || p.Incomplete || !slices.Equal(p.Words, []string{"the provider revoked the refresh token"}) {
		t.Errorf("%+v, %v", p, err)
	}
	_, err = d.Client.Refresh(t.Context(), tool, tokens)
	told(t, err, auth.KindGrant, auth.WhoYou, "the offline session has expired or was removed")
}

func signsOutForGood(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "sign-out-plain", nil)
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	p, err := d.SignOut(t.Context(), tool.ID, session.SignOutOptions{Browser: true})
	if err != nil || p.Incomplete ||
		!slices.Equal(p.Words, []string{"the provider revoked the refresh token", "the provider's sign-out page is in the browser"}) {
		t.Errorf("%+v, %v", p, err)
	}
	d.Page()
	before := d.Person.Shown()
	d.SignIn(tool.ID)
	if got := d.Person.Shown() - before; got != 1 {
		t.Errorf("signing in again took %d forms", got)
	}
}
