//go:build linux

package e2e_test

import (
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/agent"
	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// TestASecondStartOpensTheWindow: whoever starts Keyfob again wants to see it.
func TestASecondStartOpensTheWindow(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.settings("")
	app := d.startTray()
	for range 2 {
		if got := d.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
			t.Fatalf("a second start ended with %d and said %q", got.code, got.err)
		}
		d.WaitWindow("Keyfob")
		if n := len(d.Windows("Keyfob")); n != 1 {
			t.Fatalf("%d windows are open", n)
		}
	}
	w := d.WaitWindow("Keyfob")
	d.Key(w, "Escape")
	d.WaitNoWindow("Keyfob")
	d.keyfob()
	d.WaitWindow("Keyfob")
	d.quitTray(app)
	d.WaitNoWindow("Keyfob")
}

// TestWithoutTheWindowProgram: everything else works, and Keyfob says where to get it.
func TestWithoutTheWindowProgram(t *testing.T) {
	d := newDesktopWith(t, bed.Options{}, "keyfob")
	d.moveHere(d.program(), d.whole())
	d.settings("")
	d.startTray()
	if got := d.keyfob(); got.code != 0 ||
		!strings.Contains(got.err, "its icon is in the tray, but there is no keyfob-window beside this program") {
		t.Fatalf("a second start ended with %d and said %q", got.code, got.err)
	}
}

// TestEachWayToCopy asks the engine as the window does.
func TestEachWayToCopy(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktopWith(t, bed.Options{}, "keyfob")
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")
	client, err := agent.Dial(t.Context(), filepath.Dir(d.socket()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close() })
	token, err := client.Token(t.Context(), "plant4", session.TokenOptions{})
	if err != nil {
		t.Fatal(err)
	}
	bearer := "Authorization: Bearer " + token.Access.Reveal()
	for as, want := range map[agent.CopyAs]string{
		agent.CopyToken:  token.Access.Reveal(),
		agent.CopyHeader: bearer,
		agent.CopyCurl:   "curl -H '" + bearer + "' '" + s.Issuer + "/api/hello'",
		agent.CopyEnv:    "export KEYFOB_TOKEN='" + token.Access.Reveal() + "'",
	} {
		if err := client.Copy(t.Context(), "plant4", as); err != nil {
			t.Fatalf("%q: %v", as, err)
		}
		if got := d.Clipboard(); got != want {
			t.Errorf("%q does not copy what it says, but %q", as, strings.ReplaceAll(got, token.Access.Reveal(), "TOKEN"))
		}
	}
	if err := client.Copy(t.Context(), "plant4", "nonsense"); auth.KindOf(err) != auth.KindUsage {
		t.Errorf("copying nonsense: %v", err)
	}
}
