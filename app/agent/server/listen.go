package server

import (
	"context"
	"errors"
	"net"
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

// lockFile is the name of the engine's lock. The file is never deleted: two
// processes could otherwise hold locks on two files of that name.
const lockFile = "engine.lock"

// Listener is this process's claim to be the user's engine. The claim holds
// from [Listen] to [Listener.Close], or to the process's end however it comes.
type Listener struct {
	ln   net.Listener
	lock *lock.Lock
}

// Listen makes this process the user's engine. dir is made when it is missing,
// must be this user's alone, and names the socket on systems where sockets are
// files. Clients that connect before [Listener.Serve] wait for it. The error
// is [ErrRunning] when another process is the engine, else an [*auth.Error].
func Listen(dir string) (*Listener, error) {
	if err := ownfolder.Make(dir); err != nil {
		return nil, err
	}
	claim, err := lock.Open(filepath.Join(dir, lockFile))
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
	return &Listener{ln: ln, lock: claim}, nil
}

// Close gives up the claim. Call it after [Listener.Serve] has returned.
func (l *Listener) Close() error {
	err := l.ln.Close() // removes the socket, still under the lock
	if errors.Is(err, net.ErrClosed) {
		err = nil
	}
	return errors.Join(err, l.lock.Release())
}

// Serve answers clients until ctx ends. It returns when the last answer has
// ended.
func (l *Listener) Serve(ctx context.Context, e Engine) error {
	stop := context.AfterFunc(ctx, func() { _ = l.ln.Close() })
	defer stop()
	s := newServer(e)
	var conns sync.WaitGroup
	defer conns.Wait()
	for {
		conn, err := l.ln.Accept()
		switch {
		case ctx.Err() != nil:
			if err == nil {
				_ = conn.Close()
			}
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
			continue
		}
		p := s.admit(conn)
		conns.Go(func() { s.serve(ctx, p) })
	}
}
