// Package wholefile replaces files whole or not at all, for everything that
// Keyfob writes to a disk. It must never change a file in place, and knows
// nothing of what is in one.
//
// What replaces a file has its permissions, owner and group: a person who runs
// Keyfob as another user once must not be locked out of their own files. Access
// control lists and extended attributes do not survive, since the file is a new
// one.
package wholefile

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

const (
	// patience is how long a file is tried again that another program holds
	// open: an editor, a virus scanner, a backup.
	patience = 2 * time.Second
	retry    = 20 * time.Millisecond
)

// Write replaces the file at path by data, or leaves it as it is, also when the
// program or the machine stops midway. A link is replaced itself. A file that is
// there keeps its permissions, owner and group; a new one has the permissions
// mode, and belongs to whom the folder belongs if this user may give it away. A
// folder that is missing is made for this user alone.
//
// On Windows a file that another program holds open cannot be replaced. It is
// tried for a while, until ctx ends.
func Write(ctx context.Context, path string, data []byte, mode os.FileMode) error {
	return write(ctx, path, data, mode, os.Rename, busy)
}

// WriteOwn is [Write] for what this program keeps for itself: whatever was there,
// the new file can be read by this user alone.
func WriteOwn(ctx context.Context, path string, data []byte) error {
	return replace(ctx, path, data, func(*os.File, string) error { return nil }, os.Rename, busy) // 0600 by itself
}

// write is Write with what differs between systems.
func write(
	ctx context.Context,
	path string,
	data []byte,
	mode os.FileMode,
	rename func(from, to string) error,
	busy func(error) bool,
) error {
	old, err := os.Lstat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if old != nil && old.Mode().IsRegular() {
		mode = old.Mode().Perm()
	} else {
		old = nil
	}
	return replace(ctx, path, data, func(f *os.File, dir string) error { return inherit(f, dir, old, mode) }, rename, busy)
}

// replace writes a new file, which prepare makes ready, and puts it in its place.
func replace(
	ctx context.Context,
	path string,
	data []byte,
	prepare func(f *os.File, dir string) error,
	rename func(from, to string) error,
	busy func(error) bool,
) error {
	dir, name := filepath.Split(path)
	if dir == "" {
		dir = "."
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(dir, "."+name+"-*") // 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // gone already when all went well
	_, err = f.Write(data)
	if err == nil {
		err = prepare(f, dir)
	}
	if err == nil {
		err = f.Sync()
	}
	if err := errors.Join(err, f.Close()); err != nil {
		return err
	}
	if err := retryWhileBusy(ctx, busy, func() error { return rename(f.Name(), path) }); err != nil {
		return err
	}
	// Without this the rename may be lost with the power, but nothing is torn;
	// not every system can do it.
	if d, err := os.Open(dir); err == nil {
		_ = d.Sync()
		_ = d.Close()
	}
	return nil
}

// retryWhileBusy does something, and again while another program is in the way.
func retryWhileBusy(ctx context.Context, busy func(error) bool, do func() error) error {
	err := do()
	if err == nil || !busy(err) {
		return err
	}
	within, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	tick := time.NewTicker(retry)
	defer tick.Stop()
	for {
		select {
		case <-within.Done():
			return &BusyError{Err: err}
		case <-tick.C:
		}
		if err = do(); err == nil || !busy(err) {
			return err
		}
	}
}

// BusyError says that another program held a file open for as long as anybody
// waits.
type BusyError struct{ Err error }

// Error implements error.
func (e *BusyError) Error() string { return "another program holds the file open" }

// Unwrap returns the system's error.
func (e *BusyError) Unwrap() error { return e.Err }

// OwnerError says that a file belongs to somebody else, who would lose it.
type OwnerError struct {
	Path string
	User string // whose it is
}

// Error implements error.
func (e *OwnerError) Error() string { return "it belongs to " + e.User }
