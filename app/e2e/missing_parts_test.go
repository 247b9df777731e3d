//go:build linux

package e2e_test

import (
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestWithoutATrayHost: a desktop that shows no icons is told so once, and gets
// the window in the icon's place; a panel that comes later gets the icon.
func TestWithoutATrayHost(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.Tray.Hide()
	d.settings("")
	app := d.Start(d.program())
	d.WaitWindow("Keyfob")
	iconless := func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" }
	d.Notes.WaitOpen("that there is no icon", iconless)
	d.Screenshot("iconless.png")
	for range 2 {
		d.Tray.Show()
		d.Tray.WaitIcon()
		d.Tray.WaitEntry("Quit")
		d.WaitNoWindow("Keyfob") // it stood in for the icon, and nobody has turned to it
		d.Notes.WaitClosed(1)
		d.Tray.Hide()
	}
	d.Tray.Show()
	d.Tray.WaitIcon()
	d.quitTray(app)
	if n := strings.Count(app.Output(), "nothing on this desktop shows tray icons"); n != 1 {
		t.Errorf("said %d times:\n%s", n, app.Output())
	}
	if n := len(d.Notes.All()); n != 1 {
		t.Errorf("%d notifications", n)
	}
}

// TestALatePanel is a session whose panel takes so long to come that a person
// was told of no icon: all of that is taken back, but for a window that somebody
// has turned to.
func TestALatePanel(t *testing.T) {
	for name, panel := range map[string]func(*bed.Bed){"Xfce": (*bed.Bed).StartPanel, "LXQt": (*bed.Bed).StartLXQtPanel} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t, bed.Options{Windows: true, NoTray: true})
			d.settings("")
			app := d.Start(d.program())
			d.WaitDrawn(d.WaitWindow("Keyfob"))
			note := d.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
			empty := d.Picture()
			panel(d.Bed)
			d.WaitNoWindow("Keyfob")
			d.Notes.WaitClosed(note.ID)
			d.Wait("the icon in the panel", func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) })
			d.endBySignal(app, syscall.SIGTERM)
			if n := len(d.Notes.All()); n != 1 {
				t.Errorf("%d notifications", n)
			}
		})
	}
}

// TestALatePanelAndAPerson leaves the window to who has turned to it.
func TestALatePanelAndAPerson(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.Tray.Hide()
	d.settings("")
	app := d.Start(d.program())
	w := d.WaitWindow("Keyfob")
	d.WaitDrawn(w)
	note := d.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
	d.PressUntil(w, "another page", func() bool { return len(d.Windows("Keyfob: Add a tool")) == 1 }, "Tab", "Return")
	d.Tray.Show()
	d.Tray.WaitIcon()
	d.Notes.WaitClosed(note.ID)
	if got := d.keyfob(); got.code != 0 { // the same window, for which this waits
		t.Errorf("a second start ended with %d: %s", got.code, got.err)
	}
	if got := d.Windows("Keyfob.*"); len(got) != 1 || got[0] != w {
		t.Errorf("the windows are %q, want %q", got, w)
	}
	d.quitTray(app)
}

// endBySignal ends the tray by a signal, in good order.
func (d *desktop) endBySignal(p *bed.Process, s os.Signal) {
	d.t.Helper()
	if err := p.Signal(s); err != nil {
		d.t.Fatal(err)
	}
	if code := d.Exit(p); code != 0 || strings.Contains(p.Output(), "panic") {
		d.t.Errorf("keyfob ended with %d:\n%s", code, p.Output())
	}
}

// TestWithoutASessionBus: a screen alone is enough for the window, and without
// that the engine still runs. Both end as they should.
func TestWithoutASessionBus(t *testing.T) {
	for name, ends := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t, bed.Options{Windows: true, NoBus: true})
			d.settings("")
			app := d.Start(d.program())
			d.WaitWindow("Keyfob")
			if out := app.Output(); strings.Count(out, "\n") != 1 ||
				!strings.Contains(out, "there is no desktop session bus to show a tray icon on") {
				t.Errorf("said %q", out)
			}
			d.endBySignal(app, ends)
			d.WaitNoWindow("Keyfob")
		})
	}
	t.Run("without a screen", func(t *testing.T) {
		d := newDesktop(t, bed.Options{NoDisplay: true, NoBus: true})
		d.settings("")
		app := d.Start(d.program())
		d.Wait("the engine", func() bool { return d.keyfob("status").code == 0 })
		d.endBySignal(app, syscall.SIGTERM)
	})
}

// TestWithoutANotificationServer: the icon and the window say what a
// notification would.
func TestWithoutANotificationServer(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Windows: true, NoNotes: true})
	d.Browser.Install()
	d.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	app := d.startTray()
	d.Tray.Click("ThingPark*", "Sign in")
	d.Browser.WaitEnd(1)
	d.Tray.WaitEntry("ThingPark · sign in again")
	if tip := d.tooltip(); tip != "Keyfob: sign in again to ThingPark" {
		t.Errorf("the icon says %q", tip)
	}
	window := d.WaitWindow("Keyfob")
	d.WaitDrawn(window)
	pressSignIn(d, window)
	d.Browser.WaitEnd(2)
	d.WaitNoWindow("Keyfob")
	d.quitTray(app)
}
