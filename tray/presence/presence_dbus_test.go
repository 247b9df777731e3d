//go:build linux || freebsd || openbsd || netbsd

package presence_test

import (
	"context"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
	"keyfob/tray/internal/bustest"
	"keyfob/tray/presence"
)

const (
	login       = "org.freedesktop.login1"
	loginPath   = dbus.ObjectPath("/org/freedesktop/login1")
	sessionPath = dbus.ObjectPath("/org/freedesktop/login1/session/_32")
	otherPath   = dbus.ObjectPath("/org/freedesktop/login1/session/_33")
	network     = "org.freedesktop.NetworkManager"
	gnome       = "org.gnome.ScreenSaver"
)

// watcher is the state as a program sees it.
type watcher struct {
	t   *testing.T
	got <-chan presence.State
	now presence.State
}

func watch(t *testing.T) *watcher {
	t.Helper()
	w := &watcher{t: t, got: presence.Watch(t.Context())}
	w.next()
	return w
}

func (w *watcher) next() presence.State {
	w.t.Helper()
	select {
	case s, ok := <-w.got:
		if !ok {
			w.t.Fatal("nothing is told any more")
		}
		w.now = s
	case <-time.After(60 * time.Second):
		w.t.Fatal("nothing is told")
	}
	return w.now
}

// wait waits until the state is what it should be.
func (w *watcher) wait(what string, want presence.State) {
	w.t.Helper()
	for w.now != want {
		before := w.now
		if got := w.next(); got == before {
			w.t.Errorf("%s: told %+v twice", what, got)
		}
	}
}

func TestNobodyThere(t *testing.T) {
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
	ctx, cancel := context.WithCancel(t.Context())
	got := presence.Watch(ctx)
	if s := <-got; s != (presence.State{}) {
		t.Errorf("without any bus: %+v", s)
	}
	cancel()
	if _, ok := <-got; ok {
		t.Error("told something after the end")
	}
}

func TestBusWithoutServices(t *testing.T) {
	newDesktop(t)
	if w := watch(t); w.now != (presence.State{}) {
		t.Errorf("without any service: %+v", w.now)
	}
}

func TestBusThatHangs(t *testing.T) {
	authtest.NotShort(t, "it waits five seconds for a desktop")
	d := newDesktop(t)
	d.system.Stop(t)
	if w := watch(t); w.now != (presence.State{}) {
		t.Errorf("with a bus that hangs: %+v", w.now)
	}
}

func TestWaking(t *testing.T) {
	d := newDesktop(t)
	g := startLogind(t, d, false, false)
	nm := play(t, d.system, network, nil)
	w := watch(t)
	sleep := login + ".Manager.PrepareForSleep"
	g.emit(loginPath, sleep, true)
	g.emit(loginPath, sleep, false)
	w.wait("woken", presence.State{Wakes: 1})
	const path = dbus.ObjectPath("/org/freedesktop/NetworkManager")
	nm.emit(path, network+".StateChanged", uint32(20)) // disconnected
	nm.emit(path, network+".StateChanged", uint32(70))
	w.wait("the network is back", presence.State{Wakes: 2})

	// Another logind takes its place, as after an update.
	g.gone()
	g = startLogind(t, d, false, false)
	g.emit(loginPath, sleep, false)
	w.wait("woken with another logind", presence.State{Wakes: 3})
}

func TestStrangersAreNotHeard(t *testing.T) {
	d := newDesktop(t)
	g := startLogind(t, d, false, false)
	w := watch(t)
	stranger := d.system.Connect(t)
	var names []string
	if err := stranger.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&names); err != nil {
		t.Fatal(err)
	}
	for _, to := range names {
		m := &dbus.Message{Type: dbus.TypeSignal, Body: []any{false}, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(loginPath),
			dbus.FieldInterface:   dbus.MakeVariant(login + ".Manager"),
			dbus.FieldMember:      dbus.MakeVariant("PrepareForSleep"),
			dbus.FieldDestination: dbus.MakeVariant(to),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(false)),
		}}
		stranger.Send(m, nil)
	}
	// What comes after it has been heard after it.
	if err := stranger.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
	g.hint(true, true)
	w.wait("locked", presence.State{Locked: true})
}

func TestLockOfTheSession(t *testing.T) {
	for name, managed := range map[string]bool{"in the session": false, "under the service manager": true} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t)
			g := startLogind(t, d, managed, true)
			w := watch(t)
			if !w.now.Locked {
				t.Error("a session that is locked from the start is not known as such")
			}
			for i, value := range []bool{true, false} {
				g.hint(false, value)
				w.wait("unlocked", presence.State{})
				g.emit(otherPath, login+".Session.Lock") // somebody else's
				g.emit(sessionPath, login+".Session.Lock")
				w.wait("asked to lock", presence.State{Locked: true})
				g.hint(true, value)
				g.emit(sessionPath, login+".Session.Unlock")
				g.hint(false, value)
				w.wait("asked to unlock", presence.State{})
				if g.hint(true, value); i == 0 {
					w.wait("locked", presence.State{Locked: true})
				}
			}
			g.gone()
			w.wait("logind is gone", presence.State{})
		})
	}
}

