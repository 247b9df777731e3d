package app

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/tray/notify"
)

// TestTheEndClearsTheScreen leaves no button that does nothing.
func TestTheEndClearsTheScreen(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	o.at(9 * time.Hour)
	o.wantScreen("the end", "2 sessions have ended")
	if _, err := os.Stat(o.left); err != nil {
		t.Errorf("nothing is remembered for a crash: %v", err)
	}
	o.stop()
	o.wantScreen("after the program's end")
	if _, err := os.Stat(o.left); !os.IsNotExist(err) {
		t.Errorf("remembered after an orderly end: %v", err)
	}
}

// TestAClickOnANotification does the main thing: of one session to sign in, of
// several to show them, of an error to show the window.
func TestAClickOnANotification(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.at(9 * time.Hour)
	o.Notes.Click(o.open())
	select {
	case got := <-o.pressed:
		if got != "tool0" {
			t.Errorf("signs in to %s", got)
		}
	case <-time.After(time.Minute):
		t.Fatal("a click does nothing")
	}
	o.inLoop(func() bool {
		o.notify(t.Context(), "tool0/error", notify.Note{Title: "failed", Actions: onClick})
		return true
	})
	o.Notes.Click(o.Notes.WaitOpen("the error", func(n bed.Note) bool { return n.Summary == "failed" }))
	o.wantWindows("after a click on an error", "tool0", "show --dir "+o.Dir+" tools")
}

// TestANotificationServerThatHangs holds up nothing else, and shows the latest
// of each when it goes on.
func TestANotificationServerThatHangs(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	goOn := o.Notes.Hang()
	defer goOn()
	o.ahead.Store(int64(7*time.Hour + 46*time.Minute))
	o.wake()
	o.Wait("a reminder to hang", func() bool { return o.inLoop(func() bool { return o.showing("tool0") }) })
	o.ahead.Store(int64(9 * time.Hour))
	o.wake()
	o.wantWindows("beside a server that hangs", "tool0 tool1")
	for i := range 20 {
		o.inLoop(func() bool {
			o.notify(t.Context(), "tool0/error", notify.Note{Title: strings.Repeat("x", i+1)})
			return true
		})
	}
	if got := o.onScreen(); len(got) != 0 {
		t.Errorf("while it hangs on the screen: %q", got)
	}
	goOn()
	o.settle()
	if got := o.onScreen(); len(got) != 2 || !contains(got, "2 sessions have ended") || !contains(got, strings.Repeat("x", 20)) {
		t.Errorf("afterwards on the screen: %q", got)
	}
	if n := len(o.Notes.All()); n > 4 {
		t.Errorf("%d notifications in all", n)
	}
}

func contains(all []string, s string) bool {
	for _, a := range all {
		if a == s {
			return true
		}
	}
	return false
}

// TestTheEndWaitsForNoServer ends although the server hangs.
func TestTheEndWaitsForNoServer(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.at(9 * time.Hour)
	goOn := o.Notes.Hang()
	o.inLoop(func() bool { o.notify(t.Context(), "another", notify.Note{Title: "x"}); return true })
	o.stop()
	goOn()
	o.Wait("an empty screen once it goes on", func() bool { return !contains(o.onScreen(), "Your ThingWorx session has ended") })
}

// TestAFullDisk has no room for what was told: it is told all the same, once,
// and that it cannot be remembered is said once.
func TestAFullDisk(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	state := filepath.Dir(o.file)
	if err := os.MkdirAll(state, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := syscall.Mount("tmpfs", state, "tmpfs", 0, "size=16k"); err != nil {
		authtest.NotHere(t, "a disk that is full takes the right to mount one: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(state, syscall.MNT_DETACH) })
	ballast := filepath.Join(state, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 1<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk is not full: %v", err)
	}
	said := &sayings{}
	o.inLoop(func() bool { o.err = said; return true })
	o.signedIn("tool1", "2", o.begin.Add(time.Hour))
	o.tools[1].ClientID = "2" // which makes the engine look into the keychain
	if err := o.manager.SetTools(t.Context(), o.tools, nil); err != nil {
		t.Fatal(err)
	}
	o.at(7*time.Hour + 46*time.Minute)
	o.wantScreen("a reminder", "ThingWorx: 13 min left")
	o.at(8*time.Hour + time.Second)
	o.wantScreen("the end", "Your ThingWorx session has ended")
	if text := said.String(); strings.Count(text, "cannot be remembered") != 1 || !strings.Contains(text, "no space left on device") {
		t.Errorf("said:\n%s", text)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	o.at(9*time.Hour + time.Second)
	o.wantScreen("with room again", "2 sessions have ended")
	n := len(o.Notes.All())
	o.restart()
	o.settle()
	if again := len(o.Notes.All()) - n; again != 0 {
		t.Errorf("told %d times more after a restart", again)
	}
	if entries, err := os.ReadDir(state); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// sayings is what was written, from any goroutine.
type sayings struct {
	mu   sync.Mutex
	text strings.Builder
}

func (s *sayings) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *sayings) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// TestNoIcon is on a desktop whose panel comes before or after the person is
// back, and to a window that somebody has turned to meanwhile or not.
func TestNoIcon(t *testing.T) {
	page := func(o *office) string { return "show --dir " + o.Dir + " --quiet tools" }
	start := func(t *testing.T) (*office, *desk) {
		o := newOffice(t)
		d := &desk{resident: &resident{host: host{getenv: func(string) string { return ":0" }}}, teller: o.teller}
		return o, d
	}
	t.Run("behind a lock", func(t *testing.T) {
		o, d := start(t)
		o.lock(true)
		d.iconless(t.Context(), noHost())
		o.wantScreen("locked")
		d.iconed(t.Context())
		o.lock(false)
		o.inLoop(func() bool { return true })
		o.wantScreen("unlocked")
		if got := o.opened(); len(got) != 0 {
			t.Errorf("opened %q", got)
		}
	})
	t.Run("unlocked before the panel comes", func(t *testing.T) {
		o, d := start(t)
		o.lock(true)
		d.iconless(t.Context(), noHost())
		o.lock(false)
		o.wantWindows("unlocked", page(o))
		o.Notes.WaitOpen("that there is no icon", func(n bed.Note) bool { return n.Summary == "Keyfob runs without an icon" })
		d.iconed(t.Context())
		o.Wait("an empty screen", func() bool { return len(o.onScreen()) == 0 })
	})
	t.Run("the window is told", func(t *testing.T) {
		o, d := start(t)
		script := "#!/bin/sh\necho \"$@\" >>'" + o.windows + "'\nwhile read key; do echo \"$key\" >>'" + o.windows + "'; done\n"
		if err := os.WriteFile(filepath.Join(o.Dir, "bin", windowProgram), []byte(script), 0o755); err != nil {
			t.Fatal(err)
		}
		d.iconless(t.Context(), noHost())
		o.wantWindows("no icon", page(o))
		d.iconed(t.Context())
		o.wantWindows("an icon", page(o), "none")
		if err := o.job(t.Context(), func(ctx context.Context) { o.openPage(ctx, "add") }); err != nil {
			t.Fatal(err)
		}
		d.iconed(t.Context())
		o.inLoop(func() bool { return true })
		o.wantWindows("an icon, and a page that a person asked for", page(o), "none", "add")
	})
}
