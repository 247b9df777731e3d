//go:build linux || freebsd || openbsd || netbsd

package notify

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"keyfob/auth"

	"github.com/godbus/dbus/v5"
)

// The names of the desktop notifications specification 1.2.
const (
	service = "org.freedesktop.Notifications"
	object  = dbus.ObjectPath("/org/freedesktop/Notifications")
	iface   = "org.freedesktop.Notifications"
)

// link is a connection to the session bus and what was shown over it. A new
// one replaces it when the bus was restarted.
type link struct {
	conn *dbus.Conn

	mu      sync.Mutex
	bus     string            // its ID, once a server was met
	server  string            // the server's unique name, "" before it is known and after it went
	markup  bool              // it takes the body for markup
	buttons bool              // it shows actions
	shown   map[string]uint32 // the number of what was shown last, by key
	main    map[string]string // the button that a click on the notification stands for, by key
	closed  map[uint32]bool   // which of them are no longer on the screen
	showing bool              // Notify has been sent and not answered
	early   []press           // what came meanwhile for numbers not yet known
}

type press struct {
	id     uint32
	action string // "" when the notification was closed
}

// subscribe asks the bus for the signals of whoever is the server, and for
// word when that becomes another.
func (l *link) subscribe(ctx context.Context) error {
	for _, rule := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(service), dbus.WithMatchInterface(iface), dbus.WithMatchMember("ActionInvoked")},
		{dbus.WithMatchSender(service), dbus.WithMatchInterface(iface), dbus.WithMatchMember("NotificationClosed")},
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, service)},
	} {
		if err := l.conn.AddMatchSignalContext(ctx, rule...); err != nil {
			return errors.Join(explain(err), l.conn.Close())
		}
	}
	return nil
}

// meet learns who the server is and what it can do, once for each server, and
// starts it where the desktop starts it on demand.
func (l *link) meet(ctx context.Context) (server string, err error) {
	l.mu.Lock()
	server = l.server
	l.mu.Unlock()
	if server != "" {
		return server, nil
	}
	var can []string
	if err := l.conn.Object(service, object).CallWithContext(ctx, iface+".GetCapabilities", 0).Store(&can); err != nil {
		return "", err
	}
	if server, err = l.owner(ctx); err != nil {
		return "", err
	}
	bus, err := l.id(ctx)
	if err != nil {
		return "", err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bus = bus
	l.server, l.markup, l.buttons = server, slices.Contains(can, "body-markup"), slices.Contains(can, "actions")
	return server, nil
}

// owner is the unique name of the server that runs.
func (l *link) owner(ctx context.Context) (name string, err error) {
	err = l.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, service).Store(&name)
	return name, err
}

// id is that of the bus, which no other has.
func (l *link) id(ctx context.Context) (id string, err error) {
	err = l.conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetId", 0).Store(&id)
	return id, err
}

// notify sends the note to server and returns its number, 0 on an error.
func (l *link) notify(ctx context.Context, server, key string, note Note) (uint32, error) {
	l.mu.Lock()
	replaces, markup, buttons := l.shown[key], l.markup, l.buttons
	if l.closed[replaces] {
		replaces = 0
	}
	l.showing = true
	l.mu.Unlock()

	body := lines(note.Body, maxBody)
	if markup {
		body = escape.Replace(body)
	}
	actions := []string{}
	if buttons {
		actions = offer(note.Actions)
	}
	urgency, expire := byte(1), int32(-1) // normal; the server's own time
	if note.Urgent {
		urgency, expire = 2, 0 // critical; never
	}
	hints := map[string]dbus.Variant{
		"urgency":       dbus.MakeVariant(urgency),
		"desktop-entry": dbus.MakeVariant("keyfob"),
	}
	if p, ok := picture(note.Icon); ok {
		hints["image-data"] = dbus.MakeVariant(p)
	}
	var id uint32
	err := l.conn.Object(server, object).CallWithContext(
		ctx, iface+".Notify", 0,
		"Keyfob", replaces, "keyfob", auth.Line(note.Title, maxTitle), body, actions, hints, expire,
	).Store(&id)
	return id, err
}

