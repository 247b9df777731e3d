//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"keyfob/tray/internal/bustest"
)

const watcherName = "org.kde.StatusNotifierWatcher"

// host is what a panel is on the bus: the watcher that items register with,
// and a reader of their menus.
type host struct {
	t     *testing.T
	bus   *bustest.Bus
	conn  *dbus.Conn
	items chan string // the bus names of items as they register
}

// newHost connects a host that no item knows of until it watches.
func newHost(t *testing.T, bus *bustest.Bus) *host {
	t.Helper()
	return &host{t: t, bus: bus, conn: bus.Connect(t), items: make(chan string, 16)}
}

// RegisterStatusNotifierItem is called by items over the bus.
func (h *host) RegisterStatusNotifierItem(_ string, sender dbus.Sender) *dbus.Error {
	h.items <- string(sender)
	return nil
}

func (h *host) watch() {
	h.t.Helper()
	_, err := prop.Export(h.conn, "/StatusNotifierWatcher", prop.Map{watcherName: {
		"RegisteredStatusNotifierItems":  {Value: []string{}},
		"IsStatusNotifierHostRegistered": {Value: true},
		"ProtocolVersion":                {Value: int32(0)},
	}})
	if err == nil {
		err = h.conn.Export(h, "/StatusNotifierWatcher", watcherName)
	}
	if err == nil {
		_, err = h.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue)
	}
	if err != nil {
		h.t.Fatal(err)
	}
}

// watchSlowly is watch for a host that answers the question whether there is
// one when the test says what.
func (h *host) watchSlowly() (asked <-chan struct{}, answer chan<- bool) {
	h.t.Helper()
	s := slowly{make(chan struct{}, 16), make(chan bool)}
	h.t.Cleanup(func() { close(s.answers) })
	err := h.conn.Export(s, "/StatusNotifierWatcher", "org.freedesktop.DBus.Properties")
	if err == nil {
		err = h.conn.Export(h, "/StatusNotifierWatcher", watcherName)
	}
	if err == nil {
		_, err = h.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	return s.asked, s.answers
}

type slowly struct {
	asked   chan struct{}
	answers chan bool
}

// Get is called over the bus.
func (s slowly) Get(string, string) (dbus.Variant, *dbus.Error) {
	s.asked <- struct{}{}
	return dbus.MakeVariant(<-s.answers), nil
}

// layouts are the parents of which an item announces a new layout from now on.
func (h *host) layouts(item string) chan *dbus.Signal {
	h.t.Helper()
	conn := h.bus.Connect(h.t)
	if err := conn.AddMatchSignal(dbus.WithMatchSender(item), dbus.WithMatchMember("LayoutUpdated")); err != nil {
		h.t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 1024)
	conn.Signal(signals)
	return signals
}

// parent waits for the next of layouts.
func (h *host) parent(layouts <-chan *dbus.Signal) int32 {
	h.t.Helper()
	select {
	case s := <-layouts:
		var revision uint32
		var parent int32
		if s.Name != "com.canonical.dbusmenu.LayoutUpdated" {
			return h.parent(layouts)
		}
		if err := dbus.Store(s.Body, &revision, &parent); err != nil || revision == 0 {
			h.t.Fatal(revision, err)
		}
		return parent
	case <-time.After(20 * time.Second):
		h.t.Fatal("no layout is announced")
		return 0
	}
}

// item waits for an item to register.
func (h *host) item() string {
	h.t.Helper()
	select {
	case name := <-h.items:
		return name
	case <-time.After(20 * time.Second):
		h.t.Fatal("no item registers")
		return ""
	}
}

func (h *host) property(item, name string, into any) {
	h.t.Helper()
	var v dbus.Variant
	err := h.conn.Object(item, "/StatusNotifierItem").
		Call("org.freedesktop.DBus.Properties.Get", 0, "org.kde.StatusNotifierItem", name).Store(&v)
	if err == nil {
		err = dbus.Store([]any{v.Value()}, into)
	}
	if err != nil {
		h.t.Fatalf("%s: %v", name, err)
	}
}

func (h *host) menu(item string) dbus.BusObject {
	var path dbus.ObjectPath
	h.property(item, "Menu", &path)
	return h.conn.Object(item, path)
}

// line is an entry as the bus has it.
type line struct {
	ID       int32
	Props    map[string]dbus.Variant
	Children []dbus.Variant
}

func (l line) label() string { s, _ := l.Props["label"].Value().(string); return s }

func (l line) is(property string) bool { b, ok := l.Props[property].Value().(bool); return !ok || b }

func (l line) kids(t *testing.T) []line {
	t.Helper()
	var out []line
	for _, v := range l.Children {
		var k line
		if err := dbus.Store([]any{v.Value()}, &k); err != nil {
			t.Fatal(err)
		}
		out = append(out, k)
	}
	return out
}

func (h *host) layout(item string) line {
	h.t.Helper()
	var revision uint32
	var root line
	err := h.menu(item).Call("com.canonical.dbusmenu.GetLayout", 0, int32(0), int32(-1), []string{}).Store(&revision, &root)
	if err != nil {
		h.t.Fatal(err)
	}
	return root
}

// drawn is the menu as a person sees it.
func (h *host) drawn(item string) string {
	h.t.Helper()
	var b strings.Builder
	h.draw(&b, "", h.layout(item))
	return b.String()
}

func (h *host) draw(b *strings.Builder, indent string, l line) {
	for _, k := range l.kids(h.t) {
		kind, _ := k.Props["type"].Value().(string)
		switch {
		case !k.is("visible"):
		case kind == "separator":
			b.WriteString(indent + "--\n")
		case !k.is("enabled"):
			b.WriteString(indent + "(" + k.label() + ")\n")
		default:
			b.WriteString(indent + k.label() + "\n")
			h.draw(b, indent+"  ", k)
		}
	}
}

// eventually waits until the menu is drawn as want. The first answer to
// GetLayout holds no children, and any may come in the midst of a change.
func (h *host) eventually(item, want string) {
	h.t.Helper()
	got := ""
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got = h.drawn(item); got == want {
			return
		}
	}
	h.t.Fatalf("the menu is\n%swant\n%s", got, want)
}

