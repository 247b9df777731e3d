//go:build linux

package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// saver makes the rig's desktop one with a screen saver, and returns how to
// lock and unlock the screen.
func saver(r *rig) (lock func(bool)) {
	r.t.Helper()
	const name = "org.gnome.ScreenSaver"
	if _, err := r.Bus.RequestName(name, 0); err != nil {
		r.t.Fatal(err)
	}
	return func(locked bool) {
		r.t.Helper()
		if err := r.Bus.Emit("/org/gnome/ScreenSaver", name+".ActiveChanged", locked); err != nil {
			r.t.Fatal(err)
		}
	}
}

// open are the notifications on the screen.
func open(r *rig) (titles []string) {
	for _, n := range r.Notes.All() {
		if n.Open {
			titles = append(titles, n.Summary)
		}
	}
	return titles
}

// TestNothingPopsUpOnALockedScreen lets two sessions end while the person is
// away. The icon tells; when the person is back, one notification and one
// window ask for both, and after a restart nothing does.
func TestNothingPopsUpOnALockedScreen(t *testing.T) {
	const life = 30 * time.Second
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: life}}})
	r := newRig(t, bed.Options{Windows: true})
	lock := saver(r)
	r.Browser.Install()
	r.settings(tool("park", "ThingPark", s, npm.NoRefresh, true) + tool("lean", "ioTORQ LEAN", s, npm.NoRefresh, true))
	app := r.start()
	for i, name := range []string{"ThingPark", "ioTORQ LEAN"} {
		r.Tray.WaitEntry(name+" · signed out", "Sign in")
		r.Tray.Click(name+"*", "Sign in")
		r.Browser.WaitEnd(i + 1)
		r.Tray.WaitEntry(name + " · less than a minute left")
	}
	lock(true)
	before := len(r.Notes.All()) // a slow machine may have reminded already
	for _, name := range []string{"ThingPark", "ioTORQ LEAN"} {
		r.Tray.WaitEntry(name + " · sign in again")
	}
	// The desk has heard of the end as soon as the menu, or a moment later.
	time.Sleep(time.Second)
	if n := len(r.Notes.All()); n != before {
		t.Errorf("told %q on a locked screen", open(r))
	}
	if w := r.Windows("Keyfob"); len(w) != 0 {
		t.Errorf("%d windows opened on a locked screen", len(w))
	}
	lock(false)
	r.Notes.WaitOpen("the end of both", func(n bed.Note) bool { return n.Summary == "2 sessions have ended" })
	window := r.WaitWindow("Keyfob")
	r.WaitDrawn(window)
	if got := open(r); !slices.Equal(got, []string{"2 sessions have ended"}) {
		t.Errorf("on the screen %q", got)
	}
	if n := len(r.Windows("Keyfob")); n != 1 {
		t.Errorf("%d windows", n)
	}
	r.Screenshot("prompt-several.png")
	r.quit(app)

	told := len(r.Notes.All())
	app = r.start()
	for _, name := range []string{"ThingPark", "ioTORQ LEAN"} {
		r.Tray.WaitEntry(name + " · sign in again")
	}
	got := r.keyfob("token", "park")
	if got.code != 3 || got.out != "" {
		t.Errorf("`keyfob token` ended with %d", got.code)
	}
	time.Sleep(time.Second)
	if n := len(r.Notes.All()); n != told || len(r.Windows("Keyfob")) != 0 {
		t.Errorf("asked again after a restart: %q", open(r))
	}
	if n := r.Browser.Opened(); n != 2 {
		t.Errorf("the browser was opened %d times, want 2: nobody asked for more", n)
	}
	r.quit(app)
}

// TestRenewNow renews a session before its end, from the reminder and from the
// menu.
func TestRenewNow(t *testing.T) {
	const life = 60 * time.Second
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: life}}})
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	app := r.start()
	r.Tray.Click("ThingPark*", "Sign in")
	r.Browser.WaitEnd(1)
	reminder := r.Notes.WaitOpen("a reminder", func(n bed.Note) bool { return strings.HasPrefix(n.Summary, "ThingPark: ") })
	first := r.snapshot("park")
	r.Notes.Press(reminder, "Renew now")
	r.Browser.WaitEnd(2)
	second := first
	r.Wait("the renewed session", func() bool {
		second = r.snapshot("park")
		return second.EndsAt.After(first.EndsAt)
	})
	r.Tray.Click("ThingPark*", "Renew now")
	r.Browser.WaitEnd(3)
	r.Wait("the session renewed again", func() bool { return r.snapshot("park").EndsAt.After(second.EndsAt) })
	if w := r.Windows("Keyfob"); len(w) != 0 {
		t.Errorf("%d windows ask about a session that did not end", len(w))
	}
	for _, n := range r.Notes.All() {
		if strings.Contains(n.Summary, "ended") {
			t.Errorf("told %q", n.Summary)
		}
	}
	r.quit(app)
}
