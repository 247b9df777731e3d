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
	start := time.Now()
	d.want(5, "the keychain asks in a window of its own: answer it there", "token", renews)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	w := k.WaitDialog()
	d.Screenshot("keepassxc-access.png")
	k.Approve(w)
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

// stop ends an engine as a log-out does.
func stop(d *keychainDesktop, engine *bed.Process) {
	d.t.Helper()
	if err := engine.Signal(syscall.SIGTERM); err != nil {
		d.t.Fatal(err)
	}
	d.Exit(engine)
}

// TestNobodyAnswersKeePassXC leaves its question open: that is told in time,
// everything else goes on, nothing is lost, and there is one question. A late
// answer counts.
func TestNobodyAnswersKeePassXC(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, Windows: true, NoTray: true}, 0)
	k := d.StartKeePassXC(true)
	d.signedIn() // by commands without an engine
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times during the sign-ins", n)
	}
	engine := d.startAgent()
	for range 3 {
		for _, tool := range []string{renews, ends} {
			start := time.Now()
			d.want(5, "the keychain asks in a window of its own: answer it there", "token", tool)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v to say so", took)
			}
		}
	}
	if n := k.Dialogs(); n != 1 {
		t.Errorf("KeePassXC asked %d times, want once", n)
	}
	k.Approve(k.WaitDialog())
	d.Wait("both sessions", func() bool { return d.snapshot(renews).Problem == nil && d.snapshot(ends).Problem == nil })
	token := d.want(0, "", "token", renews).out

	// A command without an engine waits for the person, and says what for.
	stop(d, engine)
	alone := d.Start(d.program(), "token", renews)
	w := k.WaitDialog()
	d.Wait("what it waits for", func() bool { return strings.Contains(alone.Output(), "the keychain asks in a window of its own") })
	k.Approve(w)
	if code := d.Exit(alone); code != 0 || !strings.Contains(alone.Output(), token) {
		t.Errorf("alone `keyfob token` ended with %d: %s", code, alone.Output())
	}

	// A sign-out waits in the same way: for the approval, and for each deletion.
	out := d.Start(d.program(), "logout", "--local", renews)
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
