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
	"keyfob/auth"
	"keyfob/auth/idp"
)

// TestTheKeychainIsElsewhere signs in on the desktop and out over SSH, without
// and with a bus that is dead: the session is still there, and that is told. Then
// it has other settings ask for it.
func TestTheKeychainIsElsewhere(t *testing.T) {
	p, err := idp.New(idp.Config{Users: map[string]auth.Secret{"ann": "pw"}, Clients: []idp.Client{{ID: "web", Refresh: true}}})
	if err != nil {
		t.Fatal(err)
	}
	issuer, err := p.Start(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	r := newRigOf(t, bed.Options{NoDisplay: true, NoNotes: true}, "keyfob")
	settings := func(client, issuer string) string {
		return fmt.Sprintf(
			"[tools.web]\nissuer = %q\nclient_id = %q\nhome = \"https://web.example.com\"\nscopes = [\"openid\", \"offline_access\"]\n",
			issuer,
			client,
		)
	}
	r.settings(settings("web", issuer))
	cmd := r.Start(r.program(), "login", "web", "--no-browser")
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
	token := r.keyfob("token", "web").out

	for _, bus := range []string{"", "unix:path=" + filepath.Join(r.Dir, "nobody")} {
		away := func(args ...string) result {
			cmd := r.Command(r.program(), args...)
			cmd.Env = slices.DeleteFunc(cmd.Env, func(s string) bool { return strings.HasPrefix(s, "DBUS_SESSION_BUS_ADDRESS=") })
			if bus != "" {
				cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+bus)
			}
			var out strings.Builder
			cmd.Stdout = &out
			p := r.StartCommand(cmd)
			code := r.Exit(p)
			return result{code, out.String(), p.Output()}
		}
		for _, args := range [][]string{{"logout", "web"}, {"logout", "web", "--local"}, {"logout", "--all"}, {"logout", "--all", "--local"}} {
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
	if got := r.keyfob("token", "web"); got.code != 0 || got.out != token {
		t.Errorf("the session is lost: %d\n%s", got.code, got.err)
	}

	for what, text := range map[string]string{"client": settings("other", issuer), "provider": settings("web", "https://idp.example.com")} {
		r.settings(text)
		for _, args := range [][]string{{"token", "web"}, {"token", "web", "--curl"}, {"token", "web", "--id-token"}} {
			if got := r.keyfob(args...); got.code != 3 || got.out != "" || !strings.Contains(got.err, "another "+what) {
				t.Errorf("%s, %q: %d %q\n%s", what, args, got.code, got.out, got.err)
			}
		}
	}
	other := filepath.Join(r.Dir, "other.toml")
	if err := os.WriteFile(other, []byte("[tools.mes]\nissuer = \"https://idp.example.com\"\nclient_id = \"x\"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := r.keyfob("logout", "--all", "--config", other); got.code != 0 || r.Secrets() == 0 {
		t.Errorf("other settings signed out of everything: %d\n%s", got.code, got.err)
	}
	r.settings(settings("web", issuer))
	if got := r.keyfob("token", "web"); got.code != 0 || got.out != token {
		t.Errorf("after the change was taken back: %d\n%s", got.code, got.err)
	}
	if got := r.keyfob("logout", "web"); got.code != 0 || r.Secrets() != 0 {
		t.Errorf("signing out at last: %d, %d items\n%s", got.code, r.Secrets(), got.err)
	}
}
