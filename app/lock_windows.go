package app

import (
	"os"

	"github.com/gofrs/flock"
)

// lock is a lock that this process holds until it ends or releases it.
type lock struct{ *flock.Flock }

// openLock takes the lock of the file at path, which it makes if it is missing.
func openLock(path string) (*lock, error) {
	f := flock.New(path, flock.SetPermissions(0o600))
	switch ok, err := f.TryLock(); {
	case err != nil:
		return nil, err
	case !ok:
		return nil, errBusy
	}
	return &lock{f}, nil
}

func (k *lock) release() { _ = k.Unlock() }

// inheritable is empty: a child inherits no lock on Windows.
func (k *lock) inheritable() []*os.File { return nil }
