//go:build linux || freebsd || openbsd || netbsd

package notify_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
	"keyfob/tray/internal/bustest"
	"keyfob/tray/internal/xtest"
	"keyfob/tray/notify"
)

// startDunst runs a real notification server on a display of its own.
func startDunst(t *testing.T, bus *bustest.Bus, markup string) *dbus.Conn {
	t.Helper()
	authtest.Need(t, "dunst")
	home := t.TempDir()
	conf := filepath.Join(home, "dunstrc")
	if err := os.WriteFile(conf, []byte("[global]\nmarkup = "+markup+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d := exec.Command("dunst", "-conf", conf)
	d.Env = append(
		os.Environ(),
		"DISPLAY="+xtest.Start(t).Display,
		"DBUS_SESSION_BUS_ADDRESS="+bus.Address,
		"HOME="+home,
		"XDG_CONFIG_HOME="+home,
	)
	if err := d.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = d.Process.Kill()
		_ = d.Wait()
	})
	conn := bus.Connect(t)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		var there bool
		if conn.BusObject().Call("org.freedesktop.DBus.NameHasOwner", 0, name).Store(&there) == nil && there {
			return conn
		}
	}
	t.Fatal("dunst does not come up")
	return nil
}

func TestDunst(t *testing.T) {
	for _, markup := range []string{"full", "no"} {
		t.Run("markup "+markup, func(t *testing.T) { dunst(t, markup) })
	}
}

func dunst(t *testing.T, markup string) {
	bus := bustest.Start(t)
	conn := startDunst(t, bus, markup)
	n := open(t, bus)
	ask := func(method string, args ...any) *dbus.Call {
		t.Helper()
		call := conn.Object(name, path).Call("org.dunstproject.cmd0."+method, 0, args...)
		if call.Err != nil {
			t.Fatal(call.Err)
		}
		return call
	}
	note := notify.Note{
		Title: "Your <b>Plant</b> & session has ended", Body: "<i>alice</i> & co",
		Actions: []notify.Action{{ID: "login", Label: "Sign in"}}, Urgent: true,
	}
	show(t, n, "plant4", note)
	ask("NotificationAction", uint32(0))
	if got, want := next(t, n), (notify.Event{Key: "plant4", Action: "login"}); got != want {
		t.Errorf("told %+v, want %+v", got, want)
	}
	show(t, n, "plant4", note)
	if err := n.Dismiss(t.Context(), "plant4"); err != nil {
		t.Fatal(err)
	}
	var history []map[string]dbus.Variant
	if err := ask("NotificationListHistory").Store(&history); err != nil {
		t.Fatal(err)
	}
	if len(history) == 0 {
		t.Error("dunst has shown nothing")
	}
	for _, h := range history { // as dunst hands it to its renderer
		message, _ := h["message"].Value().(string)
		const want = "<b>Your &lt;b&gt;Plant&lt;/b&gt; &amp; session has ended</b>\n&lt;i&gt;alice&lt;/i&gt; &amp; co"
		if message != want {
			t.Errorf("drawn as %q, want %q", message, want)
		}
	}
}
