//go:build linux

package bed

import (
	"fmt"
	"image"
	"image/color"
	"strings"
	"sync"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
	"github.com/godbus/dbus/v5/prop"
)

const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = dbus.ObjectPath("/StatusNotifierWatcher")
	itemName    = "org.kde.StatusNotifierItem"
	properties  = "org.freedesktop.DBus.Properties"
)

// Tray is the bed's own tray: a StatusNotifier watcher and host that programs
// register their icons with, and a person who uses their menus.
type Tray struct {
	b     *Bed
	props *prop.Properties

	mu    sync.Mutex
	items []item
}

// item is a registered icon.
type item struct {
	bus  string
	path dbus.ObjectPath
}

func (i item) String() string { return i.bus + string(i.path) }

func newTray(b *Bed) *Tray {
	b.t.Helper()
	tr := &Tray{b: b}
	var err error
	tr.props, err = prop.Export(b.Bus, watcherPath, prop.Map{watcherName: {
		"RegisteredStatusNotifierItems":  {Value: []string{}, Emit: prop.EmitTrue},
		"IsStatusNotifierHostRegistered": {Value: true, Emit: prop.EmitTrue},
		"ProtocolVersion":                {Value: int32(0), Emit: prop.EmitTrue},
	}})
	if err != nil {
		b.t.Fatal(err)
	}
	// Qt programs ignore a watcher that they cannot introspect.
	node := &introspect.Node{Name: string(watcherPath), Interfaces: []introspect.Interface{
		introspect.IntrospectData, prop.IntrospectData,
		{
			Name:       watcherName,
			Methods:    introspect.Methods(watcher{tr}),
			Properties: tr.props.Introspection(watcherName),
			Signals: []introspect.Signal{
				{Name: "StatusNotifierItemRegistered", Args: []introspect.Arg{{Name: "service", Type: "s"}}},
				{Name: "StatusNotifierItemUnregistered", Args: []introspect.Arg{{Name: "service", Type: "s"}}},
			},
		},
	}}
	for _, export := range []struct {
		object any
		iface  string
	}{{watcher{tr}, watcherName}, {introspect.NewIntrospectable(node), "org.freedesktop.DBus.Introspectable"}} {
		if err := b.Bus.Export(export.object, watcherPath, export.iface); err != nil {
			b.t.Fatal(err)
		}
	}
	tr.Show()
	return tr
}

// Show brings the tray (back) onto the bus.
func (tr *Tray) Show() {
	tr.b.t.Helper()
	tr.b.own(watcherName)
}

// Hide takes the tray off the bus and forgets the icons, as when a desktop's
// panel ends.
func (tr *Tray) Hide() {
	tr.b.t.Helper()
	if _, err := tr.b.Bus.ReleaseName(watcherName); err != nil {
		tr.b.t.Fatal(err)
	}
	tr.mu.Lock()
	tr.items = nil
	tr.mu.Unlock()
	tr.publish()
}

// Icons is how many icons are registered and alive.
func (tr *Tray) Icons() int { return len(tr.alive()) }

// WaitIcon waits for the first icon.
func (tr *Tray) WaitIcon() {
	tr.b.t.Helper()
	tr.b.Wait("an icon in the tray", func() bool { return tr.Icons() > 0 })
}

// Property reads a property of the icon, such as Status, Title or IconName.
func (tr *Tray) Property(name string) any {
	tr.b.t.Helper()
	it := tr.item()
	var v dbus.Variant
	if err := tr.b.Bus.Object(it.bus, it.path).Call(properties+".Get", 0, itemName, name).Store(&v); err != nil {
		tr.b.t.Fatalf("the icon's %s: %v", name, err)
	}
	return v.Value()
}

// Image is the icon as it is drawn now, in the largest size offered.
func (tr *Tray) Image() image.Image {
	tr.b.t.Helper()
	var pixmaps []struct {
		W, H int32
		Data []byte // ARGB, big endian
	}
	if err := dbus.Store([]any{tr.Property("IconPixmap")}, &pixmaps); err != nil || len(pixmaps) == 0 {
		tr.b.t.Fatalf("the icon has no picture: %v", err)
	}
	best := pixmaps[0]
	for _, p := range pixmaps {
		if p.W > best.W {
			best = p
		}
	}
	if len(best.Data) != int(4*best.W*best.H) {
		tr.b.t.Fatalf("a picture of %d×%d has %d bytes", best.W, best.H, len(best.Data))
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(best.W), int(best.H)))
	for i := 0; i < len(best.Data); i += 4 {
		p := best.Data[i : i+4]
		img.Set(i/4%int(best.W), i/4/int(best.W), color.NRGBA{R: p[1], G: p[2], B: p[3], A: p[0]})
	}
	return img
}

// Activate is a plain click on the icon.
func (tr *Tray) Activate() error {
	tr.b.t.Helper()
	it := tr.item()
	return tr.b.Bus.Object(it.bus, it.path).Call(itemName+".Activate", 0, int32(0), int32(0)).Err
}

func (tr *Tray) item() item {
	tr.b.t.Helper()
	items := tr.alive()
	if len(items) == 0 {
		tr.b.t.Fatal("there is no icon in the tray")
	}
	return items[0]
}

// alive drops the icons whose program is gone.
func (tr *Tray) alive() []item {
	tr.mu.Lock()
	items := append([]item(nil), tr.items...)
	tr.mu.Unlock()
	var alive []item
	for _, it := range items {
		if tr.b.HasName(it.bus) {
			alive = append(alive, it)
		}
	}
	return alive
}

func (tr *Tray) publish() {
	tr.mu.Lock()
	names := []string{}
	for _, it := range tr.items {
		names = append(names, it.String())
	}
	tr.mu.Unlock()
	tr.props.SetMust(watcherName, "RegisteredStatusNotifierItems", names)
}

// watcher is what programs call on the bus.
type watcher struct{ tr *Tray }

// RegisterStatusNotifierItem takes a bus name, or an object path of the sender.
func (w watcher) RegisterStatusNotifierItem(service string, sender dbus.Sender) *dbus.Error {
	it := item{service, "/StatusNotifierItem"}
	if strings.HasPrefix(service, "/") {
		it = item{string(sender), dbus.ObjectPath(service)}
	}
	w.tr.mu.Lock()
	w.tr.items = append(w.tr.items, it)
	w.tr.mu.Unlock()
	w.tr.publish()
	if err := w.tr.b.Bus.Emit(watcherPath, watcherName+".StatusNotifierItemRegistered", it.String()); err != nil {
		return dbus.MakeFailedError(fmt.Errorf("tray: %w", err))
	}
	return nil
}

// RegisterStatusNotifierHost is for other hosts, which the bed has none of.
func (w watcher) RegisterStatusNotifierHost(string) *dbus.Error { return nil }
