package server

import (
	"errors"
	"net"
	"os"
	"path/filepath"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
	"keyfob/auth"
)

// adopted makes the pipe anew: a process inherits no listener here, and the one
// before this has given up the name.
func adopted(dir string, _ *os.File) (net.Listener, error) { return listen(dir) }

// file is nil: a process inherits no listener here.
func file(net.Listener) (*os.File, error) { return nil, nil }

// pause gives up the pipe's name.
func (l *Listener) pause() { _ = l.ln.Close() }

// yield frees the lock, so that another process can have both.
func (l *Listener) yield() {
	if l.lock != nil {
		_ = l.lock.Release()
		l.lock = nil
	}
}

// resume takes lock and name back.
func (l *Listener) resume() error {
	if l.lock == nil {
		claim, err := lock.Open(filepath.Join(l.dir, wire.LockFile))
		switch {
		case errors.Is(err, lock.ErrBusy):
			return &auth.Error{
				Kind: auth.KindFailed, Code: auth.CodeRunning, Who: auth.WhoYou,
				What: "another keyfob has taken this one's place",
			}
		case err != nil:
			return wire.CannotListen(err)
		}
		l.lock = claim
	}
	ln, err := listen(l.dir)
	if err == nil {
		l.ln = ln
	}
	return err
}

// giveUp has nothing left to close.
func (l *Listener) giveUp() error { return nil }
