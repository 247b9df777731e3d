//go:build linux

package e2e_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/prop"

	"keyfob/app/e2e/bed"
	"keyfob/auth/session"
)

// checkInMemory checks that the session works and that its tokens are in memory
// only, for the reason that says names.
func (d *keychainDesktop) checkInMemory(tool, says string) {
	d.t.Helper()
	got := d.snapshot(tool)
	if got.State != session.Active || got.Store != session.StoreMemory || got.Problem == nil ||
		!strings.Contains(got.Problem.Error(), says) {
		d.t.Errorf("the session is %s in %q with the problem %v, want it in memory because %q", got.State, got.Store, got.Problem, says)
	}
	if got := d.keyfob("token", tool, "--min-valid", "1s"); got.code != 0 {
		d.t.Errorf("`keyfob token` ended with %d: %s", got.code, got.err)
	}
}

// waitStored waits until the keychain holds the session's tokens.
func (d *keychainDesktop) waitStored(tool string) {
	d.t.Helper()
	d.Wait("the tokens in the keychain", func() bool {
		got := d.snapshot(tool)
		token := secret(d.keyfob("token", tool, "--min-valid", "1s").out)
		kept, err := d.stored(tool) // which may have been renewed meanwhile
		return got.State == session.Active && got.Store == session.StoreKeychain && got.Problem == nil && err == nil && kept.Access == token
	})
}

// TestTokensInMemoryReachTheKeychain signs in without a keychain; the tokens
// are in it as soon as there is one, and nobody does anything for that.
func TestTokensInMemoryReachTheKeychain(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true}, 0)
	app := d.startTray()
	d.mustLogin(renews)
	d.Tray.WaitEntry("Plant · signed in · no keychain")
	d.Tray.WaitEntry("Tokens are kept in memory only: no keychain")
	d.checkInMemory(renews, "no program offers the Secret Service")
	d.UnlockKeyring()
	d.Tray.WaitEntry("Plant · signed in")
	d.Tray.WaitNoEntry("Tokens are kept in memory only*")
	d.waitStored(renews)
	d.quitTray(app)
	d.startTray()
	d.Tray.WaitEntry("Plant · signed in")
}

// TestRenewalsUnderALockedKeychain lets a session renew itself many times
// while the keychain is locked and could ask for its password: it never does,
// and what it missed is stored when it is unlocked.
func TestRenewalsUnderALockedKeychain(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 4*time.Second)
	d.startTray()
	d.mustLogin(renews)
	d.waitStored(renews)
	p := d.StartPrompter(false)
	d.LockKeyring()
	renewed := d.provider.Count("/token")
	d.Wait("four renewals", func() bool { return d.provider.Count("/token") >= renewed+4 })
	d.Tray.WaitEntry("Plant · signed in · keychain locked")
	d.Tray.WaitEntry("Tokens are kept in memory only: keychain locked")
	d.checkInMemory(renews, "the keychain is locked")
	if n := p.Shown(); n != 0 {
		t.Errorf("%d dialogs were shown", n)
	}
	d.UnlockRunningKeyring()
	d.Tray.WaitEntry("Plant · signed in")
	d.waitStored(renews)
	if n := p.Shown(); n != 0 {
		t.Errorf("%d dialogs were shown in the end", n)
	}
}

// TestABusThatComesLate starts Keyfob before there is a session bus.
func TestABusThatComesLate(t *testing.T) {
	d := newKeychainDesktop(t, bed.Options{NoDisplay: true}, 0)
	bus := filepath.Join(d.Dir, "late")
	keyfob := func(args ...string) *bed.Process {
		cmd := d.Command(d.program(), args...)
		cmd.Env = d.Env("DBUS_SESSION_BUS_ADDRESS=unix:path=" + bus)
		return d.StartCommand(cmd)
	}
	first := keyfob("token", renews)
	if code := d.Exit(first); code != 3 || !strings.Contains(first.Output(), "there is no keychain: this session has no D-Bus") {
		t.Errorf("the first `keyfob token` ended with %d: %s", code, first.Output())
	}
	if !strings.Contains(first.Output(), "keyfob login") {
		t.Errorf("it does not say what to do: %s", first.Output())
	}
	d.quitEngine()
	keyfob("agent")
	d.Wait("the agent", func() bool { _, err := os.Stat(d.socket()); return err == nil })
	d.mustLogin(renews)
	d.checkInMemory(renews, "this session has no D-Bus")
	if err := os.Symlink(filepath.Join(d.Runtime, "bus"), bus); err != nil {
		t.Fatal(err)
	}
	d.waitStored(renews)
}

