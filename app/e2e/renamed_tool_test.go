//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/idp"
)

// TestARenamedToolLeavesNothing renames a tool in the settings by hand: what the
// keychain holds under its old name is told, and can be deleted, with an engine
// and without one.
func TestARenamedToolLeavesNothing(t *testing.T) {
	p, err := idp.New(idp.Config{Users: map[string]auth.Secret{"ann": "pw"}, Clients: []idp.Client{{ID: "web", Refresh: true}}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := newRigOf(t, bed.Options{NoDisplay: true, NoNotes: true}, "keyfob")
	tools := func(ids ...string) {
		text := ""
		for _, id := range ids {
			text += fmt.Sprintf("[tools.%s]\nissuer = %q\nclient_id = \"web\"\nscopes = [\"openid\", \"offline_access\"]\n", id, issuer)
		}
		r.settings(text)
	}
	login := func(id string) {
		t.Helper()
		cmd := r.Start(r.program(), "login", id, "--no-browser")
		var address string
		r.Wait("the address", func() bool {
			for line := range strings.Lines(cmd.Output()) {
				if strings.HasPrefix(line, "http") && strings.HasSuffix(line, "\n") {
					address = strings.TrimSpace(line)
				}
			}
			return address != ""
		})
		if err := (idp.Person{Username: "ann", Password: "pw"}).SignIn(t.Context(), address); err != nil {
			t.Fatal(err)
		}
		if code := r.Exit(cmd); code != 0 {
			t.Fatalf("login: %d\n%s", code, cmd.Output())
		}
	}
	const told = `keyfob: the keychain still holds the sign-in of "plant6", which is no longer in the settings: put the tool back, or run ` + "`keyfob logout plant6` to delete it\n"
	forgets := func(engine string) {
		t.Helper()
		tools("mes")
		before := r.Secrets()
		for _, args := range [][]string{{"status"}, {"tools", "list"}} {
			if got := r.keyfob(args...); got.code != 0 || got.err != told {
				t.Errorf("%s, %q: %d\n%s%s", engine, args, got.code, got.out, got.err)
			}
		}
		if got := r.keyfob("logout", "plant6"); got.code != 0 ||
			got.err != "deleted what the keychain held of plant6; the provider was not told, since the tool is no longer in the settings\n" {
			t.Errorf("%s, logout: %d\n%s", engine, got.code, got.err)
		}
		if after := r.Secrets(); after >= before {
			t.Errorf("%s: the keychain holds %d items, and held %d before", engine, after, before)
		}
		if got := r.keyfob("status"); got.err != "" {
			t.Errorf("%s, afterwards: %s", engine, got.err)
		}
		if got := r.keyfob("logout", "plant6"); got.code != 2 || !strings.Contains(got.err, `there is no tool "plant6"`) {
			t.Errorf("%s, once more: %d\n%s", engine, got.code, got.err)
		}
	}

	tools("plant6")
	login("plant6")
	forgets("without an engine")
	if n := r.Secrets(); n != 0 {
		t.Errorf("the keychain holds %d items", n)
	}

	// What a Keyfob without such a note has stored is found by its name.
	tools("plant6")
	login("plant6")
	if err := os.Remove(filepath.Join(r.Home, ".local", "state", "keyfob", "stored.json")); err != nil {
		t.Fatal(err)
	}
	tools("mes")
	if got := r.keyfob("logout", "plant6"); got.code != 0 || r.Secrets() != 0 {
		t.Errorf("found by name: %d, %d items\n%s", got.code, r.Secrets(), got.err)
	}

	// With an engine, and all at once. A tool that stays keeps what it has.
	tools("plant6", "mes", "old")
	engine := r.Start(r.program(), "agent")
	r.Wait("the engine", func() bool { return strings.Contains(r.keyfob("status").out, "mes") })
	login("plant6")
	login("mes")
	login("old")
	tools("plant6", "mes")
	r.Wait("the engine's settings", func() bool { return !strings.Contains(r.keyfob("status").out, "old") })
	if got := r.keyfob("logout", "--all"); got.code != 0 || !strings.Contains(got.err, "deleted what the keychain held of old;") ||
		r.Secrets() != 0 {
		t.Errorf("logout --all: %d, %d items\n%s", got.code, r.Secrets(), got.err)
	}
	login("plant6")
	login("mes")
	tools("mes")
	r.Wait("the engine's settings", func() bool { return !strings.Contains(r.keyfob("status").out, "plant6") })
	forgets("with an engine")
	if got := r.keyfob("token", "mes"); got.code != 0 {
		t.Errorf("the tool that stays: %d\n%s", got.code, got.err)
	}
	if err := engine.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	r.Exit(engine)
}
