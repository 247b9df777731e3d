package keychain

import (
	"errors"
	"strings"
	"testing"

	"keyfob/auth"

	"github.com/godbus/dbus/v5"
)

func TestErrorsOfTheBus(t *testing.T) {
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent")
	for name, want := range map[string]string{
		"org.freedesktop.DBus.Error.ServiceUnknown":       auth.CodeKeychainAbsent,
		"org.freedesktop.DBus.Error.NameHasNoOwner":       auth.CodeKeychainAbsent,
		"org.freedesktop.DBus.Error.Spawn.ExecFailed":     auth.CodeKeychainAbsent,
		"org.freedesktop.DBus.Error.Spawn.ChildExited":    auth.CodeKeychainAbsent,
		"org.freedesktop.systemd1.NoSuchUnit":             auth.CodeKeychainAbsent,
		"org.freedesktop.Secret.Error.IsLocked":           auth.CodeKeychainLocked,
		"org.freedesktop.DBus.Error.NoReply":              auth.CodeKeychainFailed,
		"org.freedesktop.DBus.Error.Disconnected":         auth.CodeKeychainFailed,
		"org.freedesktop.DBus.Error.AccessDenied":         auth.CodeKeychainFailed,
		"com.example.\x1b[31mSomething.Else \"quoted\"\n": auth.CodeKeychainFailed,
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
	if err := l.explain(t.Context(), unknown); code(err) != auth.CodeKeychainAbsent {
		t.Errorf("before it answered: %v", err)
	}
	l.session = "/session"
	if err := l.explain(t.Context(), unknown); code(err) != auth.CodeKeychainFailed || !errors.As(err, new(dbus.Error)) {
		t.Errorf("err = %v", err)
	}
}
