//go:build linux || freebsd || openbsd || netbsd

package tray

import (
	"context"
	"errors"
	"io"
	"log"
	"strings"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"

	"keyfob/assets"
	"keyfob/tray/internal/bus"
)

// patience bounds how long the session bus may take to answer, on a machine
// that has just begun a session, too.
const patience = 25 * time.Second

// Run shows the tray until ctx ends or a person quits, and then returns nil.
// Without a session bus it returns an error that wraps [ErrNoTray], and when that
// goes away one that wraps [ErrGone]. Where no tray host is there, the icon
// comes when one does.
//
// It can run again once it has returned, on another bus, too, but never twice at
// a time.
func Run(ctx context.Context, cfg Config) error {
	conn, own, err := connect(ctx)
	if err != nil {
		return noTray("there is no desktop session bus to show a tray icon on", err)
	}
	defer func() { _ = own.Close() }()
	// systray's own end would be the end for good: it would notice no panel that
	// comes after that. Without its connection it ends what it does, too.
	defer func() { _ = conn.Close() }()
	systray.ResetMenu() // of the tray before this one
	// All that is told before start stays here, so that the tray appears
	// complete. The title at that moment becomes the item's Id on the bus.
	d := newDriver(cfg)
	if onGNOME(ctx, own) {
		d.write = writtenForGNOME
	}
	life, end := context.WithCancel(ctx)
	defer d.readers.Wait()
	defer end()
	d.show(life)
	// systray writes to the standard logger what it cannot do, on stderr and
	// with a date. What concerns a person of that is told by NoHost.
	log.SetOutput(io.Discard)
	start, _ := systray.RunWithExternalLoop(nil, nil)
	start()
	if !conn.Connected() {
		return gone()
	}
	if i, err := serve(conn, d.shown); err == nil {
		d.serve = i.show
	}
	d.another = make(chan struct{}, 1)
	d.reread = func(submenus []*systray.MenuItem) { reread(life, conn, submenus) }
	d.readers.Go(func() { d.hosts(life, own) })
	if d.run(life, conn.Context().Done()) {
		return gone()
	}
	return nil
}

// connect makes sure that the connection that systray is about to use works:
// with none, systray reads through a nil pointer when it ends. The second one
// is the caller's own: systray gives up when it hears a signal of which it
// knows nothing.
func connect(ctx context.Context) (shared, own *dbus.Conn, err error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	own, err = bus.Connect(ctx) // which starts no bus, unlike what follows
	if err != nil {
		return nil, nil, err
	}
	shared, err = dbus.SessionBus()
	if err != nil {
		return nil, nil, errors.Join(err, own.Close())
	}
	return shared, own, nil
}

// setIcon draws the icon. systray panics where the bus went away just before, of
// which word is on its way.
func setIcon(i assets.Icon) {
	defer func() { _ = recover() }()
	systray.SetIcon(i.SNI())
}

// setTooltip sets the title too, though it never changes: some hosts look at
// a tooltip only when they are told of a title.
func setTooltip(title, tooltip string) {
	systray.SetTooltip(tooltip)
	systray.SetTitle(title)
}

// written is an entry's label as hosts read it: an underscore makes the letter
// after it the one that chooses the entry, and stands for itself when doubled.
// No letter chooses a label with an underscore of its own: with both in one
// label, Xfce shows no underscore.
func written(e Entry) string {
	if strings.Contains(e.Label, "_") {
		e.Key = 0
	}
	return mark(e, "_")
}

// onGNOME reports whether GNOME's shell shows the icon, if anybody does: there is
// no other place for it there.
func onGNOME(ctx context.Context, conn *dbus.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var there bool
	err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, "org.gnome.Shell").Store(&there)
	return err == nil && there
}

// writtenForGNOME is a label for GNOME's extension, which takes out the first
// underscore before another character, and reads all others as they are. No
// letter chooses an entry there.
func writtenForGNOME(e Entry) string { return strings.Replace(e.Label, "_", "__", 1) }
