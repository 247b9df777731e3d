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
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, false) +
		tool("park", "ThingPark", s, npm.NoRefresh, true) +
		tool("lean", "ioTORQ LEAN", s, npm.Rotate, true))
	app := r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · signed out", "Sign in")
	r.Tray.WaitEntry("ThingPark · signed out", "Sign in")

	// One click signs in.
	r.Browser.KeepPicture("signed-in.png")
	r.Tray.Click("ThingWorx Plant 4*", "Sign in")
	if end := r.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Fatalf("the browser ended on %q", end.Text)
	}
	r.Tray.WaitEntry("ThingWorx Plant 4 · 59 min left")

	// The token is on the clipboard, and the provider knows it.
	token := r.copied("ThingWorx Plant 4*")
	if is, client, person := active(t, s, token); !is || client != npm.Native || person != "alice" {
		t.Errorf("the provider says active=%v, of %v for %v", is, client, person)
	}

	// A session that renews by itself needs nobody.
	r.Tray.Click("ioTORQ LEAN*", "Sign in")
	r.Browser.WaitEnd(2)
	r.Tray.WaitEntry("ioTORQ LEAN · signed in")
	renewed := r.copied("ioTORQ LEAN*")

	// A session without a refresh token says why, and ends.
	r.Tray.Click("ThingPark*", "Sign in")
	r.Browser.WaitEnd(3)
	r.Tray.WaitEntry("ThingPark · less than a minute left")
	r.Tray.WaitEntry("ThingPark*", "Not renewed by itself: *")
	reminder := r.Notes.WaitOpen("a reminder", func(n bed.Note) bool { return strings.HasPrefix(n.Summary, "ThingPark: ") })
	if _, ok := reminder.Key("Renew now"); !ok {
		t.Errorf("the reminder has no button to renew, but %q", reminder.Actions)
	}
	r.Tray.WaitEntry("ThingPark · sign in again")
	r.Wait("the tool that needs somebody to be the first in the menu", func() bool {
		return strings.HasPrefix(r.Tray.Menu().String(), "ThingPark")
	})

	// The prompt is on the screen.
	note := r.Notes.WaitOpen("the end of the session", func(n bed.Note) bool { return n.Summary == "Your ThingPark session has ended" })
	window := r.WaitWindow("Keyfob")
	r.WaitDrawn(window)
	r.Screenshot("prompt.png")
	if n := r.Browser.Opened(); n != 3 {
		t.Errorf("the browser was opened %d times, want 3: nobody asked for more", n)
	}

	// Its button signs in again, and then nothing asks any more.
	pressSignIn(r, window)
	if end := r.Browser.WaitEnd(4); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
	r.Tray.WaitEntry("ThingPark · less than a minute left")
	r.WaitNoWindow("Keyfob")
	r.Notes.WaitClosed(note.ID)

	// Meanwhile the third one was renewed.
	again := r.copied("ioTORQ LEAN*")
	if is, _, _ := active(t, s, again); !is || again == renewed {
		t.Errorf("after more than its life the token is active=%v, the old one=%v", is, again == renewed)
	}

	// The keychain brings all of it back.
	r.quit(app)
	r.start()
	r.Tray.WaitEntry("ThingWorx Plant 4 · 5*")
	r.Tray.WaitEntry("ioTORQ LEAN · signed in")
	if n := r.Browser.Opened(); n != 4 {
		t.Errorf("the browser was opened %d times, want 4", n)
	}
	if got := r.keyfob("token", "plant4"); got.code != 0 || auth.Secret(got.out) != token+"\n" {
		t.Errorf("`keyfob token` ended with %d, with the same token: %v", got.code, auth.Secret(got.out) == token+"\n")
	}

	// Nothing of it lies about.
	r.EachFile(func(path string, content []byte) {
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
func pressSignIn(r *rig, window bed.Window) {
	r.t.Helper()
	r.ClickAt(window, -50, -35)
}

// TestAnyPromptClearsAll signs in again from each of the places that ask.
func TestAnyPromptClearsAll(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	r.start()
	r.Tray.Click("ThingPark*", "Sign in")
	r.Browser.WaitEnd(1)
	for i, from := range []struct {
		name  string
		press func(bed.Window, bed.Note)
	}{
		{"window", func(w bed.Window, _ bed.Note) { pressSignIn(r, w) }},
		{"notification", func(_ bed.Window, n bed.Note) { r.Notes.Press(n, "Sign in") }},
		{"menu", func(bed.Window, bed.Note) { r.Tray.Click("ThingPark*", "Sign in again") }},
	} {
		r.Tray.WaitEntry("ThingPark · sign in again")
		note := r.Notes.WaitOpen("the end of the session", func(n bed.Note) bool { return n.Summary == "Your ThingPark session has ended" })
		window := r.WaitWindow("Keyfob")
		r.WaitDrawn(window)
		from.press(window, note)
		if end := r.Browser.WaitEnd(i + 2); !strings.Contains(end.Text, "Signed in") {
			t.Fatalf("from the %s the browser ended on %q", from.name, end.Text)
		}
		r.WaitNoWindow("Keyfob")
		r.Notes.WaitClosed(note.ID)
	}
	if n := r.Browser.Opened(); n != 4 {
		t.Errorf("the browser was opened %d times, want 4", n)
	}
}
