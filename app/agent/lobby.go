package agent

import (
	"net"
	"slices"
	"sync"
	"time"

	"keyfob/auth"
)

const (
	// maxWaiting is how many connections may be open whose request has not come
	// yet. A client sends its own at once, so whoever waits is idle or broken.
	maxWaiting = 64
	// maxLong is how many of them may have sent more than a little: requests of
	// a page of the window are longer than the others.
	maxLong = 4
	// maxWorking is how many requests are worked on at once: watchers, and
	// whoever waits for one refresh.
	maxWorking = 512
)

// longAgo is a deadline that ends a read under way.
var longAgo = time.Unix(1, 0)

// lobby holds the connections whose request has not come yet.
type lobby struct {
	mu     sync.Mutex
	guests []*guest // oldest first
	long   []*guest // those with a buffer for a long request, which they got in this order

	buffers sync.Pool // of *[]byte for long requests
}

// guest is a connection whose request has not come yet.
type guest struct {
	net.Conn
	lobby  *lobby
	buffer *[]byte       // for a long request; nil while it is short
	left   chan struct{} // closed when nothing more is read of it
}

// enter takes conn in. Where there are too many, the oldest has to go, and is
// waited for: a crowd that comes faster than the others leave would still be
// one.
func (l *lobby) enter(conn net.Conn) *guest {
	g := &guest{Conn: conn, lobby: l, left: make(chan struct{})}
	l.mu.Lock()
	l.guests = append(l.guests, g)
	var out *guest
	if len(l.guests) > maxWaiting {
		out = l.guests[0]
		l.remove(out)
	}
	l.mu.Unlock()
	out.makeWay()
	return g
}

// longer returns room for a long request. Where too many have that, the one that
// had it first has to go.
func (g *guest) longer() []byte {
	l := g.lobby
	l.mu.Lock()
	var out *guest
	if slices.Contains(l.guests, g) { // else it has to go itself
		l.long = append(l.long, g)
		if len(l.long) > maxLong {
			out = l.long[0]
			l.remove(out)
		}
	}
	l.mu.Unlock()
	out.makeWay()
	g.buffer, _ = l.buffers.Get().(*[]byte)
	if g.buffer == nil {
		b := make([]byte, 0, maxRequest+1)
		g.buffer = &b
	}
	return (*g.buffer)[:0]
}

// makeWay ends the reads from g, which had to make room, and waits until it has.
// Whoever reads from it tells it why.
func (g *guest) makeWay() {
	if g != nil {
		_ = g.SetReadDeadline(longAgo)
		<-g.left
	}
}

// leave reports whether the request may be looked at, which it may not if its
// connection had to go. It is called once, after the last read.
func (g *guest) leave() bool {
	l := g.lobby
	l.mu.Lock()
	stays := l.remove(g)
	l.mu.Unlock()
	if !stays {
		g.done()
	}
	close(g.left)
	return stays
}

// done gives back the room for a long request, which nobody looks at any more.
func (g *guest) done() {
	if g.buffer != nil {
		clear((*g.buffer)[:maxRequest+1]) // it may have held a client secret
		g.lobby.buffers.Put(g.buffer)
		g.buffer = nil
	}
}

// remove reports whether g was there. The lobby is locked.
func (l *lobby) remove(g *guest) bool {
	before := len(l.guests)
	is := func(other *guest) bool { return other == g }
	l.guests, l.long = slices.DeleteFunc(l.guests, is), slices.DeleteFunc(l.long, is)
	return len(l.guests) < before
}

// codeBusy is the code of the error for a request that was not looked at,
// since there were too many.
const codeBusy = "agent_busy"

func busy() *auth.Error {
	return &auth.Error{
		Kind: auth.KindTransient,
		Code: codeBusy,
		What: "too many programs ask keyfob at once",
		Do:   "try again",
		Who:  auth.WhoWait,
	}
}
