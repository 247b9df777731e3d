package desktop

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/session"
)

// stuck is a rig in whose browser nobody signs in to tool0.
func stuck(t *testing.T) *rig {
	t.Helper()
	p, err := idp.New(idp.Config{RSA: authtest.RSA(), Clients: []idp.Client{{ID: "keyfob"}}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t, "ThingWorx", "ThingPark")
	r.browser = func(context.Context, string) error { return nil }
	r.tools[0].Issuer, r.tools[0].ClientID, r.tools[0].Redirect = issuer, "keyfob", "http://127.0.0.1/callback"
	r.restart()
	return r
}

// click begins a sign-in to tool0, which late finds under way, and returns what
// ends it and waits for whoever would have helped.
func (r *rig) click(late <-chan time.Time) (over func()) {
	r.t.Helper()
	ctx, cancel := context.WithCancel(r.t.Context())
	ended, helped := make(chan struct{}), make(chan struct{})
	go func() { _ = r.manager.SignIn(ctx, "tool0", session.SignInOptions{}); close(ended) }()
	r.Wait("the browser", func() bool {
		all, err := r.manager.Snapshots(r.t.Context())
		return err == nil && slices.ContainsFunc(all, func(s session.Snapshot) bool { return s.SignInURL != "" })
	})
	go func() { r.screen.offerHelp(ctx, "tool0", late); close(helped) }()
	return func() { cancel(); <-ended; <-helped }
}

// now is a time that has come.
func now() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}

func TestASignInThatTakesLongIsHelped(t *testing.T) {
	r := stuck(t)
	over := r.click(now())
	page := "show --dir " + r.Dir + " --quiet waiting/tool0"
	r.wantWindows("in the browser", page)
	over()

	// The window is open still: it stays the only one.
	over = r.click(now())
	over()
	r.wantWindows("a second time", page)
}

func TestASignInThatIsDoneInTimeIsLeftAlone(t *testing.T) {
	r := stuck(t)
	if r.opens(func() { r.click(nil)() }) {
		t.Error("a window opened for a sign-in that is done")
	}
}

func TestNoHelpWhereAWindowIsOpen(t *testing.T) {
	for name, open := range map[string]func(r *rig, ctx context.Context) error{
		"the prompt": func(r *rig, ctx context.Context) error {
			return r.screen.windows.prompt.prompt(ctx, []session.Snapshot{{Tool: "tool1"}})
		},
		"the window": func(r *rig, ctx context.Context) error {
			_, err := r.screen.windows.openPage(ctx, "tools")
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			r := stuck(t)
			failed := make(chan error, 1)
			if err := r.screen.do(t.Context(), func(ctx context.Context) { failed <- open(r, ctx) }); err != nil {
				t.Fatal(err)
			}
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
			r.Wait("the window", func() bool { return len(r.opened()) == 1 })
			if r.helped() {
				t.Errorf("another one opened beside %s", name)
			}
		})
	}
}

func TestNoHelpBehindALockedScreen(t *testing.T) {
	r := stuck(t)
	r.lock(true)
	if r.helped() {
		t.Error("a window opened where nobody can see it")
	}
}

// helped clicks, and reports whether a window was opened for it.
func (r *rig) helped() bool {
	r.t.Helper()
	over := r.click(nil)
	defer over()
	return r.opens(func() { r.screen.offerHelp(r.t.Context(), "tool0", now()) })
}

// opens reports whether f opens the window.
func (r *rig) opens(f func()) bool {
	r.t.Helper()
	var before chan struct{}
	r.inLoop(func() bool { before = r.screen.windows.main.closed; return true })
	f()
	return r.inLoop(func() bool { return r.screen.windows.main.closed != before })
}

func TestNoHelpWithoutASignIn(t *testing.T) {
	r := stuck(t)
	if r.opens(func() { r.screen.offerHelp(t.Context(), "tool1", now()) }) {
		t.Error("a window opened although nobody signs in")
	}
}

// TestAFailureGoesWithTheNextTry is on the screen until the same tool is signed
// in to again, by anyone, or somebody has.
func TestAFailureGoesWithTheNextTry(t *testing.T) {
	r := stuck(t)
	fails := func() {
		t.Helper()
		r.screen.complain(t.Context(), "tool0", nameOf(t.Context(), r.manager, "tool0")+" failed", errors.New("x"))
		r.settle()
		r.wantScreen("after a failure", "ThingWorx failed")
	}
	fails()
	r.elsewhere(1)
	r.wantScreen("after a sign-in to another tool", "ThingWorx failed")
	gone := func() bool { return len(r.onScreen()) == 0 }
	over := r.click(nil)
	r.Wait("the failure to go while the next try is under way", gone)
	over()
	fails()
	r.elsewhere(0)
	r.Wait("the failure to go after a sign-in elsewhere", gone)
}
