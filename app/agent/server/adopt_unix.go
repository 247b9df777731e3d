//go:build unix

package server

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"

	"keyfob/app/agent/internal/wire"
)

// adopted listens on the socket in dir that another process of this user has handed
// on. It takes a descriptor of its own; socket is still the caller's.
func adopted(dir string, socket *os.File) (net.Listener, error) {
	path, err := wire.SocketPath(dir)
	if err != nil {
		return nil, err
	}
	ln, err := net.FileListener(socket)
	if err != nil {
		return nil, wire.CannotListen(err)
	}
	u, ok := ln.(*net.UnixListener)
	if !ok || u.Addr().String() != path {
		_ = ln.Close()
		return nil, wire.CannotListen(errors.New("the socket that was inherited is another one"))
	}
	u.SetUnlinkOnClose(false)
	if err := listenAgain(u); err != nil {
		_ = u.Close()
		return nil, wire.CannotListen(err)
	}
	return u, nil
}

// listenAgain has clients learn that this process is at the other end: they are
// told who called listen(2) last. Those who wait in the socket stay there.
func listenAgain(ln net.Listener) error {
	sc, ok := ln.(syscall.Conn)
	if !ok {
		return errors.ErrUnsupported
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return err
	}
	var failed error
	err = raw.Control(func(fd uintptr) { failed = syscall.Listen(int(fd), mostWaiting) })
	return errors.Join(err, failed)
}

// mostWaiting is as many as the system lets wait.
const mostWaiting = 1<<16 - 1

// file is a descriptor of the socket for another process. Listening goes on
// unchanged.
func file(ln net.Listener) (*os.File, error) {
	sc, ok := ln.(syscall.Conn)
	if !ok {
		return nil, errors.ErrUnsupported
	}
	raw, err := sc.SyscallConn()
	if err != nil {
		return nil, err
	}
	var fd int
	var dupErr error
	syscall.ForkLock.RLock() // or a child that starts meanwhile would inherit it
	err = raw.Control(func(of uintptr) {
		if fd, dupErr = syscall.Dup(int(of)); dupErr == nil {
			syscall.CloseOnExec(fd)
		}
	})
	syscall.ForkLock.RUnlock()
	if err := errors.Join(err, dupErr); err != nil {
		return nil, err
	}
	return os.NewFile(uintptr(fd), "socket"), nil
}

// pause has Accept fail until l.resume. It gives up nothing: whoever is to have
// lock and socket inherits them.
func (l *Listener) pause() { stopAccepting(l.ln) }

// yield gives up nothing either.
func (l *Listener) yield() {}

// resume has Accept work again.
func (l *Listener) resume() error {
	if d, ok := l.ln.(deadliner); ok {
		return errors.Join(listenAgain(l.ln), d.SetDeadline(time.Time{}))
	}
	return nil
}

// giveUp closes what another process has adopted.
func (l *Listener) giveUp() error { return errors.Join(l.ln.Close(), l.lock.Leave()) }
