//go:build linux

package e2e_test

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strconv"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/session"
)

// parts are the names of the items that a tool's set is read from: its manifest,
// and the chunks of the slot that counts.
func parts(items map[string]string, tool string) (manifest string, chunks []string) {
	slot := tool + "/a/"
	if strings.Contains(items[tool], `"generation":"b"`) {
		slot = tool + "/b/"
	}
	for name := range items {
		if strings.HasPrefix(name, slot) {
			chunks = append(chunks, name)
		}
	}
	return tool, chunks
}

// TestADamagedEntry starts with each kind of damage in the real keychain:
// Keyfob reports it, sends nothing to the provider and changes nothing, and one
// sign-in fixes it.
func TestADamagedEntry(t *testing.T) {
	flip := func(s string, at int) string { return s[:at] + string(s[at]^1) + s[at+1:] }
	for _, tt := range []struct {
		name  string
		spoil func(items, before map[string]string)
		both  bool // the other tool's entry is damaged, too
	}{
		{name: "a chunk is cut short", spoil: func(items, _ map[string]string) {
			_, chunks := parts(items, renews)
			items[chunks[0]] = items[chunks[0]][:len(items[chunks[0]])/2]
		}},
		{name: "a chunk is missing", spoil: func(items, _ map[string]string) {
			_, chunks := parts(items, renews)
			delete(items, chunks[0])
		}},
		{name: "a bit of a chunk is flipped", spoil: func(items, _ map[string]string) {
			_, chunks := parts(items, renews)
			items[chunks[0]] = flip(items[chunks[0]], 100)
		}},
		{name: "a bit of the manifest is flipped", spoil: func(items, _ map[string]string) {
			items[renews] = flip(items[renews], len(items[renews])-10)
		}},
		{name: "the manifest is somebody else's", spoil: func(items, _ map[string]string) { items[renews] = "hunter2" }},
		{name: "swapped between tools", both: true, spoil: func(items, _ map[string]string) {
			items[renews], items[ends] = items[ends], items[renews]
		}},
		{name: "an old manifest is back", spoil: func(items, before map[string]string) { items[renews] = before[renews] }},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
			d.signedIn()
			before := d.items()
			d.signedIn()
			d.signedIn() // into the slot of the first
			good := len(d.items())
			spoilt := d.items()
			tt.spoil(spoilt, before)
			d.restoreItems(spoilt)
			requests := d.provider.Count("/token")

			app := d.startTray()
			d.Tray.WaitEntry("Plant · keychain entry damaged", "*sign in again to replace them")
			for range 3 {
				d.want(5, "the tokens in the keychain are damaged: ", "token", renews)
			}
			if tt.both {
				d.want(5, "the tokens in the keychain are damaged: ", "token", ends)
			} else {
				d.want(0, "", "token", ends)
			}
			d.checkUnchanged(spoilt)
			if n := d.provider.Count("/token") - requests; n != 0 {
				t.Errorf("%d requests to the provider", n)
			}

			for _, tool := range []string{renews, ends} {
				if tool == renews || tt.both {
					d.mustLogin(tool)
				}
			}
			d.waitStored(renews)
			if n := len(d.items()); n > good {
				t.Errorf("%d items are in the keychain, want %d at most", n, good)
			}
			d.quitTray(app)
			d.want(0, "", "token", renews)
			d.want(0, "", "token", ends)
		})
	}
}

// TestADamagedEntryIsThrownAway signs out of it.
func TestADamagedEntryIsThrownAway(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
	d.signedIn()
	items := d.items()
	items[renews] = "hunter2"
	d.restoreItems(items)
	d.startTray()
	d.Tray.Click("Plant · keychain entry damaged", "Sign out")
	d.Tray.WaitEntry("Plant · signed out")
	for name := range d.items() {
		if name == renews || strings.HasPrefix(name, renews+"/") {
			t.Errorf("%s is left", name)
		}
	}
	d.want(0, "", "token", ends)
}

// TestARestoredBackup puts a whole keychain of yesterday back, in which the
// refresh token has been used since. The provider takes that for theft and
// ends the session: one prompt, no loop, and one sign-in.
func TestARestoredBackup(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 12*time.Second)
	d.mustLogin(renews)
	yesterday := d.items()
	old := secret(d.keyfob("token", renews, "--min-valid", "1s").out)
	d.Wait("a renewal", func() bool {
		token := secret(d.keyfob("token", renews, "--min-valid", "11s").out)
		return token != "" && token != old
	})
	d.quitEngine()
	d.restoreItems(yesterday)

	app := d.startTray()
	d.Tray.WaitEntry("Plant · sign in again*")
	requests := d.provider.Count("/token")
	for range 20 {
		d.want(3, "", "token", renews)
	}
	d.quitTray(app)
	app = d.startTray()
	d.Tray.WaitEntry("Plant · sign in again*")
	d.want(3, "", "token", renews)
	if n := d.provider.Count("/token") - requests; n != 0 {
		t.Errorf("%d more requests with a refresh token that was refused", n)
	}
	prompts := map[uint32]bool{}
	for _, n := range d.Notes.All() {
		if strings.Contains(n.Summary, "has ended") {
			prompts[n.ID] = true
		}
	}
	t.Logf("%d prompts in two starts", len(prompts))
	if len(prompts) > 1 {
		t.Errorf("%d prompts", len(prompts))
	}
	d.mustLogin(renews)
	d.Tray.WaitEntry("Plant · signed in")
	d.quitTray(app)
	d.want(0, "", "token", renews, "--min-valid", "1s")
}

// newer is item as a Keyfob of the future might have written it.
func newer(name, body string) string {
	const version = 3
	h := sha256.New()
	for _, part := range []string{"keyfob", name, strconv.Itoa(version), body} {
		h.Write([]byte(part))
		h.Write([]byte{0})
	}
	return "keyfob" + strconv.Itoa(version) + " " + hex.EncodeToString(h.Sum(nil)) + " " + body
}

// TestANewerFormat leaves what a newer Keyfob stored as it is, whatever is
// asked for, and says so; after an upgrade and a downgrade the session is
// there again.
func TestANewerFormat(t *testing.T) {
	const says = "the tokens in the keychain were written by a newer keyfob: use that version"
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
	d.signedIn()
	old := d.items()
	items := maps.Clone(old)
	items[renews] = newer(renews, `{"blob":"of the future"}`)
	d.restoreItems(items)
	everything := func(how string) {
		t.Helper()
		d.want(5, says, "token", renews)
		d.want(5, says, "logout", renews)
		d.want(5, says, "token", renews)
		if got := d.login(renews); got.code != 5 || !strings.Contains(got.err, says) || strings.Contains(got.err, d.issuer) {
			t.Errorf("%s: login ended with %d: %s", how, got.code, got.err)
		}
		if got := d.snapshot(renews); got.State != session.Unavailable || got.Problem == nil || got.Problem.Code != "keychain_newer" {
			t.Errorf("%s: status says %+v", how, got)
		}
		d.checkUnchanged(items)
	}
	everything("alone")
	app := d.startTray()
	if e := d.Tray.WaitEntry("Plant · stored by newer Keyfob", "Sign in"); e.Enabled {
		t.Error("the menu offers to sign in")
	}
	everything("with the tray")
	d.want(0, "", "token", ends)
	d.quitTray(app)
	d.restoreItems(old)
	d.want(0, "", "token", renews)
}
