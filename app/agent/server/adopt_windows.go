package server

import (
	"errors"
	"path/filepath"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
)

// yield frees the lock, which no process can inherit here.
func (l *Listener) yield() {
	if l.lock != nil {
		_ = l.lock.Release()
		l.lock = nil
	}
}

// reclaim takes the lock back.
func (l *Listener) reclaim() (err error) {
	if l.lock != nil {
		return nil
	}
	l.lock, err = lock.Open(filepath.Join(l.dir, wire.LockFile))
	if errors.Is(err, lock.ErrBusy) {
		return errNoClaim
	}
	return err
}

// giveUp has nothing left to close.
func (l *Listener) giveUp() error { return nil }
