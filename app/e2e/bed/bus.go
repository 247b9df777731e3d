//go:build linux

package bed

import (
	"path/filepath"
	"strings"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
)

// busConfig is a session bus with a socket in the runtime folder, on which
// nothing starts by itself but what the bed puts into its services folder.
const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <keep_umask/>
  <listen>unix:path=RUNTIME/bus</listen>
  <auth>EXTERNAL</auth>
  <servicedir>SERVICES</servicedir>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`

func (b *Bed) startBus() {
	b.t.Helper()
	authtest.Need(b.t, "dbus-daemon")
	config, services := b.path("bus.conf"), b.path("services")
	b.write(config, replace(busConfig, "RUNTIME", b.Runtime, "SERVICES", services), 0o600)
	b.write(filepath.Join(services, "README"), "services that the bus may start\n", 0o600)
	b.Start("dbus-daemon", "--config-file="+config, "--nofork", "--nosyslog")
	b.address = "unix:path=" + filepath.Join(b.Runtime, "bus")
	b.Wait("the session bus", func() bool {
		conn, err := dbus.Connect(b.address)
		if err != nil {
			return false
		}
		b.Bus = conn
		return true
	})
}

// WaitName waits until somebody owns the name on the bus.
func (b *Bed) WaitName(name string) {
	b.t.Helper()
	b.Wait("the bus name "+name, func() bool { return b.HasName(name) })
}

// HasName reports whether somebody owns the name on the bus.
func (b *Bed) HasName(name string) bool {
	var has bool
	err := b.Bus.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&has)
	return err == nil && has
}

// own takes a name on the bus for the bed itself.
func (b *Bed) own(name string) {
	b.t.Helper()
	reply, err := b.Bus.RequestName(name, dbus.NameFlagDoNotQueue)
	if err != nil || reply != dbus.RequestNameReplyPrimaryOwner {
		b.t.Fatalf("bus name %s: %v %v", name, reply, err)
	}
}

// activatable lets the bus start an installed service by its file's name.
func (b *Bed) activatable(service string) {
	b.t.Helper()
	b.copyFile(filepath.Join("/usr/share/dbus-1/services", service+".service"), b.path("services/"+service+".service"))
	if err := b.Bus.BusObject().Call("org.freedesktop.DBus.ReloadConfig", 0).Err; err != nil {
		b.t.Fatal(err)
	}
	b.setActivationEnvironment()
}

// setActivationEnvironment gives services that the bus starts the bed's
// environment.
func (b *Bed) setActivationEnvironment() {
	b.t.Helper()
	env := map[string]string{}
	for _, v := range b.Env() {
		name, value, _ := strings.Cut(v, "=")
		env[name] = value
	}
	if err := b.Bus.BusObject().Call("org.freedesktop.DBus.UpdateActivationEnvironment", 0, env).Err; err != nil {
		b.t.Fatal(err)
	}
}
