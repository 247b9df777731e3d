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
	d, app := newSignedInDesktop(t, s, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in*")
	d.Tray.WaitEntry("Tokens are kept in memory only: no keychain")
	if got := d.snapshot("plant4"); got.Store != session.StoreMemory {
		t.Errorf("status says that they are in %q", got.Store)
	}
	got := d.keyfob("token", "plant4")
	if is, _, _ := active(t, s, secret(got.out)); got.code != 0 || !is {
		t.Errorf("`keyfob token` ended with %d, with a live token: %v\n%s", got.code, is, got.err)
	}
	d.quitTray(app)
}

// TestALockedKeychainIsNotLost shows a locked keychain as locked, and the
// session again when it is open.
func TestALockedKeychainIsNotLost(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d, app := newSignedInDesktop(t, s, bed.Options{NoDisplay: true})
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	d.quitTray(app)

	d.LockKeyring()
	app = d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · keychain locked")
	got := d.keyfob("token", "plant4")
	if got.code != 5 || got.out != "" || !strings.Contains(got.err, "locked") {
		t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
	d.UnlockKeyring()
	if got := d.keyfob("token", "plant4"); got.code != 0 {
		t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	if n := d.Browser.Opened(); n != 1 {
		t.Errorf("the browser was opened %d times, want 1", n)
	}
	d.quitTray(app)
}

// TestTheKeychainDiesDuringASession loses nothing that is in memory, and what
// is in the keychain is there again afterwards.
func TestTheKeychainDiesDuringASession(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d, app := newSignedInDesktop(t, s, bed.Options{NoDisplay: true})
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	d.KillKeyring()
	got := d.keyfob("token", "plant4")
	if is, _, _ := active(t, s, secret(got.out)); got.code != 0 || !is {
		t.Errorf("`keyfob token` ended with %d, with a live token: %v\n%s", got.code, is, got.err)
	}
	d.UnlockKeyring()
	d.quitTray(app)
	d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}
