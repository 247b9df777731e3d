//go:build linux

package e2e_test

import (
	"cmp"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestARealPanelShowsTheMenu opens the menu in Xfce's panel with the mouse,
// beside the window and the notification of a session that has ended. Its
// picture is the README's; with KEYFOB_TEST_LOOK=dark it is the dark one.
func TestARealPanelShowsTheMenu(t *testing.T) {
	look := cmp.Or(os.Getenv("KEYFOB_TEST_LOOK"), "light")
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Windows: true, Panel: true, Notifyd: true, Theme: look})
	paint(t, d.Display, 0x3f5468)
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) +
		tool("park", "ThingPark Enterprise", s, npm.NoRefresh, true) +
		tool("lean", "ioTORQ LEAN", s, npm.Rotate, true) +
		tool("history", "Historian API", s, npm.Native, false))
	d.Start(d.program())
	d.Wait("the engine's socket", func() bool {
		_, err := os.Stat(filepath.Join(d.Runtime, "keyfob", "agent.sock"))
		return err == nil
	})
	for i, id := range []string{"plant4", "lean", "park"} {
		if got := d.keyfob("login", id); got.code != 0 {
			t.Fatalf("login %s: %s", id, got.err)
		}
		d.Browser.WaitEnd(i + 1)
	}
	window := d.WaitWindow("Keyfob")
	d.WaitDrawn(window)

	d.Run("xdotool", "windowmove", "--sync", string(window), "430", "330") // clear of the menu

	before := d.Picture()
	d.Run("xdotool", "mousemove", "16", "16", "click", "1")
	d.Wait("the menu to be drawn below the panel", func() bool {
		now, changed := d.Picture(), 0
		for y := 60; y < 160; y++ {
			for x := 10; x < 200; x++ {
				if now.RGBAAt(x, y) != before.RGBAAt(x, y) {
					changed++
				}
			}
		}
		return changed > 10000
	})
	d.Run("xdotool", "mousemove", "90", "70") // opens the submenu of the second tool
	time.Sleep(time.Second)                   // for the picture only: a submenu opens after a moment
	d.Screenshot("overview-" + look + ".png")
}

// paint gives the screen a colour.
func paint(t *testing.T, display string, colour uint32) {
	t.Helper()
	x, err := xgb.NewConnDisplay(display)
	if err != nil {
		t.Fatal(err)
	}
	defer x.Close()
	root := xproto.Setup(x).DefaultScreen(x).Root
	if err := xproto.ChangeWindowAttributesChecked(x, root, xproto.CwBackPixel, []uint32{colour}).Check(); err != nil {
		t.Fatal(err)
	}
	if err := xproto.ClearAreaChecked(x, false, root, 0, 0, 0, 0).Check(); err != nil {
		t.Fatal(err)
	}
}
