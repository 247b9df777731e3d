//go:build linux

package e2e_test

import (
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// canary is a client secret that must be nowhere but in the keychain.
const canary = "canary+s3cret/of:the client-0123456789"

// keyfobWithInput runs the command line with something on its standard input.
func (d *desktop) keyfobWithInput(input string, args ...string) result {
	d.t.Helper()
	cmd := d.Command(d.program(), args...)
	var out strings.Builder
	cmd.Stdin, cmd.Stdout = strings.NewReader(input), &out
	p := d.StartCommand(cmd)
	code := d.Exit(p)
	return result{code, out.String(), p.Output()}
}

// checkNowhere fails the test if a file that Keyfob can write, or one of its
// processes, shows the canary. The keychain's own files are left out.
func (d *desktop) checkNowhere(processes ...*bed.Process) {
	d.t.Helper()
	seen := 0
	for _, dir := range []string{
		filepath.Join(d.Home, ".config", "keyfob"), filepath.Join(d.Home, ".cache", "keyfob"), filepath.Join(d.Runtime, "keyfob"),
	} {
		_ = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || !entry.Type().IsRegular() {
				return nil // it may be gone by now
			}
			data, _ := os.ReadFile(path)
			if seen++; strings.Contains(string(data), "canary") {
				d.t.Errorf("%s holds the client secret", path)
			}
			return nil
		})
	}
	if seen == 0 {
		d.t.Error("no file was looked at")
	}
	for _, p := range processes {
		if strings.Contains(p.Output(), "canary") {
			d.t.Error("a process printed the client secret")
		}
	}
}

// TestServiceAccountOnARealDesktop: the secret goes from standard input into
// the keychain, and tokens come without a person, from any engine.
func TestServiceAccountOnARealDesktop(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{
		{ID: "robot", Secret: canary, Auth: "client_secret_basic", Service: true, AccessTTL: 6 * time.Second},
	}})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	want := func(code int, got result) result {
		t.Helper()
		if got.code != code || strings.Contains(got.out+got.err, "canary") {
			t.Fatalf("ended with %d, want %d: %s", got.code, code, strings.ReplaceAll(got.err, canary, "CANARY"))
		}
		return got
	}
	want(
		0,
		d.keyfob("tools", "add", "robot", "--issuer", s.Issuer, "--client-id", "robot", "--grant", "client_credentials", "--scopes", "api"),
	)
	if got := want(1, d.keyfob("token", "robot")); !strings.Contains(
		got.err,
		"no client secret is stored for robot: run `keyfob tools secret robot`",
	) {
		t.Errorf("without a secret: %s", got.err)
	}
	want(0, d.keyfobWithInput("wrong-canary\n", "tools", "secret", "robot"))
	want(1, d.keyfob("token", "robot"))
	want(0, d.keyfobWithInput(canary+"\r\n", "tools", "secret", "robot"))

	var tokens []string
	take := func() {
		t.Helper()
		got := want(0, d.keyfob("token", "robot", "--min-valid", "1s"))
		if is, client, _ := active(t, s, secret(got.out)); !is || client != "robot" {
			t.Errorf("the provider knows the token as active %v, of %v", is, client)
		}
		tokens = append(tokens, got.out)
	}
	take() // with an engine in the background
	want(0, d.keyfob("quit", "--wait"))
	agent := d.Start(d.program(), "agent")
	d.Wait("the agent", func() bool {
		_, err := os.Stat(filepath.Join(d.Runtime, "keyfob", "agent.sock"))
		return err == nil
	})
	take()
	d.Wait("a new token after the first one's end", func() bool {
		take()
		return tokens[len(tokens)-1] != tokens[0]
	})
	got := want(0, d.keyfob("status"))
	if !strings.Contains(got.out, "robot (robot): has a token; robot; renews by itself") {
		t.Errorf("status says %s", got.out)
	}
	for _, file := range []string{"cmdline", "environ"} {
		data, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", agent.PID(), file))
		if err != nil || strings.Contains(string(data), "canary") {
			t.Errorf("the agent's %s: %v", file, err)
		}
	}
	d.checkNowhere(agent)

	want(0, d.keyfob("tools", "secret", "robot", "--remove"))
	want(0, d.keyfob("logout", "robot"))
	if got := want(1, d.keyfob("token", "robot")); !strings.Contains(got.err, "no client secret is stored") {
		t.Errorf("after the secret was removed: %s", got.err)
	}
	if n := d.Browser.Opened(); n != 0 {
		t.Errorf("the browser was opened %d times for a service account", n)
	}
}

// TestImportedClientSignsIn imports a file of ThingWorx's with its secret, signs
// in with it in a real browser, and takes the tool out again.
func TestImportedClientSignsIn(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: "web", Secret: canary, Auth: "client_secret_post"}}})
	d := newDesktop(t, bed.Options{NoDisplay: true})
	d.Browser.Install()
	// As people write it: a comma missing and a brace too many.
	file := filepath.Join(d.Dir, "sso-settings.json")
	text, err := json.Marshal(
		map[string]any{
			"clientId":         "web",
			"clientSecret":     canary,
			"authorizeUri":     s.Issuer + "/auth",
			"tokenUri":         s.Issuer + "/token",
			"clientAuthScheme": "form",
		},
	)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte("{\n\"KeyManagerSettings\": {\"keyStoreStorePass\": "+
		"\"canary-keystore\"}\n\"AuthorizationServersSettings\": {\"CAS\": "+string(text)+"}\n}\n}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	want := func(code int, args ...string) result {
		t.Helper()
		got := d.keyfob(args...)
		if got.code != code || strings.Contains(got.out+got.err, "canary") {
			t.Fatalf("%q ended with %d, want %d: %s", args, got.code, code, strings.ReplaceAll(got.err, canary, "CANARY"))
		}
		return got
	}
	if got := want(0, "tools", "import", "--with-secret", file); !strings.Contains(got.out, "clientSecret is stored in the keychain") ||
		!strings.Contains(got.out, ":2: a comma is missing") ||
		!strings.Contains(got.out, ":5: a closing brace too many") {
		t.Errorf("import says %s", got.out)
	}
	// The client is registered with a redirect URI of its own.
	written, err := os.ReadFile(filepath.Join(d.Home, ".config", "keyfob", "keyfob.toml"))
	if err != nil {
		t.Fatal(err)
	}
	d.settings(strings.Replace(string(written), "[tools.cas]\n", "[tools.cas]\nredirect = \"http://127.0.0.1/callback\"\n", 1))
	want(0, "login", "cas")
	got := want(0, "token", "cas")
	if is, client, _ := active(t, s, secret(got.out)); !is || client != "web" {
		t.Errorf("the provider knows the token as active %v, of %v", is, client)
	}
	d.checkNowhere()

	if got := want(0, "tools", "remove", "cas"); !strings.Contains(got.out, "[tools.cas]") ||
		!strings.Contains(got.err, "its tokens are still in the keychain") ||
		!strings.Contains(got.err, "its client secret is still in the keychain") {
		t.Errorf("remove says %s%s", got.out, got.err)
	}
	want(0, "tools", "import", "--with-secret", file)
	if got := want(0, "tools", "remove", "cas", "--logout"); !strings.Contains(got.err, "the keychain holds nothing of it") {
		t.Errorf("remove --logout says %s", got.err)
	}
}
