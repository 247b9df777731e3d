//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestASignInThatIsStuckIsHelped walks away from the provider's page. The
// window that comes up copies the sign-in's address, opens the browser once
// more, and is gone when the person has signed in there.
func TestASignInThatIsStuckIsHelped(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.Browser.Does(bed.WalkAway)
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	app := d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	w := d.WaitWindow("Keyfob: Sign-in")
	d.WaitDrawn(w)
	d.Screenshot("stuck.png")

	d.ClickAt(w, 280, 153) // "Copy the address"
	d.Wait("the address on the clipboard", func() bool { return strings.HasPrefix(d.Clipboard(), s.Issuer+"/auth?client_id=native&") })

	d.Browser.Does(bed.SignIn)
	d.Key(w, "shift+Tab", "Return")
	d.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")
	d.WaitNoWindow("Keyfob: Sign-in")
	if n := d.Browser.Opened(); n != 2 {
		t.Errorf("the browser was opened %d times", n)
	}
	d.quitTray(app)
}
