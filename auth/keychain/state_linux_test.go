package keychain

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestPeekAsksNobody looks at a keychain in each of its states with a
// prompter at hand, from another process's place and from go-keyring's.
func TestPeekAsksNobody(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	c := b.child(patience)
	want := func(what, want string) {
		t.Helper()
		for from, s := range map[string]Store{"child": c, "direct": NewDirect(service)} {
			if err := s.Peek(t.Context()); code(err) != want {
				t.Errorf("%s, %s: %q, want %q: %v", what, from, code(err), want, err)
			}
		}
	}
	p := b.prompter(false)
	want("no service", auth.CodeKeychainAbsent)
	b.start(false)
	want("no default keyring", auth.CodeKeychainAbsent)
	b.restart(true)
	want("open", "")
	b.restart(false)
	want("locked", auth.CodeKeychainLocked)
	b.freeze(true)
	want("stopped", auth.CodeKeychainTimeout)
	b.freeze(false)
	want("going on", auth.CodeKeychainLocked)
	if len(p.shown) > 0 {
		t.Errorf("%d prompts were shown", len(p.shown))
	}
	kill(b.bus)
	want("no bus any more", auth.CodeKeychainAbsent)

	canceled, cancel := context.WithCancel(t.Context())
	cancel()
	if err := c.Peek(canceled); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// TestManyAtOnce has a thousand programs look at the keychain, fifty at a time,
// as when many commands start together. gnome-keyring survives that only if it
// is spoken to in the right order.
func TestManyAtOnce(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	b.start(true)
	c := b.child(patience)
	var wrong atomic.Int32
	for range 20 {
		var all sync.WaitGroup
		for range 50 {
			all.Go(func() {
				if err := c.Peek(t.Context()); err != nil && code(err) != auth.CodeKeychainTimeout { // the machine may be busy
					wrong.Add(1)
					t.Log(err)
				}
			})
		}
		all.Wait()
	}
	if wrong.Load() > 0 {
		t.Errorf("%d of 1000 looks went wrong", wrong.Load())
	}
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("afterwards: %v", err)
	}
}

// TestAwait waits in each state for what can change it.
func TestAwait(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	p := b.prompter(false)
	for _, tt := range []struct {
		what   string
		before func()
		code   string
		after  func()
	}{
		{"the service starts", func() {}, auth.CodeKeychainAbsent, func() { b.start(true) }},
		{"the service ends", func() {}, "", func() { b.stop() }},
		{"it is locked", func() { b.start(true) }, "", b.lock},
		{"it is unlocked", func() {}, auth.CodeKeychainLocked, b.unlock},
		{"it goes on after a stop", func() { b.freeze(true) }, auth.CodeKeychainTimeout, func() { b.freeze(false) }},
		{"it is killed while it stands still", func() { b.freeze(true) }, auth.CodeKeychainTimeout, func() { b.stop() }},
	} {
		tt.before()
		done := make(chan error, 1)
		go func() { done <- Await(t.Context(), tt.code) }()
		select {
		case err := <-done:
			t.Fatalf("%s: it did not wait: %v", tt.what, err)
		case <-time.After(200 * time.Millisecond):
		}
		tt.after()
		if err := <-done; err != nil {
			t.Errorf("%s: %v", tt.what, err)
		}
	}
	if len(p.shown) > 0 {
		t.Errorf("%d prompts were shown", len(p.shown))
	}
	// What has changed already is not waited for.
	if err := Await(t.Context(), auth.CodeKeychainLocked); err != nil {
		t.Errorf("late: %v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := Await(ctx, auth.CodeKeychainAbsent); err == nil {
		t.Error("a cancelled wait ended well")
	}
	ended := make(chan error, 1)
	go func() { ended <- Await(t.Context(), auth.CodeKeychainAbsent) }()
	time.Sleep(100 * time.Millisecond)
	kill(b.bus)
	if err := <-ended; err == nil {
		t.Error("the end of the bus was taken for the keychain's return")
	}
}

// freeze stops the keyring in its tracks, or lets it go on.
func (b *bed) freeze(stop bool) {
	b.t.Helper()
	if stop {
		authtest.Freeze(b.t, b.keyring.Process.Pid)
	} else if err := b.keyring.Process.Signal(syscall.SIGCONT); err != nil {
		b.t.Fatal(err)
	}
}

func (b *bed) lock() {
	b.t.Helper()
	c := b.conn()
	defer c.Close()
	var locked []dbus.ObjectPath
	var prompt dbus.ObjectPath
	err := c.Object(secrets, secretsPath).Call(keeper+".Lock", 0, []dbus.ObjectPath{loginPath}).Store(&locked, &prompt)
	if err != nil || len(locked) != 1 {
		b.t.Fatalf("the keyring was not locked: %v", err)
	}
}

// unlock gives the keyring its password as a person at its own program would.
func (b *bed) unlock() {
	b.t.Helper()
	c := b.conn()
	defer c.Close()
	svc := c.Object(secrets, secretsPath)
	var nothing dbus.Variant
	var session dbus.ObjectPath
	if err := svc.Call(keeper+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(&nothing, &session); err != nil {
		b.t.Fatal(err)
	}
	password := struct {
		Session       dbus.ObjectPath
		Params, Value []byte
		Type          string
	}{session, []byte{}, []byte("bed"), "text/plain"}
	const inner = "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface"
	if err := svc.Call(inner+".UnlockWithMasterPassword", 0, dbus.ObjectPath(loginPath), password).Err; err != nil {
		b.t.Fatal(err)
	}
}
