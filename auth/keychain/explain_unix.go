//go:build !windows && !darwin

package keychain

import (
	"context"
	"errors"
	"os"
	"strings"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
)

// askTimeout bounds the questions that tell a locked keychain from others.
const askTimeout = time.Second

// Names of the Secret Service.
const (
	secrets     = "org.freedesktop.secrets"
	secretsPath = "/org/freedesktop/secrets"
	loginPath   = "/org/freedesktop/secrets/collection/login"
	readAlias   = "org.freedesktop.Secret.Service.ReadAlias"
	collection  = "org.freedesktop.Secret.Collection"
)

// reachable refuses where go-keyring would have dbus-launch start a bus of its
// own, which nobody ends and on which no keychain is.
func reachable() error {
	if a := os.Getenv("DBUS_SESSION_BUS_ADDRESS"); a != "" && a != "autolaunch:" {
		return nil
	}
	c, err := dbus.SessionBusPrivateNoAutoStartup() // on success it sets the variable
	if err != nil {
		return noBus(err)
	}
	_ = c.Close()
	return nil
}

func noBus(cause error) *auth.Error {
	return fault(CodeAbsent, "there is no keychain: this session has no D-Bus", "start keyfob from the desktop session", cause)
}

func noService(cause error) *auth.Error {
	return fault(CodeAbsent, "there is no keychain: no program offers the Secret Service", "install one, such as gnome-keyring or KeePassXC", cause)
}

func noCollection(cause error) *auth.Error {
	return fault(CodeAbsent, "the keychain has no default keyring to store tokens in", "create one with the keychain's own program, or sign in to the desktop again", cause)
}

// explain says what an error of go-keyring means. The library gives the same
// words for a locked keyring and for none, so the Secret Service is asked.
func explain(err error) *auth.Error {
	var d dbus.Error
	if !errors.As(err, &d) {
		return ask(err)
	}
	switch name := strings.TrimPrefix(d.Name, "org.freedesktop."); {
	case name == "DBus.Error.ServiceUnknown", name == "DBus.Error.NameHasNoOwner",
		strings.HasPrefix(name, "DBus.Error.Spawn."), strings.HasPrefix(name, "systemd1."):
		return noService(err)
	case name == "Secret.Error.IsLocked":
		return locked(err)
	case name == "DBus.Error.NoReply", name == "DBus.Error.Disconnected", name == "DBus.Error.TimedOut":
		return failed("the keychain broke off in the middle", err)
	case name == "Secret.Error.NoSuchObject", name == "DBus.Error.UnknownObject", name == "DBus.Error.UnknownMethod":
		return ask(err)
	}
	return failed("the keychain refused with "+auth.Quote(d.Name), err)
}

// ask finds out what cause was by questions that never prompt a person.
func ask(cause error) *auth.Error {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	// A connection of our own: the shared one may be what is broken.
	c, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return noBus(cause)
	}
	defer c.Close()
	if c.Auth(nil) != nil || c.Hello() != nil {
		return noBus(cause)
	}
	var is dbus.Variant
	get := func(path dbus.ObjectPath) error {
		return c.Object(secrets, path).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, collection, "Locked").Store(&is)
	}
	if get(loginPath) != nil { // go-keyring takes "login" first, then the default
		var path dbus.ObjectPath
		if err := c.Object(secrets, secretsPath).CallWithContext(ctx, readAlias, 0, "default").Store(&path); err != nil {
			if errors.As(err, new(dbus.Error)) && ctx.Err() == nil {
				return noService(cause)
			}
			return failed("the keychain does not answer", cause)
		}
		if path == "/" {
			return noCollection(cause)
		}
		if get(path) != nil {
			return failed("the keychain does not answer", cause)
		}
	}
	if isLocked, ok := is.Value().(bool); ok && isLocked {
		return locked(cause)
	}
	return failed("the keychain refused", cause)
}
