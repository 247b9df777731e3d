package engine_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// foreign are changes of a refreshed ID token that make it another's.
var foreign = map[string]struct {
	edit func(header, claims map[string]any)
	code string
}{
	"nonce":     {set("nonce", "another"), "id_token_nonce"},
	"auth_time": {func(_, c map[string]any) { c["auth_time"] = 1 }, "id_token_auth_time"},
	"azp":       {set("azp", "another"), "id_token_audience"},
	"sub":       {set("sub", "another"), "id_token_subject"},
	"iss":       {set("iss", "https://another.example.com"), "id_token_issuer"},
	"aud":       {set("aud", "another"), "id_token_audience"},
	"at_hash":   {set("at_hash", "AAAAAAAAAAAAAAAAAAAAAA"), "id_token_at_hash"},
	"alg":       {func(h, _ map[string]any) { h["alg"] = "none" }, "id_token_algorithm"},
}

func set(name string, value any) func(_, claims map[string]any) {
	return func(_, claims map[string]any) { claims[name] = value }
}

// signIDTokens makes the environment's provider sign with s what edit makes of its ID
// tokens. It returns the access tokens that came with them.
func (env *environment) signIDTokens(s *authtest.Signer, edit func(header, claims map[string]any)) (access *[]auth.Secret) {
	env.faults.Set("/jwks", authtest.Keys(s))
	access = new([]auth.Secret)
	env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
		authtest.RewriteJSON(func(m map[string]any) {
			if a, ok := m["access_token"].(string); ok {
				*access = append(*access, auth.Secret(a))
			}
		})(rw, r, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { authtest.RewriteIDToken(edit, s)(rw, r, next) }))
	})
	return access
}

// TestARefusedAnswerIsHandedToNobody has the provider answer a refresh with
// somebody else's ID token. What came with it is handed out by no process, now
// or later; each try is held against what was verified last; the reason is told
// by processes that start afterwards; and an honest answer ends it.
func TestARefusedAnswerIsHandedToNobody(t *testing.T) {
	for name, tc := range foreign {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				mine := authtest.NewSigner("ES256", "mine")
				env.signIDTokens(mine, nil)
				first := env.signIn("renews")
				env.ahead.Store(int64(6 * time.Minute))
				env.signIDTokens(mine, func(_, c map[string]any) { delete(c, "nonce"); delete(c, "auth_time") })
				old := env.refreshElsewhere(first) // says nothing of the sign-in any more
				if err := env.store.Save(t.Context(), "renews", old); err != nil {
					t.Fatal(err)
				}
				refused := env.signIDTokens(mine, tc.edit)
				env.ahead.Store(int64(6*time.Minute + 4*time.Minute + 30*time.Second)) // a renewal is due, and the old token lives
				m := env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				synctest.Wait()
				if got, err := m.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Access != old.Access ||
					len(*refused) != 1 {
					t.Fatalf("while the old token lives: %v, after %d answers", err, len(*refused))
				}
				if s := snapshot(t, m, "renews"); s.State == session.Expired || s.Problem == nil || s.Problem.Code != tc.code ||
					!strings.Contains(s.Renewal.Reason, "Keyfob did not accept") {
					t.Errorf("the session is %s, the problem %v", s.State, s.Problem)
				}

				env.ahead.Store(int64(time.Hour))
				ask := func(what string, m *engine.Manager) {
					t.Helper()
					for range 3 {
						got, err := m.Token(t.Context(), "renews", session.TokenOptions{})
						if kindOf(err) != auth.KindSignIn || got.Access != "" ||
							!strings.Contains(err.Error(), "Keyfob did not accept the provider's answer") {
							t.Errorf("%s: %v", what, err)
						}
						if held, _, err := m.CurrentTokens(t.Context(), "renews", session.TokenOptions{}); err != nil ||
							held.Access != old.Access ||
							held.ID != old.ID {
							t.Errorf("%s: it holds what was refused: %v", what, err)
						}
					}
					kept, err := env.store.Load(t.Context(), "renews")
					if err != nil || kept.Access != old.Access || kept.ID != old.ID || kept.Account != old.Account ||
						!kept.Expiry.Equal(old.Expiry) ||
						!slices.Equal(kept.Scopes, old.Scopes) {
						t.Errorf("%s: something else of the answer is stored: %v", what, err)
					}
					if kept.Refresh == old.Refresh || kept.Refusal == nil || kept.Refusal.Code != tc.code {
						t.Errorf("%s: the new refresh token is stored: %v; why: %v", what, kept.Refresh != old.Refresh, kept.Refusal)
					}
				}
				ask("asked again", m)
				if len(*refused) != 1 {
					t.Errorf("%d refreshes by one engine, want 1", len(*refused))
				}
				if err := m.SetTools(t.Context(), env.tools, nil); err != nil {
					t.Fatal(err)
				}
				ask("after new settings", m)
				ask("after a restart", env.manager())
				ask("by a command", env.manager(onDemand))
				if len(*refused) != 4 {
					t.Errorf("%d refreshes, want one for each process and the new settings", len(*refused))
				}

				// Without an ID token nothing says whose the new token is.
				env.faults.Set(tokenPath, authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") }))
				if got, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindSignIn ||
					got.Access != "" {
					t.Errorf("without an ID token: %v", err)
				}
				env.signIDTokens(mine, nil)
				got, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{})
				if err != nil || got.Access == old.Access || slices.Contains(*refused, got.Access) ||
					got.Account.Subject != first.Account.Subject {
					t.Fatalf("an honest answer: %v", err)
				}
				m = env.manager()
				if err := m.Loaded(t.Context()); err != nil {
					t.Fatal(err)
				}
				if s := snapshot(t, m, "renews"); s.State != session.Active || s.Problem != nil || s.Renewal.Mode != session.Automatic {
					t.Errorf("afterwards: %s, %v", s.State, s.Problem)
				}
			})
		})
	}
}

