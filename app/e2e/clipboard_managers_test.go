//go:build linux

package e2e_test

import (
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// TestNoManagerBringsATokenBack after its time, or after the end of Keyfob,
// though each of these keeps it in a history.
func TestNoManagerBringsATokenBack(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	for _, m := range []bed.ClipboardManager{bed.Clipman, bed.Parcellite, bed.CopyQ} {
		t.Run(string(m), func(t *testing.T) {
			d := newDesktopWith(t, bed.Options{}, "keyfob")
			d.Browser.Install()
			d.settings("[clipboard]\nclear_after = \"3s\"\n" + tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
			app := d.startTray()
			if got := d.keyfob("login", "plant4"); got.code != 0 {
				t.Fatalf("login: %s", got.err)
			}
			d.StartClipboardManager(m)
			token := d.copyToken("ThingWorx Plant 4*")
			d.Wait("the manager to have the token", func() bool { return d.Remembers(m, token.Reveal()) })
			d.Wait("the end of its time", func() bool { return d.Clipboard() != token.Reveal() })
			d.checkStaysAway("its time", token)

			d.copyElsewhere("mine")
			token = d.copyToken("ThingWorx Plant 4*")
			d.Wait("the manager to have the token again", func() bool { return d.Remembers(m, token.Reveal()) })
			d.quitTray(app)
			d.checkStaysAway("the end", token)
		})
	}
}

// checkStaysAway watches the clipboard for as long as managers take to act.
func (d *desktop) checkStaysAway(when string, token auth.Secret) {
	d.t.Helper()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if d.Clipboard() == token.Reveal() {
			d.t.Fatalf("after %s the token can be pasted", when)
		}
	}
}
