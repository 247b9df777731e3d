//go:build linux

package bed

import (
	"strings"
	"syscall"

	"github.com/godbus/dbus/v5"

	"keyfob/auth/authtest"
)

// Keyring says in which state the keychain is.
type Keyring int

// The states of the keychain.
const (
	Unlocked Keyring = iota
	Locked           // it is there, and nobody types its password
	Absent           // no Secret Service at all
)

// KeyringPassword is what opens the login keyring.
const KeyringPassword = "the bed's password"

const (
	secrets = "org.freedesktop.secrets"
	login   = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
)

func (b *Bed) startKeyring(k Keyring) {
	b.t.Helper()
	if k == Absent {
		return
	}
	b.UnlockKeyring()
	if k == Locked {
		b.LockKeyring()
	}
}

// UnlockKeyring starts gnome-keyring with its login keyring unlocked, anew if
// it runs.
func (b *Bed) UnlockKeyring() {
	b.t.Helper()
	authtest.Need(b.t, "gnome-keyring-daemon")
	b.KillKeyring()
	cmd := b.Command("gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets")
	cmd.Stdin = strings.NewReader(KeyringPassword)
	b.keyring = b.StartCommand(cmd)
	b.WaitName(secrets)
}

// LockKeyring locks the login keyring. What is in it stays.
func (b *Bed) LockKeyring() {
	b.t.Helper()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := b.Bus.Object(secrets, "/org/freedesktop/secrets").
		Call("org.freedesktop.Secret.Service.Lock", 0, []dbus.ObjectPath{login}).
		Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		b.t.Fatalf("the keyring was not locked: %v", err)
	}
}

// KillKeyring kills gnome-keyring, as a crash would.
func (b *Bed) KillKeyring() {
	b.t.Helper()
	if b.keyring == nil {
		return
	}
	b.keyring.Kill()
	b.keyring = nil
	b.Wait("the end of the keyring", func() bool { return !b.HasName(secrets) })
}

// FreezeKeyring stops gnome-keyring, so that whoever asks it waits for ever.
func (b *Bed) FreezeKeyring() {
	b.t.Helper()
	authtest.Freeze(b.t, b.keyring.PID())
}

// ThawKeyring lets a frozen gnome-keyring go on.
func (b *Bed) ThawKeyring() {
	b.t.Helper()
	if err := b.keyring.Signal(syscall.SIGCONT); err != nil {
		b.t.Fatal(err)
	}
}

// Secrets is how many items the login keyring holds.
func (b *Bed) Secrets() int {
	b.t.Helper()
	v, err := b.Bus.Object(secrets, login).GetProperty("org.freedesktop.Secret.Collection.Items")
	if err != nil {
		b.t.Fatal(err)
	}
	items, ok := v.Value().([]dbus.ObjectPath)
	if !ok {
		b.t.Fatalf("the keyring's items are %v", v)
	}
	return len(items)
}
