package desktop

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/tray/notify"
)

// TestTheEndClearsTheScreen leaves no button that does nothing.
func TestTheEndClearsTheScreen(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	r.at(9 * time.Hour)
	r.wantScreen("the end", "2 sessions have ended")
	if _, err := os.Stat(r.left); err != nil {
		t.Errorf("nothing is remembered for a crash: %v", err)
	}
	r.stop()
	r.wantScreen("after the program's end")
	if _, err := os.Stat(r.left); !os.IsNotExist(err) {
		t.Errorf("remembered after an orderly end: %v", err)
	}
}

// TestAClickOnANotification does the main thing: of one session to sign in, of
// several to show them, of an error to show the window.
func TestAClickOnANotification(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.at(9 * time.Hour)
	r.Notes.Click(r.open())
	select {
	case got := <-r.pressed:
		if got != "tool0" {
			t.Errorf("signs in to %s", got)
		}
	case <-time.After(time.Minute):
		t.Fatal("a click does nothing")
	}
	r.inLoop(func() bool {
		r.screen.notices.show("tool0/error", notify.Note{Title: "failed", Actions: onClick()})
		return true
	})
	r.Notes.Click(r.Notes.WaitOpen("the error", func(n bed.Note) bool { return n.Summary == "failed" }))
	r.wantWindows("after a click on an error", "tool0", "show --dir "+r.Dir+" tools")
}

// TestANotificationServerThatHangs holds up nothing else, and shows the latest
// of each when it goes on.
func TestANotificationServerThatHangs(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	goOn := r.Notes.Hang()
	defer goOn()
	r.ahead.Store(int64(7*time.Hour + 46*time.Minute))
	r.wake()
	r.Wait("a reminder to hang", func() bool { return r.inLoop(func() bool { return r.screen.notices.onScreen.showing("tool0") }) })
	r.ahead.Store(int64(9 * time.Hour))
	r.wake()
	r.wantWindows("beside a server that hangs", "tool0 tool1")
	for i := range 20 {
		r.inLoop(func() bool {
			r.screen.notices.show("tool0/error", notify.Note{Title: strings.Repeat("x", i+1)})
			return true
		})
	}
	if got := r.onScreen(); len(got) != 0 {
		t.Errorf("while it hangs on the screen: %q", got)
	}
	goOn()
	r.settle()
	if got := r.onScreen(); len(got) != 2 || !contains(got, "2 sessions have ended") || !contains(got, strings.Repeat("x", 20)) {
		t.Errorf("afterwards on the screen: %q", got)
	}
	if n := len(r.Notes.All()); n > 4 {
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
	r := newRig(t, "ThingWorx")
	r.at(9 * time.Hour)
	goOn := r.Notes.Hang()
	r.inLoop(func() bool { r.screen.notices.show("another", notify.Note{Title: "x"}); return true })
	r.stop()
	goOn()
	r.Wait("an empty screen once it goes on", func() bool { return !contains(r.onScreen(), "Your ThingWorx session has ended") })
}

// TestAFullDisk has no room for what was told: it is told all the same, once,
// with one message that it cannot be remembered.
func TestAFullDisk(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	state := filepath.Dir(r.file)
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
	r.signedIn("tool1", "2", r.begin.Add(time.Hour))
	r.tools[1].ClientID = "2" // which makes the engine look into the keychain
	if err := r.manager.SetTools(t.Context(), r.tools, nil); err != nil {
		t.Fatal(err)
	}
	r.at(7*time.Hour + 46*time.Minute)
	r.wantScreen("a reminder", "ThingWorx: 13 min left")
	r.at(8*time.Hour + time.Second)
	r.wantScreen("the end", "Your ThingWorx session has ended")
	if text := r.said.String(); strings.Count(text, "cannot be remembered") != 1 || !strings.Contains(text, "no space left on device") {
		t.Errorf("said:\n%s", text)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	r.at(9*time.Hour + time.Second)
	r.wantScreen("with room again", "2 sessions have ended")
	n := len(r.Notes.All())
	r.restart()
	r.settle()
	if again := len(r.Notes.All()) - n; again != 0 {
		t.Errorf("told %d times more after a restart", again)
	}
	if entries, err := os.ReadDir(state); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
