//go:build unix

package lock

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"keyfob/auth"
)

// TestALockIsWaitedForAWhile holds a session's lock as another process does
// that works, that was stopped, and that is done in time.
func TestALockIsWaitedForAWhile(t *testing.T) {
	for name, tc := range map[string]struct {
		frees  time.Duration // when it does, or never
		cancel time.Duration // when the caller leaves, or never
		kind   auth.Kind
		after  time.Duration
	}{
		"freed":    {frees: 10 * time.Second, after: 10 * time.Second},
		"stopped":  {kind: auth.KindTransient, after: sessionWait},
		"canceled": {cancel: time.Second, kind: auth.KindCanceled, after: time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				dir := filepath.Join(t.TempDir(), "run")
				other, err := NewSessions(Folders{State: dir}).Take(t.Context(), "plant4")
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if tc.frees > 0 {
					time.AfterFunc(tc.frees, other)
				} else {
					defer other() // it is held until then: a lock that nobody keeps is closed with the garbage
				}
				if tc.cancel > 0 {
					time.AfterFunc(tc.cancel, cancel)
				}
				began := time.Now()
				release, err := NewSessions(Folders{State: dir}).Take(ctx, "plant4")
				if auth.KindOf(err) != tc.kind {
					t.Errorf("got %v, want kind %q", err, tc.kind)
				}
				if took := time.Since(began); took < tc.after || took > tc.after+retry {
					t.Errorf("it took %v, want %v", took, tc.after)
				}
				if err == nil {
					release()
				}
				if _, err := NewSessions(Folders{State: dir}).Take(t.Context(), "another"); err != nil {
					t.Errorf("another session's lock: %v", err)
				}
			})
		})
	}
}

// TestAChildKeepsTheLock hands the lock to somebody who outlives its owner: it
// is free when the last of them is gone, and at once when the owner frees it.
func TestAChildKeepsTheLock(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	free := func() bool {
		k, err := Try(dir, "session-plant4.lock")
		if err != nil && !errors.Is(err, ErrBusy) {
			t.Fatal(err)
		}
		if err == nil {
			_ = k.Release()
		}
		return err == nil
	}
	inherit := func(l *Sessions) int {
		files := l.Files("plant4")
		if len(files) != 1 {
			t.Fatalf("%d files to inherit", len(files))
		}
		fd, err := syscall.Dup(int(files[0].Fd())) // as a child's
		if err != nil {
			t.Fatal(err)
		}
		return fd
	}
	l := NewSessions(Folders{State: dir})
	if len(l.Files("plant4")) != 0 {
		t.Error("there is something to inherit without a lock")
	}
	release, err := l.Take(t.Context(), "plant4")
	if err != nil {
		t.Fatal(err)
	}
	fd := inherit(l)
	if free() {
		t.Error("the lock is free while it is held")
	}
	release()
	if !free() {
		t.Error("a child that still runs keeps a lock that was freed")
	}
	if err := syscall.Close(fd); err != nil {
		t.Fatal(err)
	}

	if _, err = l.Take(t.Context(), "plant4"); err != nil {
		t.Fatal(err)
	}
	fd = inherit(l)
	_ = l.held["plant4"].locks[0].file.Close() // as the kernel does for a process that is killed
	if free() {
		t.Error("the lock is free while the child of a killed process is at work")
	}
	if err := syscall.Close(fd); err != nil {
		t.Fatal(err)
	}
	if !free() {
		t.Error("the lock stays when the last process is gone")
	}
}

// TestALockOutlivesACollection forgets how to free a lock. Its keeper still has
// it, for as long as the sessions that it is kept for are there.
func TestALockOutlivesACollection(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	l := NewSessions(Folders{State: dir})
	if _, err := l.Take(t.Context(), "plant4"); err != nil {
		t.Fatal(err)
	}
	for range 3 {
		runtime.GC() // the first finds what is garbage, a later one closes it
	}
	if k, err := Try(dir, "session-plant4.lock"); !errors.Is(err, ErrBusy) {
		t.Errorf("the lock is free: %v", err)
		_ = k.Release()
	}
	runtime.KeepAlive(l)
}

// TestALockInAStrangeFolder refuses to follow links to another place.
func TestALockInAStrangeFolder(t *testing.T) {
	away := t.TempDir()
	dir := filepath.Join(t.TempDir(), "run")
	if err := os.Symlink(away, dir); err != nil {
		t.Fatal(err)
	}
	if _, err := Try(dir, "session-plant4.lock"); err == nil {
		t.Error("a folder that is a link was taken")
	}
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(away, "file"), filepath.Join(dir, "session-plant4.lock")); err != nil {
		t.Fatal(err)
	}
	if _, err := Try(dir, "session-plant4.lock"); err == nil || errors.Is(err, ErrBusy) {
		t.Errorf("a lock that is a link was taken: %v", err)
	}
	if left, err := os.ReadDir(away); err != nil || len(left) != 0 {
		t.Errorf("files came to be elsewhere: %v, %v", left, err)
	}
}
