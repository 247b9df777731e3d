//go:build linux || freebsd || openbsd || netbsd

package display

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"path/filepath"
	"time"

	"keyfob/tray/internal/bus"
	"keyfob/tray/internal/xdial"
)

// open prefers a Wayland desktop's own socket: many start their X server with the
// first connection and keep it for as long as there is one.
func open(ctx context.Context, getenv func(string) string) (net.Conn, error) {
	var failed error
	if path := WaylandSocket(getenv); path != "" {
		conn, err := wayland(ctx, path)
		if err == nil {
			return conn, nil
		}
		failed = err
	}
	if getenv("DISPLAY") == "" {
		return nil, errors.Join(errors.New("no X display is named"), failed)
	}
	conn, far, err := xdial.Hold(ctx, getenv)
	if err != nil {
		return nil, err
	}
	if far {
		return nil, conn.Close()
	}
	return conn, nil
}

// WaylandSocket is the path of the socket that getenv names, empty for none.
func WaylandSocket(getenv func(string) string) string {
	name := getenv("WAYLAND_DISPLAY")
	if name == "" || filepath.IsAbs(name) {
		return name
	}
	if dir := getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, name)
	}
	return ""
}

// wayland has the compositor answer once (wl_display.sync), and does not read the
// answer to its end.
func wayland(ctx context.Context, path string) (net.Conn, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", path)
	if err != nil {
		return nil, err
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	if err = answers(conn); !stop() {
		err = errors.Join(ctx.Err(), err)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return conn, nil
}

func answers(conn net.Conn) error {
	const display, request, size, callback = 1, 0, 12, 2
	b := make([]byte, size)
	binary.NativeEndian.PutUint32(b, display)
	binary.NativeEndian.PutUint32(b[4:], size<<16|request)
	binary.NativeEndian.PutUint32(b[8:], callback)
	if _, err := conn.Write(b); err != nil {
		return err
	}
	_, err := io.ReadFull(conn, make([]byte, 8))
	return err
}

// BusAnswers connects to the session bus at address, before ctx ends.
func BusAnswers(ctx context.Context, address string) error { return bus.Reach(ctx, address) }
