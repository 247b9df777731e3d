package config

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/gofrs/flock"

	"keyfob/app/wholefile"
	"keyfob/auth"
	"keyfob/auth/plainfile"
)

const (
	// editWait is how long another program's change is waited for; each takes
	// some milliseconds, and there may be many.
	editWait  = 20 * time.Second
	editRetry = 5 * time.Millisecond
)

// edit replaces the settings file at path by what change makes of it, and no
// other program that changes it through this package does so at the same time.
// change gets no bytes for a file that is missing. When it returns an error, or
// the bytes that it got, nothing is written. What is waited for ends with ctx.
func edit(ctx context.Context, path string, change func(old []byte) ([]byte, error)) error {
	path = target(path)
	dir := filepath.Dir(path)
	if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
		if _, err := change(nil); err != nil {
			return err // no folder is made for that
		}
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return cannotWrite(path, err)
		}
	}
	release, err := alone(ctx, path)
	if err != nil {
		return err
	}
	defer release()
	old, err := readFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	data, err := change(old)
	if err != nil || bytes.Equal(data, old) {
		return err
	}
	if err := wholefile.Write(ctx, path, data, 0o600); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}

// target is the file that path leads to: a link, as keepers of settings in a
// repository use them, stays a link, also while its file is still to be made.
func target(path string) string {
	const most = 40 // links one behind the other
	for range most {
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
		to, err := os.Readlink(path)
		if err != nil {
			return path
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return path
}

// alone waits until no other program changes the file at path, and keeps it so
// until release is called. What it locks is a file of its own beside it, since
// the settings file is replaced.
func alone(ctx context.Context, path string) (release func(), err error) {
	dir := filepath.Dir(path)
	name := filepath.Join(dir, "."+filepath.Base(path)+".lock")
	within, cancel := context.WithTimeout(ctx, editWait)
	defer cancel()
	tick := time.NewTicker(editRetry)
	defer tick.Stop()
	for {
		lock := flock.New(name, flock.SetFlag(wholefile.LockFlags), flock.SetPermissions(0o600))
		ok, err := lock.TryLock()
		switch {
		case errors.Is(err, errors.ErrUnsupported), errors.Is(err, syscall.ENOLCK):
			return func() { _ = os.Remove(name) }, nil // a file system without locks
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return nil, cannotWrite(path, err)
		case ok && still(lock, name):
			_ = wholefile.Give(name, dir) // a crash of root's must not lock the owner out
			return func() { free(lock, name) }, nil
		}
		_ = lock.Close()
		select {
		case <-tick.C:
		case <-within.Done():
			if err := ctx.Err(); err != nil {
				return nil, &auth.Error{
					Kind: auth.KindCanceled, Code: auth.CodeCanceled,
					What: path + " was not changed, since the wait for another program was cancelled", Who: auth.WhoYou, Err: err,
				}
			}
			return nil, &auth.Error{
				Kind: auth.KindTransient,
				Code: auth.CodeSettings,
				What: "another program is changing " + path,
				Do:   "try again",
				Who:  auth.WhoWait,
			}
		}
	}
}

// free removes the file while it is locked, so that nobody takes a lock on it
// that others do not see. Windows removes no open file: there it stays.
func free(lock *flock.Flock, name string) {
	if runtime.GOOS != "windows" {
		_ = os.Remove(name)
	}
	_ = lock.Unlock()
}

// still reports whether the file that is locked is the one that everybody finds
// under name: whoever had the lock before removed it.
func still(lock *flock.Flock, name string) bool {
	mine, err := lock.Stat()
	if err != nil {
		return false
	}
	found, err := os.Stat(name)
	return err == nil && os.SameFile(mine, found)
}

func cannotWrite(path string, err error) error {
	e := &auth.Error{
		Kind: auth.KindFailed, Code: auth.CodeSettings,
		Do: "check the folder's permissions and the free space", Who: auth.WhoYou, Err: err,
	}
	why := plainfile.Why(err)
	var owner *wholefile.OwnerError
	var busy *wholefile.BusyError
	switch {
	case errors.As(err, &owner):
		why, e.Do = owner.Error(), "change it as that user, or have its owner set to you with chown"
	case errors.As(err, &busy):
		why, e.Do = busy.Error(), "close it there, and try again"
	case errors.Is(err, syscall.ENOSPC):
		e.Do = "free some space on that disk; the settings are as they were"
	case errors.Is(err, syscall.EDQUOT):
		e.Do = "remove something else of yours there; the settings are as they were"
	case errors.Is(err, syscall.EROFS):
		e.Do = "make the file system writable, or name other settings with --config"
	}
	e.What = "cannot write " + path + " (" + why + ")"
	return e
}
