//go:build !windows && !darwin

package keychain

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
)

// askTimeout bounds the questions that tell a locked keychain from others.
const askTimeout = time.Second

// gnome-keyring asks for passwords through another program, which need not be
// there.
const (
	gnomeKeyring = "org.gnome.keyring"
	gnomePrompts = "org.gnome.keyring.SystemPrompter"
)

func noBus(cause error) *auth.Error {
	return fault(auth.CodeKeychainAbsent, noKeychain+"this session has no D-Bus", "start keyfob from the desktop session", cause)
}

func noService(cause error) *auth.Error {
	return fault(auth.CodeKeychainAbsent, noKeychain+"no program offers the Secret Service",
		"install gnome-keyring or KeePassXC, or turn the Secret Service of KWallet or KeePassXC on", cause)
}

func noCollection(cause error) *auth.Error {
	return fault(
		auth.CodeKeychainAbsent,
		"the keychain has no default keyring to store tokens in",
		"create one with the keychain's own program, or sign in to the desktop again",
		cause,
	)
}

// explain says what an error of a call to the Secret Service means. Some say
// little, and so the service is asked how it stands.
func explain(ctx context.Context, err error) *auth.Error {
	var d dbus.Error
	if !errors.As(err, &d) {
		return diagnose(ctx, err)
	}
	switch name := strings.TrimPrefix(d.Name, "org.freedesktop."); {
	case absent(d.Name):
		return noService(err)
	case isLocked(err):
		return locked(err)
	case name == "DBus.Error.NoReply", name == "DBus.Error.Disconnected", name == "DBus.Error.TimedOut":
		return BrokenOff(err)
	case name == "DBus.Error.Failed": // all that gnome-keyring says where it cannot write its file
		return fault(
			auth.CodeKeychainFailed,
			"the keychain could not do what it was asked",
			"see whether its disk is full, and look at it with its own program",
			err,
		)
	case name == "Secret.Error.NoSuchObject", name == "DBus.Error.UnknownObject", name == "DBus.Error.UnknownMethod":
		return diagnose(ctx, err)
	}
	return failed("the keychain refused with "+auth.Quote(d.Name), err)
}

// absent reports whether an error's name says that nobody is there.
func absent(name string) bool {
	name = strings.TrimPrefix(name, "org.freedesktop.")
	return name == "DBus.Error.ServiceUnknown" || name == "DBus.Error.NameHasNoOwner" ||
		strings.HasPrefix(name, "DBus.Error.Spawn.") || strings.HasPrefix(name, "systemd1.")
}

// isLocked reports whether an error says that something is locked.
func isLocked(err error) bool {
	var d dbus.Error
	return errors.As(err, &d) && d.Name == "org.freedesktop.Secret.Error.IsLocked"
}

// diagnose finds out what cause was by questions that never prompt a person.
func diagnose(ctx context.Context, cause error) *auth.Error {
	ctx, cancel := context.WithTimeout(ctx, askTimeout)
	defer cancel()
	// A connection of our own: the other may be what is broken.
	c, e := dial(ctx)
	if e == nil {
		defer c.Close()
		_, e = stateOf(ctx, c, 0)
	}
	if e == nil {
		return failed("the keychain refused", cause)
	}
	e.Err = cause
	return e
}

// stillLocked says why the keychain is locked after it was to ask for its
// password.
func stillLocked(ctx context.Context, c *dbus.Conn) *auth.Error {
	if nobodyAsks(ctx, c) {
		return fault(
			auth.CodeKeychainLocked,
			"the keychain is locked, and nothing here can ask for its password",
			"unlock it on the desktop",
			nil,
		)
	}
	return Dismissed(nil)
}

// nobodyAsks reports whether the keychain is one that has no way to ask a
// person for its password here.
func nobodyAsks(ctx context.Context, c *dbus.Conn) bool {
	gnome := ownerOf(ctx, c, gnomeKeyring)
	if gnome == "" || gnome != ownerOf(ctx, c, secrets) || ownerOf(ctx, c, gnomePrompts) != "" {
		return false
	}
	return !slices.Contains(startable(ctx, c), gnomePrompts)
}

// ownerOf is who owns a name on the bus, or empty.
func ownerOf(ctx context.Context, c *dbus.Conn, name string) (owner string) {
	_ = c.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, name).Store(&owner)
	return owner
}

// startable are the names that the bus can start.
func startable(ctx context.Context, c *dbus.Conn) (names []string) {
	_ = c.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names)
	return names
}
