package desktop

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"keyfob/app/e2e/bed"
	"keyfob/auth/authtest"
	"keyfob/auth/idp"
	"keyfob/auth/session"
)

// TestSeatFromNowhere promotes an engine that was started without a desktop.
func TestSeatFromNowhere(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, Place{}, false)
	noTray(t, "show without a desktop", r.seat.Show(t.Context()))
	noTray(t, "copy without a desktop", r.seat.Copy(t.Context(), "plant4", ""))
	if r.seat.Reload(t.Context()) {
		t.Error("a desktop that is not there has read the settings")
	}
	_, err := r.seat.Promote(t.Context(), Place{"DISPLAY": ":9999", busAddress: "unix:path=" + filepath.Join(b.Dir, "nobody")})
	noTray(t, "promote to nowhere", err)

	if said := r.promote(placeOf(b)); !strings.Contains(said, "its icon is in the tray now") {
		t.Errorf("said %q", said)
	}
	r.soon("the icon", func() bool { return b.Tray.Icons() == 1 })
	if !r.seat.Reload(t.Context()) {
		t.Error("the desktop has not read the settings")
	}
	if said := r.promote(placeOf(b)); said != "keyfob is already running: its window opens" {
		t.Errorf("the second time: %q", said)
	}
	r.soon("the window", func() bool { return strings.Contains(r.windows(), "show --dir "+r.dir+" tools") })
	r.soon("one icon", func() bool { return b.Tray.Icons() == 1 })
	r.stop()
	if got := r.told(); !slices.Equal(got, []bool{true}) || r.buses != 1 {
		t.Errorf("told %v, %d other buses", got, r.buses)
	}
	noTray(t, "show after the end", r.seat.Show(t.Context()))
}

// TestSeatMovesToTheNewest moves among two desktops of the same user. Whoever is
// at the other one is told so, until the icon comes back.
func TestSeatMovesToTheNewest(t *testing.T) {
	a, b := bed.Start(t, noDisplay()), bed.Start(t, noDisplay())
	r := newSeatRig(t, placeOf(a), true)
	a.Tray.WaitIcon()
	at, other := a, b
	for range 4 {
		r.promote(placeOf(other))
		r.soon("the icon on one desktop", func() bool { return other.Tray.Icons() == 1 && at.Tray.Icons() == 0 })
		note := at.Notes.WaitOpen("that it has moved", func(n bed.Note) bool { return n.Summary == "Keyfob has moved" })
		if want := "Keyfob's icon is on the other desktop now. To bring it back, start Keyfob here."; note.Body != want {
			t.Errorf("it says %q", note.Body)
		}
		r.soon("no such note where the icon is", func() bool {
			return !slices.ContainsFunc(other.Notes.All(), func(n bed.Note) bool { return n.Open })
		})
		at, other = other, at
	}
	r.stop()
	if got := r.told(); !slices.Equal(got, []bool{true}) || r.buses != 4 {
		t.Errorf("told %v, %d other buses", got, r.buses)
	}
}

// TestSeatOfManyStartsAtOnce: each is answered, and one icon is left.
func TestSeatOfManyStartsAtOnce(t *testing.T) {
	a, b := bed.Start(t, noDisplay()), bed.Start(t, noDisplay())
	r := newSeatRig(t, Place{}, false)
	var starts sync.WaitGroup
	for i := range 20 {
		p := placeOf([]*bed.Bed{a, b}[i%2])
		starts.Go(func() {
			if _, err := r.seat.Promote(t.Context(), p); err != nil {
				t.Error(err)
			}
		})
	}
	starts.Wait()
	r.soon("one icon", func() bool { return a.Tray.Icons()+b.Tray.Icons() == 1 })
	if got := r.told(); !slices.Equal(got, []bool{true}) {
		t.Errorf("told %v", got)
	}
}

// TestSeatAfterLogOut ends the desktop several times, and with it nothing else: a
// sign-in that was begun there is under way all the time.
func TestSeatAfterLogOut(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, placeOf(b), true)
	b.Tray.WaitIcon()
	r.pressSignIn()
	address := <-r.browser
	for range 3 {
		b.LogOut()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
		noTray(t, "show meanwhile", r.seat.Show(t.Context()))
		b.LogIn()
		r.promote(placeOf(b))
		b.Tray.WaitIcon()
		if is := r.state(); is != session.SigningIn {
			t.Errorf("the session is %s", is)
		}
	}
	person := &authtest.Browser{Person: idp.Person{Username: "ada", Password: "pw"}}
	if err := errors.Join(person.Open(address), person.Wait()); err != nil {
		t.Fatal(err)
	}
	r.soon("the session", func() bool { return r.state() == session.Active })
	r.stop()
	if got := r.told(); !slices.Equal(got, []bool{true, false, true, false, true, false, true}) {
		t.Errorf("told %v", got)
	}
}

