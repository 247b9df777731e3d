package loopback

import (
	"net"
	"slices"
	"sync"

	"keyfob/auth/loopback/peer"
)

// maxConns bounds the connections that are open at once, and with them the
// memory that anybody on this machine can make the listener use.
const maxConns = 64

// guard keeps at most maxConns connections open over all sockets of a
// listener. At the limit it closes the oldest one instead of making newcomers
// wait, so that connections which never send anything cannot keep the browser
// out.
type guard struct {
	mu    sync.Mutex
	conns []*conn // oldest first
}

// conn is one connection under guard.
type conn struct {
	net.Conn
	g    *guard
	sure bool // the peer is known to be ours
	held bool // carries the answer waited for; under g.mu
}

func (g *guard) add(nc net.Conn, sure bool) *conn {
	c := &conn{Conn: nc, g: g, sure: sure}
	g.mu.Lock()
	g.conns = append(g.conns, c)
	var oldest *conn
	if len(g.conns) > maxConns {
		if i := slices.IndexFunc(g.conns, func(c *conn) bool { return !c.held }); i >= 0 {
			oldest = g.conns[i]
			g.conns = slices.Delete(g.conns, i, i+1)
		}
	}
	g.mu.Unlock()
	if oldest != nil {
		_ = oldest.Conn.Close()
	}
	return c
}

// hold spares c from making room.
func (c *conn) hold() {
	c.g.mu.Lock()
	defer c.g.mu.Unlock()
	c.held = true
}

// Close implements net.Conn.
func (c *conn) Close() error {
	c.g.mu.Lock()
	c.g.conns = slices.DeleteFunc(c.g.conns, func(o *conn) bool { return o == c })
	c.g.mu.Unlock()
	return c.Conn.Close()
}

// guarded is a socket whose connections are under guard. Another user's are
// dropped before anything of them is read, however many there are.
type guarded struct {
	net.Listener
	g   *guard
	who func(net.Conn) peer.Who
}

// Accept implements net.Listener.
func (l guarded) Accept() (net.Conn, error) {
	for {
		nc, err := l.Listener.Accept()
		if err != nil {
			return nil, err
		}
		who := l.who(nc)
		if who == peer.Stranger {
			if tcp, ok := nc.(*net.TCPConn); ok {
				_ = tcp.SetLinger(0) // nothing of it stays behind
			}
			_ = nc.Close()
			continue
		}
		return l.g.add(nc, who == peer.Ours), nil
	}
}
