package lock

import (
	"errors"
	"os"
	"syscall"
	"unsafe"
)

// Lock is a lock that this process holds until it ends or releases it.
type Lock struct{ file *os.File }

// What package syscall has not. (Package windows has it, and links package net.)
const (
	failImmediately    = 1
	exclusive          = 2
	errorLockViolation = syscall.Errno(33)
)

// Open takes the lock of the file at path, which it makes if it is missing. The
// error is [ErrBusy] when another process holds it.
func Open(path string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, err
	}
	lockFile := syscall.NewLazyDLL("kernel32.dll").NewProc("LockFileEx")
	ok, _, err := lockFile.Call(f.Fd(), exclusive|failImmediately, 0, 1, 0, uintptr(unsafe.Pointer(new(syscall.Overlapped))))
	if ok == 0 {
		_ = f.Close()
		if errors.Is(err, errorLockViolation) || errors.Is(err, syscall.ERROR_IO_PENDING) {
			return nil, ErrBusy
		}
		return nil, err
	}
	return &Lock{f}, nil
}

// Release frees the lock.
func (l *Lock) Release() error { return l.file.Close() }

// inheritable is empty: a child inherits no lock on Windows.
func (l *Lock) inheritable() []*os.File { return nil }
