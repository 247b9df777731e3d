//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// TestWithoutAKeychain keeps the tokens in memory only, and says so.
func TestWithoutAKeychain(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	app := r.start()
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Browser.WaitEnd(1)
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in*")
	r.Tray.WaitEntry("Tokens are kept in memory only: no keychain")
	if got := r.snapshot("plant4"); got.Store != session.StoreMemory {
		t.Errorf("status says that they are in %q", got.Store)
	}
	got := r.keyfob("token", "plant4")
	if is, _, _ := active(t, s, secret(got.out)); got.code != 0 || !is {
		t.Errorf("`keyfob token` ended with %d, with a live token: %v\n%s", got.code, is, got.err)
	}
	r.quit(app)
}

// TestALockedKeychainIsNotLost shows a locked keychain as locked, and the
// session again when it is open.
func TestALockedKeychainIsNotLost(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{NoDisplay: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	app := r.start()
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Browser.WaitEnd(1)
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	r.quit(app)

	r.LockKeyring()
	app = r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · keychain locked")
	got := r.keyfob("token", "plant4")
	if got.code != 5 || got.out != "" || !strings.Contains(got.err, "locked") {
		t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
	r.UnlockKeyring()
	if got := r.keyfob("token", "plant4"); got.code != 0 {
		t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	if n := r.Browser.Opened(); n != 1 {
		t.Errorf("the browser was opened %d times, want 1", n)
	}
	r.quit(app)
}

// TestTheKeychainDiesDuringASession loses nothing that is in memory, and what
// is in the keychain is there again afterwards.
func TestTheKeychainDiesDuringASession(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{NoDisplay: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	app := r.start()
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Browser.WaitEnd(1)
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	r.KillKeyring()
	got := r.keyfob("token", "plant4")
	if is, _, _ := active(t, s, secret(got.out)); got.code != 0 || !is {
		t.Errorf("`keyfob token` ended with %d, with a live token: %v\n%s", got.code, is, got.err)
	}
	r.UnlockKeyring()
	r.quit(app)
	r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}
