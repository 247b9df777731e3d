//go:build linux

package e2e_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"keyfob/app/e2e/bed"
)

// TestAPersonTypesThePassword answers the real dialog of the desktop: the command that
// asked goes on then, and with a tray the session appears by itself.
func TestAPersonTypesThePassword(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{Windows: true}, 0)
	d.signedIn()
	token := strings.TrimSpace(d.keyfob("token", renews).out)
	d.EnableRealPrompter()
	const waiting = "the keychain is waiting to be unlocked"
	answer := func() {
		t.Helper()
		w := d.WaitWindow(".*[Kk]eyring.*")
		d.WaitDrawn(w)
		d.Screenshot("keychain-prompt.png")
		d.Run("xdotool", "windowfocus", "--sync", string(w), "type", "--clearmodifiers", bed.KeyringPassword)
		d.Key(w, "Return")
	}

	typed := func(meanwhile func()) {
		t.Helper()
		p := d.inTerminal("token", renews)
		d.Wait("what it waits for", func() bool { return strings.Contains(p.Output(), waiting) })
		meanwhile()
		answer()
		if code := d.Exit(p); code != 0 || !strings.Contains(p.Output(), token) {
			t.Errorf("`keyfob token` ended with %d, with the token: %v", code, strings.Contains(p.Output(), token))
		}
	}

	d.quitEngine()
	d.LockKeyring()
	typed(func() {})

	d.quitEngine()
	d.LockKeyring()
	app := d.startTray()
	d.Tray.WaitEntry("Plant · keychain locked", "*sign in here, and it asks for its password")
	typed(func() { d.Tray.WaitEntry("Plant · unlock the keychain") })
	d.Tray.WaitEntry("Plant · signed in")
	d.Tray.WaitEntry("Park · 5*") // which nobody asked for

	// A click on "Sign in" asks, too, and needs no browser when that is enough.
	d.LockKeyring()
	d.quitTray(app)
	d.startTray()
	d.Tray.Click("Plant · keychain locked", "Sign in")
	answer()
	d.Tray.WaitEntry("Plant · signed in")
	if n := d.Browser.Opened(); n != 0 {
		t.Errorf("the browser was opened %d times", n)
	}
}

// TestOnePromptForEverybody has fifty people ask for a token of a locked keychain at
// once, and then again and again, while nobody gives its password. Scripts have it ask
// nobody.
func TestOnePromptForEverybody(t *testing.T) {
	for _, engine := range []bool{true, false} {
		t.Run(fmt.Sprint("engine: ", engine), func(t *testing.T) {
			d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
			d.signedIn()
			d.LockKeyring()
			p := d.StartPrompter(false)
			if engine {
				d.startTray()
				d.Tray.WaitEntry("Plant · keychain locked")
			}
			for range 5 {
				if got := d.keyfob("status"); got.code != 0 || strings.Count(got.out, "keychain is locked") != 2 {
					t.Errorf("status ended with %d: %s", got.code, got.out)
				}
			}
			if n := p.Shown(); n != 0 {
				t.Errorf("%d dialogs were shown before anybody asked for a token", n)
			}
			all := make([]*bed.Process, 50)
			for i := range all {
				all[i] = d.Start(d.program(), "token", []string{renews, ends}[i%2])
			}
			for _, token := range all {
				if code := d.Exit(token); code != 5 || !strings.Contains(token.Output(), "the keychain is locked") {
					t.Errorf("`keyfob token` of a script ended with %d: %s", code, token.Output())
				}
			}
			if n := p.Shown(); n != 0 {
				t.Errorf("%d dialogs were shown for scripts", n)
			}
			for i := range all {
				all[i] = d.inTerminal("token", []string{renews, ends}[i%2])
			}
			p.WaitShown(1)
			p.Shut()
			for _, token := range all {
				if code := d.Exit(token); code != 5 {
					t.Errorf("`keyfob token` ended with %d: %s", code, token.Output())
				}
			}
			for range 20 {
				d.wantInTerminal(5, "the keychain stays locked, since nobody gave its password", "token", renews)
			}
			if n := p.Shown(); n != 1 {
				t.Errorf("%d dialogs were shown", n)
			}
			d.UnlockRunningKeyring()
			d.want(0, "", "token", ends)
		})
	}
}

// TestTheTrayComesBackAfterAPrompt restarts the tray's host twenty times, half
// of them while the keychain asks for its password. The icon comes back each
// time, and nothing of it adds up.
func TestTheTrayComesBackAfterAPrompt(t *testing.T) {
	goroutines := func(restarts int) int {
		d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
		d.signedIn()
		d.LockKeyring()
		p := d.StartPrompter(false)
		app := d.startTray()
		restart := func() {
			d.Tray.Hide()
			d.Tray.Show()
			d.Tray.WaitIcon()
			d.Tray.WaitEntry("Plant*")
		}
		asks := d.inTerminal("token", renews)
		d.Wait("what it waits for", func() bool { return strings.Contains(asks.Output(), "waiting to be unlocked") })
		for range restarts / 2 {
			restart()
		}
		if p.Shown() != 1 {
			t.Errorf("%d dialogs were shown", p.Shown())
		}
		d.UnlockRunningKeyring()
		d.Tray.WaitEntry("Plant · signed in")
		for range restarts / 2 {
			restart()
		}
		// Whoever listens on the bus of the tray would be seen here.
		if err := app.Signal(syscall.SIGQUIT); err != nil {
			t.Fatal(err)
		}
		d.Exit(app)
		return strings.Count(app.Output(), "\ngoroutine ")
	}
	none, twenty := goroutines(0), goroutines(20)
	t.Logf("%d goroutines, after twenty restarts %d", none, twenty)
	if none == 0 || twenty > none+3 {
		t.Errorf("%d goroutines became %d", none, twenty)
	}
}
