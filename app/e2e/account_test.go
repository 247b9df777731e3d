//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// TestSigningOutEverywhere ends the session at the provider as well: the token
// is void there, and the person's browser is signed out of it.
func TestSigningOutEverywhere(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true) + "post_logout_redirect = \"http://127.0.0.1/signed-out\"\n")
	d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Browser.WaitEnd(1)
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	token := d.keyfob("token", "plant4").out

	d.Browser.KeepPicture("signed-out.png")
	d.Tray.Click("ThingWorx Plant 4*", "Sign out")
	end := d.Browser.WaitEnd(2)
	if !strings.Contains(end.Text, "Signed out") || !strings.HasSuffix(end.Address, "/signed-out") {
		t.Errorf("the browser ended on %s: %q", end.Address, end.Text)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
	if is, _, _ := active(t, s, auth.Secret(strings.TrimSpace(token))); is {
		t.Error("the provider takes the token still")
	}
	for _, seen := range d.Browser.Events() {
		if seen.Event == "opened" && strings.Contains(seen.Address, "id_token") {
			t.Errorf("the browser was started with %s", seen.Address)
		}
	}
}

// TestScopesAndAccounts is a person who changes the settings, and one who signs
// in with another account.
func TestScopesAndAccounts(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	settings := tool("plant4", "ThingWorx Plant 4", s, npm.Native, true)
	plain := strings.Replace(settings, `, "offline_access"`, "", 1)
	d.settings(plain)
	d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Browser.WaitEnd(1)
	d.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left", "Not renewed by itself: *")

	// One click adds offline_access, to the settings too.
	d.Tray.Click("ThingWorx Plant 4*", "Add offline_access and sign in again")
	d.Browser.WaitEnd(2)
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	d.Wait("offline_access in the settings", func() bool {
		return strings.Contains(d.keyfob("tools", "show", "plant4").out, "offline_access")
	})

	// A scope more asks for a new sign-in, and the token goes on meanwhile.
	d.settings(strings.Replace(settings, `"profile"`, `"profile", "api"`, 1))
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in · scopes have changed")
	note := d.Notes.WaitOpen("the scopes", func(n bed.Note) bool { return n.Summary == "ThingWorx Plant 4: the scopes have changed" })
	if got := d.keyfob("token", "plant4"); got.code != 0 {
		t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
	d.Notes.Press(note, "Sign in again")
	d.Browser.WaitEnd(3)
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")

	// Somebody else in the same browser changes nothing, until it is wanted.
	d.Browser.As("bob", "correct horse")
	if got := d.keyfob("login", "plant4", "--prompt", "login"); got.code != 1 || !strings.Contains(got.err, `the browser signed in "bob`) {
		t.Errorf("another account ended with %d: %s", got.code, got.err)
	}
	if got := d.snapshot("plant4"); !strings.HasPrefix(got.Account, "alice") {
		t.Errorf("signed in as %s", got.Account)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in · another account")
	d.Tray.Click("ThingWorx Plant 4*", "Sign in as another account")
	d.Browser.WaitEnd(5)
	d.Wait("bob's session", func() bool { return strings.HasPrefix(d.snapshot("plant4").Account, "bob") })
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
}
