//go:build !windows

package lock

import (
	"errors"
	"os"
	"syscall"
)

// Lock is a lock that this process holds until it ends or releases it. It
// belongs to the open file, so every process that has the file open shares it,
// and the system frees it when the last of them is gone.
type Lock struct{ file *os.File }

// Open takes the lock of the file at path, which it makes if it is missing. The
// error is [ErrBusy] when another process holds it.
// It follows no link.
func Open(path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, err
	}
	for {
		switch err = syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil:
			return &Lock{f}, nil
		case errors.Is(err, syscall.EINTR):
			continue
		case errors.Is(err, syscall.EWOULDBLOCK):
			err = ErrBusy
		}
		_ = f.Close()
		return nil, err
	}
}

// Release frees the lock, whoever has inherited it.
func (l *Lock) Release() error {
	err := syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN) // closing would leave it to a child that still runs
	return errors.Join(err, l.file.Close())
}

// inheritable is what a child process inherits to hold the lock, too.
func (l *Lock) inheritable() []*os.File { return []*os.File{l.file} }
