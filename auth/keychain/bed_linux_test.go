package keychain

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
)

// service names the items of these tests.
const service = "keyfob-test"

// bed is a private D-Bus session with the real gnome-keyring on it and a home
// of its own. The user's bus and keyring are out of its reach.
type bed struct {
	t        *testing.T
	env      []string
	services string // what the bus may start
	bus      *exec.Cmd
	keyring  *exec.Cmd
}

const busConfig = `<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN" "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig><type>session</type><keep_umask/><listen>unix:path=SOCKET</listen><auth>EXTERNAL</auth><servicedir>SERVICES</servicedir>
<policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>`

// newBed starts the bus alone, and points this process's environment to it.
func newBed(t *testing.T) *bed {
	t.Helper()
	authtest.Need(t, "dbus-daemon", "gnome-keyring-daemon")
	dir, err := os.MkdirTemp("", "kf") // short: a socket's path has at most 107 bytes
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	b := &bed{t: t}
	for _, name := range []string{"HOME", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"} {
		at := filepath.Join(dir, strings.ToLower(name))
		if err := os.Mkdir(at, 0o700); err != nil {
			t.Fatal(err)
		}
		b.env = append(b.env, name+"="+at)
	}
	socket := filepath.Join(dir, "bus")
	b.env = append(b.env, "DBUS_SESSION_BUS_ADDRESS=unix:path="+socket, "PATH="+os.Getenv("PATH"))
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path="+socket)

	config, services := filepath.Join(dir, "bus.conf"), filepath.Join(dir, "services")
	if err := os.Mkdir(services, 0o700); err != nil {
		t.Fatal(err)
	}
	b.services = services
	if err := os.WriteFile(
		config, []byte(strings.NewReplacer("SOCKET", socket, "SERVICES", services).Replace(busConfig)), 0o600,
	); err != nil {
		t.Fatal(err)
	}
	b.bus = exec.Command("dbus-daemon", "--nofork", "--nopidfile", "--print-address", "--config-file="+config)
	b.bus.Env = b.env
	bus := authtest.StartChild(t, b.bus)
	t.Cleanup(b.stop)
	bus.Line(t) // its address, once it listens
	return b
}

// start starts the keyring: unlocked, making the login keyring when there is
// none, or as it is, which is locked.
func (b *bed) start(unlocked bool) {
	b.t.Helper()
	args := []string{"--foreground", "--components=secrets"}
	if unlocked {
		args = append(args, "--unlock")
	}
	b.keyring = exec.Command("gnome-keyring-daemon", args...)
	b.keyring.Env = b.env
	if unlocked {
		b.keyring.Stdin = strings.NewReader("bed")
	}
	if err := b.keyring.Start(); err != nil {
		b.t.Fatal(err)
	}
	b.waitOwner(true)
}

// stop kills the keyring, if it runs.
func (b *bed) stop() {
	if b.keyring == nil {
		return
	}
	kill(b.keyring)
	b.keyring = nil
}

func (b *bed) restart(unlocked bool) {
	b.t.Helper()
	b.stop()
	b.waitOwner(false)
	b.start(unlocked)
}

func kill(cmd *exec.Cmd) {
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
}

// conn is a connection to the bed's bus, of the test's own.
func (b *bed) conn() *dbus.Conn {
	b.t.Helper()
	c, err := dbus.Connect(os.Getenv("DBUS_SESSION_BUS_ADDRESS"))
	if err != nil {
		b.t.Fatal(err)
	}
	b.t.Cleanup(func() { _ = c.Close() })
	return c
}

// waitOwner waits until the Secret Service is there, or gone.
func (b *bed) waitOwner(there bool) {
	b.t.Helper()
	c := b.conn()
	defer c.Close()
	for range 2000 {
		var has bool
		if err := c.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, secrets).Store(&has); err != nil {
			b.t.Fatal(err)
		}
		if has == there {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	b.t.Fatalf("the Secret Service is there: %v, and stays so", !there)
}

// child is the store under test: a real child process with go-keyring in it.
func (b *bed) child(within time.Duration) *Child {
	b.t.Helper()
	return newChild(b.t, service, helperArgv(b.t, "serve"), within)
}

// raw does one call of the keychain in a process of its own.
func (b *bed) raw(op, name, value string) (string, error) {
	b.t.Helper()
	in, err := json.Marshal(map[string]string{"op": op, "name": name, "value": value})
	if err != nil {
		b.t.Fatal(err)
	}
	argv := helperArgv(b.t, "raw", service)
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Stdin = bytes.NewReader(in)
	out, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		err = errors.New(string(exit.Stderr))
	}
	return string(out), err
}

// items reads every item of these tests out of the keyring.
func (b *bed) items() items {
	b.t.Helper()
	c := b.conn()
	defer c.Close()
	svc := c.Object(secrets, secretsPath)
	var unlocked, locked []dbus.ObjectPath
	if err := svc.Call(
		"org.freedesktop.Secret.Service.SearchItems", 0, map[string]string{"service": service},
	).Store(&unlocked, &locked); err != nil {
		b.t.Fatal(err)
	}
	all := items{}
	for _, path := range append(unlocked, locked...) {
		v, err := c.Object(secrets, path).GetProperty("org.freedesktop.Secret.Item.Attributes")
		if err != nil {
			b.t.Fatal(err)
		}
		name := v.Value().(map[string]string)["username"]
		if all[name], err = b.raw("get", name, ""); err != nil {
			b.t.Fatal(err)
		}
	}
	return all
}

// prompter stands in for the desktop's password dialog. answer is called when
// the keyring wants to show it; the dialog then hangs or is dismissed.
type prompter struct {
	c       *dbus.Conn
	dismiss bool
	shown   chan struct{}
}

const (
	prompterPath = "/org/gnome/keyring/Prompter"
	prompterName = "org.gnome.keyring.internal.Prompter"
)

func (b *bed) prompter(dismiss bool) *prompter {
	b.t.Helper()
	p := &prompter{c: b.conn(), dismiss: dismiss, shown: make(chan struct{}, 16)}
	if err := p.c.Export(p, prompterPath, prompterName); err != nil {
		b.t.Fatal(err)
	}
	if _, err := p.c.RequestName("org.gnome.keyring.SystemPrompter", dbus.NameFlagDoNotQueue); err != nil {
		b.t.Fatal(err)
	}
	return p
}

func (p *prompter) ready(to dbus.Sender, callback dbus.ObjectPath, reply, exchange string) {
	p.c.Object(string(to), callback).Go(prompterName+".Callback.PromptReady", 0, nil, reply, map[string]dbus.Variant{}, exchange)
}

// BeginPrompting is called by the keyring.
func (p *prompter) BeginPrompting(callback dbus.ObjectPath, from dbus.Sender) *dbus.Error {
	// The keyring takes this only once it has the answer to its own call.
	time.AfterFunc(50*time.Millisecond, func() { p.ready(from, callback, "", "") })
	return nil
}

// PerformPrompt is called by the keyring.
func (p *prompter) PerformPrompt(
	callback dbus.ObjectPath,
	_ string,
	_ map[string]dbus.Variant,
	exchange string,
	from dbus.Sender,
) *dbus.Error {
	p.shown <- struct{}{}
	if p.dismiss {
		p.ready(from, callback, "no", exchange)
	}
	return nil
}

// StopPrompting is called by the keyring.
func (p *prompter) StopPrompting(callback dbus.ObjectPath, from dbus.Sender) *dbus.Error {
	p.c.Object(string(from), callback).Go(prompterName+".Callback.PromptDone", 0, nil)
	return nil
}
