//go:build linux || freebsd || openbsd || netbsd

// Package bustest gives a test a session bus of its own. It must never touch
// the bus of whoever runs the test.
package bustest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
)

// Everybody may own and hear everything. No service is started on demand, so
// that nothing of the machine's desktop comes in.
const config = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:path=SOCKET</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

// Bus is a running message bus.
type Bus struct {
	Address string
	daemon  *exec.Cmd
	dead    bool
}

// Start runs a bus until the test ends.
func Start(t *testing.T) *Bus {
	t.Helper()
	authtest.Need(t, "dbus-daemon")
	// A test's own folder can be too long a path for a socket.
	dir, err := os.MkdirTemp("", "bus")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	file := filepath.Join(dir, "bus.conf")
	text := strings.ReplaceAll(config, "SOCKET", dbus.EscapeBusAddressValue(filepath.Join(dir, "bus")))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	b := &Bus{daemon: exec.Command("dbus-daemon", "--config-file="+file, "--nofork", "--print-address")}
	out, err := b.daemon.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := b.daemon.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Kill)
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatalf("dbus-daemon printed no address: %v", lines.Err())
	}
	b.Address = lines.Text()
	return b
}

// Kill ends the bus as a crash would.
func (b *Bus) Kill() {
	if b.dead {
		return
	}
	b.dead = true
	_ = b.daemon.Process.Kill()
	_ = b.daemon.Wait()
}

// Stop makes the bus accept and never answer, until the test ends.
func (b *Bus) Stop(t *testing.T) {
	t.Helper()
	authtest.Freeze(t, b.daemon.Process.Pid)
}

// Connect returns a connection that is closed when the test ends.
func (b *Bus) Connect(t *testing.T) *dbus.Conn {
	t.Helper()
	conn, err := dbus.Connect(b.Address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return conn
}
