//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/idp"
)

// TestARenamedToolLeavesNothing renames a tool in the settings by hand: what the
// keychain holds under its old name is told, and can be deleted, with an engine in
// the background and with one that stays.
func TestARenamedToolLeavesNothing(t *testing.T) {
	_, issuer := startProvider(t, idp.Client{ID: "web", Refresh: true})
	d := newDesktopWith(t, bed.Options{NoDisplay: true, NoNotes: true}, "keyfob")
	tools := func(ids ...string) {
		text := ""
		for _, id := range ids {
			text += fmt.Sprintf("[tools.%s]\nissuer = %q\nclient_id = \"web\"\nscopes = [\"openid\", \"offline_access\"]\n", id, issuer)
		}
		d.settings(text)
	}
	const told = `keyfob: the keychain still holds the sign-in of "plant6", which is no longer in the settings: put the tool back, or ` +
		`run ` + "`keyfob logout plant6` to delete it\n"
	forgets := func(engine string) {
		t.Helper()
		tools("mes")
		before := d.Secrets()
		for _, args := range [][]string{{"status"}, {"tools", "list"}} {
			if got := d.keyfob(args...); got.code != 0 || got.err != told {
				t.Errorf("%s, %q: %d\n%s%s", engine, args, got.code, got.out, got.err)
			}
		}
		if got := d.keyfob("logout", "plant6"); got.code != 0 ||
			got.err != "deleted what the keychain held of plant6; the provider was not told, since the tool is no longer in the "+
				"settings\n" {
			t.Errorf("%s, logout: %d\n%s", engine, got.code, got.err)
		}
		if after := d.Secrets(); after >= before {
			t.Errorf("%s: the keychain holds %d items, and held %d before", engine, after, before)
		}
		if got := d.keyfob("status"); got.err != "" {
			t.Errorf("%s, afterwards: %s", engine, got.err)
		}
		if got := d.keyfob("logout", "plant6"); got.code != 2 || !strings.Contains(got.err, `there is no tool "plant6"`) {
			t.Errorf("%s, once more: %d\n%s", engine, got.code, got.err)
		}
	}

	tools("plant6")
	d.mustLogin("plant6")
	forgets("with an engine in the background")
	if n := d.Secrets(); n != 0 {
		t.Errorf("the keychain holds %d items", n)
	}

	// What a Keyfob without such a note has stored is found by its name.
	tools("plant6")
	d.mustLogin("plant6")
	if err := os.Remove(filepath.Join(d.Home, ".local", "state", "keyfob", "stored.json")); err != nil {
		t.Fatal(err)
	}
	tools("mes")
	if got := d.keyfob("logout", "plant6"); got.code != 0 || d.Secrets() != 0 {
		t.Errorf("found by name: %d, %d items\n%s", got.code, d.Secrets(), got.err)
	}

	// With an engine that stays, and all at once. A tool that stays keeps what it has.
	tools("plant6", "mes", "old")
	if got := d.keyfob("quit", "--wait"); got.code != 0 {
		t.Fatalf("quit: %d %s", got.code, got.err)
	}
	engine := d.Start(d.program(), "agent")
	d.waitEngine() // a command would start another one
	d.mustLogin("plant6")
	d.mustLogin("mes")
	d.mustLogin("old")
	tools("plant6", "mes")
	d.Wait("the engine's settings", func() bool { return !strings.Contains(d.keyfob("status").out, "old") })
	if got := d.keyfob("logout", "--all"); got.code != 0 || !strings.Contains(got.err, "deleted what the keychain held of old;") ||
		d.Secrets() != 0 {
		t.Errorf("logout --all: %d, %d items\n%s", got.code, d.Secrets(), got.err)
	}
	d.mustLogin("plant6")
	d.mustLogin("mes")
	tools("mes")
	d.Wait("the engine's settings", func() bool { return !strings.Contains(d.keyfob("status").out, "plant6") })
	forgets("with an engine")
	if got := d.keyfob("token", "mes"); got.code != 0 {
		t.Errorf("the tool that stays: %d\n%s", got.code, got.err)
	}
	if err := engine.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	d.Exit(engine)
}
