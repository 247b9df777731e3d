package engine_test

import (
	"slices"
	"strings"
	"testing"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// TestSettingsNameAnotherClient changes a tool's issuer or client under a
// session, at a new start and while it runs: nothing of the old set is handed
// out any more, and it stays in the keychain until a person signs out.
func TestSettingsNameAnotherClient(t *testing.T) {
	for name, tt := range map[string]struct {
		change func(*auth.Tool)
		stored func(*auth.Tokens)
		what   string // of the error; empty for none
		told   string // by the sign-out
	}{
		"another provider": {
			change: func(t *auth.Tool) { t.Issuer = "https://elsewhere.example.com" },
			what:   "another provider", told: "was not told",
		},
		"another client": {
			change: func(t *auth.Tool) { t.ClientID = "ends" },
			what:   "another client", told: "the provider revoked the refresh token",
		},
		"another client, from an older Keyfob": {
			change: func(t *auth.Tool) { t.ClientID = "ends" },
			stored: func(t *auth.Tokens) { t.Client = "" },
		},
		"the same": {change: func(t *auth.Tool) { t.Name = "another name" }},
	} {
		t.Run(name, func(t *testing.T) {
			env := newEnvironment(t)
			old := env.signIn("renews")
			if old.Client != "renews" {
				t.Errorf("the sign-in noted the client %q", old.Client)
			}
			if tt.stored != nil {
				tt.stored(&old)
				if err := env.store.Save(t.Context(), "renews", old); err != nil {
					t.Fatal(err)
				}
			}
			running := env.manager()
			if err := running.Loaded(t.Context()); err != nil {
				t.Fatal(err)
			}
			env.tools = slices.Clone(env.tools)
			i := slices.IndexFunc(env.tools, func(t auth.Tool) bool { return t.ID == "renews" })
			tt.change(&env.tools[i])
			if err := running.SetTools(t.Context(), env.tools, nil); err != nil {
				t.Fatal(err)
			}
			for _, m := range []*engine.Manager{running, env.manager(onDemand), env.manager()} {
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				s := snapshot(t, m, "renews")
				got, err := m.Token(t.Context(), "renews", session.TokenOptions{})
				held, _, errHeld := m.CurrentTokens(t.Context(), "renews", session.TokenOptions{})
				if tt.what == "" {
					if s.State != session.Active || err != nil || got.Access != old.Access || errHeld != nil {
						t.Errorf("%s, %v, %v", s.State, err, errHeld)
					}
					continue
				}
				if s.State != session.SignedOut || s.Problem == nil || s.Problem.Code != auth.CodeOtherClient || !s.CanSignOut() ||
					!s.CanSignIn() {
					t.Errorf("%s, %v", s.State, s.Problem)
				}
				if e := auth.AsError(err); e == nil || e.Kind != auth.KindSignIn || !strings.Contains(e.What, tt.what) || got.Access != "" {
					t.Errorf("a token: %v", err)
				}
				if auth.KindOf(errHeld) != auth.KindSignIn || held.Access != "" || held.ID != "" {
					t.Errorf("to look at: %v", errHeld)
				}
			}
			if tt.what == "" {
				return
			}
			if _, err := env.store.Load(t.Context(), "renews"); err != nil {
				t.Errorf("the keychain no longer has it: %v", err)
			}
			p, err := running.SignOut(t.Context(), "renews", session.SignOutOptions{})
			if err != nil || !strings.Contains(p.Line(), tt.told) {
				t.Errorf("signing out: %q, %v", p.Line(), err)
			}
			if _, err := env.store.Load(t.Context(), "renews"); err != keychain.ErrNotFound {
				t.Errorf("after signing out: %v", err)
			}
			if s := snapshot(t, running, "renews"); s.Problem != nil {
				t.Errorf("after signing out: %v", s.Problem)
			}
		})
	}
}

// TestAnotherClientBeforeRenewal has another process, with other settings, take
// the session's place in the keychain: a renewal neither uses nor replaces that.
func TestAnotherClientBeforeRenewal(t *testing.T) {
	env := newEnvironment(t)
	env.signIn("renews")
	m := env.manager(onDemand)
	if err := m.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	theirs := env.signIn("renews")
	theirs.Client, theirs.IssuedAt = "theirs", theirs.IssuedAt.Add(1)
	if err := env.store.Save(t.Context(), "renews", theirs); err != nil {
		t.Fatal(err)
	}
	before := env.faults.Seen(tokenPath)
	if got, err := m.Token(t.Context(), "renews", session.TokenOptions{MinValid: 1 << 62}); auth.KindOf(err) != auth.KindSignIn ||
		got.Access != "" {
		t.Errorf("a token: %v", err)
	}
	if stored, err := env.store.Load(t.Context(), "renews"); err != nil || stored.Access != theirs.Access ||
		env.faults.Seen(tokenPath) != before {
		t.Errorf("the other one's set is touched: %v, %d requests", err, env.faults.Seen(tokenPath)-before)
	}
}
