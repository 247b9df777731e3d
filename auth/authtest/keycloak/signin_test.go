//go:build unix

package keycloak_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/keycloak"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

func header(t *testing.T, token auth.Secret) (h struct{ Alg string }) {
	t.Helper()
	head, _, _ := strings.Cut(token.Reveal(), ".")
	raw, err := base64.RawURLEncoding.DecodeString(head)
	if err == nil {
		err = json.Unmarshal(raw, &h)
	}
	if err != nil {
		t.Fatal(err)
	}
	return h
}

func signsInAndRenews(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "sign-in", nil)
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	first := d.SignIn(tool.ID)
	if a := first.Account; a.Issuer != r.Issuer || a.Email != "ada@example.com" || a.Username != keycloak.Ada || a.Name != "Ada Lovelace" {
		t.Errorf("signed in as %+v", a)
	}
	if m, err := d.Client.Discover(t.Context(), tool); err != nil || !m.SendsIssuer {
		t.Errorf("it names itself in the callback: %+v, %v", m, err)
	}
	if access, refresh := first.Expiry.Sub(first.IssuedAt), first.RefreshExpiry.Sub(first.IssuedAt); access != 5*time.Minute ||
		refresh > 30*time.Minute ||
		refresh < 29*time.Minute {
		t.Errorf("the access token lives for %v, the refresh token for %v", access, refresh)
	}
	second, err := d.Renew(tool.ID)
	if err != nil {
		t.Fatal(err)
	}
	if second.ID == first.ID || second.Access == first.Access || second.Account != first.Account || second.Set != first.Set ||
		second.RefreshUnproven {
		t.Errorf("renewed as %+v", second.Account)
	}
	if got := r.Userinfo(second.Access); got != http.StatusOK {
		t.Errorf("the access token is answered %d", got)
	}
}

func everyAlgorithm(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "algorithms", func(realm map[string]any) {
		for _, alg := range oidc.Algorithms() {
			c := maps.Clone(keycloak.Client(realm, keycloak.Native))
			c["clientId"], c["attributes"] = alg, map[string]any{"id.token.signed.response.alg": alg}
			realm["clients"] = append(realm["clients"].([]any), c)
		}
	})
	for _, alg := range oidc.Algorithms() {
		tool := r.Tool(alg)
		d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
		d.SignIn(tool.ID)
		if _, err := d.Renew(tool.ID); err != nil {
			t.Errorf("%s: %v", alg, err)
		}
		if got := header(t, d.Tokens(tool.ID).ID).Alg; got != alg {
			t.Errorf("the ID token is signed with %v, want %s", got, alg)
		}
	}
}

// boundOrOffline tells the two kinds of refresh token apart, and warns of the
// one that outlives the browser's session where the tool wants none.
func boundOrOffline(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "bound", nil)
	for _, c := range []struct {
		scopes   []string
		want     auth.Binding
		warnings int
	}{
		{[]string{"openid"}, auth.BoundSession, 0},
		{[]string{"openid", "offline_access"}, auth.BoundOffline, 1},
	} {
		tool := r.Tool(keycloak.Native, c.scopes...)
		tool.WantsSessionBound = true
		d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
		tokens := d.SignIn(tool.ID)
		if _, err := d.Renew(tool.ID); err != nil {
			t.Fatal(err)
		}
		if got := renews(t, d, tool.ID); got != c.want {
			t.Errorf("%q is bound to %q", c.scopes, got)
		}
		if got := d.Snapshot(tool.ID).Warnings; len(got) != c.warnings {
			t.Errorf("%q warns %q", c.scopes, got)
		}
		if tokens.RefreshExpiry.IsZero() != (c.want == auth.BoundOffline) {
			t.Errorf("%q: the refresh token ends %v", c.scopes, tokens.RefreshExpiry)
		}
	}
}

