package config_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"keyfob/app/config"
	"keyfob/auth"
	"keyfob/auth/authtest"
)

// TestFullDisk writes settings to a disk that is full: what was there stays, and
// the person is told what to do.
func TestFullDisk(t *testing.T) {
	authtest.NeedRoot(t, "a small disk is mounted")
	disk := t.TempDir()
	if err := syscall.Mount("none", disk, "tmpfs", 0, "size=64k,mode=700"); err != nil {
		authtest.Missing(t, "no small disk can be mounted here: %v", err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(disk, syscall.MNT_DETACH) })
	path := filepath.Join(disk, "keyfob.toml")
	old := "# mine\n" + strings.Repeat("# a long remark\n", 1000) + good
	if err := os.WriteFile(path, []byte(old), 0o640); err != nil {
		t.Fatal(err)
	}
	fill, err := os.Create(filepath.Join(disk, "fill"))
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		_, err = fill.Write(make([]byte, 4096))
	}
	if err := errors.Join(fill.Close()); err != nil {
		t.Fatal(err)
	}
	err = config.SetClearAfter(t.Context(), path, time.Hour)
	if want := "cannot write " + path + " (no space left on device): free some space on that disk; the settings are as they " +
		"were"; err == nil ||
		err.Error() != want {
		t.Errorf("said %v", err)
	}
	if read(t, path) != old {
		t.Error("the settings have changed")
	}
	if left, err := os.ReadDir(disk); err != nil || len(left) != 2 {
		t.Errorf("left behind: %v %v", left, err)
	}
	if err := os.Remove(filepath.Join(disk, "fill")); err != nil {
		t.Fatal(err)
	}
	if err := config.SetClearAfter(t.Context(), path, time.Hour); err != nil {
		t.Error(err)
	}

	if err := syscall.Mount("none", disk, "tmpfs", syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	err = config.SetClearAfter(t.Context(), path, 2*time.Hour)
	if err == nil || !strings.HasPrefix(err.Error(), "cannot write "+path+" (read-only file system): make the file system writable") {
		t.Errorf("said %v", err)
	}
}

// TestChangeIsCancelled waits for another program no longer than the person.
func TestChangeIsCancelled(t *testing.T) {
	path := write(t, good)
	held(t, path)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	err := config.SetClearAfter(ctx, path, time.Hour)
	if auth.KindOf(err) != auth.KindCanceled || read(t, path) != good {
		t.Errorf("said %v", err)
	}
}

// TestLockThatIsNoFile follows nothing that somebody put in the place of the
// lock.
func TestLockThatIsNoFile(t *testing.T) {
	for name, put := range map[string]func(lock, elsewhere string) error{
		"a link": func(lock, elsewhere string) error { return os.Symlink(elsewhere, lock) },
		"a pipe": func(lock, _ string) error { return syscall.Mkfifo(lock, 0o600) },
	} {
		path := write(t, good)
		elsewhere := filepath.Join(t.TempDir(), "elsewhere")
		if err := put(filepath.Join(filepath.Dir(path), "."+filepath.Base(path)+".lock"), elsewhere); err != nil {
			t.Fatal(err)
		}
		err := config.SetClearAfter(t.Context(), path, time.Hour)
		if _, made := os.Lstat(elsewhere); name == "a link" && (err == nil || made == nil) {
			t.Errorf("%s: %v", name, err)
		}
		if name == "a pipe" && err != nil { // which can be locked as well
			t.Errorf("%s: %v", name, err)
		}
	}
}
