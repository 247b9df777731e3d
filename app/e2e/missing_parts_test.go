//go:build linux

package e2e_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest/npm"
)

// TestWithoutATrayHost: a desktop that shows no icons is told so once, and gets
// the window in the icon's place; a panel that comes later gets the icon.
func TestWithoutATrayHost(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.Tray.Hide()
	d.settings("")
	app := d.Start(d.program())
	d.WaitWindow("Keyfob")
	iconless := func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" }
	d.Notes.WaitOpen("that there is no icon", iconless)
	d.Screenshot("iconless.png")
	for range 2 {
		d.Tray.Show()
		d.Tray.WaitIcon()
		d.Tray.WaitEntry("Quit")
		d.WaitNoWindow("Keyfob") // it stood in for the icon, and nobody has turned to it
		d.Notes.WaitClosed(1)
		d.Tray.Hide()
	}
	d.Tray.Show()
	d.Tray.WaitIcon()
	d.quitTray(app)
	if n := strings.Count(app.Output(), "nothing on this desktop shows tray icons"); n != 1 {
		t.Errorf("said %d times:\n%s", n, app.Output())
	}
	if n := len(d.Notes.All()); n != 1 {
		t.Errorf("%d notifications", n)
	}
}

// TestALatePanel is a session whose panel takes so long to come that a person
// was told of no icon: all of that is taken back, but for a window that somebody
// has turned to.
func TestALatePanel(t *testing.T) {
	for name, panel := range map[string]func(*bed.Bed){"Xfce": (*bed.Bed).StartPanel, "LXQt": (*bed.Bed).StartLXQtPanel} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t, bed.Options{Windows: true, NoTray: true})
			d.settings("")
			app := d.Start(d.program())
			d.WaitDrawn(d.WaitWindow("Keyfob"))
			note := d.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
			empty := d.Picture()
			panel(d.Bed)
			d.WaitNoWindow("Keyfob")
			d.Notes.WaitClosed(note.ID)
			d.Wait("the icon in the panel", func() bool { return differ(empty, d.Picture(), 0, 0, 32, 32) })
			d.endBySignal(app, syscall.SIGTERM)
			if n := len(d.Notes.All()); n != 1 {
				t.Errorf("%d notifications", n)
			}
		})
	}
}

// TestALatePanelAndAPerson leaves the window to who has turned to it.
func TestALatePanelAndAPerson(t *testing.T) {
	d := newDesktop(t, bed.Options{Windows: true})
	d.Tray.Hide()
	d.settings("")
	app := d.Start(d.program())
	w := d.WaitWindow("Keyfob")
	d.WaitDrawn(w)
	note := d.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
	d.PressUntil(w, "another page", func() bool { return len(d.Windows("Keyfob: Add a tool")) == 1 }, "Tab", "Return")
	d.Tray.Show()
	d.Tray.WaitIcon()
	d.Notes.WaitClosed(note.ID)
	if got := d.keyfob(); got.code != 0 { // the same window, for which this waits
		t.Errorf("a second start ended with %d: %s", got.code, got.err)
	}
	if got := d.Windows("Keyfob.*"); len(got) != 1 || got[0] != w {
		t.Errorf("the windows are %q, want %q", got, w)
	}
	d.quitTray(app)
}

// moveHere has links to programs be the programs themselves, so that what else was
// built is not beside them.
func (d *desktop) moveHere(links ...string) {
	d.t.Helper()
	for _, link := range links {
		text, err := os.ReadFile(link)
		if err == nil {
			err = errors.Join(os.Remove(link), os.WriteFile(link, text, 0o700))
		}
		if err != nil {
			d.t.Fatal(err)
		}
	}
}

// TestTheWholeProgramAlone: it does everything by itself, under either name.
func TestTheWholeProgramAlone(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	for _, name := range []string{"keyfob-tray", "keyfob"} {
		t.Run(name, func(t *testing.T) {
			d := newDesktopWith(t, bed.Options{}, "keyfob-tray")
			d.moveHere(d.whole())
			program := filepath.Join(d.Dir, "bin", name)
			if err := os.Rename(d.whole(), program); err != nil {
				t.Fatal(err)
			}
			d.Browser.Install()
			d.settings(tool("plant4", "ThingWorx Plant 4", s, npm.Native, true))
			run := func(args ...string) result {
				t.Helper()
				cmd := d.Command(program, args...)
				var out strings.Builder
				cmd.Stdout = &out
				p := d.StartCommand(cmd)
				code := d.Exit(p)
				return result{code, out.String(), p.Output()}
			}
			if got := run("login", "plant4"); got.code != 0 {
				t.Fatalf("login: %+v", got)
			}
			if got := run("token", "plant4"); got.code != 0 || strings.TrimSpace(got.out) == "" {
				t.Errorf("token ended with %d: %s", got.code, got.err)
			}
			app := d.Start(program)
			d.Tray.WaitIcon()
			d.Tray.WaitEntry("ThingWorx Plant 4 · *")
			for _, args := range [][]string{{"status"}, {"tools"}, {"autostart"}, {"version"}, {"help"}, {"logout", "plant4", "--local"}} {
				if got := run(args...); got.code != 0 {
					t.Errorf("%v ended with %d: %s", args, got.code, got.err)
				}
			}
			d.quitTray(app)
		})
	}
}