// settle waits until an item that nobody asked before is quiet: systray leaves
// the children out of its first answer and announces its menu once more.
func (h *host) settle(item string) {
	h.t.Helper()
	if err := h.conn.AddMatchSignal(dbus.WithMatchSender(item), dbus.WithMatchMember("LayoutUpdated")); err != nil {
		h.t.Fatal(err)
	}
	signals := make(chan *dbus.Signal, 64)
	h.conn.Signal(signals)
	defer h.conn.RemoveSignal(signals)
	h.layout(item)
	select {
	case <-signals:
	case <-time.After(20 * time.Second):
		h.t.Fatal("the menu is not announced")
	}
}

// find returns the ID of the visible entry under path, its labels joined by /.
func (h *host) find(item, path string) int32 {
	h.t.Helper()
	at := h.layout(item)
	for label := range strings.SplitSeq(path, "/") {
		kids := at.kids(h.t)
		i := slices.IndexFunc(kids, func(k line) bool { return k.label() == label && k.is("visible") })
		if i < 0 {
			h.t.Fatalf("no entry %q of %q in\n%s", label, path, h.drawn(item))
		}
		at = kids[i]
	}
	return at.ID
}

// click sends a click without waiting for its answer.
func (h *host) click(item string, id int32) *dbus.Call {
	return h.menu(item).
		Go("com.canonical.dbusmenu.Event", 0, make(chan *dbus.Call, 1), id, "clicked", dbus.MakeVariant(int32(0)), uint32(0))
}

// opens says that the menu is being opened.
func (h *host) opens(item string) {
	h.t.Helper()
	if err := h.menu(item).Call(
		"com.canonical.dbusmenu.Event", 0, int32(0), "opened", dbus.MakeVariant(int32(0)), uint32(0),
	).Err; err != nil {
		h.t.Fatal(err)
	}
}
