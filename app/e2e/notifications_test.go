//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

// newDesktopWithEndedSession is a desktop on which a session has ended, of which a person was told.
func newDesktopWithEndedSession(t *testing.T, o bed.Options) (*desktop, *bed.Process) {
	t.Helper()
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 8 * time.Second}}})
	d := newDesktop(t, o)
	d.Browser.Install()
	d.settings(tool("park", "Park <b>A & B</b>", s, npm.NoRefresh, true))
	app := d.startTray()
	d.waitEngine() // not by a command, which could start one
	if got := d.keyfob("login", "park"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	return d, app
}

func parkEnded(n bed.Note) bool { return strings.HasSuffix(n.Summary, "session has ended") }

// TestNotificationsGoWithTheProgram ends it in each way: no button stays that
// does nothing. What a kill leaves, the next start takes away.
func TestNotificationsGoWithTheProgram(t *testing.T) {
	for name, end := range map[string]func(*desktop, *bed.Process){
		"Quit":    (*desktop).quitTray,
		"SIGTERM": func(d *desktop, p *bed.Process) { d.endBySignal(p, syscall.SIGTERM) },
		"SIGHUP":  func(d *desktop, p *bed.Process) { d.endBySignal(p, syscall.SIGHUP) },
		"kill -9": func(d *desktop, p *bed.Process) {
			id := strconv.Itoa(int(d.Notes.WaitOpen("the end", parkEnded).ID))
			d.Wait("the note of what is on the screen", func() bool {
				shown, err := os.ReadFile(filepath.Join(d.Runtime, "keyfob", "notes.json"))
				return err == nil && regexp.MustCompile(`\b`+id+`\b`).Match(shown)
			})
			p.Kill()
			if n := d.Notes.WaitOpen("the end, after a kill", parkEnded); n.ID == 0 {
				d.t.Error("nothing is left to take away")
			}
			d.startTray()
		},
	} {
		t.Run(name, func(t *testing.T) {
			d, app := newDesktopWithEndedSession(t, bed.Options{Windows: true})
			note := d.Notes.WaitOpen("the end", parkEnded)
			if !strings.Contains(note.Summary, "<b>") && !strings.Contains(note.Body, "&lt;b&gt;") {
				t.Errorf("the name is in neither %q nor %q", note.Summary, note.Body)
			}
			if _, _, err := strangersNote(d); err != nil {
				t.Fatal(err)
			}
			end(d, app)
			d.Notes.WaitClosed(note.ID)
			if n := d.Notes.WaitOpen("another program's", func(n bed.Note) bool { return n.App == "other" }); !n.Open {
				t.Error("another program's notification was taken away")
			}
		})
	}
}

// strangersNote shows a notification of another program.
func strangersNote(d *desktop) (id uint32, app string, err error) {
	err = d.Bus.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications").Call(
		"org.freedesktop.Notifications.Notify", 0, "other", uint32(0), "", "mine", "", []string{}, map[string]any{}, int32(-1),
	).Store(&id)
	return id, "other", err
}

// TestARealServerThatHangs stops dunst, which then neither draws nor answers:
// menu, window and command line go on.
func TestARealServerThatHangs(t *testing.T) {
	d, app := newDesktopWithEndedSession(t, bed.Options{Windows: true, Dunst: true})
	authtest.Freeze(t, d.Server.PID())
	d.Tray.WaitEntry("Park <b>A & B</b> · sign in again")
	d.WaitDrawn(d.WaitWindow("Keyfob"))
	if got := d.keyfob("tools", "list"); got.code != 0 {
		t.Errorf("tools list: %s", got.err)
	}
	if got := d.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
		t.Errorf("a second start ended with %d and said %q", got.code, got.err)
	}
	d.Wait("a second window", func() bool { return len(d.Windows("Keyfob.*")) == 2 })
	d.endBySignal(app, syscall.SIGTERM)
	if err := d.Server.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

// TestManyClicks clicks twenty times on one entry as fast as the bus takes them:
// a sign-in opens the browser once, and a window opens once.
func TestManyClicks(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	d := newDesktop(t, bed.Options{Windows: true})
	d.Browser.Install()
	d.Browser.Does(bed.WalkAway)
	d.settings(tool("plant4", "Plant", s, npm.Native, false))
	app := d.startTray()
	d.Tray.WaitEntry("Plant · signed out", "Sign in")
	for range 20 {
		d.Tray.Click("Show Keyfob…")
	}
	d.WaitWindow("Keyfob")
	d.Tray.ClickTimes(20, "Plant*", "Sign in")
	d.Tray.WaitEntry("Plant · signing in…")
	d.Tray.ClickTimes(20, "Plant*", "Copy sign-in address")
	d.Wait("the address", func() bool { return strings.HasPrefix(d.Clipboard(), s.Issuer) })
	d.Tray.ClickTimes(20, "Show Keyfob…")
	d.keyfob() // whose answer comes after all of theirs
	if n := d.Browser.Opened(); n != 1 {
		t.Errorf("the browser was opened %d times", n)
	}
	if n := len(d.Windows("Keyfob.*")); n != 1 {
		t.Errorf("%d windows", n)
	}
	d.quitTray(app)
}
