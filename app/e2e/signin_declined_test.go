//go:build linux

package e2e_test

import (
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestDecliningIsToldOnce declines a sign-in at the provider: the menu and one
// notification say so, and nothing else happens.
func TestDecliningIsToldOnce(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
	p := d.startTray()
	d.Browser.Does(bed.Cancel)
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	d.Browser.WaitEnd(1)
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out · sign-in declined")
	d.quitTray(p) // with which all has been told
	if all := d.Notes.All(); len(all) != 1 || all[0].Summary == "" {
		t.Errorf("told %d times: %+v", len(all), all)
	}
	if n := d.Browser.Opened(); n != 1 {
		t.Errorf("the browser was opened %d times", n)
	}
}
