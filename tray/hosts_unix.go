//go:build linux || freebsd || openbsd || netbsd

package tray

import (
	"context"
	"time"

	"github.com/godbus/dbus/v5"
)

// watcherName is who knows the programs that show icons (the StatusNotifierItem
// specification of KDE, which other desktops follow).
const watcherName = "org.kde.StatusNotifierWatcher"

// grace is how long a panel may take to come, which at the beginning of a
// session starts beside this program.
const grace = 5 * time.Second

// hosts tells the driver when another program shows the icon, and whoever
// wants to know when none does. systray itself registers with any that comes.
func (d *driver) hosts(ctx context.Context, conn *dbus.Conn) {
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	defer conn.RemoveSignal(signals)
	_ = conn.AddMatchSignalContext(
		ctx, dbus.WithMatchSender("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, watcherName),
	)
	patient := time.NewTimer(grace)
	defer patient.Stop()
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				return
			}
			var name, old, owner string
			if s.Sender == "org.freedesktop.DBus" && dbus.Store(s.Body, &name, &old, &owner) == nil && name == watcherName {
				select {
				case d.another <- struct{}{}:
				default:
				}
			}
		case <-patient.C:
			if d.cfg.NoHost != nil && !hosted(ctx, conn) {
				d.cfg.NoHost()
			}
		case <-ctx.Done():
			return
		}
	}
}

// hosted reports whether anything on this desktop shows icons.
func hosted(ctx context.Context, conn *dbus.Conn) bool {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	var shown bool
	err := conn.Object(watcherName, "/StatusNotifierWatcher").CallWithContext(
		ctx, "org.freedesktop.DBus.Properties.Get", dbus.FlagNoAutoStart, watcherName, "IsStatusNotifierHostRegistered",
	).Store(&shown)
	return err == nil && shown
}
