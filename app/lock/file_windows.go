package lock

import (
	"os"

	"github.com/gofrs/flock"
)

// Lock is a lock that this process holds until it ends or releases it.
type Lock struct{ file *flock.Flock }

// Open takes the lock of the file at path, which it makes if it is missing. The
// error is [ErrBusy] when another process holds it.
func Open(path string) (*Lock, error) {
	f := flock.New(path, flock.SetPermissions(0o600))
	switch ok, err := f.TryLock(); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, ErrBusy
	}
	return &Lock{f}, nil
}

// Release frees the lock.
func (l *Lock) Release() error { return l.file.Unlock() }

// inheritable is empty: a child inherits no lock on Windows.
func (l *Lock) inheritable() []*os.File { return nil }
