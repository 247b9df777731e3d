package wire

import (
	"net"
	"os"
)

// Adopt makes the pipe anew: a process inherits no listener here, and the one
// before this has given up the name.
func Adopt(dir string, _ *os.File) (net.Listener, error) { return Listen(dir) }

// File is nil: see [Adopt].
func File(net.Listener) (*os.File, error) { return nil, nil }

// Pause gives up the name, which another process can then have.
func Pause(ln net.Listener) { _ = ln.Close() }

// Resume makes the pipe anew.
func Resume(dir string, _ net.Listener) (net.Listener, error) { return Listen(dir) }
