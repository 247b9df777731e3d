//go:build linux

package e2e_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

// TestWhatWasCopiedGoes with the session, with the screen, and with Keyfob;
// and what somebody else copied stays.
func TestWhatWasCopiedGoes(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) + tool("lean", "ioTORQ LEAN", s, npm.Native, false))
	app := d.startTray()
	signIn := func(id string) {
		if got := d.keyfob("login", id); got.code != 0 {
			t.Fatalf("login %s: %s", id, got.err)
		}
	}
	gone := func(when string) {
		d.Wait("an empty clipboard after "+when, func() bool { return d.Clipboard() == "" })
	}
	signIn("plant4")
	signIn("lean")

	// Another program of the desktop is asked to keep it out of histories.
	d.copyToken("ThingWorx Plant 4*")
	targets := strings.Fields(d.Run("xclip", "-selection", "clipboard", "-out", "-target", "TARGETS"))
	if !slices.Contains(targets, "x-kde-passwordManagerHint") {
		t.Errorf("the clipboard offers %q", targets)
	}
	if hint := d.Run("xclip", "-selection", "clipboard", "-out", "-target", "x-kde-passwordManagerHint"); hint != "secret" {
		t.Errorf("the hint is %q", hint)
	}

	if got := d.keyfob("logout", "--local", "lean"); got.code != 0 {
		t.Fatalf("logout lean: %s", got.err)
	}
	d.Tray.WaitEntry("ioTORQ LEAN · signed out")
	if d.Clipboard() == "" {
		t.Error("signing out of another tool cleared the clipboard")
	}
	if got := d.keyfob("logout", "--local", "plant4"); got.code != 0 {
		t.Fatalf("logout plant4: %s", got.err)
	}
	gone("the sign-out")

	signIn("plant4")
	const saver = "org.gnome.ScreenSaver"
	if reply, err := d.Bus.RequestName(saver, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	lock := func(locked bool) {
		if err := d.Bus.Emit("/org/gnome/ScreenSaver", saver+".ActiveChanged", locked); err != nil {
			t.Fatal(err)
		}
	}
	d.copyToken("ThingWorx Plant 4*")
	lock(true)
	gone("the lock")
	lock(false)

	d.copyToken("ThingWorx Plant 4*")
	d.copyElsewhere("mine")
	lock(true)
	if got := d.keyfob("logout", "--local", "plant4"); got.code != 0 {
		t.Fatalf("logout plant4: %s", got.err)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out")
	if got := d.Clipboard(); got != "mine" {
		t.Errorf("what somebody else copied became %q", got)
	}
	lock(false)

	signIn("plant4")
	d.copyToken("ThingWorx Plant 4*")
	d.quitTray(app)
	gone("the end")
}

// copyElsewhere puts a text on the clipboard by another program.
func (d *desktop) copyElsewhere(text string) {
	d.t.Helper()
	cmd := d.Command("xclip", "-selection", "clipboard", "-in", "-quiet") // stays, and serves it
	cmd.Stdin = strings.NewReader(text)
	d.StartCommand(cmd)
	d.Wait("the other program's text", func() bool { return d.Clipboard() == text })
}

// TestTheMenuCopiesEachForm and opens the window with the token.
func TestTheMenuCopiesEachForm(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	app := d.startTray()
	if got := d.keyfob("login", "plant4"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	token := d.copyToken("ThingWorx Plant 4*").Reveal()
	header := "Authorization: Bearer " + token
	plain := strings.NewReplacer("'", "", `"`, "").Replace // how words are quoted is not the menu's business
	for _, form := range []struct{ label, want string }{
		{"Copy as Authorization header", header},
		{"Copy as curl", "curl -H '" + header + "' " + s.Issuer + "/api/hello"},
		{"Copy as shell variable", "export KEYFOB_TOKEN=" + token},
		{"Copy token", token},
	} {
		d.Tray.Click("ThingWorx Plant 4*", form.label)
		d.Wait(form.label, func() bool { return plain(d.Clipboard()) == plain(form.want) })
	}
	d.Tray.Click("ThingWorx Plant 4*", "Show token…")
	d.WaitDrawn(d.WaitWindow("Keyfob: Token"))
	d.quitTray(app)
	d.WaitNoWindow("Keyfob: Token")
}

// TestTheTrayCopiesOnWayland where X's clipboard is not the desktop's: another
// program pastes the token, and afterwards no longer.
func TestTheTrayCopiesOnWayland(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktopWith(t, bed.Options{Sway: true}, "keyfob")
	d.Browser.Install()
	d.settings("[clipboard]\nclear_after = \"3s\"\n" + tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	app := d.startTray()
	if got := d.keyfob("login", "plant4"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	gone := func(when string) {
		d.Wait("an empty clipboard after "+when, func() bool { return strings.TrimSpace(d.Clipboard()) == "" })
	}
	token := d.copyToken("ThingWorx Plant 4*")
	if is, _, _ := active(t, s, token); !is {
		t.Error("the provider does not know what was copied")
	}
	if hint := d.ClipboardAs("x-kde-passwordManagerHint"); hint != "secret" {
		t.Errorf("the hint is %q", hint)
	}
	gone("its time")

	d.copyToken("ThingWorx Plant 4*")
	if got := d.keyfob("logout", "--local", "plant4"); got.code != 0 {
		t.Fatalf("logout: %s", got.err)
	}
	gone("the sign-out")

	if got := d.keyfob("login", "plant4"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	d.copyToken("ThingWorx Plant 4*")
	d.quitTray(app)
	gone("the end")
}

// TestACopyThatFailsIsTold to the person, with what to do.
func TestACopyThatFailsIsTold(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktopWith(t, bed.Options{Sway: true}, "keyfob")
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
	d.startTray()
	if got := d.keyfob("login", "plant4"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	authtest.Freeze(t, d.Sway.PID())
	d.Tray.Click("ThingWorx Plant 4*", "Copy token")
	note := d.Notes.WaitOpen("of the failure", func(n bed.Note) bool { return n.Summary == "ThingWorx Plant 4: that did not work" })
	if !strings.Contains(note.Body, "clipboard") || !strings.Contains(note.Body, "keyfob token") {
		t.Errorf("it says %q", note.Body)
	}
}
