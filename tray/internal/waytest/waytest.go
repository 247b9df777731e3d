//go:build linux || freebsd || openbsd || netbsd

// Package waytest stands in for Wayland compositors that no test can bring up:
// those that lack something, and those that answer nonsense. The rest is tried
// on a real one. It must never be linked into a program.
package waytest

import (
	"encoding/binary"
	"io"
	"net"
	"os"
	"path/filepath"
	"testing"
)

// Message is an event in the form that it has on the wire.
func Message(object uint32, opcode uint16, args ...any) []byte {
	out := make([]byte, 8)
	for _, arg := range args {
		switch a := arg.(type) {
		case uint32:
			out = binary.NativeEndian.AppendUint32(out, a)
		case string:
			out = binary.NativeEndian.AppendUint32(out, uint32(len(a)+1))
			out = append(out, a...)
			out = append(out, make([]byte, 4-len(a)%4)...)
		}
	}
	binary.NativeEndian.PutUint32(out, object)
	binary.NativeEndian.PutUint32(out[4:], uint32(len(out))<<16|uint32(opcode))
	return out
}

// Compositor answers every client with these globals, and each request for an
// answer (wl_display.sync) with more, which may be nil, before it is given. It
// is the desktop of the test until the test ends.
func Compositor(t *testing.T, globals []string, more func() []byte) {
	t.Helper()
	dir, err := os.MkdirTemp("", "kfway") // a socket's path is short
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("unix", filepath.Join(dir, "wayland-0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = l.Close()
		_ = os.RemoveAll(dir)
	})
	t.Setenv("WAYLAND_DISPLAY", filepath.Join(dir, "wayland-0"))
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go serve(c, globals, more)
		}
	}()
}

func serve(c net.Conn, globals []string, more func() []byte) {
	defer c.Close()
	for {
		head := make([]byte, 8)
		if _, err := io.ReadFull(c, head); err != nil {
			return
		}
		sizes := binary.NativeEndian.Uint32(head[4:])
		body := make([]byte, max(int(sizes>>16), 12)-8)
		if _, err := io.ReadFull(c, body[:max(int(sizes>>16)-8, 0)]); err != nil {
			return
		}
		if binary.NativeEndian.Uint32(head) != 1 { // only of the display itself
			continue
		}
		id := binary.NativeEndian.Uint32(body)
		var out []byte
		if opcode := uint16(sizes); opcode == 1 {
			for i, g := range globals {
				out = append(out, Message(id, 0, uint32(i+1), g, uint32(1))...)
			}
		} else {
			if more != nil {
				out = more()
			}
			out = append(out, Message(id, 0, uint32(0))...)
		}
		if _, err := c.Write(out); err != nil {
			return
		}
	}
}
