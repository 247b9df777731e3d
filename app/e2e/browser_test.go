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
	r := newRig(t, bed.Options{NoDisplay: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	r.start()

	r.Browser.Does(bed.Cancel)
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := r.Browser.WaitEnd(1); strings.Contains(end.Text, "Signed in") {
		t.Errorf("after the person declined the browser ended on %q", end.Text)
	}
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out · sign-in declined")

	r.Browser.Does(bed.WalkAway)
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Wait("the person to see the page", func() bool {
		pages := 0
		for _, s := range r.Browser.Seen() {
			if s.Event == "page" {
				pages++
			}
		}
		return pages == 2
	})
	r.Tray.Click("ThingWorx Plant 4 · signing in…", "Cancel sign-in")
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out")

	r.Browser.Does(bed.SignIn)
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Browser.WaitEnd(2)
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}

// TestWithoutABrowser signs in on a machine where none opens: the address is
// there to be copied.
func TestWithoutABrowser(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{})
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	r.start()
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Tray.Click("ThingWorx Plant 4 · signing in…", "Copy sign-in address")
	var address string
	r.Wait("the address on the clipboard", func() bool {
		address = r.Clipboard()
		return address != ""
	})
	if !strings.HasPrefix(address, s.Issuer+"/auth?") {
		t.Fatalf("the clipboard holds %q", address)
	}
	page, err := (&npm.Person{}).Open(t.Context(), address)
	if err != nil || !strings.Contains(page, "<h1>Signed in") {
		t.Errorf("the person ended with %v on\n%s", err, page)
	}
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}

// TestSigningOut forgets the tokens; the keychain keeps nothing.
func TestSigningOut(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{NoDisplay: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	app := r.start()
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	r.Browser.WaitEnd(1)
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	if n := r.Secrets(); n == 0 {
		t.Error("nothing is in the keychain after signing in")
	}
	if got := r.snapshot("plant4"); got.Store != session.StoreKeychain || got.Account == "" || got.Renewal == nil ||
		got.Renewal.Mode != session.Automatic {
		t.Errorf("status says %+v", got)
	}
	r.Tray.Click("ThingWorx Plant 4*", "Sign out")
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
	r.Wait("an empty keychain", func() bool { return r.Secrets() == 0 })
	r.quit(app)
	r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
}
