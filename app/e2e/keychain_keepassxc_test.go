//go:build linux

package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
)

// TestKeePassXCAsksOnce lives through a day with KeePassXC: a sign-in, renewals
// and a sign-out without a question, and one question after each start.
func TestKeePassXCAsksOnce(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, Windows: true, NoTray: true}, 6*time.Second)
	k := d.StartKeePassXC(false)
	engine := d.startAgent()
	for _, tool := range []string{renews, ends} {
		d.mustLogin(tool)
	}
	renewals := func(n int) {
		t.Helper()
		before := d.provider.Count("/token")
		d.Wait("renewals", func() bool { k.Dialogs(); return d.provider.Count("/token") >= before+n })
		if kept := d.snapshot(renews); kept.Problem != nil {
			t.Errorf("after renewals: %v", kept.Problem)
		}
	}
	renewals(3)
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times about what this engine has stored itself", n)
	}
	stop(d, engine)

	// The next engine is another program to KeePassXC. It asks only when
	// somebody wants a token, and then once for all tools.
	engine = d.startAgent()
	d.Wait("the sessions", func() bool { p := d.snapshot(renews).Problem; return p != nil && p.Code == "keychain_approve" })
	d.want(5, "the keychain asks you before it gives the tokens", "token", renews) // a script
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times for a script", n)
	}
	asks := d.asksInAWindow(renews)
	w := k.WaitDialog()
	d.Screenshot("keepassxc-access.png")
	k.Approve(w)
	if code := d.Exit(asks); code != 0 {
		t.Errorf("`keyfob token` ended with %d: %s", code, asks.Output())
	}
	d.Wait("both sessions", func() bool { return d.snapshot(renews).Problem == nil && d.snapshot(ends).Problem == nil })
	d.want(0, "", "token", ends)
	renewals(3)
	for _, tool := range []string{renews, ends} {
		d.want(0, "", "logout", "--local", tool)
	}
	if n := k.Dialogs(); n != 1 {
		t.Errorf("KeePassXC asked %d times, want once", n)
	}
	if n := k.Entries("keyfob"); n != 0 {
		t.Errorf("%d items are left after both sign-outs", n)
	}
	stop(d, engine)
}

// asksInAWindow has a person ask for a token, and waits until the command says where
// KeePassXC's question is.
func (d *keychainDesktop) asksInAWindow(tool string) *bed.Process {
	d.t.Helper()
	start := time.Now()
	p := d.inTerminal("token", tool, "--min-valid", "1s")
	d.Wait("what it waits for", func() bool {
		return strings.Contains(p.Output(), "the keychain asks in a window of its own: answer it there") || !p.Running()
	})
	if took := time.Since(start); took > 5*time.Second || !p.Running() {
		d.t.Errorf("after %v it said: %s", took, p.Output())
	}
	return p
}

// stop ends an engine as a log-out does.
func stop(d *keychainDesktop, engine *bed.Process) {
	d.t.Helper()
	if err := engine.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	d.Exit(engine)
}

// TestNobodyAnswersKeePassXC leaves its question open: that is told in time, nothing
// is lost, and there is one question. A late answer counts for all who wait.
func TestNobodyAnswersKeePassXC(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, Windows: true, NoTray: true}, 0)
	k := d.StartKeePassXC(true)
	d.signedIn() // which leaves no engine
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times during the sign-ins", n)
	}
	engine := d.startAgent()
	var all []*bed.Process
	for range 3 {
		for _, tool := range []string{renews, ends} {
			all = append(all, d.asksInAWindow(tool))
		}
	}
	if n := k.Dialogs(); n != 1 {
		t.Errorf("KeePassXC asked %d times, want once", n)
	}
	k.Approve(k.WaitDialog())
	for _, p := range all {
		if code := d.Exit(p); code != 0 {
			t.Errorf("`keyfob token` ended with %d: %s", code, p.Output())
		}
	}
	d.Wait("both sessions", func() bool { return d.snapshot(renews).Problem == nil && d.snapshot(ends).Problem == nil })
	token := strings.TrimSpace(d.want(0, "", "token", renews).out)

	// The next engine, which the command starts, asks anew.
	stop(d, engine)
	next := d.asksInAWindow(renews)
	k.Approve(k.WaitDialog())
	if code := d.Exit(next); code != 0 || !strings.Contains(next.Output(), token) {
		t.Errorf("`keyfob token` ended with %d: %s", code, next.Output())
	}

	// A sign-out waits in the same way: for the approval, and for each deletion.
	out := d.inTerminal("logout", "--local", renews)
	for out.Running() {
		if w, asks := k.Dialog(); asks {
			k.Approve(w)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if code := d.Exit(out); code != 0 {
		t.Errorf("`keyfob logout` ended with %d: %s", code, out.Output())
	}
	t.Logf("%d dialogs in all: %s", k.Dialogs(), out.Output())
}
