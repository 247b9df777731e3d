//go:build linux

package e2e_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/idp"
)

// TestTheKeychainIsElsewhere signs in on the desktop and out over SSH, without
// and with a bus that is dead, where the engine that runs has not that keychain either: the session is still there, and that is told. Then
// it has other settings ask for it.
func TestTheKeychainIsElsewhere(t *testing.T) {
	_, issuer := startProvider(t, idp.Client{ID: "web", Refresh: true})
	d := newDesktopWith(t, bed.Options{NoDisplay: true, NoNotes: true}, "keyfob")
	settings := func(client, issuer string) string {
		return fmt.Sprintf(
			"[tools.web]\nissuer = %q\nclient_id = %q\nhome = \"https://web.example.com\"\nscopes = [\"openid\", \"offline_access\"]\n",
			issuer,
			client,
		)
	}
	d.settings(settings("web", issuer))
	d.mustLogin("web")
	token := d.keyfob("token", "web").out

	for _, bus := range []string{"", "unix:path=" + filepath.Join(d.Dir, "nobody")} {
		d.quitEngine()
		away := func(args ...string) result {
			cmd := d.Command(d.program(), args...)
			cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool { return strings.HasPrefix(s, "DBUS_SESSION_BUS_ADDRESS=") })
			if bus != "" {
				cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+bus)
			}
			var out strings.Builder
			cmd.Stdout = &out
			p := d.StartCommand(cmd)
			code := d.Exit(p)
			return result{code, out.String(), p.Output()}
		}
		for _, args := range [][]string{
			{"logout", "web"}, {"logout", "web", "--local"}, {"logout", "--all"}, {"logout", "--all", "--local"},
		} {
			got := away(args...)
			said := strings.Contains(got.err, "not signed out of web") || slices.Contains(args, "--local")
			if got.code != 5 || !said || strings.Contains("\n"+got.err, "\nsigned out") {
				t.Errorf("bus %q, %q: %d\n%s", bus, args, got.code, got.err)
			}
		}
		if got := away("status", "--json"); !strings.Contains(got.out, `"state": "unavailable"`) {
			t.Errorf("bus %q, status: %s", bus, got.out)
		}
	}
	d.quitEngine()
	if got := d.keyfob("token", "web"); got.code != 0 || got.out != token {
		t.Errorf("the session is lost: %d\n%s", got.code, got.err)
	}

	for what, text := range map[string]string{"client": settings("other", issuer), "provider": settings("web", "https://idp.example.com")} {
		d.settings(text)
		d.Wait("the engine to follow the settings", func() bool {
			return strings.Contains(d.keyfob("token", "web").err, "another "+what)
		})
		for _, args := range [][]string{{"token", "web"}, {"token", "web", "--curl"}, {"token", "web", "--id-token"}} {
			if got := d.keyfob(args...); got.code != 3 || got.out != "" || !strings.Contains(got.err, "another "+what) {
				t.Errorf("%s, %q: %d %q\n%s", what, args, got.code, got.out, got.err)
			}
		}
	}
	other := filepath.Join(d.Dir, "other.toml")
	if err := os.WriteFile(other, []byte("[tools.mes]\nissuer = \"https://idp.example.com\"\nclient_id = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := d.keyfob("logout", "--all", "--config", other); got.code != 0 || d.Secrets() == 0 {
		t.Errorf("other settings signed out of everything: %d\n%s", got.code, got.err)
	}
	d.settings(settings("web", issuer))
	d.Wait("the engine to follow the settings", func() bool { return d.keyfob("token", "web").code == 0 })
	if got := d.keyfob("token", "web"); got.code != 0 || got.out != token {
		t.Errorf("after the change was taken back: %d\n%s", got.code, got.err)
	}
	if got := d.keyfob("logout", "web"); got.code != 0 || d.Secrets() != 0 {
		t.Errorf("signing out at last: %d, %d items\n%s", got.code, d.Secrets(), got.err)
	}
}
