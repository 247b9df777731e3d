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
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.Browser.Does(bed.WalkAway)
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	app := r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	w := r.WaitWindow("Keyfob: Sign-in")
	r.WaitDrawn(w)
	r.Screenshot("stuck.png")

	r.ClickAt(w, 280, 153) // "Copy the address"
	r.Wait("the address on the clipboard", func() bool { return strings.HasPrefix(r.Clipboard(), s.Issuer+"/auth?client_id=native&") })

	r.Browser.Does(bed.SignIn)
	r.Key(w, "shift+Tab", "Return")
	r.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")
	r.WaitNoWindow("Keyfob: Sign-in")
	if n := r.Browser.Opened(); n != 2 {
		t.Errorf("the browser was opened %d times", n)
	}
	r.quit(app)
}
