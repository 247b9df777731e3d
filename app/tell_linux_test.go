package app

import (
	"context"
	"os"
	"strings"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth"
	"keyfob/tray/notify"
)

// TestANightWithThreeSessions sleeps over the end of three sessions, behind a
// locked screen: one notification and one window for all, when the person is
// back.
func TestANightWithThreeSessions(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark", "ioTORQ")
	o.lock(true)
	o.at(16 * time.Hour)
	o.wantScreen("while it is locked")
	o.wantWindows("while it is locked")
	for range 10 {
		o.wake()
	}
	o.lock(false)
	o.settle()
	o.wantScreen("unlocked", "3 sessions have ended")
	o.wantWindows("unlocked", "tool0 tool1 tool2")
	note := o.open()
	for _, name := range []string{"ThingWorx", "ThingPark", "ioTORQ"} {
		if !strings.Contains(note.Body, name) {
			t.Errorf("the notification does not name %s: %q", name, note.Body)
		}
	}
	o.lock(true)
	o.lock(false)
	o.at(17 * time.Hour)
	if n := len(o.Notes.All()); n != 1 {
		t.Errorf("%d notifications in all", n)
	}

	// It becomes shorter with each sign-in, in its place.
	o.elsewhere(1)
	o.wantScreen("one signed in", "2 sessions have ended")
	o.elsewhere(0)
	o.wantScreen("two signed in", "Your ioTORQ session has ended")
	if got := o.open(); got.ID != note.ID {
		t.Errorf("notification %d stands beside %d", got.ID, note.ID)
	}
	o.elsewhere(2)
	o.wantScreen("all signed in")
}

// TestAnEndAfterAnother adds to the notification that is there, and comes back
// to none that the person has closed.
func TestAnEndAfterAnother(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark", "ioTORQ")
	o.signedIn("tool0", "1", o.begin.Add(-2*time.Minute))
	o.signedIn("tool1", "1", o.begin.Add(-time.Minute))
	for i := range o.tools {
		o.tools[i].Reminders = nil
	}
	o.restart()
	o.at(8*time.Hour - 2*time.Minute + time.Second)
	first := o.open()
	if first.Summary != "Your ThingWorx session has ended" {
		t.Fatalf("told %q", first.Summary)
	}
	o.at(8*time.Hour - time.Minute + time.Second)
	o.wantScreen("the second", "2 sessions have ended")
	o.Notes.Dismiss(first)
	o.Wait("the desk to know", func() bool { return o.inLoop(func() bool { return !o.showing(endedKey) }) })
	o.elsewhere(0)
	o.wantScreen("put off")
	o.at(8*time.Hour + time.Second)
	o.wantScreen("the third", "Your ioTORQ session has ended")
	o.wantWindows("the third", "tool0") // which adds the others by itself
}

// TestRemindersReplaceEachOther follows a session to its end, over a coffee
// break and a lunch.
func TestRemindersReplaceEachOther(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.at(7*time.Hour + 44*time.Minute)
	o.wantScreen("before the first lead time")
	o.at(7*time.Hour + 45*time.Minute + time.Second)
	o.wantScreen("the first", "ThingWorx: 14 min left")
	first := o.open()
	o.at(7*time.Hour + 46*time.Minute)
	o.at(7*time.Hour + 55*time.Minute + time.Second)
	o.wantScreen("the second", "ThingWorx: 4 min left")
	if second := o.open(); second.ID != first.ID {
		t.Errorf("the second reminder is %d beside %d", second.ID, first.ID)
	}
	o.at(8*time.Hour + time.Second)
	o.wantScreen("the end", "Your ThingWorx session has ended")

	o.elsewhere(0)
	o.wantScreen("signed in again")
	o.lock(true)
	o.at(15*time.Hour + 46*time.Minute) // both lead times of the second session
	o.at(15*time.Hour + 56*time.Minute)
	o.wantScreen("locked")
	o.lock(false)
	o.settle()
	o.wantScreen("unlocked", "ThingWorx: 4 min left")
}

// TestRenewNow presses the buttons.
func TestRenewNow(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	press := func(summary, label string) {
		t.Helper()
		o.Notes.Press(o.Notes.WaitOpen(summary, func(n bed.Note) bool { return strings.HasPrefix(n.Summary, summary) }), label)
	}
	wantPressed := func(want string) {
		t.Helper()
		select {
		case got := <-o.pressed:
			if got != want {
				t.Errorf("signs in to %s, want %s", got, want)
			}
		case <-time.After(time.Minute):
			t.Fatalf("nobody signs in to %s", want)
		}
	}
	o.at(7*time.Hour + 46*time.Minute)
	press("ThingPark: ", "Renew now")
	wantPressed("tool1")
	press("ThingWorx: ", "Later")
	o.signedIn("tool1", "2", o.clock())
	o.restart()
	o.at(8*time.Hour + time.Second)
	o.wantWindows("the end of one", "tool0")
	press("Your ThingWorx", "Sign in")
	wantPressed("tool0")
	if n := len(o.pressed); n != 0 {
		t.Errorf("%d more were signed in to", n)
	}
}