// TestTheSameRefreshTokenIsDoubted has a provider that rotates nothing answer
// with somebody else's ID token, and then with none: the second is no better.
func TestTheSameRefreshTokenIsDoubted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		mine := authtest.NewSigner("ES256", "mine")
		env.signIDTokens(mine, nil)
		old := env.signIn("renews")
		env.faults.Set(tokenPath, func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
			authtest.RewriteJSON(func(m map[string]any) { delete(m, "refresh_token") })(rw, r, http.HandlerFunc(
				func(rw http.ResponseWriter, r *http.Request) {
					authtest.RewriteIDToken(set("sub", "another"), mine)(rw, r, next)
				}))
		})
		env.ahead.Store(int64(time.Hour))
		anothers := authtest.Answer(200, `{"access_token":"another's","token_type":"Bearer","expires_in":300}`)
		for _, answer := range []authtest.Fault{nil, anothers} {
			if answer != nil {
				env.faults.Set(tokenPath, answer)
			}
			if got, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{}); kindOf(err) != auth.KindSignIn ||
				got.Access != "" {
				t.Errorf("handed out: %v, %v", got.Access != "", err)
			}
			if kept, err := env.store.Load(t.Context(), "renews"); err != nil || kept.Access != old.Access || kept.Refresh != old.Refresh ||
				!kept.RefreshUnproven {
				t.Errorf("stored: %+v, %v", kept.Refusal, err)
			}
		}
	})
}

// TestWhatIsRefusedUnreadIsDoubted has an answer refused before anybody looked
// at its ID token, which is another's. The next answer has to prove whose it is,
// whether the refresh token was replaced or not.
func TestWhatIsRefusedUnreadIsDoubted(t *testing.T) {
	for name, edit := range map[string]func(map[string]any){
		"a new refresh token":  func(m map[string]any) { m["token_type"] = "mac" },
		"the same":             func(m map[string]any) { m["token_type"] = "mac"; delete(m, "refresh_token") },
		"a malformed ID token": func(m map[string]any) { m["id_token"] = 7 },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				env := newEnvironment(t)
				env.signIn("renews")
				env.ahead.Store(int64(time.Hour))
				for _, answer := range []authtest.Fault{
					authtest.RewriteJSON(edit),
					authtest.Answer(200, `{"access_token":"another's","token_type":"Bearer","expires_in":300}`),
				} {
					env.faults.Set(tokenPath, answer)
					if got, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{}); kindOf(
						err,
					) != auth.KindSignIn ||
						got.Access != "" {
						t.Errorf("handed out: %q, %v", got.Access.Reveal(), err)
					}
				}
				if name == "the same" {
					return // the environment's provider did replace it
				}
				env.faults.Clear(tokenPath)
				if _, err := env.manager(onDemand).Token(t.Context(), "renews", session.TokenOptions{}); err != nil {
					t.Errorf("an honest answer: %v", err)
				}
			})
		})
	}
}

// TestAnotherProcessDoubts has an engine be refused for a reason of the
// settings, and then a command get somebody else's ID token with the same refresh
// token: the engine has to doubt that as well.
func TestAnotherProcessDoubts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		env := newEnvironment(t)
		mine := authtest.NewSigner("ES256", "mine")
		env.signIDTokens(mine, nil)
		env.signIn("renews")
		env.ahead.Store(int64(time.Hour))
		var resident *engine.Manager
		ask := func(what string, answer authtest.Fault, of func() *engine.Manager) {
			t.Helper()
			env.faults.Set(tokenPath, answer) // before there is a manager, which refreshes at once
			if got, err := of().Token(t.Context(), "renews", session.TokenOptions{}); err == nil || got.Access != "" {
				t.Errorf("%s: handed out: %v", what, err)
			}
		}
		ask("the engine", authtest.Answer(401, `{"error":"invalid_client"}`), func() *engine.Manager {
			resident = env.manager()
			return resident
		})
		ask("a command", func(rw http.ResponseWriter, r *http.Request, next http.Handler) {
			authtest.RewriteJSON(func(m map[string]any) { delete(m, "refresh_token") })(rw, r, http.HandlerFunc(
				func(rw http.ResponseWriter, r *http.Request) {
					authtest.RewriteIDToken(set("sub", "another"), mine)(rw, r, next)
				}))
		}, func() *engine.Manager { return env.manager(onDemand) })
		ask("the engine, later", authtest.Answer(200, `{"access_token":"another's","token_type":"Bearer","expires_in":300}`),
			func() *engine.Manager {
				if err := resident.SetTools(t.Context(), env.tools, nil); err != nil {
					t.Fatal(err)
				}
				return resident
			})
	})
}