// TestAKeychainThatLies says that it stored the tokens and does not.
func TestAKeychainThatLies(t *testing.T) {
	const says = "the keychain said that it stored the tokens and did not"
	d := newKeychainDesktop(t, bed.Options{Keyring: bed.Absent, NoDisplay: true}, 0)
	l := d.newLiar()
	d.startTray()
	if got := d.login(renews); got.code != 0 || !strings.Contains(got.err, says) {
		t.Errorf("signing in ended with %d: %s", got.code, got.err)
	}
	d.Tray.WaitEntry("Plant · signed in · keychain unavailable")
	d.checkInMemory(renews, says)
	if l.created.Load() == 0 {
		t.Error("the keychain was not asked to store anything")
	}
	if _, err := d.Bus.ReleaseName("org.freedesktop.secrets"); err != nil {
		t.Fatal(err)
	}
	d.UnlockKeyring()
	d.Tray.WaitEntry("Plant · signed in")
	d.waitStored(renews)
}

// liar is a Secret Service that takes everything and keeps nothing.
type liar struct {
	s       *keychainDesktop
	created atomic.Int32
	hangs   chan struct{} // nil, or what it waits for before it answers
}

const (
	lyingService    = "org.freedesktop.Secret.Service"
	lyingCollection = "org.freedesktop.Secret.Collection"
)

// newLiar puts a liar in the keychain's place.
func (d *keychainDesktop) newLiar() *liar {
	d.t.Helper()
	l := &liar{s: d}
	path, login := dbus.ObjectPath("/org/freedesktop/secrets"), dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	for _, export := range []struct {
		object any
		path   dbus.ObjectPath
		iface  string
	}{
		{l, path, lyingService},
		{lyingSession{}, path + "/session", "org.freedesktop.Secret.Session"},
		{lyingStore{l}, login, lyingCollection},
	} {
		if err := d.Bus.Export(export.object, export.path, export.iface); err != nil {
			d.t.Fatal(err)
		}
	}
	for at, properties := range map[dbus.ObjectPath]prop.Map{
		path:  {lyingService: {"Collections": {Value: []dbus.ObjectPath{login}}}},
		login: {lyingCollection: {"Locked": {Value: false}}},
	} {
		if _, err := prop.Export(d.Bus, at, properties); err != nil {
			d.t.Fatal(err)
		}
	}
	if _, err := d.Bus.RequestName("org.freedesktop.secrets", dbus.NameFlagDoNotQueue); err != nil {
		d.t.Fatal(err)
	}
	return l
}

// OpenSession opens the one session.
func (l *liar) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), "/org/freedesktop/secrets/session", nil
}

// ReadAlias names the one collection.
func (l *liar) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) {
	return "/org/freedesktop/secrets/collection/login", nil
}

// SearchItems finds nothing.
func (l *liar) SearchItems(map[string]string) (open, closed []dbus.ObjectPath, err *dbus.Error) {
	return []dbus.ObjectPath{}, []dbus.ObjectPath{}, nil
}

// Unlock says that all is open.
func (l *liar) Unlock(all []dbus.ObjectPath) (unlocked []dbus.ObjectPath, prompt dbus.ObjectPath, err *dbus.Error) {
	return all, "/", nil
}

type lyingSession struct{}

// Close says that the session is closed.
func (lyingSession) Close() *dbus.Error { return nil }

type lyingStore struct{ l *liar }

// CreateItem says that it made one.
func (c lyingStore) CreateItem(map[string]dbus.Variant, struct {
	Session       dbus.ObjectPath
	Params, Value []byte
	Type          string
}, bool,
) (item, prompt dbus.ObjectPath, err *dbus.Error) {
	c.l.created.Add(1)
	if c.l.hangs != nil {
		<-c.l.hangs
	}
	return "/org/freedesktop/secrets/collection/login/1", "/", nil
}
