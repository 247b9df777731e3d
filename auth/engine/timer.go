package engine

import (
	"context"
	"math"
	"time"

	"keyfob/auth"
)

// tick bounds how long a wall clock that jumped (a laptop that slept) goes
// unnoticed while anybody is signed in. There is no tick otherwise.
const tick = 30 * time.Second

// wakeTimer rings when a session changes by itself, and tells by the wall clock
// whether the machine has slept meanwhile.
type wakeTimer struct {
	timer *time.Timer
	setAt time.Time // when it was last set or stopped, by the wall clock
	woke  time.Time // when the machine last woke; only its monotonic part counts
}

func (t *wakeTimer) stop(now time.Time) {
	t.timer.Stop()
	t.setAt = now
}

// set has the timer ring at next, and at the next tick at the latest.
func (t *wakeTimer) set(now, next time.Time) {
	wait := tick
	if !next.IsZero() {
		wait = min(wait, next.Sub(now))
	}
	t.timer.Reset(wait)
}

// awake is for how long the machine has been awake, as far as anybody knows.
func (t *wakeTimer) awake() time.Duration {
	if t.woke.IsZero() {
		return math.MaxInt64
	}
	return time.Since(t.woke)
}

// tick is what the timer does. Timers stand still while a machine sleeps, so
// one that comes late by the wall clock tells of a sleep. One that comes too
// early tells of a clock that was set back, and may be right now.
func (l *loop) tick(run context.Context) {
	switch late := l.cfg.Now().Round(0).Sub(l.wakeup.setAt); {
	case late > 2*tick:
		l.wake(run)
		return
	case late < -clockSlack:
		l.endPauses(ofWrongClock)
	}
	l.updateAll(run)
}

// Wake says that the machine has just woken, or that the network is back: all
// sessions are looked at now, those that could not reach their provider try
// again, and for a while they try often, since a network takes its time to
// come up. It never waits for a refresh.
//
// Nobody has to call it. Without it the clock tells, some seconds later.
func (m *Manager) Wake(ctx context.Context) error {
	return m.do(ctx, func(run context.Context, l *loop) { l.wake(run) })
}

func (l *loop) wake(run context.Context) {
	// Several may tell of one waking, and a network can come and go.
	if l.wakeup.awake() > maxPauseAfter(wakeFailures) {
		l.wakeup.woke = time.Now()
		l.endPauses(offline)
		l.endPauses(ofWrongClock) // what looked like a sleep may be a clock that was set
	}
	for _, s := range l.sessions {
		s.spread = false // the machine may have slept since
	}
	l.updateAll(run)
}

// endPauses ends the pauses of the sessions with such a problem.
func (l *loop) endPauses(such func(*auth.Error) bool) {
	for _, s := range l.sessions {
		if f := &s.facts; f.Problem != nil && such(f.Problem) {
			s.failures, f.RetryAt = 0, time.Time{}
		}
	}
}
