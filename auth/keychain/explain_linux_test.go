package keychain

import (
	"errors"
	"strings"
	"testing"

	"github.com/godbus/dbus/v5"
)

func TestErrorsOfTheBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	for name, want := range map[string]string{
		"org.freedesktop.DBus.Error.ServiceUnknown":       CodeAbsent,
		"org.freedesktop.DBus.Error.NameHasNoOwner":       CodeAbsent,
		"org.freedesktop.DBus.Error.Spawn.ExecFailed":     CodeAbsent,
		"org.freedesktop.DBus.Error.Spawn.ChildExited":    CodeAbsent,
		"org.freedesktop.systemd1.NoSuchUnit":             CodeAbsent,
		"org.freedesktop.Secret.Error.IsLocked":           CodeLocked,
		"org.freedesktop.DBus.Error.NoReply":              CodeFailed,
		"org.freedesktop.DBus.Error.Disconnected":         CodeFailed,
		"org.freedesktop.DBus.Error.AccessDenied":         CodeFailed,
		"com.example.\x1b[31mSomething.Else \"quoted\"\n": CodeFailed,
	} {
		err := explain(t.Context(), dbus.Error{Name: name, Body: []any{"secret words of the service"}})
		if code(err) != want || strings.Contains(err.Error(), "secret") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A keychain that was there a moment ago has broken off: that is no reason to
// keep tokens elsewhere, as it is where there is none.
func TestGoneInTheMiddle(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	unknown := dbus.Error{Name: "org.freedesktop.DBus.Error.ServiceUnknown"}
	l := &line{gone: make(chan struct{})}
	if err := l.explain(t.Context(), unknown); code(err) != CodeAbsent {
		t.Errorf("before it answered: %v", err)
	}
	l.session = "/session"
	if err := l.explain(t.Context(), unknown); code(err) != CodeFailed || !errors.As(err, new(dbus.Error)) {
		t.Errorf("err = %v", err)
	}
}
