package display_test

import (
	"context"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"keyfob/tray/display"
	"keyfob/tray/internal/bustest"
	"keyfob/tray/internal/waytest"
	"keyfob/tray/internal/xtest"
)

func env(pairs ...string) func(string) string {
	return func(name string) string {
		for i := 0; i < len(pairs); i += 2 {
			if pairs[i] == name {
				return pairs[i+1]
			}
		}
		return ""
	}
}

// isGone waits for the end of a display.
func isGone(t *testing.T, d *display.Display) {
	t.Helper()
	select {
	case <-d.Gone():
	case <-time.After(10 * time.Second):
		t.Fatal("nothing is told of the end")
	}
}

func TestXServerThatEnds(t *testing.T) {
	x := xtest.Start(t)
	d, err := display.Open(t.Context(), env("DISPLAY", x.Display))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	again, err := display.Open(t.Context(), env("DISPLAY", x.Display, "WAYLAND_DISPLAY", "/nonexistent/wayland-0"))
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	isGone(t, again)
	select {
	case <-d.Gone():
		t.Error("one that lives is gone")
	default:
	}
	x.Kill()
	isGone(t, d)
	if _, err := display.Open(t.Context(), env("DISPLAY", x.Display)); err == nil {
		t.Error("opened one that has ended")
	}
}

func TestXServerThatHangs(t *testing.T) {
	x := xtest.Start(t)
	x.Stop(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if _, err := display.Open(ctx, env("DISPLAY", x.Display)); err == nil {
		t.Error("opened one that hangs")
	}
}

func TestNoDisplay(t *testing.T) {
	for _, e := range [][]string{nil, {"DISPLAY", "bad"}, {"WAYLAND_DISPLAY", "wayland-0"}, {"WAYLAND_DISPLAY", "/nonexistent/wayland-0"}} {
		if _, err := display.Open(t.Context(), env(e...)); err == nil {
			t.Errorf("opened %q", e)
		}
	}
}

// TestServerAtTheOtherEndOfSSH holds no connection: nobody who came by ssh could
// leave.
func TestServerAtTheOtherEndOfSSH(t *testing.T) {
	l, number := displayPort(t)
	defer l.Close()
	held := make(chan error, 1)
	go func() {
		c, err := l.Accept()
		if err != nil {
			held <- err
			return
		}
		defer c.Close()
		b := make([]byte, 64)
		_, _ = c.Read(b)
		_, _ = c.Write([]byte{1, 0, 11, 0, 0, 0, 1, 0, 0, 0, 0, 0})
		_ = c.SetReadDeadline(time.Now().Add(10 * time.Second))
		_, err = c.Read(b)
		held <- err
	}()
	d, err := display.Open(t.Context(), env("DISPLAY", "localhost:"+strconv.Itoa(number)+".0"))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if err := <-held; err == nil || os.IsTimeout(err) {
		t.Errorf("the connection lasts: %v", err)
	}
}

// displayPort listens where a display with the number that it returns would.
func displayPort(t *testing.T) (l net.Listener, number int) {
	t.Helper()
	for number = 70; number < 300; number++ {
		if l, err := net.Listen("tcp", "127.0.0.1:"+strconv.Itoa(6000+number)); err == nil {
			return l, number
		}
	}
	t.Fatal("no port of a display is free")
	return nil, 0
}

// TestWayland prefers the compositor: its X server would be started by the
// first connection. The folder of its socket can be told apart.
func TestWayland(t *testing.T) {
	waytest.Compositor(t, nil, nil)
	socket := os.Getenv("WAYLAND_DISPLAY")
	for _, e := range [][]string{
		{"WAYLAND_DISPLAY", socket, "DISPLAY", ":9999"},
		{"WAYLAND_DISPLAY", filepath.Base(socket), "XDG_RUNTIME_DIR", filepath.Dir(socket)},
	} {
		d, err := display.Open(t.Context(), env(e...))
		if err != nil {
			t.Fatalf("%q: %v", e, err)
		}
		d.Close()
	}
}

func TestCompositorThatEnds(t *testing.T) {
	dir, err := os.MkdirTemp("", "kfway")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "wayland-0")
	l, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	end := make(chan struct{})
	go func() {
		c, err := l.Accept()
		if err != nil {
			return
		}
		defer c.Close()
		_, _ = c.Read(make([]byte, 64))
		_, _ = c.Write(waytest.Message(2, 0, uint32(0)))
		<-end
	}()
	d, err := display.Open(t.Context(), env("WAYLAND_DISPLAY", socket))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	select {
	case <-d.Gone():
		t.Error("one that lives is gone")
	default:
	}
	close(end)
	isGone(t, d)
}

func TestBusAnswers(t *testing.T) {
	bus := bustest.Start(t)
	if err := display.BusAnswers(t.Context(), bus.Address); err != nil {
		t.Error(err)
	}
	bus.Stop(t)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if err := display.BusAnswers(ctx, bus.Address); err == nil {
		t.Error("a bus that hangs answers")
	}
	for _, address := range []string{"", "unix:path=/nonexistent/bus", "nonsense"} {
		if err := display.BusAnswers(t.Context(), address); err == nil {
			t.Errorf("%q answers", address)
		}
	}
}