// offer lists buttons as a server takes them. Some draw none, and all tell of a
// click on the notification itself, for whom that is offered too. It has no
// label: Xfce's server draws a button for each label, GNOME's and KDE's need none.
func offer(all []Action) (pairs []string) {
	pairs = []string{}
	if len(all) > 0 && !slices.ContainsFunc(all, func(a Action) bool { return a.ID == Default }) {
		all = append([]Action{{ID: Default}}, all...)
	}
	for _, a := range all {
		pairs = append(pairs, a.ID, auth.Line(a.Label, maxTitle))
	}
	return pairs
}

// means is the action that a click on the notification itself stands for.
func means(all []Action) string {
	if len(all) == 0 || slices.ContainsFunc(all, func(a Action) bool { return a.ID == Default }) {
		return Default
	}
	return all[0].ID
}

// onScreen is what is on the screen.
func (l *link) onScreen() Shown {
	l.mu.Lock()
	defer l.mu.Unlock()
	shown := Shown{Bus: l.bus, Server: l.server}
	for _, id := range l.shown {
		if !l.closed[id] {
			shown.IDs = append(shown.IDs, id)
		}
	}
	slices.Sort(shown.IDs)
	return shown
}

// withdraw takes off the screen what was shown, if the server is the one
// that shows it, and waits for nobody's answer but the bus's, which by then has
// passed all of it on.
func (l *link) withdraw(ctx context.Context, shown Shown) error {
	if len(shown.IDs) == 0 {
		return nil
	}
	if bus, err := l.id(ctx); err != nil || bus != shown.Bus {
		return err
	}
	if server, err := l.owner(ctx); err != nil || server != shown.Server {
		return nil // what it showed went with it
	}
	for _, id := range shown.IDs {
		call := l.conn.Object(shown.Server, object).
			GoWithContext(ctx, iface+".CloseNotification", dbus.FlagNoReplyExpected|dbus.FlagNoAutoStart, nil, id)
		if call.Err != nil {
			return call.Err
		}
	}
	_, err := l.id(ctx)
	return err
}

// escape is what the specification asks of text where a body is markup.
var escape = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// dismiss closes what key shows, if anything.
func (l *link) dismiss(ctx context.Context, key string) error {
	l.mu.Lock()
	server := l.server
	id, ok := l.shown[key]
	closed := l.closed[id]
	delete(l.shown, key)
	delete(l.main, key)
	delete(l.closed, id)
	l.mu.Unlock()
	if !ok || closed || server == "" {
		return nil
	}
	return l.conn.Object(server, object).CallWithContext(ctx, iface+".CloseNotification", 0, id).Err
}

// from reports whether a signal is the server's. The bus delivers what others
// address to us directly, too.
func (l *link) from(s *dbus.Signal) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return s.Sender == l.server
}

// gone reports whether err says that server is there no more, and then forgets
// it.
func (l *link) gone(server string, err error) bool {
	var refused dbus.Error
	if !errors.As(err, &refused) ||
		refused.Name != "org.freedesktop.DBus.Error.ServiceUnknown" && refused.Name != "org.freedesktop.DBus.Error.NameHasNoOwner" {
		return false
	}
	l.forget(server)
	return true
}

// forget drops what is known of a server that went. The next one knows nothing
// of what it showed.
func (l *link) forget(server string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if server == l.server {
		l.server, l.shown, l.main, l.closed = "", map[string]uint32{}, map[string]string{}, map[uint32]bool{}
	}
}

// explain turns an error of the bus into one for people.
func explain(err error) error {
	const do = "look at the tray icon or at `keyfob status`"
	var refused dbus.Error
	switch {
	case err == nil:
		return nil
	case errors.Is(err, context.DeadlineExceeded):
		return unavailable("notify_timeout", "the desktop's notification service does not answer", do, err)
	case errors.Is(err, context.Canceled):
		return err
	case errors.As(err, &refused):
		return unavailable("no_notifications", "the desktop has no notification service that works", do, err)
	}
	return unavailable("no_notifications", "the connection to the desktop's notification service is lost", do, err)
}
