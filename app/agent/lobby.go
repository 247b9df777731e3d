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
	// maxHeld is how many bytes of such requests are kept, of all together.
	maxHeld = 4 * maxRequest
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
	held   int      // bytes of all their requests
}

// guest is a connection whose request has not come yet.
type guest struct {
	net.Conn
	lobby *lobby
	held  int           // bytes of its request; under the lobby's lock
	left  chan struct{} // closed when nothing more is read of it
}

// enter takes conn in. Where there are too many, the oldest has to go, and is
// waited for: a crowd that comes faster than the others leave would still be
// one.
func (l *lobby) enter(conn net.Conn) *guest {
	g := &guest{Conn: conn, lobby: l, left: make(chan struct{})}
	l.mu.Lock()
	l.guests = append(l.guests, g)
	out := l.excess()
	l.mu.Unlock()
	out.wake()
	for _, o := range out {
		<-o.left
	}
	return g
}

// Read reads a part of the request. Where too much is held, the oldest has to
// go.
func (g *guest) Read(p []byte) (int, error) {
	n, err := g.Conn.Read(p)
	l := g.lobby
	l.mu.Lock()
	var out crowd
	if slices.Contains(l.guests, g) {
		g.held += n
		l.held += n
		out = l.excess()
	}
	l.mu.Unlock()
	out.wake()
	return n, err
}

// leave reports whether the request may be looked at, which it may not if its
// connection had to go. It is called once, after the last read.
func (g *guest) leave() bool {
	defer close(g.left)
	l := g.lobby
	l.mu.Lock()
	defer l.mu.Unlock()
	at := slices.Index(l.guests, g)
	if at < 0 {
		return false
	}
	l.guests = slices.Delete(l.guests, at, at+1)
	l.held -= g.held
	return true
}

// crowd is connections that have to go.
type crowd []*guest

// excess takes out who has to go. The lobby is locked.
func (l *lobby) excess() (out crowd) {
	for len(l.guests) > maxWaiting || l.held > maxHeld {
		out = append(out, l.guests[0])
		l.held -= l.guests[0].held
		l.guests = slices.Delete(l.guests, 0, 1)
	}
	return out
}

// wake ends their reads; whoever reads from them tells them why.
func (c crowd) wake() {
	for _, g := range c {
		_ = g.SetReadDeadline(longAgo)
	}
}

// codeBusy is the code of the error for a request that was not looked at,
// since there were too many.
const codeBusy = "agent_busy"

func busy() *auth.Error {
	return &auth.Error{Kind: auth.KindTransient, Code: codeBusy, What: "too many programs ask keyfob at once", Do: "try again", Who: auth.WhoWait}
}