// TestShowBringsTheWindowBack presses the button of a notification of several,
// after the window was closed.
func TestShowBringsTheWindowBack(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	o.at(9 * time.Hour)
	o.wantWindows("the end", "tool0 tool1")
	if !o.inLoop(func() bool { o.window.cancel(); return true }) {
		t.Fatal()
	}
	o.Wait("the window's end", func() bool { return o.inLoop(func() bool { return o.window.closed == nil }) })
	o.Notes.Press(o.open(), "Show")
	o.wantWindows("shown", "tool0 tool1", "tool0 tool1")
}

// TestLaterTakesItAway puts off one of several from the window.
func TestLaterTakesItAway(t *testing.T) {
	o := newOffice(t, "ThingWorx", "ThingPark")
	o.at(9 * time.Hour)
	o.wantScreen("the end", "2 sessions have ended")
	if err := o.job(t.Context(), func(ctx context.Context) { o.later(ctx, "tool1") }); err != nil {
		t.Fatal(err)
	}
	o.Wait("an empty screen", func() bool { return len(o.onScreen()) == 0 })
	o.at(10 * time.Hour)
	o.wantScreen("an hour later")
}

// TestOnePromptOverRestarts restarts the engine five times and asks a hundred
// times for a token of a session that has ended.
func TestOnePromptOverRestarts(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.at(9 * time.Hour)
	o.wantWindows("the end", "tool0")
	for range 5 {
		for range 20 {
			if _, err := o.manager.Token(t.Context(), "tool0", 0); auth.KindOf(err) != auth.KindSignIn {
				t.Fatalf("the token: %v, want kind %s", err, auth.KindSignIn)
			}
		}
		o.restart()
		o.at(9*time.Hour + 30*time.Minute)
	}
	if n := len(o.Notes.All()); n != 1 {
		t.Errorf("%d notifications for one session", n)
	}
	o.wantWindows("over restarts", "tool0")

	// A memory that is damaged costs one more, and not one each time.
	if err := os.WriteFile(o.file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		o.restart()
	}
	if n := len(o.Notes.All()); n != 2 {
		t.Errorf("%d notifications with a memory that was damaged once", n)
	}
}

// TestWithoutADesktop has neither bus: the window is all there is.
func TestWithoutADesktop(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.stop()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	o.ahead.Store(int64(9 * time.Hour))
	o.start()
	o.wantWindows("without any bus", "tool0")
	o.wantScreen("without any bus")
}

// TestWhatIsHeldBack shows what a click complained of once the screen is
// unlocked, the latest only.
func TestWhatIsHeldBack(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	o.lock(true)
	for _, text := range []string{"first", "second"} {
		if err := o.job(t.Context(), func(ctx context.Context) { o.notify(ctx, "tool0/error", notify.Note{Title: text}) }); err != nil {
			t.Fatal(err)
		}
	}
	o.wantScreen("locked")
	o.lock(false)
	o.settle()
	o.wantScreen("unlocked", "second")
	if n := len(o.Notes.All()); n != 1 {
		t.Errorf("%d notifications in all", n)
	}
}

// TestNoNotifications is for a person who switched them off in the settings:
// the window still asks, and nothing that was withheld comes later.
func TestNoNotifications(t *testing.T) {
	o := newOffice(t, "ThingWorx")
	hush := func(quiet bool) { o.inLoop(func() bool { o.hush(t.Context(), quiet); return true }) }
	o.at(7*time.Hour + 46*time.Minute)
	o.wantScreen("before", "ThingWorx: 13 min left")
	hush(true)
	o.Wait("the reminder to go", func() bool { return len(o.onScreen()) == 0 })
	o.at(7*time.Hour + 56*time.Minute)
	o.lock(true)
	o.at(8*time.Hour + time.Second)
	o.lock(false)
	o.settle()
	o.wantWindows("quiet", "tool0")
	o.wantScreen("quiet")
	hush(false)
	o.settle()
	o.wantScreen("switched on again")
	o.elsewhere(0)
	o.at(16*time.Hour + 30*time.Minute)
	o.wantScreen("the next session", "Your ThingWorx session has ended")
}

// TestNoWindowBehindALock: what wants to be seen waits until it can be.
func TestNoWindowBehindALock(t *testing.T) {
	o := newOffice(t)
	opened := 0
	show := func() bool {
		o.whenSeen(t.Context(), func(context.Context) { opened++ })
		return true
	}
	o.lock(true)
	o.inLoop(show)
	if o.inLoop(func() bool { return opened != 0 }) {
		t.Error("opened behind a lock")
	}
	o.lock(false)
	o.lock(true)
	o.lock(false)
	o.inLoop(show)
	if o.inLoop(func() bool { return opened != 2 }) {
		t.Errorf("opened %d times, want once each", opened)
	}
}
