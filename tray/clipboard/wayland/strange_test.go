//go:build linux || freebsd || openbsd || netbsd

package wayland_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"strings"
	"testing"
	"time"

	"keyfob/tray/clipboard/wayland"
	"keyfob/tray/internal/waytest"
)

func TestWhatTheCompositorLacks(t *testing.T) {
	for _, c := range []struct {
		globals []string
		want    error
	}{
		{nil, wayland.ErrNoDataControl},
		{[]string{"wl_compositor", "wl_seat", "wl_data_device_manager"}, wayland.ErrNoDataControl},
		{[]string{"ext_data_control_manager_v1"}, wayland.ErrNoSeat},
		{[]string{"zwlr_data_control_manager_v1"}, wayland.ErrNoSeat},
		{[]string{"wl_seat", "zwlr_data_control_manager_v1"}, nil},
		{[]string{"ext_data_control_manager_v1", "wl_seat"}, nil},
	} {
		waytest.Compositor(t, c.globals, nil)
		if err := wayland.Offered(t.Context()); !errors.Is(err, c.want) {
			t.Errorf("%q: %v, want %v", c.globals, err, c.want)
		}
	}
}

// Whatever comes, the answer is an error, in time.
func TestNonsense(t *testing.T) {
	globals := []string{"wl_seat", "ext_data_control_manager_v1"}
	const registry = 2
	long := binary.NativeEndian.AppendUint32(nil, 1<<31)
	for name, what := range map[string][]byte{
		"a message of no length":    {1, 0, 0, 0, 0, 0, 0, 0},
		"a message of four bytes":   {1, 0, 0, 0, 0, 0, 4, 0},
		"a global without a name":   waytest.Message(registry, 0, uint32(1)),
		"a text longer than itself": append(waytest.Message(registry, 0, uint32(1), binary.NativeEndian.Uint32(long)), long...),
		"an error":                  waytest.Message(1, 0, uint32(7), uint32(3), "no such request"),
	} {
		waytest.Compositor(t, globals, func() []byte { return what })
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		if _, err := wayland.Own(ctx, "text", true); err == nil || ctx.Err() != nil {
			t.Errorf("%s: %v", name, err)
		}
		cancel()
	}
}

// Offers that nobody ends are not kept, nor is their number of forms.
func TestManyOffers(t *testing.T) {
	globals := []string{"wl_seat", "ext_data_control_manager_v1"}
	const device, first = 6, 0xff000000 // the objects of the client in the order of its requests
	next := uint32(first)
	var more []byte
	for range 1000 {
		more = append(more, waytest.Message(device, 0, next)...)
		more = append(more, waytest.Message(next, 0, strings.Repeat("k", 100))...)
		more = append(more, waytest.Message(device, 1, next)...)
		next++
	}
	waytest.Compositor(t, globals, func() []byte { return more })
	var got bytes.Buffer
	if err := wayland.Read(t.Context(), &got); err != nil || got.Len() > 0 {
		t.Errorf("read %q, %v", got.String(), err)
	}
}
