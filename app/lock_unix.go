//go:build !windows

package app

import (
	"errors"
	"os"
	"syscall"
)

// lock is a lock that this process holds. It belongs to the open file, so every
// process that has the file open shares it, and the system frees it when the
// last of them is gone.
type lock struct{ file *os.File }

// openLock takes the lock of the file at path, which it makes if it is missing.
func openLock(path string) (*lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		switch err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return &lock{f}, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			err = errBusy
		}
		_ = f.Close()
		return nil, err
	}
}

// release frees the lock, whoever has inherited it.
func (k *lock) release() {
	_ = syscall.Flock(int(k.file.Fd()), syscall.LOCK_UN) // closing would leave it to a child that still runs
	_ = k.file.Close()
}

func (k *lock) inheritable() []*os.File { return []*os.File{k.file} }
