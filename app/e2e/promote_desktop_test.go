//go:build linux

package e2e_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/session"
)

// comesWithin is how long Keyfob may take to be where the person is.
const comesWithin = 10 * time.Second

// soon waits as long as Keyfob may take.
func (d *desktop) soon(what string, ready func() bool) {
	d.t.Helper()
	for end := time.Now().Add(comesWithin); !ready(); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			d.t.Fatalf("waited %s in vain for %s", comesWithin, what)
		}
	}
}

// arrive starts keyfob beside the engine that runs.
func (d *desktop) arrive(env ...string) {
	d.t.Helper()
	cmd := d.Command(d.program())
	cmd.Env = d.Env(env...)
	p := d.StartCommand(cmd)
	if code := d.Exit(p); code != 0 || !strings.Contains(p.Output(), "its icon is in the tray now") {
		d.t.Fatalf("keyfob ended with %d and said %q", code, p.Output())
	}
}

// TestLogOutAndLogIn ends X server, bus, panel and keychain under a running
// Keyfob, and starts them again, on Xfce: icon and menu are there again, a
// token goes to the clipboard, a session ends with a notification, a locked screen
// holds it back, and a click on it signs in.
func TestLogOutAndLogIn(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 15 * time.Second}}})
	d := newDesktop(t, bed.Options{Panel: true, Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "Plant", s, npm.Native, true) + tool("park", "Park", s, npm.NoRefresh, true))
	empty := d.Picture()
	app := d.startTray()
	inPanel := func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) }
	d.Wait("the icon in the panel", inPanel)
	for range 2 {
		d.LogOut()
		if got := d.keyfob("status"); got.code != 0 || !app.Running() {
			t.Fatalf("the engine has not outlived its desktop: %d %s", got.code, got.err)
		}
		d.LogIn()
		d.arrive()
		d.soon("the icon in the panel", inPanel)
	}

	d.ClickScreen(16, 16)
	d.Wait("the menu", func() bool { return differ(empty, d.Picture(), 0, 40, 200, 120) })
	d.Press("Down", "Right", "Return") // Sign in, of the first tool
	if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Fatalf("the browser ended on %q", end.Text)
	}
	if got := d.keyfob("login", "park"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	d.lockScreen(t, true)
	d.Wait("the end of the session", func() bool { return d.snapshot("park").State == session.Expired })
	if slices.ContainsFunc(d.Notes.All(), parkEnded) {
		t.Error("a notification was shown while the screen was locked")
	}
	d.lockScreen(t, false)
	d.Notes.Press(d.Notes.WaitOpen("the end", parkEnded), "Sign in")
	d.Browser.WaitEnd(3)
	d.Wait("the session", func() bool { return d.snapshot("park").State != session.Expired })
}

// lockScreen locks the screen as GNOME's does.
func (d *desktop) lockScreen(t *testing.T, locked bool) {
	t.Helper()
	const name = "org.gnome.ScreenSaver"
	if reply, err := d.Bus.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply > dbus.RequestNameReplyAlreadyOwner {
		t.Fatal(reply, err)
	}
	if err := d.Bus.Emit("/org/gnome/ScreenSaver", name+".ActiveChanged", locked); err != nil {
		t.Fatal(err)
	}
}
