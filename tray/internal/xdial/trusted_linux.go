package xdial

import (
	"net"
	"os"

	"golang.org/x/sys/unix"
)

// trusted reports whether this user or root listens at the other end.
func trusted(c net.Conn) bool {
	socket, ok := c.(*net.UnixConn)
	if !ok {
		return false
	}
	raw, err := socket.SyscallConn()
	if err != nil {
		return false
	}
	var peer *unix.Ucred
	var peerErr error
	if err := raw.Control(func(fd uintptr) {
		peer, peerErr = unix.GetsockoptUcred(int(fd), unix.SOL_SOCKET, unix.SO_PEERCRED)
	}); err != nil || peerErr != nil {
		return false
	}
	return trusts(os.Getuid(), int(peer.Uid))
}

// trusts reports whether a user may hand what is on the screen to a server
// that runs as another.
func trusts(me, server int) bool { return server == me || server == 0 }
