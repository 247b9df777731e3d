//go:build linux || freebsd || openbsd || netbsd

package tray

import (
	"context"
	"strings"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
)

// watcherName is who knows the programs that show icons (the StatusNotifierItem
// specification of KDE, which other desktops follow).
const watcherName = "org.kde.StatusNotifierWatcher"

// hostNames is how the name of a panel begins that shows icons and leaves it to
// another program to know them. Plasma's watcher says nothing of its panel: it
// claims to have one always, and sends no signal when one comes.
const hostNames = "org.kde.StatusNotifierHost-"

// grace is how long a panel may take to come, which at the beginning of a
// session starts beside this program.
const grace = 5 * time.Second

// hosts tells the driver when another program shows the icon, and whoever
// wants to know when none does, or one does in the end. systray itself registers
// with any that comes. What counts is what the desktop answers, however long
// that takes: a machine at the beginning of a session is busy.
func (d *driver) hosts(ctx context.Context, conn *dbus.Conn) {
	var asking sync.WaitGroup
	defer asking.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)
	for _, rule := range [][]dbus.MatchOption{
		{dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg0Namespace("org.kde")},
		{dbus.WithMatchSender(watcherName), dbus.WithMatchInterface(watcherName), dbus.WithMatchMember("StatusNotifierHostRegistered")},
	} {
		_ = conn.AddMatchSignalContext(ctx, rule...)
	}
	var (
		patient = time.NewTimer(grace)
		waited  bool // long enough
		asked   bool // and not answered
		again   bool // something changed meanwhile
		told    bool // that there is none
		known   bool // and nothing more is to be told
		answers = make(chan bool)
	)
	defer patient.Stop()
	ask := func() {
		if again = asked; again {
			return
		}
		asked = true
		asking.Go(func() {
			shown := hosted(ctx, conn)
			select {
			case answers <- shown:
			case <-ctx.Done():
			}
		})
	}
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				return
			}
			var name, old, owner string
			if s.Sender == "org.freedesktop.DBus" && dbus.Store(s.Body, &name, &old, &owner) == nil {
				if name != watcherName && !strings.HasPrefix(name, hostNames) {
					continue
				}
				select {
				case d.another <- struct{}{}:
				default:
				}
			}
			if waited && !known {
				ask()
			}
		case <-patient.C:
			waited = true
			ask()
		case shown := <-answers:
			asked = false
			switch {
			case again:
				ask()
			case !shown && !told:
				told = true
				call(d.cfg.NoHost)
			case shown:
				if known = true; told {
					call(d.cfg.Host)
				}
			}
		case <-ctx.Done():
			return
		}
	}
}

func call(f func()) {
	if f != nil {
		f()
	}
}

// hosted reports whether anything on this desktop shows icons. Where nobody has
// the name, the bus itself says so.
func hosted(ctx context.Context, conn *dbus.Conn) bool {
	var shown bool
	err := conn.Object(watcherName, "/StatusNotifierWatcher").CallWithContext(
		ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, watcherName, "IsStatusNotifierHostRegistered",
	).Store(&shown)
	return err == nil && shown
}
