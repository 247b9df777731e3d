//go:build linux

package e2e_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestWithoutATrayHost: a desktop that shows no icons is told so once, and gets
// the window in the icon's place; a panel that comes later gets the icon.
func TestWithoutATrayHost(t *testing.T) {
	r := newRig(t, bed.Options{Windows: true})
	r.Tray.Hide()
	r.settings("")
	app := r.Start(r.program())
	r.WaitWindow("Keyfob")
	iconless := func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" }
	r.Notes.WaitOpen("that there is no icon", iconless)
	r.Screenshot("iconless.png")
	for range 2 {
		r.Tray.Show()
		r.Tray.WaitIcon()
		r.Tray.WaitEntry("Quit")
		r.Tray.Hide()
	}
	r.Tray.Show()
	r.Tray.WaitIcon()
	r.quit(app)
	if n := strings.Count(app.Output(), "nothing on this desktop shows tray icons"); n != 1 {
		t.Errorf("said %d times:\n%s", n, app.Output())
	}
	if n := len(r.Notes.All()); n != 1 {
		t.Errorf("%d notifications", n)
	}
}

// TestWithoutASessionBus: a screen alone is enough for the window.
func TestWithoutASessionBus(t *testing.T) {
	r := newRig(t, bed.Options{Windows: true, NoBus: true})
	r.settings("")
	app := r.Start(r.program())
	r.WaitWindow("Keyfob")
	if out := app.Output(); strings.Count(out, "\n") != 1 || !strings.Contains(out, "there is no desktop session bus to show a tray icon on") {
		t.Errorf("said %q", out)
	}
}

// TestWithoutANotificationServer: the icon and the window say what a
// notification would.
func TestWithoutANotificationServer(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	r := newRig(t, bed.Options{Windows: true, NoNotes: true})
	r.Browser.Install()
	r.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	app := r.start()
	r.Tray.Click("ThingPark*", "Sign in")
	r.Browser.WaitEnd(1)
	r.Tray.WaitEntry("ThingPark · sign in again")
	if tip := r.tooltip(); tip != "Keyfob: sign in again to ThingPark" {
		t.Errorf("the icon says %q", tip)
	}
	window := r.WaitWindow("Keyfob")
	r.WaitDrawn(window)
	pressSignIn(r, window)
	r.Browser.WaitEnd(2)
	r.WaitNoWindow("Keyfob")
	r.quit(app)
}