// TestTheCommandAlone: keyfob without the keyfob-tray beside it says what is
// missing, at once, and looks for it nowhere else.
func TestTheCommandAlone(t *testing.T) {
	d := newDesktopWith(t, bed.Options{NoDisplay: true, NoBus: true}, "keyfob")
	elsewhere := filepath.Join(d.Dir, "elsewhere")
	link, err := os.Readlink(d.whole())
	if err := errors.Join(err, os.Remove(d.whole()), os.Mkdir(elsewhere, 0o700), os.Symlink(link, filepath.Join(elsewhere, "keyfob-tray"))); err != nil {
		t.Fatal(err)
	}
	d.moveHere(d.program())
	d.settings("[tools.plant4]\nissuer = \"https://idp.example.com\"\nclient_id = \"x\"\n")
	for _, args := range [][]string{
		nil, {"token", "plant4"}, {"status"}, {"login", "plant4"}, {"logout", "plant4"}, {"tools"}, {"agent"}, {"demo", "--headless"},
	} {
		cmd := d.Command(d.program(), args...)
		cmd.Dir = elsewhere
		cmd.Env = d.Env("PATH=" + elsewhere + ":" + os.Getenv("PATH"))
		began := time.Now()
		p := d.StartCommand(cmd)
		if code := d.Exit(p); code != 1 ||
			!strings.HasPrefix(p.Output(), "keyfob: there is no "+d.whole()+", which keeps your sessions: ") ||
			strings.Count(p.Output(), "\n") != 1 ||
			time.Since(began) > 5*time.Second {
			t.Errorf("%v ended with %d after %v: %s", args, code, time.Since(began), p.Output())
		}
	}
	for _, args := range [][]string{{"version"}, {"help"}, {"help", "token"}} {
		if got := d.keyfob(args...); got.code != 0 {
			t.Errorf("%v ended with %d: %s", args, got.code, got.err)
		}
	}
}

// endBySignal ends the tray by a signal, in good order.
func (d *desktop) endBySignal(p *bed.Process, s os.Signal) {
	d.t.Helper()
	if err := p.Signal(s); err != nil {
		d.t.Fatal(err)
	}
	if code := d.Exit(p); code != 0 || strings.Contains(p.Output(), "panic") {
		d.t.Errorf("keyfob ended with %d:\n%s", code, p.Output())
	}
}

// TestWithoutASessionBus: a screen alone is enough for the window, and without
// that the engine still runs. Both end as they should.
func TestWithoutASessionBus(t *testing.T) {
	for name, ends := range map[string]syscall.Signal{"SIGTERM": syscall.SIGTERM, "SIGINT": syscall.SIGINT, "SIGHUP": syscall.SIGHUP} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t, bed.Options{Windows: true, NoBus: true})
			d.settings("")
			app := d.Start(d.program())
			d.WaitWindow("Keyfob")
			if out := app.Output(); strings.Count(out, "\n") != 1 ||
				!strings.Contains(out, "there is no desktop session bus to show a tray icon on") {
				t.Errorf("said %q", out)
			}
			d.endBySignal(app, ends)
			d.WaitNoWindow("Keyfob")
		})
	}
	t.Run("without a screen", func(t *testing.T) {
		d := newDesktop(t, bed.Options{NoDisplay: true, NoBus: true})
		d.settings("")
		app := d.Start(d.program())
		d.Wait("the engine", func() bool { return d.Listener(d.socket()) == app.PID() }) // a command would start another
		if got := d.keyfob("status"); got.code != 0 {
			t.Errorf("status: %+v", got)
		}
		d.endBySignal(app, syscall.SIGTERM)
	})
}

// TestWithoutANotificationServer: the icon and the window say what a
// notification would.
func TestWithoutANotificationServer(t *testing.T) {
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 12 * time.Second}}})
	d := newDesktop(t, bed.Options{Windows: true, NoNotes: true})
	d.Browser.Install()
	d.settings(tool("park", "ThingPark", s, npm.NoRefresh, true))
	app := d.startTray()
	d.Tray.Click("ThingPark*", "Sign in")
	d.Browser.WaitEnd(1)
	d.Tray.WaitEntry("ThingPark · sign in again")
	if tip := d.tooltip(); tip != "Keyfob: sign in again to ThingPark" {
		t.Errorf("the icon says %q", tip)
	}
	window := d.WaitWindow("Keyfob")
	d.WaitDrawn(window)
	pressSignIn(d, window)
	d.Browser.WaitEnd(2)
	d.WaitNoWindow("Keyfob")
	d.quitTray(app)
}
