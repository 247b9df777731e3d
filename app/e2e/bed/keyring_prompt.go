//go:build linux

package bed

import (
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
)

// Prompter stands in for the desktop's password dialog, with a person before
// it who does nothing, or closes it.
type Prompter struct {
	b     *Bed
	bus   *dbus.Conn
	shuts atomic.Bool
	shown atomic.Int32
	last  atomic.Pointer[dialog]
}

// dialog is a dialog on the screen.
type dialog struct {
	bus      string
	callback dbus.ObjectPath
	exchange string
}

const (
	prompterName  = "org.gnome.keyring.SystemPrompter"
	prompterPath  = "/org/gnome/keyring/Prompter"
	prompterIface = "org.gnome.keyring.internal.Prompter"
)

// StartPrompter lets gnome-keyring ask for its password. The dialog stays open until
// [Prompter.Shut], or is closed at once if shuts is set.
func (b *Bed) StartPrompter(shuts bool) *Prompter {
	b.t.Helper()
	bus, err := dbus.Connect(b.address)
	if err != nil {
		b.t.Fatal(err)
	}
	p := &Prompter{b: b, bus: bus}
	p.shuts.Store(shuts)
	b.t.Cleanup(func() { bus.Close() })
	if err := bus.Export(prompter{p}, prompterPath, prompterIface); err != nil {
		b.t.Fatal(err)
	}
	if _, err := bus.RequestName(prompterName, dbus.NameFlagDoNotQueue); err != nil {
		b.t.Fatal(err)
	}
	return p
}

// EnableRealPrompter lets gnome-keyring ask for its password as it does on a desktop,
// in a window of gcr's.
func (b *Bed) EnableRealPrompter() {
	b.t.Helper()
	b.activatable(prompterName)
}

// Shown is how many dialogs were shown so far.
func (p *Prompter) Shown() int { return int(p.shown.Load()) }

// WaitShown waits for the n-th dialog.
func (p *Prompter) WaitShown(n int) {
	p.b.t.Helper()
	p.b.Wait("the keyring's dialog", func() bool { return p.Shown() >= n })
}

// Shut closes the dialog that is open, and those to come.
func (p *Prompter) Shut() {
	p.shuts.Store(true)
	if a := p.last.Load(); a != nil {
		p.ready(a.bus, a.callback, "no", a.exchange)
	}
}

// Close takes the dialog away, and the program that shows it.
func (p *Prompter) Close() { p.bus.Close() }

func (p *Prompter) ready(to string, callback dbus.ObjectPath, reply, exchange string) {
	p.bus.Object(to, callback).Go(prompterIface+".Callback.PromptReady", 0, nil, reply, map[string]dbus.Variant{}, exchange)
}

// prompter is what gnome-keyring calls on the bus.
type prompter struct{ p *Prompter }

// BeginPrompting opens a dialog without a question.
func (s prompter) BeginPrompting(callback dbus.ObjectPath, from dbus.Sender) *dbus.Error {
	// The keyring takes this only once it has the answer to its own call.
	time.AfterFunc(50*time.Millisecond, func() { s.p.ready(string(from), callback, "", "") })
	return nil
}

// PerformPrompt puts the question.
func (s prompter) PerformPrompt(
	callback dbus.ObjectPath,
	_ string,
	_ map[string]dbus.Variant,
	exchange string,
	from dbus.Sender,
) *dbus.Error {
	s.p.last.Store(&dialog{string(from), callback, exchange})
	s.p.shown.Add(1)
	if s.p.shuts.Load() {
		s.p.ready(string(from), callback, "no", exchange)
	}
	return nil
}

// StopPrompting closes the dialog.
func (s prompter) StopPrompting(callback dbus.ObjectPath, from dbus.Sender) *dbus.Error {
	s.p.bus.Object(string(from), callback).Go(prompterIface+".Callback.PromptDone", 0, nil)
	return nil
}

// UnlockRunningKeyring unlocks the login keyring without starting it anew, as a
// person does with its own program.
func (b *Bed) UnlockRunningKeyring() {
	b.t.Helper()
	service := b.Bus.Object(secrets, "/org/freedesktop/secrets")
	var nothing dbus.Variant
	var session dbus.ObjectPath
	opened := service.Call("org.freedesktop.Secret.Service.OpenSession", 0, "plain", dbus.MakeVariant(""))
	if err := opened.Store(&nothing, &session); err != nil {
		b.t.Fatal(err)
	}
	password := struct {
		Session       dbus.ObjectPath
		Params, Value []byte
		Type          string
	}{session, []byte{}, []byte(KeyringPassword), "text/plain"}
	const inner = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
	if err := service.Call(inner+".UnlockWithMasterPassword", 0, login, password).Err; err != nil {
		b.t.Fatal(err)
	}
}
