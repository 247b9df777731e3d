package server

import (
	"net"
	"slices"
	"sync"
	"time"

	"keyfob/app/agent/internal/wire"
)

const (
	// maxPending is how many connections may be open whose request has not come
	// yet. A client sends its own at once, so whoever is pending is idle or broken.
	maxPending = 64
	// maxLong is how many of them may have sent more than a little: requests of
	// a page of the window are longer than the others.
	maxLong = 4
	// maxWorking is how many requests are worked on at once: watchers, and
	// whoever waits for one refresh.
	maxWorking = 512
)

// longAgo is a deadline that ends a read under way.
var longAgo = time.Unix(1, 0)

// pending holds the connections whose request has not come yet.
type pending struct {
	mu    sync.Mutex
	conns []*pendingConn // oldest first
	long  []*pendingConn // those with a buffer for a long request, which they got in this order

	buffers sync.Pool // of *[]byte for long requests
}

// pendingConn is a connection whose request has not come yet.
type pendingConn struct {
	conn    net.Conn
	pending *pending
	buffer  *[]byte       // for a long request; nil while it is short
	settled chan struct{} // closed when nothing more is read of it
}

// add takes conn in. Where there are too many, the oldest is evicted, and waited
// for: connections that come faster than the others go would still be too many.
func (p *pending) add(conn net.Conn) *pendingConn {
	c := &pendingConn{conn: conn, pending: p, settled: make(chan struct{})}
	p.mu.Lock()
	p.conns = append(p.conns, c)
	var oldest *pendingConn
	if len(p.conns) > maxPending {
		oldest = p.conns[0]
		p.remove(oldest)
	}
	p.mu.Unlock()
	oldest.evict()
	return c
}

// longBuffer returns room for a long request. Where too many have that, the one
// that had it first is evicted.
func (c *pendingConn) longBuffer() []byte {
	p := c.pending
	p.mu.Lock()
	var first *pendingConn
	if slices.Contains(p.conns, c) { // else it is evicted itself
		p.long = append(p.long, c)
		if len(p.long) > maxLong {
			first = p.long[0]
			p.remove(first)
		}
	}
	p.mu.Unlock()
	first.evict()
	c.buffer, _ = p.buffers.Get().(*[]byte)
	if c.buffer == nil {
		b := make([]byte, 0, wire.MaxRequest+1)
		c.buffer = &b
	}
	return (*c.buffer)[:0]
}

// evict ends the reads from c, which was removed to make room, and waits until
// they have ended. Whoever reads from it tells the client why.
func (c *pendingConn) evict() {
	if c != nil {
		_ = c.conn.SetReadDeadline(longAgo)
		<-c.settled
	}
}

// settle reports whether the request may be looked at, which it may not if its
// connection was evicted. It is called once, after the last read.
func (c *pendingConn) settle() bool {
	p := c.pending
	p.mu.Lock()
	stays := p.remove(c)
	p.mu.Unlock()
	if !stays {
		c.release()
	}
	close(c.settled)
	return stays
}

// release gives back the room for a long request, which nobody looks at any
// more.
func (c *pendingConn) release() {
	if c.buffer != nil {
		clear((*c.buffer)[:wire.MaxRequest+1]) // it may have held a client secret
		c.pending.buffers.Put(c.buffer)
		c.buffer = nil
	}
}

// remove reports whether c was there. p is locked.
func (p *pending) remove(c *pendingConn) bool {
	before := len(p.conns)
	is := func(other *pendingConn) bool { return other == c }
	p.conns, p.long = slices.DeleteFunc(p.conns, is), slices.DeleteFunc(p.long, is)
	return len(p.conns) < before
}