// TestSeatHearsLockAndSleepAfterLogIn holds notifications back while the new
// desktop's screen is locked, and tells the sessions when the machine has woken.
func TestSeatHearsLockAndSleepAfterLogIn(t *testing.T) {
	b := bed.Start(t, noDisplay())
	r := newSeatRig(t, placeOf(b), true)
	logind := owner(t, r.machine, "org.freedesktop.login1")
	for round := range 3 {
		b.Tray.WaitIcon()
		saver := owner(t, b, saverName)
		d := r.seat.current().desktop
		lock := func(locked bool) {
			t.Helper()
			r.soon("word of the lock", func() bool {
				if err := saver.Emit(saverPath, saverName+".ActiveChanged", locked); err != nil {
					t.Fatal(err)
				}
				is := make(chan bool, 1)
				if err := d.screen.do(t.Context(), func(context.Context) { is <- d.screen.notices.locked }); err != nil {
					t.Fatal(err)
				}
				return <-is == locked
			})
		}
		lock(false)
		lock(true)
		d.screen.complain(t.Context(), "plant4", "It failed", errors.New("because"))
		failed := func(n bed.Note) bool { return n.Summary == "It failed" }
		if slices.ContainsFunc(b.Notes.All(), failed) {
			t.Errorf("round %d: shown behind a lock", round)
		}
		lock(false)
		b.Notes.WaitOpen("what failed", failed)

		r.pressSignIn()
		person := &authtest.Browser{Person: idp.Person{Username: "ada", Password: "pw"}}
		if err := errors.Join(person.Open(<-r.browser), person.Wait()); err != nil {
			t.Fatal(err)
		}
		r.soon("the session", func() bool { return r.state() == session.Active })
		r.ahead.Add(int64(9 * time.Hour))
		if err := logind.Emit("/org/freedesktop/login1", "org.freedesktop.login1.Manager.PrepareForSleep", false); err != nil {
			t.Fatal(err)
		}
		r.soon("the end of the session over the night", func() bool { return r.state() == session.Expired })
		b.Notes.WaitOpen("the end", func(n bed.Note) bool { return n.Summary == "Your Plant 4 session has ended" })

		b.LogOut()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
		b.LogIn()
		r.promote(placeOf(b))
	}
}

// TestSeatComesToTheDisplay begins on a bus without a display, as a service of the
// user's does, and uses the display when there is one. When that is gone, icon and
// all go until somebody comes.
func TestSeatComesToTheDisplay(t *testing.T) {
	b := bed.Start(t, bed.Options{Keyring: bed.Absent})
	bus := Place{busAddress: placeOf(b)[busAddress]}
	r := newSeatRig(t, bus, true)
	b.Tray.WaitIcon()
	for range 2 {
		if said := r.promote(placeOf(b)); said != "keyfob is already running: its icon is in the tray now" {
			t.Errorf("said %q", said)
		}
		b.Tray.WaitIcon()
		if said := r.promote(bus); said != "keyfob is already running: its window opens" {
			t.Errorf("without a display: %q", said)
		}
		page := b.Display + " show --dir " + r.dir + " tools"
		r.soon("the window", func() bool { return strings.Contains(r.windows(), page) })
		b.LoseDisplay()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() && b.Tray.Icons() == 0 })
		r.promote(bus)
		b.Tray.WaitIcon()
		b.LogOut()
		r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
		b.LogIn()
	}
}

// TestSeatWithADisplayAlone has no bus to show an icon on.
func TestSeatWithADisplayAlone(t *testing.T) {
	b := bed.Start(t, bed.Options{NoBus: true})
	r := newSeatRig(t, Place{}, false)
	p := placeOf(b)
	p[busAddress] = "unix:path=" + filepath.Join(b.Dir, "nobody")
	if said := r.promote(p); !strings.Contains(said, "no icon here") {
		t.Errorf("said %q", said)
	}
	r.soon("the window", func() bool { return strings.Contains(r.windows(), b.Display+" show --dir "+r.dir) })
	b.LoseDisplay()
	r.soon("the end of the desktop", func() bool { return !r.seat.Shown() })
}
