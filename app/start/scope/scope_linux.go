package scope

import (
	"context"
	"fmt"
	"net"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/app/ownfolder"
)

// within is how long the move may take in all.
const within = 250 * time.Millisecond

// The names of systemd's manager on D-Bus.
const (
	manager     = "org.freedesktop.systemd1.Manager"
	managerPath = dbus.ObjectPath("/org/freedesktop/systemd1")
)

// Enter moves this process and what it will start into a scope of the user's systemd,
// of the name keyfob-PID.scope, unless it is in such a one. It returns when that is
// done, within a quarter of a second. runtime is the value of XDG_RUNTIME_DIR, which
// may be empty. The error says why this process is where it was; where no systemd of
// this user runs it is that of a missing file.
func Enter(ctx context.Context, runtime string) error {
	if mine() {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	conn, err := dial(ctx, runtime)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	signals := make(chan *dbus.Signal, 64) // the manager tells everybody of its other units, too
	conn.Signal(signals)

	type property struct {
		Name  string
		Value dbus.Variant
	}
	type unit struct {
		Name       string
		Properties []property
	}
	name := "keyfob-" + strconv.Itoa(os.Getpid()) + ".scope"
	var job dbus.ObjectPath
	// The process 0 is the one that asks, whatever its number is to the manager: a
	// container may have the manager's socket and numbers of its own.
	err = conn.Object("org.freedesktop.systemd1", managerPath).CallWithContext(
		ctx, manager+".StartTransientUnit", 0, name, "fail",
		[]property{
			{"Description", dbus.MakeVariant("Keyfob's sessions")},
			{"CollectMode", dbus.MakeVariant("inactive-or-failed")},
			{"PIDs", dbus.MakeVariant([]uint32{0})},
		}, []unit{},
	).Store(&job)
	if err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	return done(ctx, signals, job)
}

// done waits for the end of a job of the manager.
func done(ctx context.Context, signals <-chan *dbus.Signal, job dbus.ObjectPath) error {
	for {
		select {
		case s, ok := <-signals:
			switch {
			case !ok:
				return context.Cause(ctx)
			case s.Name != manager+".JobRemoved" || len(s.Body) < 4 || s.Body[1] != job:
			case s.Body[3] != "done":
				return fmt.Errorf("the scope was not started: %v", s.Body[3])
			default:
				return nil
			}
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// dial connects to the manager's own socket, which is there without a bus, too.
func dial(ctx context.Context, runtime string) (*dbus.Conn, error) {
	uid := strconv.Itoa(os.Getuid())
	if !filepath.IsAbs(runtime) {
		runtime = "/run/user/" + uid
	}
	dir := filepath.Join(runtime, "systemd")
	for _, d := range []string{runtime, dir} {
		if err := ownfolder.Check(d); err != nil {
			return nil, err
		}
	}
	socket, err := new(net.Dialer).DialContext(ctx, "unix", filepath.Join(dir, "private"))
	if err != nil {
		return nil, err
	}
	if by, ok := ctx.Deadline(); ok {
		_ = socket.SetDeadline(by) // since the library's handshake has none
	}
	conn, err := dbus.NewConn(socket, dbus.WithContext(ctx))
	if err == nil {
		err = conn.Auth([]dbus.Auth{dbus.AuthExternal(uid)})
	}
	if err != nil {
		_ = socket.Close()
		return nil, err
	}
	return conn, nil
}

// mine reports whether this process is in a scope of Keyfob's already, as one that
// took over from an earlier engine.
func mine() bool {
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return false
	}
	for line := range strings.Lines(string(groups)) {
		unit := path.Base(strings.TrimSpace(line))
		if strings.HasPrefix(unit, "keyfob-") && strings.HasSuffix(unit, ".scope") {
			return true
		}
	}
	return false
}
