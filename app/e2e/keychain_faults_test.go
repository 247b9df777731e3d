//go:build linux

package e2e_test

import (
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
)

// Each way in which the keychain can fail has its own words, says what to do,
// deletes nothing, writes nothing elsewhere, and ends by itself when the
// keychain is back, without a new start and without a sign-in.
func TestAKeychainThatFails(t *testing.T) {
	const locked = "the keychain is locked"
	var p *bed.Prompter
	faults := []struct {
		name   string
		begin  func(d *keychainDesktop)
		menu   string // what stands behind the tool's name
		status string
		token  string // what `keyfob token` says
		during func(d *keychainDesktop)
		shut   func()
		end    func(d *keychainDesktop)
	}{
		{
			name: "locked, and nothing can ask", menu: "keychain locked", status: locked,
			begin: func(d *keychainDesktop) { d.LockKeyring() },
			token: "the keychain is locked, and nothing here can ask for its password: unlock it on the desktop",
			end:   func(d *keychainDesktop) { d.UnlockRunningKeyring() },
		},
		{
			name: "its dialog is closed", menu: "keychain locked", status: locked,
			begin: func(d *keychainDesktop) { d.LockKeyring(); p = d.StartPrompter(true) },
			token: "the keychain stays locked, since nobody gave its password: sign in to be asked again",
			end:   func(d *keychainDesktop) { p.Close(); d.UnlockRunningKeyring() },
		},
		{
			name: "its dialog is ignored", menu: "keychain locked", status: locked,
			begin:  func(d *keychainDesktop) { d.LockKeyring(); p = d.StartPrompter(false) },
			token:  "the keychain is waiting to be unlocked: give its password to the window that asks for it",
			during: func(*keychainDesktop) { p.WaitShown(1) },
			shut:   func() { p.Shut() },
			end:    func(d *keychainDesktop) { d.UnlockRunningKeyring(); p.Close() },
		},
		{
			name: "killed while it asks", menu: "keychain locked", status: locked,
			begin:  func(d *keychainDesktop) { d.LockKeyring(); p = d.StartPrompter(false) },
			token:  "the keychain broke off in the middle: try again",
			during: func(d *keychainDesktop) { p.WaitShown(1); d.KillKeyring() },
			end:    func(d *keychainDesktop) { p.Close(); d.UnlockKeyring() },
		},
		{
			name: "stopped", menu: "keychain does not answer", status: "the keychain does not answer",
			begin: func(d *keychainDesktop) { d.FreezeKeyring() },
			token: "the keychain does not answer: end its program and start it again if it stays so",
			end:   func(d *keychainDesktop) { d.ThawKeyring() },
		},
		{
			name: "absent", menu: "no keychain", status: "no program offers the Secret Service",
			begin: func(d *keychainDesktop) { d.KillKeyring() },
			token: "the keychain that holds the tokens cannot be reached: no program offers the Secret Service",
			end:   func(d *keychainDesktop) { d.UnlockKeyring() },
		},
	}
	said := map[string]string{}
	for _, f := range faults {
		said[f.token] += f.name
		for _, how := range []string{"with a tray", "without"} {
			t.Run(f.name+" "+how, func(t *testing.T) {
				d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
				d.signedIn()
				before := d.items()
				signedIn, err := d.stored(renews)
				if err != nil {
					t.Fatal(err)
				}
				f.begin(d)
				if how == "with a tray" {
					d.startTray()
					d.Tray.WaitEntry("Plant · " + f.menu)
				}
				if got := d.keyfob("status", renews); got.code != 0 || !strings.Contains(got.out, f.status) {
					t.Errorf("status ended with %d: %q, want %q", got.code, got.out, f.status)
				}
				start := time.Now()
				token := d.inTerminal("token", renews)
				if f.during != nil {
					f.during(d)
				}
				d.Wait("what it says", func() bool { return strings.Contains(token.Output(), "keyfob: ") })
				t.Logf("after %v: %s", time.Since(start).Round(10*time.Millisecond), token.Output())
				if !strings.Contains(token.Output(), f.token) {
					t.Errorf("`keyfob token` said %q, want %q", token.Output(), f.token)
				}
				if f.shut != nil {
					f.shut() // it waits for the person
				}
				if got := d.Exit(token); got != 5 {
					t.Errorf("`keyfob token` ended with %d, want 5", got)
				}
				f.end(d)
				if how == "with a tray" {
					d.Tray.WaitEntry("Plant · signed in")
				}
				if got := d.keyfob("token", renews); got.code != 0 || secret(got.out) != signedIn.Access {
					t.Errorf(
						"afterwards `keyfob token` ended with %d, with another token: %v: %s",
						got.code,
						secret(got.out) != signedIn.Access,
						got.err,
					)
				}
				d.checkUnchanged(before)
				d.checkNoFileHolds(secretsOf(signedIn)...)
				if n := d.Browser.Opened(); n != 0 {
					t.Errorf("the browser was opened %d times", n)
				}
			})
		}
	}
	if len(said) != len(faults) {
		t.Errorf("%d faults have %d messages: %v", len(faults), len(said), said)
	}
}
