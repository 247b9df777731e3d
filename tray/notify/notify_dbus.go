//go:build linux || freebsd || openbsd || netbsd

package notify

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"

	"keyfob/tray/internal/bus"
)

// patience bounds how long the bus may take to accept a connection.
const patience = 25 * time.Second

// Notifier shows notifications, one for each key at a time. It is safe for
// use by several goroutines.
type Notifier struct {
	events  chan Event
	closed  chan struct{}
	talking chan struct{} // holds a value while somebody talks to the server
	ears    sync.WaitGroup

	mu    sync.Mutex
	link  *link
	ended bool
}

// Open connects to the session bus. The error wraps [ErrUnavailable] when
// there is none. A notification server need not be there yet.
func Open(ctx context.Context) (*Notifier, error) {
	n := &Notifier{events: make(chan Event, 16), closed: make(chan struct{}), talking: make(chan struct{}, 1)}
	if _, err := n.connect(ctx); err != nil {
		return nil, err
	}
	return n, nil
}

// Events tells which buttons were pressed. None is dropped; the channel stays
// open after Close.
func (n *Notifier) Events() <-chan Event { return n.events }

// Show puts note on the screen in place of what key showed before. Where the
// server has no buttons the note comes without. The error wraps
// [ErrUnavailable] when nothing can be shown.
func (n *Notifier) Show(ctx context.Context, key string, note Note) error {
	return n.talk(ctx, func(ctx context.Context, l *link) error {
		for again := true; ; again = false {
			server, err := l.meet(ctx)
			if err != nil {
				return explain(err)
			}
			id, err := l.notify(ctx, server, key, note)
			n.settle(l, key, id, means(note.Actions))
			if again && l.gone(server, err) {
				continue // the desktop may have another one by now
			}
			return explain(err)
		}
	})
}

// Dismiss takes away what key shows, if anything. A server that is gone took
// it along.
func (n *Notifier) Dismiss(ctx context.Context, key string) error {
	return n.talk(ctx, func(ctx context.Context, l *link) error {
		err := l.dismiss(ctx, key)
		var refused dbus.Error
		if errors.As(err, &refused) {
			return nil // it was gone already
		}
		return explain(err)
	})
}

// Shown is what is on the screen now, as far as the server has told.
func (n *Notifier) Shown() Shown {
	n.mu.Lock()
	l := n.link
	n.mu.Unlock()
	if l == nil {
		return Shown{}
	}
	return l.onScreen()
}

// Withdraw takes shown off the screen, which is what this Notifier or an earlier
// one has shown. Where another server runs by now, or the session is another,
// there is nothing to take. A server that hangs does it when it goes on.
func (n *Notifier) Withdraw(ctx context.Context, shown Shown) error {
	return n.talk(ctx, func(ctx context.Context, l *link) error { return explain(l.withdraw(ctx, shown)) })
}

// Showing reports whether key's notification is on the screen still, as far as
// the server has told.
func (n *Notifier) Showing(key string) bool {
	n.mu.Lock()
	l := n.link
	n.mu.Unlock()
	if l == nil {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	id, ok := l.shown[key]
	ok = ok && !l.closed[id]
	return ok
}

// Close takes nothing off the screen: it only stops listening, and waits until
// that is over.
func (n *Notifier) Close() error {
	n.mu.Lock()
	l, ended := n.link, n.ended
	n.link, n.ended = nil, true
	n.mu.Unlock()
	if !ended {
		close(n.closed)
	}
	var err error
	if l != nil {
		err = l.conn.Close()
	}
	n.ears.Wait()
	return err
}

// talk runs f when nobody else talks to the server.
func (n *Notifier) talk(ctx context.Context, f func(context.Context, *link) error) error {
	select {
	case n.talking <- struct{}{}:
		defer func() { <-n.talking }()
	case <-ctx.Done():
		return explain(ctx.Err())
	}
	l, err := n.connect(ctx)
	if err != nil {
		return err
	}
	return f(ctx, l)
}

// connect returns the connection, a new one if there is none that works. Only
// who is talking calls it.
func (n *Notifier) connect(ctx context.Context) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	n.mu.Lock()
	l, ended := n.link, n.ended
	n.mu.Unlock()
	if ended {
		return nil, explain(dbus.ErrClosed)
	}
	if l != nil && l.conn.Connected() {
		return l, nil
	}
	conn, err := bus.Connect(ctx)
	if err != nil {
		return nil, unavailable(
			"no_notifications",
			"there is no desktop session bus for notifications",
			"look at the tray icon or at `keyfob status`",
			err,
		)
	}
	l = &link{conn: conn, shown: map[string]uint32{}, main: map[string]string{}, closed: map[uint32]bool{}}
	signals := make(chan *dbus.Signal, 64)
	conn.Signal(signals)
	n.mu.Lock()
	if n.link, ended = l, n.ended; !ended {
		n.ears.Go(func() { n.listen(l, signals) })
	}
	n.mu.Unlock()
	if ended {
		return nil, errors.Join(explain(dbus.ErrClosed), conn.Close())
	}
	return l, l.subscribe(ctx)
}

// settle records what key shows now, and deals with what came for it before
// its number was known.
func (n *Notifier) settle(l *link, key string, id uint32, main string) {
	l.mu.Lock()
	if id != 0 {
		delete(l.closed, l.shown[key])
		delete(l.closed, id)
		l.shown[key], l.main[key] = id, main
	}
	early := l.early
	l.showing, l.early = false, nil
	l.mu.Unlock()
	for _, p := range early {
		n.pressed(l, p)
	}
}

// listen handles signals until the connection ends.
func (n *Notifier) listen(l *link, signals <-chan *dbus.Signal) {
	for s := range signals {
		switch s.Name {
		case "org.freedesktop.DBus.NameOwnerChanged":
			var name, old, owner string
			if dbus.Store(s.Body, &name, &old, &owner) == nil {
				l.forget(old)
			}
		case iface + ".ActionInvoked":
			var p press
			if dbus.Store(s.Body, &p.id, &p.action) == nil && p.action != "" && l.from(s) {
				n.pressed(l, p)
			}
		case iface + ".NotificationClosed":
			var p press
			var reason uint32
			if dbus.Store(s.Body, &p.id, &reason) == nil && l.from(s) {
				n.pressed(l, p)
			}
		}
	}
}

// pressed passes a button on, or forgets a notification that was closed.
func (n *Notifier) pressed(l *link, p press) {
	l.mu.Lock()
	key, ok := "", false
	for k, id := range l.shown {
		if id == p.id {
			key, ok = k, true
		}
	}
	switch {
	case !ok && l.showing:
		l.early = append(l.early, p)
	case ok && p.action == "":
		// Its number stays known: word of the end may come late, when the same
		// number is on the screen again and its button about to be pressed.
		l.closed[p.id] = true
	}
	if p.action == Default {
		p.action = l.main[key]
	}
	l.mu.Unlock()
	if !ok || p.action == "" {
		return
	}
	select {
	case n.events <- Event{Key: key, Action: p.action}:
	case <-n.closed:
	}
}
