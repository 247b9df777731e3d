//go:build unix

package server

import (
	"io/fs"
	"net"
	"os"

	"keyfob/app/agent/internal/wire"
)

// listen makes the socket. The caller holds the engine's lock, so a
// socket that is there is nobody's.
func listen(dir string) (net.Listener, error) {
	path, err := wire.SocketPath(dir)
	if err != nil {
		return nil, err
	}
	if info, err := os.Lstat(path); err == nil && info.Mode()&fs.ModeSocket != 0 {
		if err := os.Remove(path); err != nil {
			return nil, wire.CannotListen(err)
		}
	}
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, wire.CannotListen(err)
	}
	ln.SetUnlinkOnClose(false) // what is there then may be another engine's
	if err := os.Chmod(path, 0o600); err != nil {
		_ = ln.Close()
		return nil, wire.CannotListen(err)
	}
	return ln, nil
}
