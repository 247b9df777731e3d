//go:build unix

package lock

import (
	"errors"
	"os"
	"syscall"
)

// File is what another process inherits to hold the lock, too. It is nil where
// no process can inherit a lock.
func (l *Lock) File() *os.File { return l.file }

// Leave ends this process's part in the lock, and leaves it to whoever has
// inherited it. Where nobody has, the lock is free.
func (l *Lock) Leave() error { return l.file.Close() }

// Adopt is the lock of the file at path, which this process has inherited as
// file and which is the caller's no more. The lock is not free at any moment in
// between. It is [ErrBusy] when others hold the lock, and file is none of theirs.
func Adopt(path string, file *os.File) (*Lock, error) {
	fail := func(err error) (*Lock, error) {
		_ = file.Close()
		return nil, err
	}
	theirs, err := file.Stat()
	if err != nil {
		return fail(err)
	}
	ours, err := os.Lstat(path)
	if err != nil {
		return fail(err)
	}
	if !os.SameFile(theirs, ours) {
		return fail(&os.PathError{Op: "adopt", Path: path, Err: errors.New("the lock that was inherited is another file")})
	}
	for {
		switch err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case err == nil: // it has been ours since it was inherited
			return &Lock{file}, nil
		case errors.Is(err, syscall.EINTR):
		case errors.Is(err, syscall.EWOULDBLOCK):
			return fail(ErrBusy)
		default:
			return fail(err)
		}
	}
}
