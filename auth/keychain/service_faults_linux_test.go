package keychain

import (
	"context"
	"errors"
	"maps"
	"reflect"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

// Every fault has its own code or its own words, and none of them is "nothing
// is stored", and nothing is lost by it.
func TestRealFaults(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	want := set("kept", 3000)
	words := map[string]string{}
	all := func(t *testing.T, within time.Duration, code string) {
		t.Helper()
		c := b.child(within)
		_, lerr := c.Load(t.Context(), tool)
		for op, err := range map[string]error{
			"load": lerr, "save": c.Save(t.Context(), tool, set("lost", 10)), "delete": c.Delete(t.Context(), tool),
		} {
			e := auth.AsError(err)
			if e == nil || e.Kind != auth.KindKeychain || e.Code != code || e.Do == "" {
				t.Errorf("%s: %#v", op, e)
				continue
			}
			if other, ok := words[e.What]; ok && other != t.Name() {
				t.Errorf("%s says the same as %s: %s", t.Name(), other, e.What)
			}
			words[e.What] = t.Name()
		}
	}
	t.Run("no service", func(t *testing.T) { all(t, patience, auth.CodeKeychainAbsent) })
	t.Run("no bus", func(t *testing.T) {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nonexistent/bus")
		all(t, patience, auth.CodeKeychainAbsent)
	})
	b.start(false)
	t.Run("no default keyring", func(t *testing.T) { all(t, patience, auth.CodeKeychainAbsent) })
	b.restart(true)
	if err := b.child(patience).Save(t.Context(), tool, want); err != nil {
		t.Fatal(err)
	}
	before := b.items()
	b.restart(false)
	t.Run("locked without a prompter", func(t *testing.T) { all(t, patience, auth.CodeKeychainLocked) })
	t.Run("prompt ignored", func(t *testing.T) {
		p := b.prompter(false)
		defer p.c.Close()
		ctx, cancel := context.WithCancel(t.Context())
		first := make(chan error, 1)
		go func() { first <- b.child(patience).Delete(ctx, tool) }()
		<-p.shown // the keyring lets later ones wait behind the first
		all(t, 400*time.Millisecond, auth.CodeKeychainTimeout)
		cancel()
		if err := <-first; !errors.Is(err, context.Canceled) {
			t.Errorf("the first: %v", err)
		}
	})
	t.Run("keyring stopped", func(t *testing.T) {
		delete(words, "the keychain did not answer in time")
		b.freeze(true)
		all(t, 400*time.Millisecond, auth.CodeKeychainTimeout)
		b.freeze(false)
	})
	b.restart(false)
	t.Run("prompt dismissed", func(t *testing.T) {
		p := b.prompter(true)
		defer p.c.Close()
		all(t, patience, auth.CodeKeychainRefused)
		if len(p.shown) != 3 {
			t.Errorf("%d prompts were shown", len(p.shown))
		}
	})
	b.restart(true)
	if !maps.Equal(b.items(), before) {
		t.Error("the faults changed the items")
	}
	if got, err := b.child(patience).Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("in the end: %v", err)
	}
}

// go-keyring panics when the bus goes away under a prompt.
func TestBusEndsUnderAPrompt(t *testing.T) {
	b := newBed(t)
	b.start(true)
	b.restart(false)
	p := b.prompter(false)
	got := make(chan error, 1)
	go func() {
		_, err := b.child(patience).Load(t.Context(), tool)
		got <- err
	}()
	select {
	case <-p.shown:
	case err := <-got:
		t.Fatalf("no prompt was shown: %v", err)
	}
	kill(b.bus)
	if err := <-got; code(err) != auth.CodeKeychainFailed && code(err) != auth.CodeKeychainAbsent {
		t.Errorf("err = %v", err)
	}
}
