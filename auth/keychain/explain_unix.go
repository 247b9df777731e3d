//go:build !windows && !darwin

package keychain

import (
	"context"
	"errors"
	"os"
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
	case name == "DBus.Error.Failed": // all that gnome-keyring says where it cannot write its file
		return fault(CodeFailed, "the keychain could not do what it was asked", "see whether its disk is full, and look at it with its own program", err)
	case name == "Secret.Error.NoSuchObject", name == "DBus.Error.UnknownObject", name == "DBus.Error.UnknownMethod":
		return ask(err)
	}
	return failed("the keychain refused with "+auth.Quote(d.Name), err)
}

// ask finds out what cause was by questions that never prompt a person. By
// then go-keyring has tried to unlock what was locked.
func ask(cause error) *auth.Error {
	ctx, cancel := context.WithTimeout(context.Background(), askTimeout)
	defer cancel()
	// A connection of our own: the shared one may be what is broken.
	c, e := dial(ctx)
	if e == nil {
		defer c.Close()
		e = look(ctx, c, 0)
	}
	switch {
	case e == nil:
		return failed("the keychain refused", cause)
	case e.Code == CodeLocked && nobodyAsks(ctx, c):
		e = fault(CodeLocked, "the keychain is locked, and nothing here can ask for its password", "unlock it on the desktop", nil)
	case e.Code == CodeLocked:
		e = Dismissed(nil)
	}
	e.Err = cause
	return e
}

// nobodyAsks reports whether the keychain is one that has no way to ask a
// person for its password here.
func nobodyAsks(ctx context.Context, c *dbus.Conn) bool {
	owner := func(name string) (owner string) {
		_ = c.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.GetNameOwner", 0, name).Store(&owner)
		return owner
	}
	gnome := owner(gnomeKeyring)
	if gnome == "" || gnome != owner(secrets) || owner(gnomePrompts) != "" {
		return false
	}
	var names []string
	err := c.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(&names)
	return err == nil && !slices.Contains(names, gnomePrompts)
}
