//go:build linux || freebsd || openbsd || netbsd

package notify_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/tray/internal/bustest"
	"keyfob/tray/notify"
)

const (
	name = "org.freedesktop.Notifications"
	path = dbus.ObjectPath("/org/freedesktop/Notifications")
)

// server is a notification server on the bus.
type server struct {
	t      *testing.T
	conn   *dbus.Conn
	can    []string
	press  string                        // pressed at once, before Notify is answered
	hang   atomic.Pointer[chan struct{}] // calls wait for it, unless nil
	waits  chan struct{}                 // has one for each call that does
	notes  chan note
	closed chan uint32
	last   uint32
}

type note struct {
	ID, Replaces uint32
	App, Icon    string
	Title, Body  string
	Actions      []string
	Urgency      byte
	Expire       int32
	Entry        string
}

// newServer connects a server that nobody knows of until it owns the name.
func newServer(t *testing.T, bus *bustest.Bus, can ...string) *server {
	t.Helper()
	return &server{
		t:      t,
		conn:   bus.Connect(t),
		can:    can,
		notes:  make(chan note, 16),
		closed: make(chan uint32, 16),
		waits:  make(chan struct{}, 16),
	}
}

func startServer(t *testing.T, bus *bustest.Bus, can ...string) *server {
	t.Helper()
	s := newServer(t, bus, can...)
	s.own()
	return s
}

func (s *server) own() {
	s.t.Helper()
	if err := s.conn.Export(s, path, name); err != nil {
		s.t.Fatal(err)
	}
	reply, err := s.conn.RequestName(name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		s.t.Fatal(reply, err)
	}
}

// stall lets calls wait until goOn.
func (s *server) stall() (goOn func()) {
	hang := make(chan struct{})
	s.hang.Store(&hang)
	return func() { close(hang) }
}

func (s *server) wait() {
	if hang := s.hang.Load(); hang != nil {
		s.waits <- struct{}{}
		<-*hang
	}
}

// GetCapabilities is called over the bus.
func (s *server) GetCapabilities() ([]string, *dbus.Error) { s.wait(); return s.can, nil }

// Notify is called over the bus.
func (s *server) Notify(
	app string,
	replaces uint32,
	icon, title, body string,
	actions []string,
	hints map[string]dbus.Variant,
	expire int32,
) (uint32, *dbus.Error) {
	s.wait()
	id := replaces
	if id == 0 {
		s.last++
		id = s.last
	}
	urgency, _ := hints["urgency"].Value().(byte)
	entry, _ := hints["desktop-entry"].Value().(string)
	if s.press != "" {
		s.emit("ActionInvoked", id, s.press)
		s.emit("NotificationClosed", id, uint32(2))
	}
	s.notes <- note{
		ID: id, Replaces: replaces, App: app, Icon: icon, Title: title, Body: body,
		Actions: actions, Urgency: urgency, Expire: expire, Entry: entry,
	}
	return id, nil
}

// CloseNotification is called over the bus.
func (s *server) CloseNotification(id uint32) *dbus.Error {
	s.wait()
	s.closed <- id
	s.emit("NotificationClosed", id, uint32(3))
	return nil
}

func (s *server) emit(signal string, args ...any) {
	if err := s.conn.Emit(path, name+"."+signal, args...); err != nil {
		s.t.Error(err)
	}
}

// shown waits for what was shown next.
func (s *server) shown() note {
	s.t.Helper()
	select {
	case n := <-s.notes:
		return n
	case <-time.After(20 * time.Second):
		s.t.Fatal("nothing is shown")
		return note{}
	}
}

// open opens a notifier on the bus, which it finds as any program does.
func open(t *testing.T, bus *bustest.Bus) *notify.Notifier {
	t.Helper()
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", bus.Address)
	n, err := notify.Open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := n.Close(); err != nil {
			t.Error(err)
		}
	})
	return n
}

func show(t *testing.T, n *notify.Notifier, key string, note notify.Note) {
	t.Helper()
	if err := n.Show(context.Background(), key, note); err != nil {
		t.Fatal(err)
	}
}

func next(t *testing.T, n *notify.Notifier) notify.Event {
	t.Helper()
	select {
	case e := <-n.Events():
		return e
	case <-time.After(20 * time.Second):
		t.Fatal("no button is told")
		return notify.Event{}
	}
}

func same(a, b []string) bool { return slices.Equal(a, b) }

// peers lists the connections on the bus.
func peers(t *testing.T, conn *dbus.Conn) []string {
	t.Helper()
	var names []string
	if err := conn.BusObject().Call("org.freedesktop.DBus.ListNames", 0).Store(&names); err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(names, func(n string) bool { return n[0] != ':' })
}

// send sends the signal of a button to one connection alone.
func send(t *testing.T, conn *dbus.Conn, to string, id uint32, action string) {
	t.Helper()
	m := &dbus.Message{Type: dbus.TypeSignal, Body: []any{id, action}, Headers: map[dbus.HeaderField]dbus.Variant{
		dbus.FieldPath:        dbus.MakeVariant(path),
		dbus.FieldInterface:   dbus.MakeVariant(name),
		dbus.FieldMember:      dbus.MakeVariant("ActionInvoked"),
		dbus.FieldDestination: dbus.MakeVariant(to),
		dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(id, action)),
	}}
	if call := conn.Send(m, nil); call.Err != nil {
		t.Fatal(call.Err)
	}
}

// ping returns when the bus has passed on all that conn sent.
func ping(t *testing.T, conn *dbus.Conn) {
	t.Helper()
	if err := conn.BusObject().Call("org.freedesktop.DBus.GetId", 0).Err; err != nil {
		t.Fatal(err)
	}
}