func withoutTheRole(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "role", nil)
	tool := r.Tool(keycloak.Native, "openid", "offline_access")
	d := machine.New(t, keycloak.Person(keycloak.Bob), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	if got := renews(t, d, tool.ID); got != auth.BoundSession {
		t.Errorf("bound to %q", got)
	}
	if got := d.Person.Shown(); got != 1 {
		t.Errorf("the person filled in %d forms", got)
	}

	tool.MandatoryScopes = []string{"offline_access"}
	d = machine.New(t, keycloak.Person(keycloak.Bob), &oidc.Client{}, tool)
	err := d.TrySignIn(tool.ID, session.SignInOptions{})
	told(t, err, auth.KindSetup, auth.WhoAdmin, "may not have offline access")
	if e := auth.AsError(err); e.Code != "not_allowed" {
		t.Errorf("the code is %s", e.Code)
	}
}

func noRefreshToken(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "no-refresh", func(realm map[string]any) {
		keycloak.Client(realm, keycloak.Native)["attributes"].(map[string]any)["use.refresh.tokens"] = "false"
	})
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	if snap := d.Snapshot(tool.ID); snap.State != session.Active || snap.Renewal.Mode != session.Manual ||
		snap.Renewal.Reason != "refresh tokens are switched off for this client at Keycloak" {
		t.Errorf("%s, %+v", snap.State, snap.Renewal)
	}
	d.Pass(6 * time.Minute)
	if snap := d.Snapshot(tool.ID); snap.State != session.Expired {
		t.Errorf("after the end it is %s", snap.State)
	}
}

func secrets(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "secrets", nil)
	for _, how := range []auth.ClientAuth{auth.ClientAuthForm, auth.ClientAuthHeader} {
		secret := auth.Secret(keycloak.Secret)
		client := &oidc.Client{Secret: func(context.Context, auth.Tool) (auth.Secret, error) { return secret, nil }}
		tool := r.Tool(keycloak.Web)
		tool.ClientAuth = how
		d := machine.New(t, keycloak.Person(keycloak.Ada), client, tool)
		d.SignIn(tool.ID)
		tokens, err := d.Renew(tool.ID)
		if err != nil {
			t.Fatal(err)
		}
		if err := client.Revoke(t.Context(), tool, tokens); err != nil {
			t.Error(err)
		}

		robot := tool
		robot.Grant, robot.Scopes = auth.GrantService, nil
		if got, err := client.ServiceTokens(t.Context(), robot); err != nil || got.Refresh != "" ||
			r.Introspect(got.Access)["client_id"] != keycloak.Web {
			t.Errorf("%s: a service account gets %+v, %v", how, got, err)
		}
		secret = "another-s3cret"
		told(t, d.TrySignIn(tool.ID, session.SignInOptions{}), auth.KindSetup, auth.WhoSetup, "secret")
		_, err = client.ServiceTokens(t.Context(), robot)
		told(t, err, auth.KindSetup, auth.WhoSetup, "secret")
	}
}

// refusals are what a person reads when Keycloak refuses a sign-in.
func refusals(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "refusals", nil)
	tool := r.Tool(keycloak.Native, "openid", "machines")
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	told(t, d.TrySignIn(tool.ID, session.SignInOptions{}), auth.KindSetup, auth.WhoSetup, "scope")

	// Nothing comes back from Keycloak's own page.
	for words, change := range map[string]func(*auth.Tool){
		"Invalid parameter: redirect_uri": func(tool *auth.Tool) { tool.Redirect = "http://127.0.0.1/elsewhere" },
		"Client not found":                func(tool *auth.Tool) { tool.ClientID = "nobody" },
	} {
		tool := r.Tool(keycloak.Native)
		change(&tool)
		d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
		if err := d.TrySignIn(tool.ID, session.SignInOptions{}); auth.KindOf(err) != auth.KindCanceled {
			t.Errorf("%s: %v", words, err)
		}
		if !strings.Contains(d.Page(), words) {
			t.Errorf("the person ended on\n%s", d.Page())
		}
	}
	tool = r.Tool(keycloak.Native)
	tool.Issuer += "x"
	_, err := (&oidc.Client{}).Discover(t.Context(), tool)
	told(t, err, auth.KindSetup, auth.WhoSetup, "there is no OpenID provider at")
}
