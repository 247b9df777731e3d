package server

import (
	"iter"
	"net"
	"time"
)

// leaveWithin is how long clients are still let in that found a socket which is
// gone now.
const leaveWithin = 20 * time.Millisecond

// deadliner is a listener whose Accept can be interrupted.
type deadliner interface{ SetDeadline(t time.Time) error }

// stopAccepting ends an Accept under way, and has every further one fail until
// [waiting].
func stopAccepting(ln net.Listener) {
	if d, ok := ln.(deadliner); ok {
		_ = d.SetDeadline(time.Unix(1, 0))
		return
	}
	_ = ln.Close()
}

// waiting returns the connections that were made and not accepted. The socket is
// gone already.
func waiting(ln net.Listener) iter.Seq[net.Conn] {
	return func(yield func(net.Conn) bool) {
		d, ok := ln.(deadliner)
		if !ok {
			return
		}
		_ = d.SetDeadline(time.Now().Add(leaveWithin))
		for {
			conn, err := ln.Accept()
			if err != nil || !yield(conn) {
				return
			}
		}
	}
}
