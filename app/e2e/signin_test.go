//go:build linux

package e2e_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// TestOneClickSignsIn is what Keyfob is for: one click in the tray signs in, a
// second one brings the token, it is kept alive where that is possible, and
// where it is not the person is asked in time.
func TestOneClickSignsIn(t *testing.T) {
	const life = 40 * time.Second
	s := npm.Start(t, npm.Config{Clients: []npm.Client{
		{ID: npm.NoRefresh, AccessTTL: life},
		{ID: npm.Rotate, AccessTTL: 15 * time.Second},
	}})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) +
		tool("park", "ThingPark", s, npm.NoRefresh, true) +
		tool("lean", "ioTORQ LEAN", s, npm.Rotate, true))
	app := d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	d.Tray.WaitEntry("ThingPark · signed out", "Sign in")

	// One click signs in.
	d.Browser.KeepPicture("signed-in.png")
	d.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Fatalf("the browser ended on %q", end.Text)
	}
	d.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")

	// The token is on the clipboard, and the provider knows it.
	token := d.copyToken("ThingWorx Plant 4*")
	if is, client, person := active(t, s, token); !is || client != npm.Native || person != "alice" {
		t.Errorf("the provider says active=%v, of %v for %v", is, client, person)
	}

	// A session that renews by itself needs nobody.
	d.Tray.Click("ioTORQ LEAN*", "Sign in")
	d.Browser.WaitEnd(2)
	d.Tray.WaitEntry("ioTORQ LEAN · signed in")
	renewed := d.copyToken("ioTORQ LEAN*")

	// A session without a refresh token says why, and ends.
	d.Tray.Click("ThingPark*", "Sign in")
	d.Browser.WaitEnd(3)
	d.Tray.WaitEntry("ThingPark · less than a minute left")
	d.Tray.WaitEntry("ThingPark*", "Not renewed by itself: *")
	reminder := d.Notes.WaitOpen("a reminder", func(n bed.Note) bool { return strings.HasPrefix(n.Summary, "ThingPark: ") })
	if _, ok := reminder.Key("Renew now"); !ok {
		t.Errorf("the reminder has no button to renew, but %q", reminder.Actions)
	}
	d.Tray.WaitEntry("ThingPark · sign in again")
	d.Wait("the tool that needs somebody to be the first in the menu", func() bool {
		return strings.HasPrefix(d.Tray.Menu().String(), "ThingPark")
	})

	// The prompt is on the screen.
	note := d.Notes.WaitOpen("the end of the session", func(n bed.Note) bool { return n.Summary == "Your ThingPark session has ended" })
	window := d.WaitWindow("Keyfob")
	d.WaitDrawn(window)
	d.Screenshot("prompt.png")
	if n := d.Browser.Opened(); n != 3 {
		t.Errorf("the browser was opened %d times, want 3: nobody asked for more", n)
	}

	// Its button signs in again, and then nothing asks any more.
	pressSignIn(d, window)
	if end := d.Browser.WaitEnd(4); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
	d.Tray.WaitEntry("ThingPark · less than a minute left")
	d.WaitNoWindow("Keyfob")
	d.Notes.WaitClosed(note.ID)

	// Meanwhile the third one was renewed.
	again := d.copyToken("ioTORQ LEAN*")
	if is, _, _ := active(t, s, again); !is || again == renewed {
		t.Errorf("after more than its life the token is active=%v, the old one=%v", is, again == renewed)
	}

	// The keychain brings all of it back.
	d.quitTray(app)
	d.startTray()
	d.Tray.WaitEntry("ThingWorx Plant 4 · 5*")
	d.Tray.WaitEntry("ioTORQ LEAN · signed in")
	if n := d.Browser.Opened(); n != 4 {
		t.Errorf("the browser was opened %d times, want 4", n)
	}
	if got := d.keyfob("token", "plant4"); got.code != 0 || auth.Secret(got.out) != token+"\n" {
		t.Errorf("`keyfob token` ended with %d, with the same token: %v", got.code, auth.Secret(got.out) == token+"\n")
	}

	// Nothing of it lies about.
	d.EachFile(func(path string, content []byte) {
		for _, secret := range []auth.Secret{token, renewed, again} {
			if strings.Contains(string(content), secret.Reveal()) {
				t.Errorf("%s holds a token", path)
			}
		}
	})
	for _, secret := range []auth.Secret{token, renewed, again} {
		if strings.Contains(app.Output(), secret.Reveal()) {
			t.Error("keyfob printed a token")
		}
	}
}

// pressSignIn presses the prompt's button with the mouse. It is the last one
// in the window.
func pressSignIn(d *desktop, window bed.Window) {
	d.t.Helper()
	d.ClickAt(window, -50, -35)
}

// TestAnyPromptClearsAll signs in again from each of the places that ask.
func TestAnyPromptClearsAll(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	d.startTray()
	d.Tray.Click("ThingPark*", "Sign in")
	d.Browser.WaitEnd(1)
	for i, from := range []struct {
		name  string
		press func(bed.Window, bed.Note)
	}{
		{"window", func(w bed.Window, _ bed.Note) { pressSignIn(d, w) }},
		{"notification", func(_ bed.Window, n bed.Note) { d.Notes.Press(n, "Sign in") }},
		{"menu", func(bed.Window, bed.Note) { d.Tray.Click("ThingPark*", "Sign in again") }},
	} {
		d.Tray.WaitEntry("ThingPark · sign in again")
		note := d.Notes.WaitOpen("the end of the session", func(n bed.Note) bool { return n.Summary == "Your ThingPark session has ended" })
		window := d.WaitWindow("Keyfob")
		d.WaitDrawn(window)
		from.press(window, note)
		if end := d.Browser.WaitEnd(i + 2); !strings.Contains(end.Text, "Signed in") {
			t.Fatalf("from the %s the browser ended on %q", from.name, end.Text)
		}
		d.WaitNoWindow("Keyfob")
		d.Notes.WaitClosed(note.ID)
	}
	if n := d.Browser.Opened(); n != 4 {
		t.Errorf("the browser was opened %d times, want 4", n)
	}
}
