package provider_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest/providers"
	"keyfob/auth/keychain"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// TestMatrix is the table of every preset against what a person meets at its
// provider: sign-in, renewal, a session without refresh token, sign-out, and
// refusals in plain words. Each cell runs whole sessions, from the click to the
// keychain.
func TestMatrix(t *testing.T) {
	seen := map[string]bool{}
	for _, row := range matrix {
		seen[row.given.id] = true
		t.Run(row.name, func(t *testing.T) {
			t.Run("sign in", row.signIn)
			t.Run("refresh", row.refresh)
			t.Run("no refresh token", row.noRefresh)
			t.Run("sign out", row.signOut)
			t.Run("error explained", row.explained)
		})
	}
	for _, p := range provider.All() {
		if !seen[p.ID] {
			t.Errorf("%s has no row", p.ID)
		}
	}
}

func (row row) signIn(t *testing.T) {
	u := row.user(t, row.given, row.cfg)
	tokens := u.signedIn()
	s := u.snapshot()
	if s.State != session.Active || s.Renewal == nil || s.Renewal.Mode != session.Automatic || s.Renewal.Bound != row.bound ||
		s.Problem != nil ||
		s.Account == "" {
		t.Errorf("the session is %+v, %+v", s, s.Renewal)
	}
	if tokens.Account.Issuer != row.issuer || s.Store != session.StoreKeychain {
		t.Errorf("signed in at %s, stored in %s", tokens.Account.Issuer, s.Store)
	}
	got, err := u.m.Token(t.Context(), "tool", session.TokenOptions{MinValid: time.Minute})
	if err != nil || got.Access != tokens.Access || !u.provider.Takes(t.Context(), got.Access) {
		t.Errorf("the token does not work: %v", err)
	}
}

func (row row) refresh(t *testing.T) {
	u := row.user(t, row.given, row.cfg)
	old := u.signedIn()
	for range 2 {
		u.wake(time.Hour)
		got, err := u.m.Token(t.Context(), "tool", session.TokenOptions{MinValid: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		kept, err := u.store.Load(t.Context(), "tool")
		if err != nil || kept.Access != got.Access || got.Access == old.Access || !u.provider.Takes(t.Context(), got.Access) ||
			kept.Account != old.Account {
			t.Errorf("the renewed token is not stored, or does not work: %v", err)
		}
		if (kept.Refresh != old.Refresh) != row.rotates {
			t.Errorf("the refresh token was replaced: %v", kept.Refresh != old.Refresh)
		}
		old = kept
	}
	if n, _ := u.visited(); n != 1 {
		t.Errorf("the browser was opened %d times", n)
	}
}

func (row row) noRefresh(t *testing.T) {
	g := row.given
	if row.without != nil {
		row.without(&g)
	}
	u := row.user(t, g, providers.Config{NoRefresh: row.without == nil, Provider: row.cfg.Provider})
	tokens := u.signedIn()
	s := u.snapshot()
	if tokens.Refresh != "" || s.State != session.Active || s.Renewal == nil || s.Renewal.Mode != session.Manual ||
		!strings.Contains(s.Renewal.Reason, row.reason) ||
		!s.EndsAt.Equal(tokens.Expiry) {
		t.Errorf("the session is %+v, %+v", s, s.Renewal)
	}
	u.wake(56 * time.Minute)
	if s := u.snapshot(); s.State != session.Expiring {
		t.Errorf("ahead of its end: %s", s.State)
	}
	u.wake(4 * time.Minute)
	if s := u.snapshot(); s.State != session.Expired {
		t.Errorf("at its end: %s", s.State)
	}
	_, err := u.m.Token(t.Context(), "tool", session.TokenOptions{})
	if n, _ := u.visited(); auth.KindOf(err) != auth.KindSignIn || !strings.Contains(err.Error(), row.reason) || n != 1 {
		t.Errorf("asked for a token: %v; the browser was opened %d times", err, n)
	}
}

func (row row) signOut(t *testing.T) {
	u := row.user(t, row.given, row.cfg)
	tokens := u.signedIn()
	p, err := u.m.SignOut(t.Context(), "tool", session.SignOutOptions{Browser: true})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := u.store.Load(t.Context(), "tool"); !errors.Is(err, keychain.ErrNotFound) || u.snapshot().State != session.SignedOut {
		t.Errorf("still here: %v", err)
	}
	if !strings.Contains(p.Line(), row.told) || p.Incomplete != (row.rule != "") || !strings.Contains(p.Rule, row.rule) {
		t.Errorf("told %+v", p)
	}
	if n, err := u.visited(); (n == 2) != row.page || err != nil {
		t.Errorf("the browser was opened %d times, and showed %v", n, err)
	}
	_, err = u.client.Refresh(t.Context(), u.tool, tokens)
	if ended := auth.KindOf(err) == auth.KindGrant; ended != row.revoked {
		t.Errorf("the refresh token afterwards: %v", err)
	}
}

// words are what a person is told of a refusal.
type words struct {
	kind auth.Kind
	who  auth.Who
	what string // part of it
	ref  string // part of the reference
	link string // part of the link for an administrator
}

func (w words) check(t *testing.T, err error) {
	t.Helper()
	e := auth.AsError(err)
	if e == nil || e.Kind != w.kind || e.Who != w.who || !strings.Contains(e.What, w.what) || e.Do == "" ||
		!strings.Contains(e.Ref, w.ref) ||
		!strings.Contains(e.Link, w.link) ||
		(w.link == "") != (e.Link == "") {
		t.Errorf("told %+v\nwant %+v", e, w)
	}
}

func (row row) explained(t *testing.T) {
	t.Run("at the sign-in", func(t *testing.T) {
		u := row.user(t, row.given, row.cfg)
		u.provider.Deny(row.denied)
		err := u.m.SignIn(t.Context(), "tool", session.SignInOptions{})
		row.deniedWords.check(t, err)
		if s := u.snapshot(); s.State != session.SignedOut || s.Problem == nil || s.Problem.What != auth.AsError(err).What {
			t.Errorf("the session is %+v", s)
		}
		if _, page := u.visited(); page == nil {
			t.Error("the browser showed no failure")
		}
	})
	t.Run("at a renewal", func(t *testing.T) {
		u := row.user(t, row.given, row.cfg)
		u.signedIn()
		u.provider.Refuse(&row.refused)
		u.wake(time.Hour)
		_, err := u.m.Token(t.Context(), "tool", session.TokenOptions{})
		if auth.KindOf(err) != auth.KindSignIn || !strings.Contains(err.Error(), row.refusedWords.what) {
			t.Errorf("asked for a token: %v", err)
		}
		s := u.snapshot()
		row.refusedWords.check(t, orNil(s.Problem))
		if n, _ := u.visited(); s.State != session.Expired || n != 1 {
			t.Errorf("the session is %+v; the browser was opened %d times", s, n)
		}
		kept, err := u.store.Load(t.Context(), "tool")
		if err != nil || kept.Refresh != "" {
			t.Errorf("the refused refresh token is still stored, %v", err)
		}
	})
}

func orNil(e *auth.Error) error {
	if e == nil {
		return nil
	}
	return e
}
