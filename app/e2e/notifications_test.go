//go:build linux

package e2e_test

import (
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/authtest/npm"
)

// endedRig is a desktop on which a session has ended, of which a person was told.
func endedRig(t *testing.T, o bed.Options) (*rig, *bed.Process) {
	t.Helper()
	s := npm.Start(t, npm.Config{Clients: []npm.Client{{ID: npm.NoRefresh, AccessTTL: 8 * time.Second}}})
	r := newRig(t, o)
	r.Browser.Install()
	r.settings(tool("park", "Park <b>A & B</b>", s, npm.NoRefresh, true))
	app := r.start()
	r.Wait("the engine", func() bool { return r.keyfob("status").code == 0 })
	if got := r.keyfob("login", "park"); got.code != 0 {
		t.Fatalf("login: %s", got.err)
	}
	return r, app
}

func parkEnded(n bed.Note) bool { return strings.HasSuffix(n.Summary, "session has ended") }

// TestNotificationsGoWithTheProgram ends it in each way: no button stays that
// does nothing. What a kill leaves, the next start takes away.
func TestNotificationsGoWithTheProgram(t *testing.T) {
	for name, end := range map[string]func(*rig, *bed.Process){
		"Quit":    (*rig).quit,
		"SIGTERM": func(r *rig, p *bed.Process) { r.endBy(p, syscall.SIGTERM) },
		"SIGHUP":  func(r *rig, p *bed.Process) { r.endBy(p, syscall.SIGHUP) },
		"kill -9": func(r *rig, p *bed.Process) {
			p.Kill()
			if n := r.Notes.WaitOpen("the end, after a kill", parkEnded); n.ID == 0 {
				r.t.Error("nothing is left to take away")
			}
			r.endBy(r.start(), syscall.SIGTERM)
		},
	} {
		t.Run(name, func(t *testing.T) {
			r, app := endedRig(t, bed.Options{Windows: true})
			note := r.Notes.WaitOpen("the end", parkEnded)
			if !strings.Contains(note.Summary, "<b>") && !strings.Contains(note.Body, "&lt;b&gt;") {
				t.Errorf("the name is in neither %q nor %q", note.Summary, note.Body)
			}
			if _, _, err := strangersNote(r); err != nil {
				t.Fatal(err)
			}
			end(r, app)
			r.Notes.WaitClosed(note.ID)
			if n := r.Notes.WaitOpen("another program's", func(n bed.Note) bool { return n.App == "other" }); !n.Open {
				t.Error("another program's notification was taken away")
			}
		})
	}
}

// strangersNote shows a notification of another program.
func strangersNote(r *rig) (id uint32, app string, err error) {
	err = r.Bus.Object("org.freedesktop.Notifications", "/org/freedesktop/Notifications").Call(
		"org.freedesktop.Notifications.Notify", 0, "other", uint32(0), "", "mine", "", []string{}, map[string]any{}, int32(-1),
	).Store(&id)
	return id, "other", err
}

// TestARealServerThatHangs stops dunst, which then neither draws nor answers:
// menu, window and command line go on.
func TestARealServerThatHangs(t *testing.T) {
	r, app := endedRig(t, bed.Options{Windows: true, Dunst: true})
	authtest.Freeze(t, r.Server.PID())
	r.Tray.WaitEntry("Park <b>A & B</b> · sign in again")
	r.WaitDrawn(r.WaitWindow("Keyfob"))
	if got := r.keyfob("tools", "list"); got.code != 0 {
		t.Errorf("tools list: %s", got.err)
	}
	if got := r.keyfob(); got.code != 0 || !strings.Contains(got.err, "its window opens") {
		t.Errorf("a second start ended with %d and said %q", got.code, got.err)
	}
	r.Wait("a second window", func() bool { return len(r.Windows("Keyfob.*")) == 2 })
	r.endBy(app, syscall.SIGTERM)
	if err := r.Server.Signal(syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
}

// TestManyClicks clicks twenty times on one entry as fast as the bus takes them:
// a sign-in opens the browser once, and a window opens once.
func TestManyClicks(t *testing.T) {
	s := npm.Start(t, npm.Config{})
	r := newRig(t, bed.Options{Windows: true})
	r.Browser.Install()
	r.Browser.Does(bed.WalkAway)
	r.settings(tool("plant4", "Plant", s, npm.Native, false))
	app := r.start()
	r.Tray.WaitEntry("Plant · signed out", "Sign in")
	for range 20 {
		r.Tray.Click("Show Keyfob…")
	}
	r.WaitWindow("Keyfob")
	r.Tray.ClickTimes(20, "Plant*", "Sign in")
	r.Tray.WaitEntry("Plant · signing in…")
	r.Tray.ClickTimes(20, "Plant*", "Copy sign-in address")
	r.Wait("the address", func() bool { return strings.HasPrefix(r.Clipboard(), s.Issuer) })
	r.Tray.ClickTimes(20, "Show Keyfob…")
	r.keyfob() // whose answer comes after all of theirs
	if n := r.Browser.Opened(); n != 1 {
		t.Errorf("the browser was opened %d times", n)
	}
	if n := len(r.Windows("Keyfob.*")); n != 1 {
		t.Errorf("%d windows", n)
	}
	r.quit(app)
}
