package engine_test

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
	"keyfob/auth/engine"
	"keyfob/auth/session"
)

// TestSignIn follows a sign-in from the click to the stored tokens.
func TestSignIn(t *testing.T) {
	env := newLoopbackEnvironment(t)
	var steps []string
	progress := func(s session.Step) { steps = append(steps, s.Name) }
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{Progress: progress}); err != nil {
		t.Fatal(err)
	}
	if err := env.browser.Wait(); err != nil {
		t.Errorf("the person saw a failure: %v", err)
	}
	want := []string{
		session.StepDiscovered,
		session.StepListening,
		session.StepBrowser,
		session.StepAuthorized,
		session.StepVerified,
		session.StepStored,
	}
	if !slices.Equal(steps, want) {
		t.Errorf("steps %v, want %v", steps, want)
	}
	s := snapshot(t, env.Manager, "renews")
	if s.State != session.Active || s.Renewal.Mode != session.Automatic || s.Account != "ann" || s.Store != session.StoreKeychain {
		t.Errorf("after the sign-in: %+v", s)
	}
	kept, err := env.store.Load(t.Context(), "renews")
	if err != nil {
		t.Fatal(err)
	}
	got, err := env.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute})
	if err != nil || got.Access != kept.Access || got.Access == "" {
		t.Errorf("the token handed out is not the one in the keychain: %v", err)
	}
}

// TestASecondSignInJoinsTheFirst clicks twice: one browser, both succeed.
func TestASecondSignInJoinsTheFirst(t *testing.T) {
	env := newLoopbackEnvironment(t)
	release := make(chan struct{})
	env.faults.Set("/token", func(w http.ResponseWriter, r *http.Request, next http.Handler) {
		<-release
		next.ServeHTTP(w, r)
	})
	errs := make(chan error, 2)
	authorized := make(chan struct{}, 2)
	for range 2 {
		go func() {
			errs <- env.SignIn(context.WithoutCancel(t.Context()), "ends", session.SignInOptions{Progress: func(s session.Step) {
				if s.Name == session.StepAuthorized {
					authorized <- struct{}{}
				}
			}})
		}()
	}
	<-authorized
	<-authorized // the second one was told the steps too
	close(release)
	for range 2 {
		if err := <-errs; err != nil {
			t.Error(err)
		}
	}
	if n := len(env.browser.Opened()); n != 1 {
		t.Errorf("the browser was opened %d times", n)
	}
}

// TestSignInFails makes a sign-in fail in each way that a person can meet. The
// session is then what it was before.
func TestSignInFails(t *testing.T) {
	for _, tt := range []struct {
		name   string
		change func(*engine.Config)
		set    func(*loopbackEnvironment)
		kind   auth.Kind
	}{
		{name: "the person declines", set: func(env *loopbackEnvironment) { env.browser.Person.Cancel = true }, kind: auth.KindDenied},
		{name: "nobody answers", set: func(env *loopbackEnvironment) {}, kind: auth.KindCanceled, change: func(c *engine.Config) {
			c.SignInTimeout = 50 * time.Millisecond
			c.OpenBrowser = func(context.Context, string) error { return nil }
		}},
		{
			name: "the provider is down",
			set: func(env *loopbackEnvironment) {
				env.faults.Set("/.well-known/openid-configuration", authtest.Answer(503, ""))
			}, kind: auth.KindTransient,
		},
		{
			name: "the token endpoint fails", set: func(env *loopbackEnvironment) { env.faults.Set("/token", authtest.Answer(500, "")) },
			kind: auth.KindTransient,
		},
		{name: "the ID token is another client's", set: func(env *loopbackEnvironment) {
			env.faults.Set("/token", authtest.RewriteJSON(func(m map[string]any) { delete(m, "id_token") }))
		}, kind: auth.KindProtocol},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var change []func(*engine.Config)
			if tt.change != nil {
				change = append(change, tt.change)
			}
			env := newLoopbackEnvironment(t, change...)
			if err := env.Loaded(t.Context()); err != nil {
				t.Fatal(err)
			}
			tt.set(env)
			err := env.SignIn(t.Context(), "ends", session.SignInOptions{})
			if kindOf(err) != tt.kind {
				t.Errorf("error %v of kind %q, want kind %q", err, kindOf(err), tt.kind)
			}
			if s := snapshot(t, env.Manager, "ends"); s.State != session.SignedOut {
				t.Errorf("after the failure: %s", s.State)
			}
		})
	}
}

