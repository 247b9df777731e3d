package engine_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/engine"
	"keyfob/auth/idp"
	"keyfob/auth/session"
)

// TestAnotherAccount never replaces somebody's tokens by somebody else's
// unnoticed, and does so when it is asked to.
func TestAnotherAccount(t *testing.T) {
	env := newLoopbackEnvironment(t)
	signIn := func(o session.SignInOptions) error {
		err := env.SignIn(t.Context(), "renews", o)
		_ = env.browser.Wait() // the page says the same as err
		return err
	}
	if err := signIn(session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	first, err := env.store.Load(t.Context(), "renews")
	if err != nil {
		t.Fatal(err)
	}
	if err := signIn(session.SignInOptions{}); err != nil {
		t.Fatalf("the same account again: %v", err)
	}

	env.browser.Person = idp.Person{Username: "bob", Password: "pw"}
	err = signIn(session.SignInOptions{})
	e := auth.AsError(err)
	if e == nil || e.Kind != auth.KindDenied || e.Code != auth.CodeOtherAccount ||
		!strings.Contains(
			e.What,
			`"bob`,
		) || !strings.Contains(e.What, `"ann`) || !strings.Contains(e.Do, "keyfob login renews --switch-account") {
		t.Fatalf("another account gave %+v", e)
	}
	kept, err := env.store.Load(t.Context(), "renews")
	if err != nil || kept.Account != first.Account || kept.Refresh == "" {
		t.Errorf("the keychain holds %v, %v", kept.Account, err)
	}
	s := snapshot(t, env.Manager, "renews")
	if s.State != session.Active || !strings.HasPrefix(s.Account, "ann") || s.Problem == nil || s.Problem.Code != auth.CodeOtherAccount {
		t.Errorf("the session is %+v", s)
	}
	if got, err := env.Token(t.Context(), "renews", session.TokenOptions{}); err != nil || got.Account != first.Account {
		t.Errorf("ann's token: %v, %v", got.Account, err)
	}
	for deadline := time.Now().Add(10 * time.Second); env.faults.Seen("/revoke") == 0; time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("bob's tokens, which nobody has, were not revoked")
		}
	}

	if err := signIn(session.SignInOptions{SwitchAccount: true}); err != nil {
		t.Fatal(err)
	}
	if s := snapshot(t, env.Manager, "renews"); !strings.HasPrefix(s.Account, "bob") || s.Problem != nil {
		t.Errorf("after switching: %+v", s)
	}
	opened := env.browser.Opened()
	asked := parsed(t, opened[len(opened)-1]).Query()
	if asked.Get("prompt") != "login" || asked.Has("login_hint") {
		t.Errorf("asked with %v", asked)
	}
	if hint := parsed(t, opened[1]).Query().Get("login_hint"); !strings.HasPrefix(hint, "ann") {
		t.Errorf("the sign-in before expected %q", hint)
	}

	// After signing out there is nobody to replace.
	if _, err := env.SignOut(t.Context(), "renews", session.SignOutOptions{}); err != nil {
		t.Fatal(err)
	}
	env.browser.Person = idp.Person{Username: "ann", Password: "pw"}
	if err := signIn(session.SignInOptions{}); err != nil {
		t.Errorf("after signing out: %v", err)
	}
}

// TestSwitchingAsks makes the provider ask who it is, in the provider's own way
// and with the consent that the tool needs.
func TestSwitchingAsks(t *testing.T) {
	for want, change := range map[string]func(*auth.Tool){
		"login":          func(*auth.Tool) {},
		"login consent":  func(t *auth.Tool) { t.Params = map[string]string{"prompt": "consent"} },
		"select_account": func(t *auth.Tool) { t.Quirks = []auth.Quirk{auth.QuirkNoPromptLogin} },
		"select_account consent": func(t *auth.Tool) {
			t.Quirks, t.Params = []auth.Quirk{auth.QuirkNoPromptLogin}, map[string]string{"prompt": "consent"}
		},
	} {
		env := newLoopbackEnvironment(t, func(c *engine.Config) { change(&c.Tools[0]) })
		if err := env.SignIn(t.Context(), "renews", session.SignInOptions{SwitchAccount: true}); err != nil {
			t.Fatal(err)
		}
		if got := parsed(t, env.browser.Opened()[0]).Query().Get("prompt"); got != want {
			t.Errorf("prompt=%s, want %s", got, want)
		}
	}
}

// TestAnotherAccountOfAnotherProvider is none: the settings were pointed
// elsewhere, and nobody can be the same there.
func TestAnotherAccountOfAnotherProvider(t *testing.T) {
	env := newLoopbackEnvironment(t)
	former := auth.Tokens{
		Access: "x", Type: "Bearer", Account: auth.Account{Issuer: "https://former.example.com", Subject: "ann", Email: "ann@example.com"},
		IssuedAt: time.Now().
			Add(-2 * time.Hour),
		SignedInAt: time.Now().Add(-2 * time.Hour), Expiry: time.Now().Add(-time.Hour), Set: "former",
	}
	fresh := newLoopbackEnvironment(t, func(c *engine.Config) { c.Store = env.store })
	if err := env.store.Save(t.Context(), "renews", former); err != nil {
		t.Fatal(err)
	}
	if err := fresh.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if address := fresh.browser.Opened()[0]; parsed(t, address).Query().Has("login_hint") {
		t.Errorf("the former provider's account was told to this one: %s", address)
	}
}
