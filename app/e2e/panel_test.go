//go:build linux

package e2e_test

import (
	"image"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestWithARealPanel uses Xfce's panel, dunst and the mouse, where nothing of
// the desktop is the test's own.
func TestWithARealPanel(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{Panel: true, Dunst: true, Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	d.startTray()

	// The panel is along the top; its only icon is at the left.
	const x, y = 16, 16
	empty := d.Picture()
	d.Wait("the icon in the panel", func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) })
	d.ClickScreen(x, y)
	d.Wait("the menu", func() bool { return differ(empty, d.Picture(), 0, 40, 200, 120) })
	d.Press("Down", "Right")
	d.Wait("the tool's menu", func() bool { return differ(empty, d.Picture(), 300, 40, 400, 120) })
	d.Screenshot("menu.png")
	d.Press("Return")
	if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
}

// TestWithLXQtsPanel does it all with the mouse, in a panel of the other
// family: Qt draws it, and a click of the right button opens the menu.
func TestWithLXQtsPanel(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{LXQt: true, Dunst: true, Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	empty := d.Picture()
	d.startTray()
	d.Wait("the icon in the panel", func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) })

	// Menus are below the mouse, the next one beside the first. The icon's tooltip
	// may come where the menu should: whoever sees that clicks again.
	empty = d.Picture()
	d.Wait("the tool's menu", func() bool {
		d.Press("Escape")
		d.Run("xdotool", "mousemove", "16", "16", "click", "3")
		if !bed.Soon(func() bool { return differ(empty, d.Picture(), 30, 40, 200, 120) }) {
			return false
		}
		d.ClickScreen(60, 45)
		return bed.Soon(func() bool { return differ(empty, d.Picture(), 320, 40, 360, 100) })
	})
	d.Screenshot("menu-lxqt.png")
	d.ClickScreen(340, 45)
	if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
}

// TestWithARealNotificationServer presses the button that Xfce's server draws,
// which the bus starts for it.
func TestWithARealNotificationServer(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Panel: true, Notifyd: true, Windows: true})
	d.Browser.Install()
	d.settings(tool("park", "ThingPark Enterprise", s, npm.NoRefresh, true))
	d.Start(d.program())
	d.waitEngine() // not by a command, which could start one
	if got := d.keyfob("login", "park"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	d.Browser.WaitEnd(1)
	d.WaitDrawn(d.WaitWindow("Keyfob"))
	var note bed.Window
	d.Wait("the notification", func() bool {
		out, err := d.Command("xdotool", "search", "--onlyvisible", "--class", "^xfce4-notifyd$").Output()
		ids := strings.Fields(string(out))
		if err != nil || len(ids) != 1 {
			return false
		}
		note = bed.Window(ids[0])
		return true
	})
	d.WaitDrawn(note)
	time.Sleep(time.Second) // it fades in, and takes no clicks before it is there
	d.Screenshot("notification.png")
	if n := buttons(d.Picture(), d.Bounds(note)); n != 2 {
		t.Errorf("the notification has %d buttons, want Sign in and Later", n)
	}
	d.ClickAt(note, -150, -31) // "Sign in", left of "Later"
	if end := d.Browser.WaitEnd(2); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
	d.WaitNoWindow("Keyfob")
}

// buttons counts the buttons that Xfce's server draws along the lower edge of a
// notification, by their upright borders: the line above their words has
// nothing else that is darker than its surroundings.
func buttons(screen *image.RGBA, note image.Rectangle) int {
	const margin, above = 6, 42
	borders, dark := 0, false
	for x := note.Min.X + margin; x < note.Max.X-margin; x++ {
		was := dark
		c := screen.RGBAAt(x, note.Max.Y-above)
		if dark = c.R < 0xd8 && c.G < 0xd8 && c.B < 0xd8; dark && !was {
			borders++
		}
	}
	return borders / 2
}
