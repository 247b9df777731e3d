package django_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/django"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// userinfo asks the provider who the token's owner is; it answers only with a
// live token.
func userinfo(t *testing.T, s *django.Server, token auth.Secret) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, s.Issuer+"/userinfo/", nil)
	if err != nil {
		t.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.Reveal())
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

// TestSignInAndRenew signs in at a provider whose metadata stands at an address
// with a slash behind it, and which may give no ID token with a refresh.
func TestSignInAndRenew(t *testing.T) {
	s := django.Start(t, django.Config{})
	tool := s.Tool(django.Native)
	d := machine.New(t, django.Person(), &oidc.Client{}, tool)

	first := d.SignIn(tool.ID)
	if a := first.Account; a.Issuer != s.Issuer || a.Username != django.User || a.Name != "Ada Lovelace" {
		t.Errorf("signed in as %+v", a)
	}
	claims, err := auth.Claims(first.ID)
	if err != nil || claims["at_hash"] == nil || claims["nonce"] == nil {
		t.Errorf("the ID token holds %v, %v", claims, err)
	}
	if left := first.Expiry.Sub(first.IssuedAt); left != 5*time.Minute {
		t.Errorf("the access token lives for %v", left)
	}
	if got := userinfo(t, s, first.Access); got != http.StatusOK {
		t.Errorf("the access token is answered %d", got)
	}
	if snap := d.Snapshot(tool.ID); snap.State != session.Active || snap.Renewal.Mode != session.Automatic || snap.Account != django.User ||
		snap.Problem != nil {
		t.Errorf("%+v, %+v", snap, snap.Renewal)
	}

	second, err := d.Renew(tool.ID)
	if err != nil {
		t.Fatal(err)
	}
	if second.Refresh == first.Refresh || second.Access == first.Access {
		t.Error("a token was not replaced")
	}
	if renewed := second.ID != first.ID; renewed != s.RenewsID {
		t.Errorf("a refresh gives an ID token: %v, and this one gave one: %v", s.RenewsID, renewed)
	}
	if second.ID == "" || second.Account != first.Account || second.Set != first.Set || !second.SignedInAt.Equal(first.SignedInAt) ||
		second.RefreshUnproven {
		t.Errorf("a refresh made another sign-in of it: %+v", second.Account)
	}
	if got := userinfo(t, s, second.Access); got != http.StatusOK {
		t.Errorf("the new access token is answered %d", got)
	}
	if got := userinfo(t, s, first.Access); got == http.StatusOK {
		t.Error("the old access token is still taken")
	}
	if snap := d.Snapshot(tool.ID); snap.State != session.Active || snap.Account != django.User || snap.Problem != nil {
		t.Errorf("afterwards %+v", snap)
	}
}

// TestRotatedElsewhere has the refresh token used by somebody else: the session
// lasts as long as its access token, and says why it ends.
func TestRotatedElsewhere(t *testing.T) {
	s := django.Start(t, django.Config{})
	tool := s.Tool(django.Native)
	d := machine.New(t, django.Person(), &oidc.Client{}, tool)
	tokens := d.SignIn(tool.ID)
	if _, err := (&oidc.Client{}).Refresh(t.Context(), tool, tokens); err != nil {
		t.Fatal(err)
	}

	if _, err := d.Renew(tool.ID); auth.KindOf(err) != auth.KindSignIn {
		t.Errorf("a refresh with the spent token: %v", err)
	}
	const why = "the provider no longer accepts this sign-in"
	snap := d.Snapshot(tool.ID)
	if snap.State != session.Active && snap.State != session.Expiring || snap.Renewal.Mode != session.Manual ||
		!strings.HasPrefix(snap.Renewal.Reason, why) {
		t.Errorf("%+v, %+v", snap, snap.Renewal)
	}
	if p := snap.Problem; p == nil || p.Code != "invalid_grant" || p.Who != auth.WhoYou || p.Error() != why+": sign in again" {
		t.Errorf("the problem is %+v", p)
	}
	if kept := d.Tokens(tool.ID); kept.Refresh != "" || !kept.RefreshRefused {
		t.Error("the refused refresh token was kept")
	}
	d.Pass(6 * time.Minute)
	_, err := d.Token(t.Context(), tool.ID, session.TokenOptions{})
	if e := auth.AsError(err); e == nil || e.Kind != auth.KindSignIn || !strings.Contains(e.What, why) {
		t.Errorf("after the access token's end: %v", err)
	}
	if snap := d.Snapshot(tool.ID); snap.State != session.Expired {
		t.Errorf("after the access token's end it is %s", snap.State)
	}
	d.Pass(-6 * time.Minute)
	if again := d.SignIn(tool.ID); again.Set == tokens.Set || again.Account != tokens.Account {
		t.Errorf("signed in again as %+v", again.Account)
	}
	if snap := d.Snapshot(tool.ID); snap.State != session.Active || snap.Problem != nil {
		t.Errorf("signed in again: %+v", snap)
	}
}

