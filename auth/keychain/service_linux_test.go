package keychain

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strconv"
	"testing"
	"time"

	"keyfob/auth"
	"keyfob/auth/authtest"
)

func TestRealKeyring(t *testing.T) {
	b := newBed(t)
	b.start(true)
	c := b.child(patience)
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Fatalf("load of nothing: %v", err)
	}
	for _, want := range []auth.Tokens{set("entra", 6000), set("large", 64<<10), set("small", 100)} {
		start := time.Now()
		if err := c.Save(t.Context(), tool, want); err != nil {
			t.Fatal(err)
		}
		saved := time.Now()
		got, err := c.Load(t.Context(), tool)
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %v", want.Set, err)
		}
		t.Logf(
			"%s: saved in %v, loaded in %v",
			want.Set,
			saved.Sub(start).Round(time.Millisecond),
			time.Since(saved).Round(time.Millisecond),
		)
	}
	if n := len(b.items()); n != 3 {
		t.Errorf("%d items for a small set, want manifest, index and one chunk", n)
	}
	// In this process as well.
	if got, err := NewDirect(service).Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, set("small", 100)) {
		t.Errorf("direct: %v", err)
	}
	b.restart(true)
	if got, err := c.Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, set("small", 100)) {
		t.Errorf("after the keyring's restart: %v", err)
	}
	if err := c.Delete(t.Context(), tool); err != nil {
		t.Fatal(err)
	}
	if left := b.items(); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
	if _, err := c.Load(t.Context(), tool); !errors.Is(err, ErrNotFound) {
		t.Errorf("after delete: %v", err)
	}
}

// Killed with SIGKILL before and after every single change, a save leaves the
// old set or the new one in the real keyring, and the next one clears away.
func TestChildKilledAtEveryChange(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	b.start(true)
	c := b.child(patience)
	old, fresh := set("old", 1200), set("fresh", 4500)
	kills := 0
	for _, when := range []string{"before", "after"} {
		for n := 1; ; n++ {
			if err := c.Save(t.Context(), tool, old); err != nil {
				t.Fatal(err)
			}
			err := newChild(t, service, helperArgv(t, "die-at", strconv.Itoa(n), when), patience).Save(t.Context(), tool, fresh)
			if err == nil {
				break
			}
			kills++
			if code(err) != auth.CodeKeychainFailed {
				t.Fatalf("change %d: %v", n, err)
			}
			if got, err := c.Load(t.Context(), tool); err != nil || !reflect.DeepEqual(got, old) && !reflect.DeepEqual(got, fresh) {
				t.Fatalf("killed %s change %d: %v", when, n, err)
			}
		}
	}
	t.Logf("%d kills", kills)
	if kills < 8 {
		t.Errorf("only %d kills", kills)
	}
	if n := len(b.items()); n > 2+3 {
		t.Errorf("%d items are left", n)
	}
	if err := c.Delete(t.Context(), tool); err != nil || len(b.items()) != 0 {
		t.Errorf("delete: %v, left %v", err, b.items())
	}
}

func TestKeyringKilledMidway(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	b.start(true)
	c := b.child(patience)
	current := set("zero", 3000)
	if err := c.Save(t.Context(), tool, current); err != nil {
		t.Fatal(err)
	}
	broken := 0
	for i := range 8 {
		fresh := set("fresh"+strconv.Itoa(i), 20_000)
		saved := make(chan error, 1)
		go func() { saved <- c.Save(t.Context(), tool, fresh) }()
		time.Sleep(time.Duration(20+25*i) * time.Millisecond)
		b.stop()
		serr := <-saved
		if serr != nil {
			broken++
			if auth.KindOf(serr) != auth.KindKeychain || code(serr) == auth.CodeKeychainTimeout {
				t.Errorf("save: %#v", serr)
			}
		}
		b.waitOwner(false)
		b.start(true)
		got, err := c.Load(t.Context(), tool)
		switch {
		case err == nil && reflect.DeepEqual(got, fresh):
			current = fresh
		case err == nil && serr != nil && reflect.DeepEqual(got, current):
		default:
			t.Fatalf("round %d: save said %v, load says %v", i, serr, err)
		}
	}
	t.Logf("%d of 8 saves were broken off", broken)
}

func TestRealDamage(t *testing.T) {
	authtest.NotShort(t, "it needs a desktop's keychain")
	b := newBed(t)
	b.start(true)
	c := b.child(patience)
	must := func(_ string, err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	chunk := func(of string) (name, value string) {
		t.Helper()
		all := b.items()
		var m manifest
		if err := unseal(service, of, all[of], &m); err != nil {
			t.Fatal(err)
		}
		name = chunkName(of, m.Slot, 0)
		return name, all[name]
	}
	for what, spoil := range map[string]func(){
		"truncated": func() { name, v := chunk(tool); must(b.raw("set", name, v[:10])) },
		"missing":   func() { name, _ := chunk(tool); must(b.raw("remove", name, "")) },
		"bit flip":  func() { name, v := chunk(tool); must(b.raw("set", name, string(v[0]^1)+v[1:])) },
		"swapped": func() {
			all := b.items()
			must(b.raw("set", tool, all["plant5"]))
			must(b.raw("set", "plant5", all[tool]))
		},
	} {
		t.Run(what, func(t *testing.T) {
			for _, name := range []string{tool, "plant5"} {
				if err := c.Save(t.Context(), name, set(name, 4000)); err != nil {
					t.Fatal(err)
				}
			}
			spoil()
			before := b.items()
			if _, err := c.Load(t.Context(), tool); auth.KindOf(err) != auth.KindDamaged {
				t.Errorf("err = %v", err)
			}
			if !maps.Equal(b.items(), before) {
				t.Error("loading changed the items")
			}
		})
	}
	for _, name := range []string{tool, "plant5"} {
		if err := c.Delete(t.Context(), name); err != nil {
			t.Fatal(err)
		}
	}
	if left := b.items(); len(left) != 0 {
		t.Errorf("left behind: %d items", len(left))
	}
}

// Without any address of a bus nothing is started, above all no bus by
// dbus-launch, which would outlive everybody.
func TestNoBusIsLaunched(t *testing.T) {
	if _, err := os.Stat(filepath.Join("/run/user", strconv.Itoa(os.Getuid()), "bus")); err == nil {
		authtest.NotHere(t, "this user has a session bus at the standard place, which a test must not touch")
	}
	dir := t.TempDir()
	mark := filepath.Join(dir, "launched")
	if err := os.WriteFile(filepath.Join(dir, "dbus-launch"), []byte("#!/bin/sh\ntouch "+mark+"\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+":"+os.Getenv("PATH"))
	for _, address := range []string{"", "autolaunch:"} {
		t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
		if _, err := newChild(t, service, helperArgv(t, "serve"), patience).Load(t.Context(), tool); code(err) != auth.CodeKeychainAbsent {
			t.Errorf("%q: %v", address, err)
		}
	}
	if _, err := os.Stat(mark); err == nil {
		t.Error("dbus-launch was run")
	}
}
