package lock

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"keyfob/auth/authtest"
)

// TestNoStateFolder goes on with the runtime folder, as long as nothing else can
// be locked: two processes that have the same one still wait for each other.
func TestNoStateFolder(t *testing.T) {
	small := func(t *testing.T, dir, options string) {
		t.Helper()
		authtest.NeedRoot(t, "a disk is mounted")
		if err := errors.Join(os.MkdirAll(dir, 0o700), syscall.Mount("none", dir, "tmpfs", 0, options)); err != nil {
			authtest.Missing(t, "no disk can be mounted here: %v", err)
		}
		t.Cleanup(func() { _ = syscall.Unmount(dir, syscall.MNT_DETACH) })
	}
	for name, spoil := range map[string]func(t *testing.T, f *Folders){
		"none": func(_ *testing.T, f *Folders) { f.State = "" },
		"a file in its place": func(t *testing.T, f *Folders) {
			if err := os.WriteFile(filepath.Dir(f.State), nil, 0o600); err != nil {
				t.Fatal(err)
			}
		},
		"a link that leads nowhere": func(t *testing.T, f *Folders) {
			if err := errors.Join(os.Mkdir(filepath.Dir(f.State), 0o700), os.Symlink("nowhere", f.State)); err != nil {
				t.Fatal(err)
			}
		},
		"everybody's": func(t *testing.T, f *Folders) {
			if err := errors.Join(os.MkdirAll(f.State, 0o700), os.Chmod(f.State, 0o777)); err != nil {
				t.Fatal(err)
			}
		},
		"another user's": func(t *testing.T, f *Folders) {
			authtest.NeedRoot(t, "a folder is given away")
			if err := errors.Join(os.MkdirAll(f.State, 0o700), os.Chown(f.State, 12345, 12345)); err != nil {
				t.Fatal(err)
			}
		},
		"read only": func(t *testing.T, f *Folders) { small(t, f.State, "mode=700,ro") },
		"full":      func(t *testing.T, f *Folders) { small(t, f.State, "mode=700,nr_inodes=1") },
	} {
		t.Run(name, func(t *testing.T) {
			f, _ := shared(t)
			spoil(t, &f)
			if s := hold(t, f); s.Dir() != f.Runtime || len(s.locks) != 1 {
				t.Errorf("%d locks, in %s", len(s.locks), s.Dir())
			}
			if !busy(t, f) {
				t.Error("two processes have the lock")
			}
		})
	}
	t.Run("nor another", func(t *testing.T) {
		f, _ := shared(t)
		for _, dir := range []string{filepath.Dir(f.State), f.Runtime} {
			if err := os.WriteFile(dir, nil, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := f.Wait(t.Context(), file); err == nil || errors.Is(err, ErrBusy) {
			t.Errorf("got %v", err)
		}
	})
}