// TestSessionOfTheScreen is in a program that was started over ssh and shows
// itself on the person's desktop: it is that one's lock which counts.
func TestSessionOfTheScreen(t *testing.T) {
	for _, id := range []string{"", "2", "3", "unknown"} {
		d := newDesktop(t)
		t.Setenv("XDG_SESSION_ID", id)
		g := startLogind(t, d, false, false)
		g.mu.Lock()
		g.ssh = true
		g.mu.Unlock()
		w := watch(t)
		g.hint(true, true)
		w.wait("locked", presence.State{Locked: true})
	}
}

// TestALockThatNeverComes asks a desktop to lock that knows of no lock: it
// does not count as locked for good.
func TestALockThatNeverComes(t *testing.T) {
	authtest.NotShort(t, "it waits ten seconds for a desktop")
	d := newDesktop(t)
	g := startLogind(t, d, false, false)
	w := watch(t)
	g.emit(sessionPath, login+".Session.Lock")
	w.wait("asked to lock", presence.State{Locked: true})
	w.wait("not locked after all", presence.State{})
}

func TestScreenSavers(t *testing.T) {
	for name, path := range map[string]dbus.ObjectPath{
		"org.freedesktop.ScreenSaver": "/ScreenSaver",
		gnome:                         "/org/gnome/ScreenSaver",
		"org.cinnamon.ScreenSaver":    "/org/cinnamon/ScreenSaver",
		"org.mate.ScreenSaver":        "/org/mate/ScreenSaver",
		"org.xfce.ScreenSaver":        "/org/xfce/ScreenSaver",
	} {
		t.Run(name, func(t *testing.T) {
			d := newDesktop(t)
			s := startSaver(t, d, name, path, true)
			w := watch(t)
			if !w.now.Locked {
				t.Error("a screen that is locked from the start is not known as such")
			}
			for range 3 {
				s.emit(path, name+".ActiveChanged", false)
				w.wait("unlocked", presence.State{})
				s.emit(path, name+".ActiveChanged", true)
				w.wait("locked", presence.State{Locked: true})
			}
			s.gone()
			w.wait("the saver is gone", presence.State{})
			startSaver(t, d, name, path, true)
			w.wait("another saver has come", presence.State{Locked: true})
		})
	}
}

// TestTwoSayThatItIsLocked takes it for unlocked when neither says so.
func TestTwoSayThatItIsLocked(t *testing.T) {
	d := newDesktop(t)
	g := startLogind(t, d, false, false)
	const path = "/org/gnome/ScreenSaver"
	s := startSaver(t, d, gnome, path, false)
	w := watch(t)
	s.emit(path, gnome+".ActiveChanged", true)
	w.wait("locked by one", presence.State{Locked: true})
	g.hint(true, true)
	g.emit(loginPath, login+".Manager.PrepareForSleep", false)
	w.wait("woken while locked", presence.State{Locked: true, Wakes: 1})
	s.emit(path, gnome+".ActiveChanged", false)
	g.emit(loginPath, login+".Manager.PrepareForSleep", false)
	w.wait("still locked by the other", presence.State{Locked: true, Wakes: 2})
	g.hint(false, true)
	w.wait("unlocked", presence.State{Wakes: 2})
}

// TestTheLatestCounts has a reader that is busy meanwhile.
func TestTheLatestCounts(t *testing.T) {
	d := newDesktop(t)
	const path = "/org/gnome/ScreenSaver"
	s := startSaver(t, d, gnome, path, false)
	w := watch(t)
	for i := range 1001 {
		s.emit(path, gnome+".ActiveChanged", i%2 == 0)
	}
	w.wait("locked", presence.State{Locked: true})
	s.emit(path, gnome+".ActiveChanged", false)
	w.wait("unlocked", presence.State{})
}

func TestBusRestarts(t *testing.T) {
	d := newDesktop(t)
	const path = "/org/gnome/ScreenSaver"
	startSaver(t, d, gnome, path, true)
	w := watch(t)
	d.session.Kill()
	w.wait("nobody says that it is locked", presence.State{})
	d.session = bustest.Start(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.session.Address)
	startSaver(t, d, gnome, path, true)
	w.wait("locked by the new one", presence.State{Locked: true})
}
