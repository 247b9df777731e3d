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
	s := newSafe(t, bed.Options{Keyring: bed.Absent, Windows: true, NoTray: true}, 6*time.Second)
	k := s.StartKeePassXC(false)
	engine := s.Start(s.program(), "agent")
	s.Wait("the engine", func() bool { return s.keyfob("status").code == 0 })
	for _, tool := range []string{renews, ends} {
		if got := s.login(tool); got.code != 0 {
			t.Fatalf("signing in ended with %d: %s", got.code, got.err)
		}
	}
	renewals := func(n int) {
		t.Helper()
		before := s.provider.Count("/token")
		s.Wait("renewals", func() bool { k.Dialogs(); return s.provider.Count("/token") >= before+n })
		if kept := s.snapshot(renews); kept.Problem != nil {
			t.Errorf("after renewals: %v", kept.Problem)
		}
	}
	renewals(3)
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times about what this engine has stored itself", n)
	}
	stop(s, engine)

	// The next engine is another program to KeePassXC. Nothing by itself makes
	// it ask; whoever wants a token does, once for all tools.
	engine = s.Start(s.program(), "agent")
	s.Wait("the sessions", func() bool { p := s.snapshot(renews).Problem; return p != nil && p.Code == "keychain_approve" })
	start := time.Now()
	s.want(5, "the keychain asks in a window of its own: answer it there", "token", renews)
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("it took %v to say so", took)
	}
	w := k.WaitDialog()
	s.Screenshot("keepassxc-access.png")
	k.Approve(w)
	s.Wait("both sessions", func() bool { return s.snapshot(renews).Problem == nil && s.snapshot(ends).Problem == nil })
	s.want(0, "", "token", ends)
	renewals(3)
	for _, tool := range []string{renews, ends} {
		s.want(0, "", "logout", "--local", tool)
	}
	if n := k.Dialogs(); n != 1 {
		t.Errorf("KeePassXC asked %d times, want once", n)
	}
	if n := k.Entries("keyfob"); n != 0 {
		t.Errorf("%d items are left after both sign-outs", n)
	}
	stop(s, engine)
}

// stop ends an engine as a log-out does.
func stop(s *safe, engine *bed.Process) {
	s.t.Helper()
	if err := engine.Signal(syscall.SIGTERM); err != nil {
		s.t.Fatal(err)
	}
	s.Exit(engine)
}

// TestNobodyAnswersKeePassXC leaves its question open: that is told in time,
// everything else goes on, nothing is lost, and there is one question. A late
// answer counts.
func TestNobodyAnswersKeePassXC(t *testing.T) {
	s := newSafe(t, bed.Options{Keyring: bed.Absent, Windows: true, NoTray: true}, 0)
	k := s.StartKeePassXC(true)
	s.signedIn() // by commands without an engine
	if n := k.Dialogs(); n != 0 {
		t.Errorf("KeePassXC asked %d times during the sign-ins", n)
	}
	engine := s.Start(s.program(), "agent")
	s.Wait("the engine", func() bool { return s.keyfob("status").code == 0 })
	for range 3 {
		for _, tool := range []string{renews, ends} {
			start := time.Now()
			s.want(5, "the keychain asks in a window of its own: answer it there", "token", tool)
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("it took %v to say so", took)
			}
		}
	}
	if n := k.Dialogs(); n != 1 {
		t.Errorf("KeePassXC asked %d times, want once", n)
	}
	k.Approve(k.WaitDialog())
	s.Wait("both sessions", func() bool { return s.snapshot(renews).Problem == nil && s.snapshot(ends).Problem == nil })
	token := s.want(0, "", "token", renews).out

	// A command without an engine waits for the person, and says what for.
	stop(s, engine)
	alone := s.Start(s.program(), "token", renews)
	w := k.WaitDialog()
	s.Wait("what it waits for", func() bool { return strings.Contains(alone.Output(), "the keychain asks in a window of its own") })
	k.Approve(w)
	if code := s.Exit(alone); code != 0 || !strings.Contains(alone.Output(), token) {
		t.Errorf("alone `keyfob token` ended with %d: %s", code, alone.Output())
	}

	// A sign-out waits in the same way: for the approval, and for each deletion.
	out := s.Start(s.program(), "logout", "--local", renews)
	for out.Running() {
		if w, asks := k.Dialog(); asks {
			k.Approve(w)
		}
		time.Sleep(20 * time.Millisecond)
	}
	if code := s.Exit(out); code != 0 {
		t.Errorf("`keyfob logout` ended with %d: %s", code, out.Output())
	}
	t.Logf("%d dialogs in all: %s", k.Dialogs(), out.Output())
}
