//go:build linux || freebsd || openbsd || netbsd

package tray

import (
	"bytes"
	"image/color"
	"image/png"
	"maps"
	"sync"

	"github.com/godbus/dbus/v5"

	"keyfob/assets"
)

// The icon on the bus (the StatusNotifierItem specification of KDE).
const (
	itemPath  = dbus.ObjectPath("/StatusNotifierItem")
	itemIface = "org.kde.StatusNotifierItem"
)

// item answers who reads the icon's properties. systray declares more of them
// than it serves, and refuses the others by a name of its own, of which GNOME
// writes to its log at each change. It also leaves out what a screen reader says
// of the icon.
type item struct {
	mu     sync.Mutex
	values map[string]dbus.Variant
}

// picture is an icon as hosts take it.
type picture struct {
	Width, Height int32
	ARGB          []byte
}

// tip is what hosts show below the mouse.
type tip struct {
	Icon    string
	Picture []picture
	Title   string
	Text    string
}

// serve answers for the icon from now on.
func serve(conn *dbus.Conn, m Menu) (*item, error) {
	i := &item{values: map[string]dbus.Variant{
		"Category": dbus.MakeVariant("ApplicationStatus"), "Status": dbus.MakeVariant("Active"),
		"Id": dbus.MakeVariant(m.Title), "Title": dbus.MakeVariant(m.Title),
		"Menu": dbus.MakeVariant(menuPath), "ItemIsMenu": dbus.MakeVariant(true), "WindowId": dbus.MakeVariant(int32(0)),
		"AttentionMovieName": dbus.MakeVariant(""), "IconThemePath": dbus.MakeVariant(""),
	}}
	for _, kind := range []string{"Icon", "OverlayIcon", "AttentionIcon"} {
		i.values[kind+"Name"] = dbus.MakeVariant("")
		i.values[kind+"Pixmap"] = dbus.MakeVariant([]picture{})
	}
	i.show(m)
	return i, conn.Export(i, itemPath, "org.freedesktop.DBus.Properties")
}

// show takes over what the icon is now.
func (i *item) show(m Menu) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if p, ok := draw(m.Icon); ok {
		i.values["IconPixmap"] = dbus.MakeVariant([]picture{p})
	}
	i.values["ToolTip"] = dbus.MakeVariant(tip{Picture: []picture{}, Title: m.Tooltip})
	i.values["IconAccessibleDesc"] = dbus.MakeVariant(m.Tooltip)
}

// draw turns an icon into what hosts take: alpha first, colours not multiplied by
// it.
func draw(icon assets.Icon) (p picture, ok bool) {
	img, err := png.Decode(bytes.NewReader(icon.PNG()))
	if err != nil {
		return picture{}, false
	}
	b := img.Bounds()
	p = picture{Width: int32(b.Dx()), Height: int32(b.Dy())}
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			c := color.NRGBAModel.Convert(img.At(x, y)).(color.NRGBA)
			p.ARGB = append(p.ARGB, c.A, c.R, c.G, c.B)
		}
	}
	return p, true
}

// Get is called over the bus.
func (i *item) Get(iface, name string) (dbus.Variant, *dbus.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	v, ok := i.values[name]
	if !ok || iface != itemIface {
		return v, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", []any{"no property " + name})
	}
	return v, nil
}

// GetAll is called over the bus.
func (i *item) GetAll(iface string) (map[string]dbus.Variant, *dbus.Error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if iface != itemIface {
		return nil, dbus.NewError("org.freedesktop.DBus.Error.UnknownInterface", []any{"no interface " + iface})
	}
	return maps.Clone(i.values), nil
}

// Set is called over the bus.
func (i *item) Set(_, name string, _ dbus.Variant) *dbus.Error {
	return dbus.NewError("org.freedesktop.DBus.Error.PropertyReadOnly", []any{name + " is not to be changed"})
}
