//go:build unix

package wire

import (
	"errors"
	"net"
	"os"
	"syscall"
	"time"
)

// Adopt listens on the socket in dir that another process of this user has handed
// on. It takes a descriptor of its own; socket is still the caller's.
func Adopt(dir string, socket *os.File) (net.Listener, error) {
	path, err := socketPath(dir)
	if err != nil {
		return nil, err
	}
	ln, err := net.FileListener(socket)
	if err != nil {
		return nil, CannotListen(err)
	}
	u, ok := ln.(*net.UnixListener)
	if !ok || u.Addr().String() != path {
		_ = ln.Close()
		return nil, CannotListen(errors.New("the socket that was inherited is another one"))
	}
	u.SetUnlinkOnClose(false)
	return u, nil
}

// File is a descriptor of the socket for another process. Listening goes on
// unchanged.
func File(ln net.Listener) (*os.File, error) {
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

// Pause has Accept fail until [Resume].
func Pause(ln net.Listener) { StopAccepting(ln) }

// Resume has Accept work again.
func Resume(_ string, ln net.Listener) (net.Listener, error) {
	if d, ok := ln.(deadliner); ok {
		return ln, d.SetDeadline(time.Time{})
	}
	return ln, nil
}
