package lock

import "os"

// File is nil: a child inherits no lock on Windows.
func (l *Lock) File() *os.File { return nil }

// Leave ends this process's part in the lock, which nobody has inherited.
func (l *Lock) Leave() error { return l.Release() }

// Adopt takes the lock of the file at path, which the process before this one
// has freed.
func Adopt(path string, _ *os.File) (*Lock, error) { return Open(path) }
