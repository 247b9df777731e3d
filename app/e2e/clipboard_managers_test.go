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
			r := newRigOf(t, bed.Options{}, "keyfob")
			r.Browser.Install()
			r.settings("[clipboard]\nclear_after = \"3s\"\n" + tool("plant4", "ThingWorx Plant 4", s, npm.Native, false))
			app := r.start()
			if got := r.keyfob("login", "plant4"); got.code != 0 {
				t.Fatalf("login: %s", got.err)
			}
			r.StartClipboardManager(m)
			token := r.copied("ThingWorx Plant 4*")
			r.Wait("the manager to have the token", func() bool { return r.Remembers(m, token.Reveal()) })
			r.Wait("the end of its time", func() bool { return r.Clipboard() != token.Reveal() })
			r.staysAway("its time", token)

			r.copyElsewhere("mine")
			token = r.copied("ThingWorx Plant 4*")
			r.Wait("the manager to have the token again", func() bool { return r.Remembers(m, token.Reveal()) })
			r.quit(app)
			r.staysAway("the end", token)
		})
	}
}

// staysAway watches the clipboard for as long as managers take to act.
func (r *rig) staysAway(when string, token auth.Secret) {
	r.t.Helper()
	for end := time.Now().Add(2 * time.Second); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if r.Clipboard() == token.Reveal() {
			r.t.Fatalf("after %s the token can be pasted", when)
		}
	}
}
