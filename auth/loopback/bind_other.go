//go:build !windows

package loopback

import "syscall"

// errNoAddress is what only Windows numbers differently.
const errNoAddress = syscall.EADDRNOTAVAIL

// exclusive has nothing to do here: a second socket on a port in use is
// refused by the system.
func exclusive(_, _ string, _ syscall.RawConn) error { return nil }
