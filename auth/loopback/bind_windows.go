package loopback

import (
	"syscall"

	"golang.org/x/sys/windows"
)

// errNoAddress is Winsock's own number for an address that this machine does
// not have.
const errNoAddress = windows.WSAEADDRNOTAVAIL

// soExclusiveAddrUse is SO_EXCLUSIVEADDRUSE of winsock2.h, which is defined as
// the complement of SO_REUSEADDR.
const soExclusiveAddrUse = ^windows.SO_REUSEADDR

// exclusive forbids another program to bind the same port with SO_REUSEADDR,
// which Windows would otherwise let take our connections.
func exclusive(_, _ string, c syscall.RawConn) error {
	var err error
	if cerr := c.Control(func(fd uintptr) {
		err = windows.SetsockoptInt(windows.Handle(fd), windows.SOL_SOCKET, soExclusiveAddrUse, 1)
	}); cerr != nil {
		return cerr
	}
	return err
}
