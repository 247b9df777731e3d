//go:build unix

package lock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

const file = "session-plant4.lock"

// shared are the folders of two processes of one user whose runtime folders are
// different.
func shared(t *testing.T) (one, other Folders) {
	t.Helper()
	state := filepath.Join(t.TempDir(), "state", "keyfob")
	return Folders{State: state, Runtime: filepath.Join(t.TempDir(), "keyfob")},
		Folders{State: state, Runtime: filepath.Join(t.TempDir(), "keyfob")}
}

// hold takes a lock until the test ends.
func hold(t *testing.T, f Folders) *Shared {
	t.Helper()
	s, err := f.try(file)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Release)
	return s
}

// busy says whether somebody else has the lock.
func busy(t *testing.T, f Folders) bool {
	t.Helper()
	s, err := f.try(file)
	if err == nil {
		s.Release()
	} else if !errors.Is(err, ErrBusy) {
		t.Fatal(err)
	}
	return err != nil
}

// TestTheLockIsOneForAllRuntimeFolders: engines that were started in different ways
// do not work on one session at the same time.
func TestTheLockIsOneForAllRuntimeFolders(t *testing.T) {
	one, other := shared(t)
	s := hold(t, one)
	if s.Dir() != one.State {
		t.Errorf("the lock is in %s", s.Dir())
	}
	if !busy(t, other) {
		t.Error("two processes have the lock")
	}
	s.Release()
	if busy(t, other) {
		t.Error("nobody can have the lock")
	}
	for _, dir := range []string{one.Runtime, other.Runtime} {
		if _, err := os.Lstat(dir); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("something was made in %s: %v", dir, err)
		}
	}
}

// TestALockOfAnEarlierVersion waits for a version that has its locks in the runtime
// folder, and keeps it away.
func TestALockOfAnEarlierVersion(t *testing.T) {
	for name, where := range map[string]func(*Folders) string{
		"in the runtime folder": func(f *Folders) string { return f.Runtime },
		"in another": func(f *Folders) string {
			f.Earlier = []string{filepath.Join(filepath.Dir(f.Runtime), "keyfob-1000")}
			return f.Earlier[0]
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				f, _ := shared(t)
				dir := where(&f)
				old, err := Try(dir, file)
				if err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(time.Second, func() { _ = old.Release() })
				began := time.Now()
				locks := NewSessions(f)
				release, err := locks.Take(t.Context(), "plant4")
				if took := time.Since(began); err != nil || took < time.Second || took > time.Second+retry {
					t.Fatalf("it took %v: %v", took, err)
				}
				if _, err := Try(dir, file); !errors.Is(err, ErrBusy) {
					t.Errorf("the earlier version can work at the same time: %v", err)
				}
				if n := len(locks.Files("plant4")); n != 2 {
					t.Errorf("a child inherits %d files", n)
				}
				release()
				if l, err := Try(dir, file); err != nil {
					t.Errorf("the earlier version does not get its turn: %v", err)
				} else {
					_ = l.Release()
				}
				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				if l, err := f.Wait(ctx, "session-other.lock"); err != nil {
					t.Error(err)
				} else if l.Release(); l.Dir() != f.State || len(l.locks) != 1 {
					t.Errorf("a lock that no earlier version has is in %s, %d times", l.Dir(), len(l.locks))
				}
			})
		})
	}
}

// TestWhatIsLeftButIsNoLock: nothing that lies where an earlier version had its
// locks keeps anybody from working, or leads anywhere.
func TestWhatIsLeftButIsNoLock(t *testing.T) {
	for name, put := range map[string]func(dir string) error{
		"a link":   func(dir string) error { return os.Symlink("/dev/null", filepath.Join(dir, file)) },
		"a folder": func(dir string) error { return os.Mkdir(filepath.Join(dir, file), 0o700) },
		"in everybody's": func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, file), nil, 0o600), os.Chmod(dir, 0o777))
		},
		"unreadable folder": func(dir string) error { return os.Chmod(dir, 0) },
	} {
		f, _ := shared(t)
		if err := errors.Join(os.Mkdir(f.Runtime, 0o700), put(f.Runtime)); err != nil {
			t.Fatal(err)
		}
		if s := hold(t, f); len(s.locks) != 1 || s.Dir() != f.State {
			t.Errorf("%s: %d locks, in %s", name, len(s.locks), s.Dir())
		}
	}
}

// TestNotesOfEarlierVersions are looked for in folders that only this user can have
// put them in.
func TestNotesOfEarlierVersions(t *testing.T) {
	f, _ := shared(t)
	own, open := t.TempDir(), t.TempDir()
	if err := errors.Join(os.Chmod(own, 0o700), os.Chmod(open, 0o777)); err != nil {
		t.Fatal(err)
	}
	f.Earlier = []string{filepath.Join(own, "missing"), open, f.Runtime, own}
	if got := f.Notes(); !slices.Equal(got, []string{f.State, f.Runtime, own}) {
		t.Errorf("got %v", got)
	}
}

// TestTheStateFolderIsKeptElsewhere follows the link of a person who keeps it on
// another disk.
func TestTheStateFolderIsKeptElsewhere(t *testing.T) {
	f, _ := shared(t)
	real := t.TempDir()
	if err := errors.Join(os.Mkdir(filepath.Dir(f.State), 0o700), os.Chmod(real, 0o700), os.Symlink(real, f.State)); err != nil {
		t.Fatal(err)
	}
	if s := hold(t, f); s.Dir() != real {
		t.Errorf("the lock is in %s", s.Dir())
	}
	if !busy(t, Folders{State: real}) {
		t.Error("two processes have the lock")
	}
}
