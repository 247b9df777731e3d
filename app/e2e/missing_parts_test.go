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
		r.WaitNoWindow("Keyfob") // it stood in for the icon, and nobody has turned to it
		r.Notes.WaitClosed(1)
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

// TestALatePanel is a session whose panel takes so long to come that a person
// was told of no icon: all of that is taken back, but for a window that somebody
// has turned to.
func TestALatePanel(t *testing.T) {
	for name, panel := range map[string]func(*bed.Bed){"Xfce": (*bed.Bed).StartPanel, "LXQt": (*bed.Bed).StartLXQtPanel} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, bed.Options{Windows: true, NoTray: true})
			r.settings("")
			app := r.Start(r.program())
			r.WaitDrawn(r.WaitWindow("Keyfob"))
			note := r.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
			empty := r.Picture()
			panel(r.Bed)
			r.WaitNoWindow("Keyfob")
			r.Notes.WaitClosed(note.ID)
			r.Wait("the icon in the panel", func() bool { return differ(empty, r.Picture(), 0, 0, 32, 32) })
			r.endBy(app, syscall.SIGTERM)
			if n := len(r.Notes.All()); n != 1 {
				t.Errorf("%d notifications", n)
			}
		})
	}
}

// TestALatePanelAndAPerson leaves the window to who has turned to it.
func TestALatePanelAndAPerson(t *testing.T) {
	r := newRig(t, bed.Options{Windows: true})
	r.Tray.Hide()
	r.settings("")
	app := r.Start(r.program())
	w := r.WaitWindow("Keyfob")
	r.WaitDrawn(w)
	note := r.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
	r.PressUntil(w, "another page", func() bool { return len(r.Windows("Keyfob: Add a tool")) == 1 }, "Tab", "Return")
	r.Tray.Show()
	r.Tray.WaitIcon()
	r.Notes.WaitClosed(note.ID)
	if got := r.keyfob(); got.code != 0 { // the same window, for which this waits
		t.Errorf("a second start ended with %d: %s", got.code, got.err)
	}
	if got := r.Windows("Keyfob.*"); len(got) != 1 || got[0] != w {
		t.Errorf("the windows are %q, want %q", got, w)
	}
	r.quit(app)
}

// endBy ends the tray by a signal, in good order.
func (r *rig) endBy(p *bed.Process, s os.Signal) {
	r.t.Helper()
	if err := p.Signal(s); err != nil {
		r.t.Fatal(err)
	}
	if code := r.Exit(p); code != 0 || strings.Contains(p.Output(), "panic") {
		r.t.Errorf("keyfob ended with %d:\n%s", code, p.Output())
	}
}

// TestWithoutASessionBus: a screen alone is enough for the window, and without
// that the engine still runs. Both end as they should.
func TestWithoutASessionBus(t *testing.T) {
	for name, ends := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, bed.Options{Windows: true, NoBus: true})
			r.settings("")
			app := r.Start(r.program())
			r.WaitWindow("Keyfob")
			if out := app.Output(); strings.Count(out, "\n") != 1 ||
				!strings.Contains(out, "there is no desktop session bus to show a tray icon on") {
				t.Errorf("said %q", out)
			}
			r.endBy(app, ends)
			r.WaitNoWindow("Keyfob")
		})
	}
	t.Run("without a screen", func(t *testing.T) {
		r := newRig(t, bed.Options{NoDisplay: true, NoBus: true})
		r.settings("")
		app := r.Start(r.program())
		r.Wait("the engine", func() bool { return r.keyfob("status").code == 0 })
		r.endBy(app, syscall.SIGTERM)
	})
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
