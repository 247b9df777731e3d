//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"testing"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/session"
	"keyfob/tray/internal/bustest"
)

// TestRunAgain loses its bus and runs on the next ones, as a person logs out and
// in. Menu and clicks work there, also with a panel that comes later.
func TestRunAgain(t *testing.T) {
	t.Parallel()
	buses := []*bustest.Bus{bustest.Start(t), bustest.Start(t), bustest.Start(t)}
	c := startChild(
		t, buses[0].Address, []session.Snapshot{plant(session.SignedOut)},
		nextVar+"="+buses[1].Address+" "+buses[2].Address)
	for i, bus := range buses {
		h := newHost(t, bus)
		h.watch()
		item := h.item()
		h.eventually(item, plantSignedOut+hostFooter)
		h.click(item, h.find(item, "ThingWorx Plant 4 · signed out/_Sign in"))
		c.expect("did sign-in plant4")
		if _, err := h.conn.ReleaseName(watcherName); err != nil {
			t.Fatal(err)
		}
		if _, err := h.conn.RequestName(watcherName, dbus.NameFlagDoNotQueue); err != nil {
			t.Fatal(err)
		}
		if again := h.item(); again != item {
			t.Errorf("%s registers, want %s", again, item)
		}
		bus.Kill()
		if i < len(buses)-1 {
			c.expect("gone: true")
		}
	}
	c.expect("ended: the desktop's session bus went away: start keyfob again in a desktop session false")
}

// TestRunLosesItsBusDuringChanges: nothing that changes at the same time ends
// the process.
func TestRunLosesItsBusDuringChanges(t *testing.T) {
	t.Parallel()
	bus := bustest.Start(t)
	h := newHost(t, bus)
	h.watch()
	c := startChild(t, bus.Address, []session.Snapshot{plant(session.SignedOut)}, childVar+"=busy")
	h.eventually(h.item(), plantSignedOut+hostFooter)
	bus.Kill()
	c.expect("ended: the desktop's session bus went away: start keyfob again in a desktop session false")
}
