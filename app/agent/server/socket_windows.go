package server

import (
	"net"

	"github.com/Microsoft/go-winio"

	"keyfob/app/agent/internal/wire"
)

// listen makes the pipe. go-winio makes its first instance, which fails
// when somebody else holds the name, and refuses callers from other machines.
func listen(dir string) (net.Listener, error) {
	sid, err := wire.User()
	if err != nil {
		return nil, wire.CannotListen(err)
	}
	ln, err := winio.ListenPipe(wire.PipePath(sid, dir), &winio.PipeConfig{
		SecurityDescriptor: "O:" + sid + "D:P(A;;GA;;;" + sid + ")", // this user and nobody else
	})
	if err != nil {
		return nil, wire.CannotListen(err)
	}
	return ln, nil
}
