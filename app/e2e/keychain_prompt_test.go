//go:build linux

package e2e_test

import (
	"fmt"
	"strings"
	"syscall"
	"testing"

	"keyfob/app/e2e/bed"
)

// TestAPersonTypesThePassword answers the real dialog of the desktop: with an
// engine the session then appears by itself, and without one the command that
// asked goes on.
func TestAPersonTypesThePassword(t *testing.T) {
	s := newSafe(t, bed.Options{Windows: true}, 0)
	s.signedIn()
	token := s.keyfob("token", renews).out
	s.EnableRealPrompter()
	const waiting = "the keychain is waiting to be unlocked"
	answer := func() {
		t.Helper()
		w := s.WaitWindow(".*[Kk]eyring.*")
		s.WaitDrawn(w)
		s.Screenshot("keychain-prompt.png")
		s.Run("xdotool", "windowfocus", "--sync", string(w), "type", "--clearmodifiers", bed.KeyringPassword)
		s.Key(w, "Return")
	}

	s.LockKeyring()
	alone := s.Start(s.program(), "token", renews)
	s.Wait("what it waits for", func() bool { return strings.Contains(alone.Output(), waiting) })
	answer()
	if code := s.Exit(alone); code != 0 || !strings.Contains(alone.Output(), token) {
		t.Errorf("alone `keyfob token` ended with %d, with the token: %v", code, strings.Contains(alone.Output(), token))
	}

	s.LockKeyring()
	app := s.start()
	s.Tray.WaitEntry("Plant · keychain locked", "*sign in here, and it asks for its password")
	s.want(5, waiting, "token", renews)
	s.Tray.WaitEntry("Plant · unlock the keychain")
	answer()
	s.Tray.WaitEntry("Plant · signed in")
	s.Tray.WaitEntry("Park · 5*") // which nobody asked for

	// A click on "Sign in" asks, too, and needs no browser when that is enough.
	s.LockKeyring()
	s.quit(app)
	s.start()
	s.Tray.Click("Plant · keychain locked", "Sign in")
	answer()
	s.Tray.WaitEntry("Plant · signed in")
	if n := s.Browser.Opened(); n != 0 {
		t.Errorf("the browser was opened %d times", n)
	}
}

// TestOnePromptForEverybody has fifty processes ask for a token of a locked
// keychain at once, and then again and again, while nobody gives its password.
func TestOnePromptForEverybody(t *testing.T) {
	for _, engine := range []bool{true, false} {
		t.Run(fmt.Sprint("engine: ", engine), func(t *testing.T) {
			s := newSafe(t, bed.Options{NoDisplay: true}, 0)
			s.signedIn()
			s.LockKeyring()
			p := s.StartPrompter(false)
			if engine {
				s.start()
				s.Tray.WaitEntry("Plant · keychain locked")
			}
			for range 5 {
				if got := s.keyfob("status"); got.code != 0 || strings.Count(got.out, "keychain is locked") != 2 {
					t.Errorf("status ended with %d: %s", got.code, got.out)
				}
			}
			if n := p.Shown(); n != 0 {
				t.Errorf("%d dialogs were shown before anybody asked for a token", n)
			}
			all := make([]*bed.Process, 50)
			for i := range all {
				all[i] = s.Start(s.program(), "token", []string{renews, ends}[i%2])
			}
			p.WaitShown(1)
			p.Shut()
			for _, token := range all {
				if code := s.Exit(token); code != 5 {
					t.Errorf("`keyfob token` ended with %d: %s", code, token.Output())
				}
			}
			for range 20 {
				s.want(5, "the keychain stays locked, since nobody gave its password", "token", renews)
			}
			if n := p.Shown(); n != 1 {
				t.Errorf("%d dialogs were shown", n)
			}
			s.UnlockRunningKeyring()
			s.want(0, "", "token", ends)
		})
	}
}

// TestTheTrayComesBackAfterAPrompt restarts the tray's host twenty times, half
// of them while the keychain asks for its password. The icon comes back each
// time, and nothing of it adds up.
func TestTheTrayComesBackAfterAPrompt(t *testing.T) {
	goroutines := func(restarts int) int {
		s := newSafe(t, bed.Options{NoDisplay: true}, 0)
		s.signedIn()
		s.LockKeyring()
		p := s.StartPrompter(false)
		app := s.start()
		restart := func() {
			s.Tray.Hide()
			s.Tray.Show()
			s.Tray.WaitIcon()
			s.Tray.WaitEntry("Plant*")
		}
		s.want(5, "waiting to be unlocked", "token", renews)
		for range restarts / 2 {
			restart()
		}
		if p.Shown() != 1 {
			t.Errorf("%d dialogs were shown", p.Shown())
		}
		s.UnlockRunningKeyring()
		s.Tray.WaitEntry("Plant · signed in")
		for range restarts / 2 {
			restart()
		}
		// Whoever listens on the bus of the tray would be seen here.
		if err := app.Signal(syscall.SIGQUIT); err != nil {
			t.Fatal(err)
		}
		s.Exit(app)
		return strings.Count(app.Output(), "\ngoroutine ")
	}
	none, twenty := goroutines(0), goroutines(20)
	t.Logf("%d goroutines, after twenty restarts %d", none, twenty)
	if none == 0 || twenty > none+3 {
		t.Errorf("%d goroutines became %d", none, twenty)
	}
}
