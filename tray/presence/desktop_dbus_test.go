//go:build linux || freebsd || openbsd || netbsd

package presence_test

import (
	"os"
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"

	"keyfob/tray/internal/bustest"
)

// desktop is a machine with both buses, on which the test plays the services.
type desktop struct {
	t               *testing.T
	system, session *bustest.Bus
}

func newDesktop(t *testing.T) *desktop {
	t.Helper()
	d := &desktop{t: t, system: bustest.Start(t), session: bustest.Start(t)}
	t.Setenv("DBUS_SYSTEM_BUS_ADDRESS", d.system.Address)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", d.session.Address)
	t.Setenv("XDG_SESSION_ID", "")
	return d
}

// player is a service on a bus.
type player struct {
	t    *testing.T
	conn *dbus.Conn
	name string
}

func play(t *testing.T, bus *bustest.Bus, name string, export func(*dbus.Conn) error) *player {
	t.Helper()
	p := &player{t: t, conn: bus.Connect(t), name: name}
	if export != nil {
		if err := export(p.conn); err != nil {
			t.Fatal(err)
		}
	}
	if reply, err := p.conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal(reply, err)
	}
	return p
}

func (p *player) emit(path dbus.ObjectPath, signal string, args ...any) {
	p.t.Helper()
	if err := p.conn.Emit(path, signal, args...); err != nil {
		p.t.Fatal(err)
	}
}

func (p *player) gone() { _ = p.conn.Close() }

// logind is org.freedesktop.login1 with one session of this process.
type logind struct {
	*player
	managed bool // the process belongs to the user's service manager, not to a session
	ssh     bool // the process belongs to otherPath, which is a session over ssh

	mu     sync.Mutex
	locked bool
}

func startLogind(t *testing.T, d *desktop, managed, locked bool) *logind {
	t.Helper()
	g := &logind{managed: managed, locked: locked}
	g.player = play(t, d.system, login, func(c *dbus.Conn) error {
		for path, iface := range map[dbus.ObjectPath]string{
			loginPath: login + ".Manager", sessionPath: "org.freedesktop.DBus.Properties",
			loginPath + "/user/self": "org.freedesktop.DBus.Properties",
		} {
			if err := c.Export(g, path, iface); err != nil {
				return err
			}
		}
		return c.Export(overSSH{}, otherPath, "org.freedesktop.DBus.Properties")
	})
	return g
}

// GetSessionByPID is called over the bus.
func (g *logind) GetSessionByPID(pid uint32) (dbus.ObjectPath, *dbus.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.managed || int(pid) != os.Getpid() {
		return "", dbus.NewError(login+".NoSessionForPID", nil)
	}
	if g.ssh {
		return otherPath, nil
	}
	return sessionPath, nil
}

// GetSession is called over the bus.
func (g *logind) GetSession(id string) (dbus.ObjectPath, *dbus.Error) {
	switch id {
	case "2":
		return sessionPath, nil
	case "3":
		return otherPath, nil
	}
	return "", dbus.NewError(login+".NoSuchSession", nil)
}

// overSSH is a session without a screen.
type overSSH struct{}

// Get is called over the bus.
func (overSSH) Get(_, property string) (dbus.Variant, *dbus.Error) {
	if property == "Type" {
		return dbus.MakeVariant("tty"), nil
	}
	return dbus.Variant{}, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", nil)
}

// Get is called over the bus.
func (g *logind) Get(_, property string) (dbus.Variant, *dbus.Error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch property {
	case "LockedHint":
		return dbus.MakeVariant(g.locked), nil
	case "Type":
		return dbus.MakeVariant("x11"), nil
	case "Display":
		return dbus.MakeVariant(struct {
			ID   string
			Path dbus.ObjectPath
		}{"2", sessionPath}), nil
	}
	return dbus.Variant{}, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", nil)
}

// hint sets the hint and says so, with the value or without.
func (g *logind) hint(locked, value bool) {
	g.mu.Lock()
	g.locked = locked
	g.mu.Unlock()
	changed, invalid := map[string]dbus.Variant{}, []string{"LockedHint"}
	if value {
		changed, invalid = map[string]dbus.Variant{"LockedHint": dbus.MakeVariant(locked)}, nil
	}
	g.emit(sessionPath, "org.freedesktop.DBus.Properties.PropertiesChanged", login+".Session", changed, invalid)
}

// screen is a screen saver.
type screen struct{ active bool }

// GetActive is called over the bus.
func (s screen) GetActive() (bool, *dbus.Error) { return s.active, nil }

func startSaver(t *testing.T, d *desktop, name string, path dbus.ObjectPath, active bool) *player {
	t.Helper()
	return play(t, d.session, name, func(c *dbus.Conn) error { return c.Export(screen{active}, path, name) })
}