func TestWithoutRefreshToken(t *testing.T) {
	s := django.Start(t, django.Config{NoRefresh: true, AccessTTL: 10 * time.Minute})
	tool := s.Tool(django.Native)
	tool.Reminders = []time.Duration{5 * time.Minute}
	d := machine.New(t, django.Person(), &oidc.Client{}, tool)
	tokens := d.SignIn(tool.ID)
	if tokens.Refresh != "" {
		t.Fatal("there is a refresh token")
	}
	facts := engine.Facts{Tool: tool, Loaded: true, Tokens: &tokens, Store: session.StoreKeychain}
	for _, c := range []struct {
		after time.Duration
		state session.State
	}{{0, session.Active}, {6 * time.Minute, session.Expiring}, {11 * time.Minute, session.Expired}} {
		snap := engine.Derive(facts, tokens.IssuedAt.Add(c.after))
		if snap.State != c.state || snap.Renewal.Mode != session.Manual || snap.Renewal.Reason != "offline_access was not asked for" {
			t.Errorf("after %v: %s, %+v", c.after, snap.State, snap.Renewal)
		}
	}
	d.Pass(11 * time.Minute)
	if _, err := d.Token(t.Context(), tool.ID, session.TokenOptions{}); auth.KindOf(err) != auth.KindSignIn {
		t.Errorf("after the end: %v", err)
	}
}

// TestSignOut revokes at an address that the settings name, since the metadata
// does not, and says that the browser stays signed in where the provider's
// version has no sign-out page.
func TestSignOut(t *testing.T) {
	s := django.Start(t, django.Config{})
	tool := s.Tool(django.Native)
	tool.Endpoints.Revocation = s.Revocation
	d := machine.New(t, django.Person(), &oidc.Client{}, tool)
	tokens := d.SignIn(tool.ID)

	p, err := d.SignOut(t.Context(), tool.ID, session.SignOutOptions{Browser: true})
	if err != nil {
		t.Fatal(err)
	}
	m, err := d.Client.Discover(t.Context(), tool)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"the provider revoked the refresh token",
		"the provider has no sign-out page that can be opened, so the browser stays signed in there",
	}
	pages := 1 // that asks whether the tool may
	if m.EndSessionEndpoint != "" {
		want[1], pages = "the provider's sign-out page is in the browser", 2
		d.Page()
	}
	if !slices.Equal(p.Words, want) || p.Incomplete != (m.EndSessionEndpoint == "") {
		t.Errorf("%+v", p)
	}
	if got := userinfo(t, s, tokens.Access); got == http.StatusOK {
		t.Error("the access token is still taken")
	}
	if _, err := d.Client.Refresh(t.Context(), tool, tokens); auth.KindOf(err) != auth.KindGrant {
		t.Errorf("a refresh afterwards: %v", err)
	}
	if snap := d.Snapshot(tool.ID); snap.State != session.SignedOut {
		t.Errorf("afterwards it is %s", snap.State)
	}
	before := d.Person.Shown()
	d.SignIn(tool.ID)
	if got := d.Person.Shown() - before; got != pages {
		t.Errorf("signing in again took %d forms, want %d", got, pages)
	}
}

