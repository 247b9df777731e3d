package desktop

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/auth/session"
	"keyfob/tray/notify"
)

// TestANightWithThreeSessions sleeps over the end of three sessions, behind a
// locked screen: one notification and one window for all, when the person is
// back.
func TestANightWithThreeSessions(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark", "ioTORQ")
	r.lock(true)
	r.at(16 * time.Hour)
	r.wantScreen("while it is locked")
	r.wantWindows("while it is locked")
	for range 10 {
		r.wake()
	}
	r.lock(false)
	r.settle()
	r.wantScreen("unlocked", "3 sessions have ended")
	r.wantWindows("unlocked", "tool0 tool1 tool2")
	note := r.open()
	for _, name := range []string{"ThingWorx", "ThingPark", "ioTORQ"} {
		if !strings.Contains(note.Body, name) {
			t.Errorf("the notification does not name %s: %q", name, note.Body)
		}
	}
	r.lock(true)
	r.lock(false)
	r.at(17 * time.Hour)
	if n := len(r.Notes.All()); n != 1 {
		t.Errorf("%d notifications in all", n)
	}

	// It becomes shorter with each sign-in, in its place.
	r.elsewhere(1)
	r.wantScreen("one signed in", "2 sessions have ended")
	r.elsewhere(0)
	r.wantScreen("two signed in", "Your ioTORQ session has ended")
	if got := r.open(); got.ID != note.ID {
		t.Errorf("notification %d stands beside %d", got.ID, note.ID)
	}
	r.elsewhere(2)
	r.wantScreen("all signed in")
}

// TestAnEndAfterAnother adds to the notification that is there, and comes back
// to none that the person has closed.
func TestAnEndAfterAnother(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark", "ioTORQ")
	r.signedIn("tool0", "1", r.begin.Add(-2*time.Minute))
	r.signedIn("tool1", "1", r.begin.Add(-time.Minute))
	for i := range r.tools {
		r.tools[i].Reminders = nil
	}
	r.restart()
	r.at(8*time.Hour - 2*time.Minute + time.Second)
	first := r.open()
	if first.Summary != "Your ThingWorx session has ended" {
		t.Fatalf("told %q", first.Summary)
	}
	r.at(8*time.Hour - time.Minute + time.Second)
	r.wantScreen("the second", "2 sessions have ended")
	r.Notes.Dismiss(first)
	r.Wait("the screen to know", func() bool { return r.inLoop(func() bool { return !r.screen.notices.onScreen.showing(endedKey) }) })
	r.elsewhere(0)
	r.wantScreen("put off")
	r.at(8*time.Hour + time.Second)
	r.wantScreen("the third", "Your ioTORQ session has ended")
	r.wantWindows("the third", "tool0") // which adds the others by itself
}

// TestRemindersReplaceEachOther follows a session to its end, over a coffee
// break and a lunch.
func TestRemindersReplaceEachOther(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.at(7*time.Hour + 44*time.Minute)
	r.wantScreen("before the first lead time")
	r.at(7*time.Hour + 45*time.Minute + time.Second)
	r.wantScreen("the first", "ThingWorx: 14 min left")
	first := r.open()
	r.at(7*time.Hour + 46*time.Minute)
	r.at(7*time.Hour + 55*time.Minute + time.Second)
	r.wantScreen("the second", "ThingWorx: 4 min left")
	if second := r.open(); second.ID != first.ID {
		t.Errorf("the second reminder is %d beside %d", second.ID, first.ID)
	}
	r.at(8*time.Hour + time.Second)
	r.wantScreen("the end", "Your ThingWorx session has ended")

	r.elsewhere(0)
	r.wantScreen("signed in again")
	r.lock(true)
	r.at(15*time.Hour + 46*time.Minute) // both lead times of the second session
	r.at(15*time.Hour + 56*time.Minute)
	r.wantScreen("locked")
	r.lock(false)
	r.settle()
	r.wantScreen("unlocked", "ThingWorx: 4 min left")
}

