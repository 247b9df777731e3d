package server

import (
	"context"
	"errors"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"sync"
	"time"

	"keyfob/app/agent/internal/wire"
	"keyfob/app/lock"
	"keyfob/app/ownfolder"
	"keyfob/auth"
)

// ErrRunning is what [Listen] gives when this user has an engine already.
var ErrRunning error = &auth.Error{
	Kind: auth.KindFailed,
	Code: auth.CodeRunning,
	What: "keyfob is running already",
	Do:   "use the one that runs, or quit it first",
	Who:  auth.WhoYou,
}

// Listener is this process's claim to be the user's engine. The claim holds
// from [Listen] to [Listener.Close], or to the process's end however it comes.
type Listener struct {
	dir  string
	ln   net.Listener
	made fs.FileInfo // the socket's file; nil where there is none, as on Windows
	lock *lock.Lock
	door door
}

func newListener(dir string, ln net.Listener, claim *lock.Lock) *Listener {
	l := &Listener{dir: dir, ln: ln, lock: claim}
	if info, err := os.Lstat(l.path()); err == nil {
		l.made = info
	}
	return l
}

// Listen makes this process the user's engine. dir is made when it is missing,
// must be this user's alone, and names the socket on systems where sockets are
// files. Clients that connect before [Listener.Serve] wait for it. The error
// is [ErrRunning] when another process is the engine, else an [*auth.Error].
func Listen(dir string) (*Listener, error) {
	if err := ownfolder.Make(dir); err != nil {
		return nil, err
	}
	claim, err := lock.Open(filepath.Join(dir, wire.LockFile))
	switch {
	case errors.Is(err, lock.ErrBusy):
		return nil, ErrRunning
	case err != nil:
		return nil, wire.CannotListen(err)
	}
	ln, err := listen(dir) // only under the lock may it clear away an old one
	if err != nil {
		_ = claim.Release()
		return nil, err
	}
	return newListener(dir, ln, claim), nil
}

// path is the socket's, on systems where sockets are files.
func (l *Listener) path() string { return l.ln.Addr().String() }

// Close gives up the claim. Call it after [Listener.Serve] has returned.
func (l *Listener) Close() error {
	if l.gone() {
		return l.giveUp()
	}
	l.remove() // still under the lock
	err := l.ln.Close()
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return errors.Join(err, l.lock.Release())
}

// There reports whether clients still find the socket: somebody may have removed
// it, or its folder, and another engine may listen there.
func (l *Listener) There() bool {
	l.door.mu.Lock()
	defer l.door.mu.Unlock()
	return l.there()
}

func (l *Listener) there() bool {
	if l.made == nil {
		return true
	}
	now, err := os.Lstat(l.path())
	return err == nil && os.SameFile(l.made, now) && now.ModTime().Equal(l.made.ModTime())
}

// remove takes the socket away, unless it is another engine's.
func (l *Listener) remove() {
	if l.made != nil && l.There() {
		_ = os.Remove(l.path())
	}
}

// Serve answers clients until ctx ends. It returns when the last answer has
// ended; from then on no client finds the engine.
func (l *Listener) Serve(ctx context.Context, e Engine) error {
	interrupted := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		l.end()
		close(interrupted)
	})
	defer stop()
	s := newServer(e)
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		conn, err := l.accept(ctx)
		switch {
		case ctx.Err() != nil:
			if err == nil {
				refuse(conn, wire.Leaving())
				_ = conn.Close()
				l.left()
			}
			<-interrupted
			l.leave()
			return nil
		case errors.Is(err, net.ErrClosed):
			return wire.CannotListen(err)
		case err != nil: // out of descriptors, say: that passes
			select {
			case <-time.After(50 * time.Millisecond):
			case <-ctx.Done():
			}
			continue
		}
		if wire.CheckPeer(conn) != nil {
			_ = conn.Close() // another user gets no word, and takes nobody's place
			l.left()
			continue
		}
		p := s.admit(conn)
		conns.Go(func() {
			defer l.left()
			s.serve(ctx, p)
		})
	}
}

// leave lets no more clients in. Those who came before are told to try again.
func (l *Listener) leave() {
	if l.gone() {
		return // they are another engine's
	}
	l.remove()
	for conn := range waiting(l.ln) {
		if wire.CheckPeer(conn) == nil {
			refuse(conn, wire.Leaving())
		}
		_ = conn.Close()
	}
}
