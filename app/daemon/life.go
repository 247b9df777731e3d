package daemon

import (
	"context"
	"sync"
	"time"
)

const (
	// lingers is how long an engine that a command started stays after its last
	// client.
	lingers = time.Minute
	// lingersMost bounds that for one that holds tokens in memory alone.
	lingersMost = 12 * time.Hour
	// looksEvery is how often it looks whether its socket is still there.
	looksEvery = 30 * time.Second
)

// use is what an engine is good for that nobody sees.
type use struct {
	memoryUntil time.Time // the end of the last session that only memory holds; zero for none
	busy        bool      // a person is signing in, whom a click had begin that
	useless     bool      // it reaches no keychain, as one that another command starts may
}

// life decides when an engine ends that nobody sees: one that a command started,
// or one whose desktop has gone.
type life struct {
	now   func() time.Time
	use   func(ctx context.Context) use // what the engine is good for
	there func() bool                   // whether clients find the socket

	changed chan struct{}

	mu      sync.Mutex
	stays   bool // somebody started it to stay
	shown   bool // on a desktop
	clients int
	last    time.Time // when the last client left
	over    bool      // no more clients are let in
}

func newLife(stays bool, now func() time.Time) *life {
	return &life{now: now, changed: make(chan struct{}, 1), stays: stays, last: now()}
}

// client notes that a client has come, until gone is called. It is nil once the
// engine is ending.
func (l *life) client() (gone func()) {
	late := false
	l.note(func() {
		if late = l.over; !late {
			l.clients++
		}
	})
	if late {
		return nil
	}
	return func() {
		l.note(func() {
			l.clients--
			l.last = l.now()
		})
	}
}

// show notes whether there is a desktop. An engine that had one needs a reason to
// stay once that has gone.
func (l *life) show(shown, stays bool) {
	l.note(func() {
		l.shown, l.stays = shown, stays
		l.last = l.now()
	})
}

func (l *life) note(f func()) {
	l.mu.Lock()
	f()
	l.mu.Unlock()
	select {
	case l.changed <- struct{}{}:
	default:
	}
}

// seen reports whether there is a desktop.
func (l *life) seen() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.shown
}

// finish lets no more clients in, and reports whether that is so: one may have come
// just now.
func (l *life) finish() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = !l.stays && !l.shown && l.clients == 0
	return l.over
}

// yield is finish for the only client, which wants the engine to make room.
func (l *life) yield(ctx context.Context) bool {
	if u := l.use(ctx); !u.memoryUntil.IsZero() || u.busy {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = !l.stays && !l.shown && l.clients == 1
	return l.over
}

// unseen reports whether nobody sees the engine or is asking it, and since when.
func (l *life) unseen() (since time.Time, so bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if now := l.now(); now.Round(0).Before(l.last.Round(0)) {
		l.last = now // the clock was set back, and would not be there again for years, perhaps
	}
	return l.last, !l.stays && !l.shown && l.clients == 0
}

// staying reports whether the engine stays whoever asks it.
func (l *life) staying() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stays || l.shown
}

// idle reports whether the engine is of no use to anybody at the moment.
func (l *life) idle(ctx context.Context) bool {
	if _, so := l.unseen(); !so {
		return false
	}
	u := l.use(ctx)
	return u.memoryUntil.IsZero() && !u.busy
}

// A client whose answer has gone out is there for a moment longer.
const (
	leavesWithin = 250 * time.Millisecond
	leavesAgain  = 5 * time.Millisecond
)

// idleSoon is idle, once those have left who are about to.
func (l *life) idleSoon(ctx context.Context) bool {
	within, cancel := context.WithTimeout(ctx, leavesWithin)
	defer cancel()
	for l.asked() {
		select {
		case <-time.After(leavesAgain):
		case <-within.Done():
			return false
		}
	}
	return l.idle(ctx)
}

// asked reports whether there are clients.
func (l *life) asked() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.clients > 0
}

// end returns when the engine is to end, or ctx ends.
func (l *life) end(ctx context.Context) {
	timer := time.NewTimer(looksEvery)
	defer timer.Stop()
	for {
		since, so := l.unseen()
		if so {
			rest := l.rest(ctx, since)
			if (rest <= 0 || !l.there()) && l.finish() {
				return
			}
			timer.Reset(min(max(rest, 0), looksEvery))
		} else {
			timer.Stop()
		}
		select {
		case <-l.changed:
		case <-timer.C:
		case <-ctx.Done():
			return
		}
	}
}

// rest is for how long an engine stays that nobody has seen since then.
func (l *life) rest(ctx context.Context, since time.Time) time.Duration {
	u := l.use(ctx)
	end := since.Add(lingers)
	switch most := since.Add(lingersMost); {
	case u.busy:
		return looksEvery
	case u.memoryUntil.After(most):
		end = most
	case u.memoryUntil.After(end):
		end = u.memoryUntil
	case u.useless:
		end = since
	}
	return end.Round(0).Sub(l.now().Round(0))
}