// TestRenewNow presses the buttons.
func TestRenewNow(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	press := func(summary, label string) {
		t.Helper()
		r.Notes.Press(r.Notes.WaitOpen(summary, func(n bed.Note) bool { return strings.HasPrefix(n.Summary, summary) }), label)
	}
	wantPressed := func(want string) {
		t.Helper()
		select {
		case got := <-r.pressed:
			if got != want {
				t.Errorf("signs in to %s, want %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nobody signs in to %s", want)
		}
	}
	r.at(7*time.Hour + 46*time.Minute)
	press("ThingPark: ", "Renew now")
	wantPressed("tool1")
	press("ThingWorx: ", "Later")
	r.signedIn("tool1", "2", r.clock())
	r.restart()
	r.at(8*time.Hour + time.Second)
	r.wantWindows("the end of one", "tool0")
	press("Your ThingWorx", "Sign in")
	wantPressed("tool0")
	if n := len(r.pressed); n != 0 {
		t.Errorf("%d more were signed in to", n)
	}
}

// TestShowBringsTheWindowBack presses the button of a notification of several,
// after the window was closed.
func TestShowBringsTheWindowBack(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	r.at(9 * time.Hour)
	r.wantWindows("the end", "tool0 tool1")
	r.Wait("the window", func() bool { return r.inLoop(func() bool { return r.screen.windows.prompt.run.drawn() }) })
	r.inLoop(func() bool { r.screen.windows.prompt.run.kill(); return true })
	r.Wait("the window's end", func() bool { return r.inLoop(func() bool { return r.screen.windows.prompt.closed == nil }) })
	r.Notes.Press(r.open(), "Show")
	r.wantWindows("shown", "tool0 tool1", "tool0 tool1")
}

// TestLaterTakesItAway puts off one of several from the window.
func TestLaterTakesItAway(t *testing.T) {
	r := newRig(t, "ThingWorx", "ThingPark")
	r.at(9 * time.Hour)
	r.wantScreen("the end", "2 sessions have ended")
	if err := r.screen.do(t.Context(), func(ctx context.Context) { r.screen.reminders.putOff("tool1") }); err != nil {
		t.Fatal(err)
	}
	r.Wait("an empty screen", func() bool { return len(r.onScreen()) == 0 })
	r.at(10 * time.Hour)
	r.wantScreen("an hour later")
}

// TestOnePromptOverRestarts restarts the engine five times and asks a hundred
// times for a token of a session that has ended.
func TestOnePromptOverRestarts(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.at(9 * time.Hour)
	r.wantWindows("the end", "tool0")
	for range 5 {
		for range 20 {
			if _, err := r.manager.Token(t.Context(), "tool0", session.TokenOptions{}); auth.KindOf(err) != auth.KindSignIn {
				t.Fatalf("the token: %v, want kind %s", err, auth.KindSignIn)
			}
		}
		r.restart()
		r.at(9*time.Hour + 30*time.Minute)
	}
	if n := len(r.Notes.All()); n != 1 {
		t.Errorf("%d notifications for one session", n)
	}
	r.wantWindows("over restarts", "tool0")

	// A memory that is damaged costs one more, and not one each time.
	if err := os.WriteFile(r.file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		r.restart()
	}
	if n := len(r.Notes.All()); n != 2 {
		t.Errorf("%d notifications with a memory that was damaged once", n)
	}
}

// TestWithoutADesktop has neither bus: the window is all there is.
func TestWithoutADesktop(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.stop()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	r.ahead.Store(int64(9 * time.Hour))
	r.start()
	r.wantWindows("without any bus", "tool0")
	r.wantScreen("without any bus")
}

// TestWhatIsHeldBack shows what a click complained of once the screen is
// unlocked, the latest only.
func TestWhatIsHeldBack(t *testing.T) {
	r := newRig(t, "ThingWorx")
	r.lock(true)
	for _, text := range []string{"first", "second"} {
		r.inLoop(func() bool { r.screen.notices.show("tool0/error", notify.Note{Title: text}); return true })
	}
	r.wantScreen("locked")
	r.lock(false)
	r.settle()
	r.wantScreen("unlocked", "second")
	if n := len(r.Notes.All()); n != 1 {
		t.Errorf("%d notifications in all", n)
	}
}

// TestNoNotifications is for a person who switched them off in the settings:
// the window still asks, and nothing that was withheld comes later.
func TestNoNotifications(t *testing.T) {
	r := newRig(t, "ThingWorx")
	hush := func(quiet bool) { r.inLoop(func() bool { r.screen.notices.setQuiet(quiet); return true }) }
	r.at(7*time.Hour + 46*time.Minute)
	r.wantScreen("before", "ThingWorx: 13 min left")
	hush(true)
	r.Wait("the reminder to go", func() bool { return len(r.onScreen()) == 0 })
	r.at(7*time.Hour + 56*time.Minute)
	r.lock(true)
	r.at(8*time.Hour + time.Second)
	r.lock(false)
	r.settle()
	r.wantWindows("quiet", "tool0")
	r.wantScreen("quiet")
	hush(false)
	r.settle()
	r.wantScreen("switched on again")
	r.elsewhere(0)
	r.at(16*time.Hour + 30*time.Minute)
	r.wantScreen("the next session", "Your ThingWorx session has ended")
}

// TestNoWindowBehindALock: what wants to be seen waits until it can be.
func TestNoWindowBehindALock(t *testing.T) {
	r := newRig(t)
	opened := 0
	show := func() bool {
		r.screen.notices.whenUnlocked(t.Context(), func(context.Context) { opened++ })
		return true
	}
	r.lock(true)
	r.inLoop(show)
	if r.inLoop(func() bool { return opened != 0 }) {
		t.Error("opened behind a lock")
	}
	r.lock(false)
	r.lock(true)
	r.lock(false)
	r.inLoop(show)
	if r.inLoop(func() bool { return opened != 2 }) {
		t.Errorf("opened %d times, want once each", opened)
	}
}