// TestASignInWaitsFiveMinutes looks at how long the browser's answer is waited
// for where nobody says otherwise; "nobody answers" above is what happens then.
func TestASignInWaitsFiveMinutes(t *testing.T) {
	ctx, giveUp := context.WithCancel(t.Context())
	defer giveUp()
	ends := make(chan time.Time, 1)
	env := newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(ctx context.Context, _ string) error {
			end, _ := ctx.Deadline()
			ends <- end
			giveUp()
			return nil
		}
	})
	first := time.Now().Add(5 * time.Minute)
	if err := env.SignIn(ctx, "ends", session.SignInOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("who leaves is told %v", err)
	}
	if end := <-ends; end.Before(first) || end.After(time.Now().Add(5*time.Minute)) {
		t.Errorf("the wait ends %v after the click", end.Sub(first)+5*time.Minute)
	}
}

// TestCancelSignIn cancels from the menu, and by the only caller leaving.
func TestCancelSignIn(t *testing.T) {
	for _, how := range []string{"menu", "caller"} {
		t.Run(how, func(t *testing.T) {
			opened := make(chan struct{})
			env := newLoopbackEnvironment(t, func(c *engine.Config) {
				c.OpenBrowser = func(context.Context, string) error { close(opened); return nil }
			})
			ctx, giveUp := context.WithCancel(t.Context())
			defer giveUp()
			done := make(chan error)
			go func() { done <- env.SignIn(ctx, "ends", session.SignInOptions{}) }()
			<-opened
			if s := snapshot(t, env.Manager, "ends"); s.State != session.SigningIn {
				t.Errorf("in the browser: %s", s.State)
			}
			if how == "caller" {
				giveUp()
			} else if err := env.CancelSignIn(t.Context(), "ends"); err != nil {
				t.Fatal(err)
			}
			err := <-done
			if how == "menu" && kindOf(err) != auth.KindCanceled || how == "caller" && !errors.Is(err, context.Canceled) {
				t.Errorf("the sign-in ended with %v", err)
			}
			waitFor(t, env.Manager, "ends", func(s session.Snapshot) bool { return s.State == session.SignedOut && s.Problem == nil })
		})
	}
}

// TestTheBrowserCannotBeOpened shows the address instead, and a person who
// opens it elsewhere is signed in.
func TestTheBrowserCannotBeOpened(t *testing.T) {
	var opened atomic.Int32
	env := newLoopbackEnvironment(t, func(c *engine.Config) {
		c.OpenBrowser = func(context.Context, string) error {
			opened.Add(1)
			return &auth.Error{Kind: auth.KindFailed, Code: "browser", What: "no browser could be started"}
		}
	})
	go func() {
		var address string
		waitFor(t, env.Manager, "ends", func(s session.Snapshot) bool { address = s.SignInURL; return address != "" && s.Problem != nil })
		_ = env.browser.Open(address)
	}()
	if err := env.SignIn(t.Context(), "ends", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	if s := snapshot(t, env.Manager, "ends"); s.State != session.Active || s.SignInURL != "" || s.Problem != nil || opened.Load() != 1 {
		t.Errorf("after the sign-in: %+v, opener called %d times", s, opened.Load())
	}
}

// TestWithoutKeychainTokensStayInMemory signs in while the keychain is
// locked, and says so.
func TestWithoutKeychainTokensStayInMemory(t *testing.T) {
	env := newLoopbackEnvironment(t)
	env.store.set(errLocked)
	if err := env.SignIn(t.Context(), "renews", session.SignInOptions{}); err != nil {
		t.Fatal(err)
	}
	s := snapshot(t, env.Manager, "renews")
	if s.State != session.Active || s.Store != session.StoreMemory || s.Problem == nil || s.Problem.Code != "keychain_locked" {
		t.Errorf("without a keychain: %+v", s)
	}
	if _, err := env.Token(t.Context(), "renews", session.TokenOptions{MinValid: time.Minute}); err != nil {
		t.Errorf("the token in memory: %v", err)
	}
}

// TestAnotherProcessSignedIn finds the tokens that another process stored
// after the keychain was read.
func TestAnotherProcessSignedIn(t *testing.T) {
	env := newLoopbackEnvironment(t)
	if err := env.Loaded(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := env.Token(t.Context(), "ends", session.TokenOptions{}); kindOf(err) != auth.KindSignIn {
		t.Fatalf("before anybody signed in: %v", err)
	}
	now := time.Now()
	stored := auth.Tokens{Access: "theirs", Type: "Bearer", Set: "theirs", IssuedAt: now, SignedInAt: now, Expiry: now.Add(time.Hour)}
	if err := env.store.Save(t.Context(), "ends", stored); err != nil {
		t.Fatal(err)
	}
	got, err := env.Token(t.Context(), "ends", session.TokenOptions{MinValid: time.Minute})
	if err != nil || got.Access != stored.Access {
		t.Errorf("after another process signed in: %v", err)
	}
	if s := snapshot(t, env.Manager, "ends"); s.State != session.Active {
		t.Errorf("the session is %s", s.State)
	}
}
