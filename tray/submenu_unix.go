//go:build linux || freebsd || openbsd || netbsd

package tray

import (
	"context"
	"fmt"
	"time"

	"fyne.io/systray"
	"github.com/godbus/dbus/v5"
)

// The menu of systray's icon (com.canonical.dbusmenu).
const (
	menuPath  = dbus.ObjectPath("/StatusNotifierItem/menu")
	menuIface = "com.canonical.dbusmenu"
)

// reread announces submenus, one signal each, as the protocol asks of a layout
// that changed below its parent. systray announces the whole menu alone.
func reread(ctx context.Context, conn *dbus.Conn, submenus []*systray.MenuItem) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	var version dbus.Variant
	err := conn.Object(conn.Names()[0], menuPath).
		CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, menuIface, "Version").
		Store(&version)
	revision, ok := version.Value().(uint32)
	if err != nil || !ok {
		return
	}
	for _, item := range submenus {
		var id int32
		if _, err := fmt.Sscanf(item.String(), "MenuItem[%d", &id); err == nil {
			_ = conn.Emit(menuPath, menuIface+".LayoutUpdated", revision, id)
		}
	}
}
