package app

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

// stuck is an office in whose browser nobody signs in to tool0.
func stuck(t *testing.T) *office {
	t.Helper()
	p, err := idp.New(idp.Config{RSA: authtest.RSA(), Clients: []idp.Client{{ID: "keyfob"}}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	o := newOffice(t, "ThingWorx", "ThingPark")
	o.browser = func(context.Context, string) error { return nil }
	o.tools[0].Issuer, o.tools[0].ClientID, o.tools[0].Redirect = issuer, "keyfob", "http://127.0.0.1/callback"
	o.restart()
	return o
}

// click begins a sign-in to tool0, which late finds under way, and returns what
// ends it and waits for whoever would have helped.
func (o *office) click(late <-chan time.Time) (over func()) {
	o.t.Helper()
	ctx, cancel := context.WithCancel(o.t.Context())
	ended, helped := make(chan struct{}), make(chan struct{})
	go func() { _ = o.manager.SignIn(ctx, "tool0", session.SignInOptions{}); close(ended) }()
	o.Wait("the browser", func() bool {
		all, err := o.manager.Snapshots(o.t.Context())
		return err == nil && slices.ContainsFunc(all, func(s session.Snapshot) bool { return s.SignInURL != "" })
	})
	go func() { o.offerHelp(ctx, "tool0", late); close(helped) }()
	return func() { cancel(); <-ended; <-helped }
}

// now is a time that has come.
func now() <-chan time.Time {
	c := make(chan time.Time)
	close(c)
	return c
}

func TestASignInThatTakesLongIsHelped(t *testing.T) {
	o := stuck(t)
	over := o.click(now())
	page := "show --dir " + o.Dir + " --quiet waiting/tool0"
	o.wantWindows("in the browser", page)
	over()

	// The window is open still: it stays the only one.
	over = o.click(now())
	over()
	o.wantWindows("a second time", page)
}

func TestASignInThatIsDoneInTimeIsLeftAlone(t *testing.T) {
	o := stuck(t)
	if o.opens(func() { o.click(nil)() }) {
		t.Error("a window opened for a sign-in that is done")
	}
}

func TestNoHelpWhereAWindowIsOpen(t *testing.T) {
	for name, open := range map[string]func(o *office, ctx context.Context) error{
		"the prompt": func(o *office, ctx context.Context) error {
			return o.window.prompt(ctx, []session.Snapshot{{Tool: "tool1"}})
		},
		"the window": func(o *office, ctx context.Context) error { return o.main.page(ctx, "tools") },
	} {
		t.Run(name, func(t *testing.T) {
			o := stuck(t)
			failed := make(chan error, 1)
			if err := o.job(t.Context(), func(ctx context.Context) { failed <- open(o, ctx) }); err != nil {
				t.Fatal(err)
			}
			if err := <-failed; err != nil {
				t.Fatal(err)
			}
			o.Wait("the window", func() bool { return len(o.opened()) == 1 })
			if o.helped() {
				t.Errorf("another one opened beside %s", name)
			}
		})
	}
}

func TestNoHelpBehindALockedScreen(t *testing.T) {
	o := stuck(t)
	o.lock(true)
	if o.helped() {
		t.Error("a window opened where nobody can see it")
	}
}

// helped clicks, and reports whether a window was opened for it.
func (o *office) helped() bool {
	o.t.Helper()
	over := o.click(nil)
	defer over()
	return o.opens(func() { o.offerHelp(o.t.Context(), "tool0", now()) })
}

// opens reports whether f opens the window.
func (o *office) opens(f func()) bool {
	o.t.Helper()
	var before chan struct{}
	o.inLoop(func() bool { before = o.main.closed; return true })
	f()
	return o.inLoop(func() bool { return o.main.closed != before })
}

func TestNoHelpWithoutASignIn(t *testing.T) {
	o := stuck(t)
	if o.opens(func() { o.offerHelp(t.Context(), "tool1", now()) }) {
		t.Error("a window opened although nobody signs in")
	}
}

// TestAFailureGoesWithTheNextTry is on the screen until the same tool is signed
// in to again, by anyone, or somebody has.
func TestAFailureGoesWithTheNextTry(t *testing.T) {
	o := stuck(t)
	fails := func() {
		t.Helper()
		o.complain(t.Context(), "tool0", o.nameOf(t.Context(), "tool0")+" failed", errors.New("x"))
		o.settle()
		o.wantScreen("after a failure", "ThingWorx failed")
	}
	fails()
	o.elsewhere(1)
	o.wantScreen("after a sign-in to another tool", "ThingWorx failed")
	gone := func() bool { return len(o.onScreen()) == 0 }
	over := o.click(nil)
	o.Wait("the failure to go while the next try is under way", gone)
	over()
	fails()
	o.elsewhere(0)
	o.Wait("the failure to go after a sign-in elsewhere", gone)
}
