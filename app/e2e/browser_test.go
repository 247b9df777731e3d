//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// TestThePersonSaysNo cancels a sign-in at each of the places where that can
// be done, and then signs in after all.
func TestThePersonSaysNo(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	d.startTray()

	d.Browser.Does(bed.Cancel)
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := d.Browser.WaitEnd(1); strings.Contains(end.Text, "Signed in") {
		t.Errorf("after the person declined the browser ended on %q", end.Text)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out · sign-in declined")

	d.Browser.Does(bed.WalkAway)
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Wait("the person to see the page", func() bool {
		pages := 0
		for _, s := range d.Browser.Events() {
			if s.Event == "page" {
				pages++
			}
		}
		return pages == 2
	})
	d.Tray.Click("ThingWorx Plant 4 · signing in…", "Cancel sign-in")
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out")

	d.Browser.Does(bed.SignIn)
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Browser.WaitEnd(2)
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}

// TestWithoutABrowser signs in on a machine where none opens: the address is
// there to be copied.
func TestWithoutABrowser(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{})
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Tray.Click("ThingWorx Plant 4 · signing in…", "Copy sign-in address")
	var address string
	d.Wait("the address on the clipboard", func() bool {
		address = d.Clipboard()
		return address != ""
	})
	if !strings.HasPrefix(address, s.Issuer+"/auth?") {
		t.Fatalf("the clipboard holds %q", address)
	}
	page, err := (&npm.Person{}).Open(t.Context(), address)
	if err != nil || !strings.Contains(page, "<h1>Signed in") {
		t.Errorf("the person ended with %v on\n%s", err, page)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}

// TestSigningOut forgets the tokens; the keychain keeps nothing.
func TestSigningOut(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d, app := newSignedInDesktop(t, s, bed.Options{NoDisplay: true})
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	if n := d.Secrets(); n == 0 {
		t.Error("nothing is in the keychain after signing in")
	}
	if got := d.snapshot("plant4"); got.Store != session.StoreKeychain || got.Account == "" || got.Renewal == nil ||
		got.Renewal.Mode != session.Automatic {
		t.Errorf("status says %+v", got)
	}
	d.Tray.Click("ThingWorx Plant 4*", "Sign out")
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
	d.Wait("an empty keychain", func() bool { return d.Secrets() == 0 })
	d.quitTray(app)
	d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
}
