//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"

	"keyfob/auth/authtest"
	"keyfob/auth/session"
	"keyfob/tray/internal/bustest"
)

// Whoever reads what the icon declares gets it, and is told in the bus's own
// words of what there is not: GNOME writes all else to its log, at each change.
func TestRunServesWhatItDeclares(t *testing.T) {
	t.Parallel()
	c, h, item := show(t, left47())
	object := h.conn.Object(item, "/StatusNotifierItem")
	node, err := introspect.Call(object)
	if err != nil {
		t.Fatal(err)
	}
	// systray answers for the first moments.
	var said dbus.Variant
	for object.Call("org.freedesktop.DBus.Properties.Get", 0, "org.kde.StatusNotifierItem", "IconAccessibleDesc").Store(&said) != nil {
		time.Sleep(10 * time.Millisecond)
	}
	declared := 0
	all := map[string]dbus.Variant{}
	if err := object.Call("org.freedesktop.DBus.Properties.GetAll", 0, "org.kde.StatusNotifierItem").Store(&all); err != nil {
		t.Fatal(err)
	}
	for _, i := range node.Interfaces {
		if i.Name != "org.kde.StatusNotifierItem" {
			continue
		}
		for _, p := range i.Properties {
			declared++
			var v dbus.Variant
			if err := object.Call("org.freedesktop.DBus.Properties.Get", 0, i.Name, p.Name).Store(&v); err != nil {
				t.Errorf("%s: %v", p.Name, err)
			}
			if _, ok := all[p.Name]; !ok {
				t.Errorf("%s is not among all", p.Name)
			}
		}
	}
	if declared < 10 {
		t.Errorf("%d properties are declared", declared)
	}
	says := func(want string) {
		t.Helper()
		var got string
		if h.property(item, "IconAccessibleDesc", &got); got != want {
			t.Errorf("a screen reader says %q, want %q", got, want)
		}
	}
	says("Keyfob: signed in · ThingWorx Plant 4 ends at 12:47")
	c.tell(order{Snaps: []session.Snapshot{plant(session.SignedOut)}})
	h.eventually(item, plantSignedOut+hostFooter)
	says("Keyfob: not signed in")
	var refused dbus.Error
	for _, name := range []string{"XAyatanaLabel", "Nonsense"} {
		err := object.Call("org.freedesktop.DBus.Properties.Get", 0, "org.kde.StatusNotifierItem", name).Err
		if !errors.As(err, &refused) || refused.Name != "org.freedesktop.DBus.Error.UnknownProperty" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Where nothing shows icons that is told once, and a panel that comes later
// gets the icon all the same, which is told once, too.
func TestRunFindsALateHost(t *testing.T) {
	authtest.NotShort(t, "it waits five seconds for a panel")
	t.Parallel()
	bus := bustest.Start(t)
	c := startChild(t, bus.Address, []session.Snapshot{plant(session.SignedOut)})
	c.expect("did no-host")
	for i := range 3 {
		h := newHost(t, bus)
		h.watch()
		item := h.item()
		h.eventually(item, plantSignedOut+hostFooter)
		if i == 0 {
			c.expect("did host")
		}
		_ = h.conn.Close() // the panel crashes
	}
	_ = c.stdin.Close()
	c.expect("ended: <nil> false")
}

// A watcher that has no host yet is asked again when it has got one.
func TestRunFindsALateHostBehindItsWatcher(t *testing.T) {
	authtest.NotShort(t, "it waits five seconds for a panel")
	t.Parallel()
	bus := bustest.Start(t)
	h := newHost(t, bus)
	_, answer := h.watchSlowly()
	c := startChild(t, bus.Address, []session.Snapshot{plant(session.SignedOut)})
	h.item()
	answer <- false
	c.expect("did no-host")
	if err := h.conn.Emit("/StatusNotifierWatcher", watcherName+".StatusNotifierHostRegistered"); err != nil {
		t.Fatal(err)
	}
	answer <- true
	c.expect("did host")
}

// A panel of a machine that is busy may take its time to answer, longer than
// any limit would allow: only its answer counts.
func TestRunWaitsForABusyHost(t *testing.T) {
	authtest.NotShort(t, "a panel takes its time")
	t.Parallel()
	const busy = 6 * time.Second
	bus := bustest.Start(t)
	h := newHost(t, bus)
	asked, answer := h.watchSlowly()
	c := startChild(t, bus.Address, []session.Snapshot{plant(session.SignedOut)})
	item := h.item()
	h.eventually(item, plantSignedOut+hostFooter)
	<-asked
	time.Sleep(busy) // is what is tested
	answer <- true
	h.click(item, h.find(item, "_Quit"))
	c.expect("did quit") // and nothing before
}

// Plasma reads a submenu when it opens it, which is too late to place it: the
// submenus are announced once, when the menu above them opens, to each panel.
func TestRunAnnouncesSubmenusWhenTheMenuOpens(t *testing.T) {
	t.Parallel()
	first, second := plant(session.SignedOut), plant(session.SignedOut)
	second.Tool, second.Name = "park", "Park"
	bus := bustest.Start(t)
	h := newHost(t, bus)
	h.watch()
	c := startChild(t, bus.Address, []session.Snapshot{first})
	item := h.item()
	h.settle(item)
	h.eventually(item, plantSignedOut+hostFooter)
	parents := h.layouts(item)
	// opens opens the menu and has a label changed then, which ends what the
	// opening announces.
	n := 0
	opens := func(when string, want ...int32) {
		t.Helper()
		h.opens(item)
		var got []int32
		for len(got) < len(want) {
			if p := h.parent(parents); p != 0 { // all else may be of what came before
				got = append(got, p)
			}
		}
		n++
		changed := first
		changed.Name = fmt.Sprint("Change ", n)
		snaps := []session.Snapshot{changed}
		if n > 1 {
			snaps = append(snaps, second)
		}
		c.tell(order{Snaps: snaps})
		for p := h.parent(parents); p != 0; p = h.parent(parents) {
			got = append(got, p)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s: announced %v, want %v", when, got, want)
		}
		for !strings.HasPrefix(h.drawn(item), changed.Name) {
			time.Sleep(10 * time.Millisecond)
		}
	}
	plant := h.find(item, "ThingWorx Plant 4 · signed out")
	opens("the first time", plant)
	opens("the second time")
	h.eventually(
		item,
		strings.Replace(
			plantSignedOut,
			"ThingWorx Plant 4",
			"Change 2",
			1,
		)+strings.Replace(
			plantSignedOut,
			"ThingWorx Plant 4",
			"Park",
			1,
		)+hostFooter,
	)
	opens("with a second tool", h.find(item, "Park · signed out"))
	opens("once more")

	// Plasma's panel is another program than its watcher, which says nothing of
	// it. Nobody tells either when Keyfob has heard of the new one.
	panel := bus.Connect(t)
	if _, err := panel.RequestName("org.kde.StatusNotifierHost-4711", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	want := map[int32]bool{plant: true, h.find(item, "Park · signed out"): true}
	for end := time.Now().Add(20 * time.Second); len(want) > 0; {
		if time.Now().After(end) {
			t.Fatalf("to another panel: %v is not announced", want)
		}
		h.opens(item)
		select {
		case s := <-parents:
			var revision uint32
			var parent int32
			if dbus.Store(s.Body, &revision, &parent) == nil {
				delete(want, parent)
			}
		case <-time.After(50 * time.Millisecond):
		}
	}
}
