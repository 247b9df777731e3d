//go:build linux

package e2e_test

import (
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// TestAnswerByForm signs in at a provider that has a real browser post its
// answer to the listener, and whose ID token names nobody.
func TestAnswerByForm(t *testing.T) {
	s := npm.Start(t, npm.Config{Thin: true})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	d.settings(
		strings.Replace(
			tool("plant4", "ThingWorx Plant 4", s, npm.Native, true),
			`prompt = "consent"`,
			`prompt = "consent", response_mode = "form_post"`,
			1,
		),
	)
	d.startTray()
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") || strings.Contains(end.Address, "code=") {
		t.Errorf("the browser ended at %s on %q", end.Address, end.Text)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed in")
	if got := d.snapshot("plant4"); !strings.Contains(got.Account, "@") {
		t.Errorf("signed in as %q", got.Account)
	}
	got := d.keyfob("token", "plant4")
	if is, _, person := active(t, s, auth.Secret(strings.TrimSpace(got.out))); !is || person != "alice" {
		t.Errorf("the token is %v, of %v: %s", is, person, got.err)
	}
}
