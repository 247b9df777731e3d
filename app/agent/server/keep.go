package server

import (
	"context"
	"errors"
	"net"
	"os"
	"path/filepath"
	"time"

	"github.com/fsnotify/fsnotify"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
	"keyfob/app/ownfolder"
)

const (
	// removedQuiet is how long nothing must happen in the folder before a socket
	// counts as removed: whoever removes a folder begins with what is in it. It is
	// less than a command takes to start another engine.
	removedQuiet = 5 * time.Millisecond
	// A socket that stays away is told of again after goneAgain, and then less and
	// less often, up to goneAgainMost: whoever removes a folder may take with it what
	// was made anew there.
	goneAgain     = 10 * time.Millisecond
	goneAgainMost = 30 * time.Second
)

// Watch calls gone when somebody has removed the socket, or its folder, and now
// and then for as long as it stays away, until ctx ends. Nothing is polled while it
// is there. Where the system does not tell of changes, gone is never called.
func (l *Listener) Watch(ctx context.Context, gone func()) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return
	}
	defer func() { _ = w.Close() }()
	_ = w.Add(l.dir)
	look, again := time.NewTimer(0), goneAgain // what happened before
	defer look.Stop()
	for {
		select {
		case <-w.Events:
			look.Reset(removedQuiet)
		case <-w.Errors:
		case <-look.C:
			if l.There() {
				again = goneAgain
				continue
			}
			gone()
			_ = w.Remove(l.dir) // perhaps of another folder by that name
			_ = w.Add(l.dir)
			if !l.There() {
				look.Reset(again)
				again = min(2*again, goneAgainMost)
			}
		case <-ctx.Done():
			return
		}
	}
}

// Restore has clients find the engine again whose socket, or folder, somebody has
// removed. It does nothing where they find it, or where nobody is let in. The error
// is [ErrRunning] where another process is the engine that they find.
func (l *Listener) Restore() error {
	var err error
	l.door.change(func() {
		if !l.there() && !l.door.shut && !l.door.over && !l.door.given {
			err = l.restore()
		}
	})
	return err
}

// restore is called under the door's lock.
func (l *Listener) restore() error {
	if err := ownfolder.Make(l.dir); err != nil {
		return err
	}
	claim, err := l.claimAgain()
	if err != nil {
		return err
	}
	ln, err := listen(l.dir)
	if err != nil {
		if claim != l.lock {
			_ = claim.Release()
		}
		return err
	}
	old := l.ln
	if claim != l.lock {
		_ = l.lock.Release()
	}
	l.ln, l.lock = ln, claim
	if l.made, err = os.Lstat(l.path()); err != nil {
		l.made = nil
	}
	_ = old.Close() // which ends an Accept under way
	return nil
}

// claimAgain is the lock that this process holds, or another one where its file was
// removed, too.
func (l *Listener) claimAgain() (*lock.Lock, error) {
	path := filepath.Join(l.dir, wire.LockFile)
	if f := l.lock.File(); f != nil {
		ours, err := f.Stat()
		if now, gone := os.Lstat(path); err == nil && gone == nil && os.SameFile(ours, now) {
			return l.lock, nil
		}
	}
	claim, err := lock.Open(path)
	switch {
	case errors.Is(err, lock.ErrBusy):
		return nil, ErrRunning
	case err != nil:
		return nil, wire.CannotListen(err)
	}
	return claim, nil
}

// moved reports whether clients are let in elsewhere than at ln. It is called under
// the door's lock.
func (l *Listener) moved(ln net.Listener) bool { return ln != l.ln }
