//go:build unix

package lock

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// inherited is what a child gets of a file: another descriptor of the same open
// one.
func inherited(t *testing.T, f *os.File) *os.File {
	t.Helper()
	fd, err := syscall.Dup(int(f.Fd()))
	if err != nil {
		t.Fatal(err)
	}
	return os.NewFile(uintptr(fd), f.Name())
}

// TestALockIsHandedOn gives a lock to another process. It is free at no moment
// before that one frees it or ends.
func TestALockIsHandedOn(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.lock")
	held := func(when string, want bool) {
		t.Helper()
		l, err := Open(path)
		if err == nil {
			_ = l.Release()
		}
		if got := errors.Is(err, ErrBusy); got != want {
			t.Errorf("%s: held is %v (%v), want %v", when, got, err, want)
		}
	}
	first, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	next := inherited(t, first.File())
	held("before", true)
	second, err := Adopt(path, next)
	if err != nil {
		t.Fatal(err)
	}
	held("while both have it", true)
	if err := first.Leave(); err != nil {
		t.Fatal(err)
	}
	held("when the first has left", true)
	if err := second.Release(); err != nil {
		t.Fatal(err)
	}
	held("at the end", false)
}

// TestNoStrangersLockIsAdopted takes nothing for the lock that is none.
func TestNoStrangersLockIsAdopted(t *testing.T) {
	path := filepath.Join(t.TempDir(), "engine.lock")
	owner, err := Open(path)
	if err != nil {
		t.Fatal(err)
	}
	other, err := os.OpenFile(path, os.O_RDWR, 0) // the same file, opened by itself
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Adopt(path, other); !errors.Is(err, ErrBusy) {
		t.Errorf("the lock is another's: %v", err)
	}
	strange, err := os.Create(path + ".other")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Adopt(path, strange); err == nil || errors.Is(err, ErrBusy) {
		t.Errorf("another file: %v", err)
	}
	if _, err := Adopt(path, strange); err == nil {
		t.Error("a closed file was adopted")
	}
	if err := owner.Release(); err != nil {
		t.Fatal(err)
	}
}
