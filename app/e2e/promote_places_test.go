//go:build linux

package e2e_test

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
	"keyfob/auth/idp"
)

// without is a program of the desktop whose environment lacks these variables, as
// one over ssh or of a service manager may.
func (d *desktop) without(names []string, args ...string) *exec.Cmd {
	cmd := d.Command(d.program(), args...)
	cmd.Env = slices.DeleteFunc(cmd.Env, func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(names, name)
	})
	return cmd
}

// TestServiceBeforeTheDesktop starts Keyfob as a service manager does, without a
// display and with or without the session bus, and then on the desktop: the window
// opens, a click signs in, and a token goes to the clipboard.
func TestServiceBeforeTheDesktop(t *testing.T) {
	for name, lacks := range map[string][]string{
		"neither":   {"DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "LANG"},
		"a bus":     {"DISPLAY"},
		"a display": {"DBUS_SESSION_BUS_ADDRESS"},
	} {
		t.Run(name, func(t *testing.T) {
			s := npm.Start(t, npm.Config{})
			d := newDesktop(t, bed.Options{Windows: true})
			d.Browser.Install()
			d.settings(tool("plant4", "Plant", s, npm.Native, true))
			app := d.StartCommand(d.without(lacks))
			d.waitEngine() // not by a command, which could start one
			d.arrive()
			d.soon("the icon", func() bool { return d.Tray.Icons() == 1 })
			d.Tray.Click("Show Keyfob…")
			d.soon("the window", func() bool { return len(d.Windows("Keyfob.*")) == 1 })
			d.Tray.Click("Plant*", "Sign in")
			if end := d.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
				t.Errorf("the browser ended on %q", end.Text)
			}
			d.Tray.WaitEntry("Plant*", "Copy token")
			token := d.copyToken("Plant*")
			if is, _, _ := active(t, s, token); !is {
				t.Error("the copied token is not a live one")
			}
			if d.Secrets() == 0 {
				t.Error("nothing is in the keychain")
			}
			d.quitTray(app)
		})
	}
}

// TestPromoteKeepsWhatMemoryHolds signs in over ssh, where no keychain is in
// reach, and then comes to the desktop: the session is there, and another sign-in
// that is under way goes on.
func TestPromoteKeepsWhatMemoryHolds(t *testing.T) {
	_, issuer := startProvider(t, idp.Client{ID: "renews", Refresh: true}, idp.Client{ID: "other", Refresh: true})
	d := newDesktopWith(t, bed.Options{NoDisplay: true}, "keyfob")
	of := func(id, name, client string) string {
		return fmt.Sprintf(
			"[tools.%s]\nname = %q\nissuer = %q\nclient_id = %q\nscopes = [\"openid\", \"offline_access\"]\n"+
				"redirect = \"http://127.0.0.1/callback\"\n",
			id,
			name,
			issuer,
			client,
		)
	}
	d.settings(of("plant4", "Plant 4", "renews") + of("plant5", "Plant 5", "other"))
	lacks := []string{"DISPLAY", "DBUS_SESSION_BUS_ADDRESS"}
	begin := func(tool string) (p *bed.Process, address string) {
		p = d.StartCommand(d.without(lacks, "login", "--no-browser", tool))
		d.Wait("the address", func() bool {
			for line := range strings.Lines(p.Output()) {
				if strings.HasPrefix(line, "http") && strings.HasSuffix(line, "\n") {
					address = strings.TrimSpace(line)
				}
			}
			return address != "" || !p.Running()
		})
		return p, address
	}
	p, address := begin("plant4")
	if err := ann.SignIn(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if code := d.Exit(p); code != 0 {
		t.Fatalf("login: %s", p.Output())
	}
	before := d.keyfob("token", "plant4")
	if before.code != 0 {
		t.Fatalf("token: %s", before.err)
	}
	p, address = begin("plant5")

	d.arrive()
	d.soon("the icon", func() bool { return d.Tray.Icons() == 1 })
	d.soon("what memory held in the keychain", func() bool { return d.Secrets() >= 2 }) // a chunk and a manifest
	d.Tray.WaitEntry("Plant 4*", "Copy token")
	d.Tray.WaitEntry("Plant 5 · signing in…")
	if after := d.keyfob("token", "plant4"); after != before {
		t.Errorf("before %+v, after %+v", before, after)
	}
	if err := ann.SignIn(t.Context(), address); err != nil {
		t.Fatal(err)
	}
	if code := d.Exit(p); code != 0 {
		t.Fatalf("login: %s", p.Output())
	}
	d.soon("both sessions in the keychain", func() bool { return d.Secrets() >= 4 })
}

// TestTwoDesktopsOfOneUser starts Keyfob on two desktops in turn: the newest start
// has the icon, and the other desktop is told.
func TestTwoDesktopsOfOneUser(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	a := newDesktop(t, bed.Options{Windows: true})
	b := &desktop{bed.Start(t, bed.Options{Windows: true}), t}
	a.Browser.Install()
	a.settings(tool("plant4", "Plant", s, npm.Native, true))
	app := a.startTray()
	// The user's own folders are a's.
	env := func(d *desktop) (all []string) {
		isPlace := func(v string) bool {
			return strings.HasPrefix(v, "DISPLAY=") || strings.HasPrefix(v, "DBUS_SESSION_BUS_ADDRESS=")
		}
		for _, v := range a.Env() {
			if !isPlace(v) {
				all = append(all, v)
			}
		}
		for _, v := range d.Env() {
			if isPlace(v) {
				all = append(all, v)
			}
		}
		return all
	}
	arrive := func(d *desktop) {
		t.Helper()
		cmd := a.Command(a.program())
		cmd.Env = env(d)
		p := a.StartCommand(cmd)
		if code := a.Exit(p); code != 0 || !strings.Contains(p.Output(), "its icon is in the tray now") {
			t.Fatalf("keyfob ended with %d and said %q", code, p.Output())
		}
	}
	at, other := a, b
	for range 3 {
		arrive(other)
		other.soon("the icon on one desktop", func() bool { return other.Tray.Icons() == 1 && at.Tray.Icons() == 0 })
		at.Notes.WaitOpen("that it has moved", func(n bed.Note) bool { return n.Summary == "Keyfob has moved" })
		other.Tray.Click("Show Keyfob…")
		other.soon(
			"the window on one desktop",
			func() bool { return len(other.Windows("Keyfob.*")) == 1 && len(at.Windows("Keyfob.*")) == 0 },
		)
		at, other = other, at
	}
	b.Tray.Click("Plant*", "Sign in")
	if end := a.Browser.WaitEnd(1); !strings.Contains(end.Text, "Signed in") {
		t.Errorf("the browser ended on %q", end.Text)
	}
	b.Tray.WaitEntry("Plant*", "Copy token")
	if token := b.copyToken("Plant*"); token == "" {
		t.Error("nothing was copied")
	}
	b.LogOut() // the newest desktop; the other one brings it back
	a.soon("the end of the desktop", func() bool { return strings.Contains(app.Output(), "there is no desktop any more") })
	arrive(a)
	a.soon("the icon", func() bool { return a.Tray.Icons() == 1 })
	a.quitTray(app)
}
