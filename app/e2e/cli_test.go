//go:build linux

package e2e_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/authtest/npm"
)

// secret is a token as the command line prints it.
func secret(line string) auth.Secret { return auth.Secret(strings.TrimSpace(line)) }

// TestTheCommandLine does in a terminal what the tray does, with and without
// a running engine.
func TestTheCommandLine(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 8 * time.Second}}})
	for _, c := range []struct{ name, engine string }{{"alone", ""}, {"with the agent", "agent"}, {"with the tray", "tray"}} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesktop(t, bed.Options{NoDisplay: true})
			d.Browser.Install()
			d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true) + tool("park", "ThingPark", s, npm.NoRefresh, true))
			switch c.engine {
			case "agent":
				d.Start(d.program(), "agent")
				d.Wait("the agent", func() bool {
					_, err := os.Stat(filepath.Join(d.Runtime, "keyfob", "agent.sock"))
					return err == nil
				})
			case "tray":
				d.startTray()
			}
			want := func(code int, args ...string) result {
				t.Helper()
				got := d.keyfob(args...)
				if got.code != code {
					t.Errorf("%q ended with %d, want %d\n%s", args, got.code, code, got.err)
				}
				return got
			}

			if got := want(3, "token", "plant4"); got.out != "" || !strings.Contains(got.err, "sign in") {
				t.Errorf("without a session it says %q and %q", got.out, got.err)
			}
			want(2, "token", "nothing")
			want(2, "no-such-verb")
			if n := d.Browser.Opened(); n != 0 {
				t.Errorf("the browser was opened %d times by verbs that never do", n)
			}

			if got := want(0, "login", "plant4"); got.out != "" {
				t.Errorf("login prints %q on stdout", got.out)
			}
			plain := want(0, "token", "plant4")
			if is, client, _ := active(t, s, secret(plain.out)); !is || client != npm.Native {
				t.Errorf("the token is active=%v of %v", is, client)
			}
			if got := want(0, "token", "--header", "plant4"); got.out != "Authorization: Bearer "+plain.out {
				t.Error("--header prints something else than the token's header")
			}
			var as struct {
				Token  auth.Secret `json:"access_token"`
				Type   string      `json:"token_type"`
				Expiry time.Time   `json:"expires_at"`
			}
			if err := json.Unmarshal([]byte(want(0, "token", "--json", "plant4").out), &as); err != nil {
				t.Fatal(err)
			}
			if as.Token+"\n" != auth.Secret(plain.out) || as.Type != "Bearer" || time.Until(as.Expiry) < 50*time.Minute {
				t.Errorf("--json prints %+v", as)
			}
			if got := want(0, "status"); !strings.Contains(got.out, "ThingWorx Plant 4 (plant4): signed in") ||
				!strings.Contains(got.out, "ThingPark (park): signed out") {
				t.Errorf("status prints %q", got.out)
			}

			want(0, "login", "park")
			d.Wait("the end of the session", func() bool { return d.snapshot("park").State == "expired" })
			want(3, "token", "park")

			want(0, "logout", "plant4", "--local")
			want(3, "token", "plant4")
			if n := d.Browser.Opened(); n != 2 {
				t.Errorf("the browser was opened %d times, want 2", n)
			}
		})
	}
}

// TestASecondStart finds the first.
func TestASecondStart(t *testing.T) {
	d := newDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	app := d.startTray()
	got := d.keyfob()
	if got.code != 0 || !strings.Contains(got.err, "already running") {
		t.Errorf("it ended with %d: %s", got.code, got.err)
	}
	if n := d.Tray.Icons(); n != 1 {
		t.Errorf("%d icons", n)
	}
	d.quitTray(app)
}

// TestNoToolsYet says what to do, and takes up the tools when they are there.
func TestNoToolsYet(t *testing.T) {
	d := newDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true})
	app := d.startTray()
	d.Tray.WaitEntry("No tools yet: add one…")
	d.settings("[tools.plant4]\nname = \"ThingWorx Plant 4\"\nissuer = \"https://login.example.com\"\nclient_id = \"keyfob\"\n")
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out*")
	d.settings("[tools.plant4]\nname = \"ThingWorx Plant 4\"\nisuer = \"https://login.example.com\"\n")
	d.Tray.WaitEntry("*unknown key \"isuer\"*")
	d.Tray.WaitEntry("ThingWorx Plant 4 · signed out*") // as before the mistake
	d.quitTray(app)
}

// TestTheDemo runs the demo where nothing is set up and nothing is there: no
// bus, no display, no browser, no keychain.
func TestTheDemo(t *testing.T) {
	d := newDesktop(t, bed.Options{NoBus: true, NoDisplay: true})
	got := d.keyfob("demo", "--headless")
	if got.code != 0 {
		t.Fatalf("it ended with %d\n%s%s", got.code, got.out, got.err)
	}
	at := 0
	for _, step := range []string{
		"discovered", "listening", "authorized", "verified", "stored", "200", "refreshed", "no refresh token", "done",
	} {
		i := strings.Index(got.out[at:], step)
		if i < 0 {
			t.Fatalf("after the steps so far there is no %q in\n%s", step, got.out)
		}
		at += i
	}
}

// TestTheDemoInTheTray signs in at the demo's own page with a real browser.
func TestTheDemoInTheTray(t *testing.T) {
	d := newDesktop(t, bed.Options{Keyring: bed.Unlocked, NoDisplay: true})
	d.Browser.Install()
	d.Browser.As("demo", "demo")
	app := d.startTray("demo")
	d.Browser.KeepPicture("demo-signed-in.png")
	for i, name := range []string{"Demo that renews*", "Demo that ends*"} {
		d.Tray.Click(name, "Sign in")
		if end := d.Browser.WaitEnd(i + 1); !strings.Contains(end.Text, "Signed in") {
			t.Errorf("the browser ended on %q", end.Text)
		}
	}
	d.Tray.WaitEntry("Demo that renews · signed in")
	d.Tray.WaitEntry("Demo that ends · 1 min left")
	d.quitTray(app)
	if n := d.Secrets(); n != 0 {
		t.Errorf("the demo left %d items in the keychain", n)
	}
}
