//go:build linux || freebsd || openbsd || netbsd

package tray_test

import (
	"encoding/binary"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/godbus/dbus/v5"
)

// traffic counts what an item sends to everybody.
type traffic struct {
	updated map[int32]int // ItemsPropertiesUpdated, by entry
	signals map[string]int
	bytes   int
}

func (c traffic) String() string {
	return fmt.Sprintf("entries %v, signals %v", slices.Sorted(maps.Keys(c.updated)), c.signals)
}

// listen counts an item's signals until the returned function is called,
// which the caller does after the last signal has been sent.
func (h *host) listen(item string) (count func() traffic) {
	h.t.Helper()
	conn := h.bus.Connect(h.t)
	if err := conn.AddMatchSignal(dbus.WithMatchSender(item)); err != nil {
		h.t.Fatal(err)
	}
	messages := make(chan *dbus.Message, 100_000)
	conn.Eavesdrop(messages)
	return func() traffic {
		// The bus keeps order: all signals have come when this is answered.
		conn.BusObject().Go("org.freedesktop.DBus.GetId", 0, make(chan *dbus.Call, 1))
		c := traffic{updated: map[int32]int{}, signals: map[string]int{}}
		for m := range messages {
			switch m.Type {
			case dbus.TypeSignal:
				c.add(h.t, m)
			case dbus.TypeMethodReply:
				return c
			}
		}
		h.t.Fatal("the bus went away")
		return c
	}
}

func (c *traffic) add(t *testing.T, m *dbus.Message) {
	t.Helper()
	member, _ := m.Headers[dbus.FieldMember].Value().(string)
	c.signals[member]++
	var size counter
	if err := m.EncodeTo(&size, binary.LittleEndian); err != nil {
		t.Fatal(err)
	}
	c.bytes += int(size)
	if member != "ItemsPropertiesUpdated" {
		return
	}
	var entries []struct {
		ID    int32
		Props map[string]dbus.Variant
	}
	if err := dbus.Store(m.Body[:1], &entries); err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		c.updated[e.ID]++
	}
}

type counter int

func (c *counter) Write(p []byte) (int, error) { *c += counter(len(p)); return len(p), nil }