// TestConfidentialClient sends the secret in a form and in a header.
func TestConfidentialClient(t *testing.T) {
	s := django.Start(t, django.Config{})
	for _, how := range []auth.ClientAuth{auth.ClientAuthForm, auth.ClientAuthHeader} {
		t.Run(string(how), func(t *testing.T) {
			tool := s.Tool(django.Web)
			tool.ClientAuth = how
			tool.Endpoints.Revocation = s.Revocation
			secret := auth.Secret(django.Secret)
			d := machine.New(
				t,
				django.Person(),
				&oidc.Client{Secret: func(context.Context, auth.Tool) (auth.Secret, error) { return secret, nil }},
				tool,
			)
			d.SignIn(tool.ID)
			tokens, err := d.Renew(tool.ID)
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Client.Revoke(t.Context(), tool, tokens); err != nil {
				t.Error(err)
			}
			if _, err := d.Client.Refresh(t.Context(), tool, tokens); auth.KindOf(err) != auth.KindGrant {
				t.Errorf("after the revocation: %v", err)
			}

			secret = "another-s3cret"
			err = d.TrySignIn(tool.ID, session.SignInOptions{})
			if e := auth.AsError(err); e == nil || e.Kind != auth.KindSetup || e.Code != "invalid_client" ||
				!strings.Contains(e.Do, "secret") {
				t.Errorf("with another secret: %v", err)
			}
		})
	}
}

// TestRefusals is what a person reads when the provider refuses a sign-in.
func TestRefusals(t *testing.T) {
	s := django.Start(t, django.Config{})
	t.Run("unknown scope", func(t *testing.T) {
		tool := s.Tool(django.Native)
		tool.Scopes = []string{"openid", "offline_access"}
		d := machine.New(t, django.Person(), &oidc.Client{}, tool)
		err := d.TrySignIn(tool.ID, session.SignInOptions{})
		e := auth.AsError(err)
		if e == nil || e.Kind != auth.KindSetup || e.Code != "invalid_scope" || e.Who != auth.WhoSetup ||
			!strings.Contains(e.Do, "scopes") {
			t.Errorf("got %v (%+v)", err, e)
		}
		if p := d.Snapshot(tool.ID).Problem; p == nil || p.Code != "invalid_scope" {
			t.Errorf("the session says %+v", p)
		}
	})
	t.Run("declined", func(t *testing.T) {
		tool := s.Tool(django.Native)
		person := django.Person()
		person.Presses = nil
		d := machine.New(t, person, &oidc.Client{}, tool)
		if err := d.TrySignIn(tool.ID, session.SignInOptions{}); auth.KindOf(err) != auth.KindDenied {
			t.Errorf("got %v", err)
		}
	})
	// Neither comes back to the client: the provider shows a page of its own.
	for name, change := range map[string]func(*auth.Tool){
		"unknown client":         func(tool *auth.Tool) { tool.ClientID = "nobody" },
		"unknown return address": func(tool *auth.Tool) { tool.Redirect = "http://127.0.0.1/elsewhere" },
	} {
		t.Run(name, func(t *testing.T) {
			tool := s.Tool(django.Native)
			change(&tool)
			d := machine.New(t, django.Person(), &oidc.Client{}, tool)
			if err := d.TrySignIn(tool.ID, session.SignInOptions{}); auth.KindOf(err) != auth.KindCanceled {
				t.Errorf("got %v", err)
			}
			if !strings.Contains(d.Page(), "Error: ") {
				t.Errorf("the person ended on\n%s", d.Page())
			}
		})
	}
	t.Run("issuer with a slash", func(t *testing.T) {
		tool := s.Tool(django.Native)
		tool.Issuer += "/"
		_, err := (&oidc.Client{}).Discover(t.Context(), tool)
		if e := auth.AsError(err); e == nil || e.Code != "issuer_mismatch" || !strings.Contains(e.What, auth.Quote(s.Issuer)) {
			t.Errorf("got %v", err)
		}
	})
}
