//go:build unix

package keycloak_test

import (
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/keycloak"
	"keyfob/auth/authtest/machine"
	"keyfob/auth/engine"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// ended holds that the session renews no more, and says why.
func ended(t *testing.T, d *machine.Machine, tool string, who auth.Who, why string) {
	t.Helper()
	_, err := d.Renew(tool)
	if auth.KindOf(err) != auth.KindSignIn {
		t.Errorf("a renewal is answered %v", err)
	}
	snap := d.Snapshot(tool)
	if snap.Renewal.Mode != session.Manual || snap.Problem == nil {
		t.Fatalf("it is %s, %+v, %v", snap.State, snap.Renewal, snap.Problem)
	}
	told(t, snap.Problem, auth.KindGrant, who, why)
	if kept := d.Tokens(tool); kept.Refresh != "" || !kept.RefreshRefused {
		t.Error("the refused refresh token was kept")
	}
}

func endedSession(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "ended", nil)
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	r.EndSessions(keycloak.Ada)
	ended(t, d, tool.ID, auth.WhoYou, "the session at the provider has ended: sign in again")
	d.SignIn(tool.ID)
	renews(t, d, tool.ID)
}

func endedOfflineSession(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "ended-offline", nil)
	tool := r.Tool(keycloak.Native, "openid", "offline_access")
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	r.EndSessions(keycloak.Ada) // which an offline token outlives
	if _, err := d.Renew(tool.ID); err != nil {
		t.Fatal(err)
	}
	r.TakeConsent(keycloak.Ada, keycloak.Native)
	ended(t, d, tool.ID, auth.WhoYou, "the offline session has expired or was removed: sign in again")

	d.SignIn(tool.ID)
	time.Sleep(2 * time.Second) // Keycloak tells old from new by the second
	r.LogOut(keycloak.Ada)
	ended(t, d, tool.ID, auth.WhoYou, "the refresh token was used twice or was revoked: sign in again")
}

func disabledAccount(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "disabled", nil)
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	d.SignIn(tool.ID)
	r.Disable(keycloak.Ada)
	ended(t, d, tool.ID, auth.WhoAdmin, "the account is disabled: ask the provider's administrator to enable it")
}

func rotationAndReuse(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "rotation", func(realm map[string]any) {
		realm["revokeRefreshToken"], realm["refreshTokenMaxReuse"] = true, 0
	})
	tool := r.Tool(keycloak.Native)
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	first := d.SignIn(tool.ID)
	for range 2 {
		time.Sleep(2 * time.Second) // Keycloak tells old from new by the second
		before := d.Tokens(tool.ID)
		after, err := d.Renew(tool.ID)
		if err != nil {
			t.Fatal(err)
		}
		if after.Refresh == before.Refresh {
			t.Error("the refresh token was not replaced")
		}
	}
	// Somebody else has a copy of the first one, and uses it.
	_, err := (&oidc.Client{}).Refresh(t.Context(), tool, first)
	told(t, err, auth.KindGrant, auth.WhoYou, "the refresh token was used twice or was revoked")
	ended(t, d, tool.ID, auth.WhoYou, "the refresh token was used twice or was revoked")

	// A copy of the newest one is used first.
	d = machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	if _, err := (&oidc.Client{}).Refresh(t.Context(), tool, d.SignIn(tool.ID)); err != nil {
		t.Fatal(err)
	}
	ended(t, d, tool.ID, auth.WhoYou, "the refresh token was used twice or was revoked")
}

// sessionsOwnEnd is a session that refreshing does not prolong: a person is
// reminded ahead of its end.
func sessionsOwnEnd(t *testing.T, s *keycloak.Server) {
	r := s.Realm(t, "end", func(realm map[string]any) { realm["ssoSessionMaxLifespan"] = 600 })
	tool := r.Tool(keycloak.Native)
	tool.Reminders = []time.Duration{9 * time.Minute}
	d := machine.New(t, keycloak.Person(keycloak.Ada), &oidc.Client{}, tool)
	first := d.SignIn(tool.ID)
	if left := first.RefreshExpiry.Sub(first.IssuedAt); left > 10*time.Minute {
		t.Errorf("the refresh token lives for %v", left)
	}
	time.Sleep(3 * time.Second) // the server's clock is the one that counts here
	second, err := d.Renew(tool.ID)
	if err != nil {
		t.Fatal(err)
	}
	if !second.RefreshEndFixed {
		t.Errorf("the session ends %v, and after a refresh %v", first.RefreshExpiry, second.RefreshExpiry)
	}
	facts := engine.Facts{Tool: tool, Loaded: true, Tokens: &second, Store: session.StoreKeychain}
	if snap := engine.Derive(facts, second.IssuedAt.Add(2*time.Minute)); snap.State != session.Expiring ||
		!snap.EndsAt.Equal(second.RefreshExpiry) {
		t.Errorf("two minutes later it is %s until %v", snap.State, snap.EndsAt)
	}
}
