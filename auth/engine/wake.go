package engine

import (
	"context"
	"time"

	"keyfob/auth"
)

// Wake says that the machine has just woken, or that the network is back: all
// sessions are looked at now, those that could not reach their provider try
// again, and for a while they try often, since a network takes its time to
// come up. It never waits for a refresh.
//
// Nobody has to call it. Without it the clock tells, some seconds later.
func (m *Manager) Wake(ctx context.Context) error {
	return m.do(ctx, func(run context.Context) { m.wake(run) })
}

func (m *Manager) wake(run context.Context) {
	// Several may tell of one waking, and a network can come and go.
	if m.woke.IsZero() || time.Since(m.woke) > bound(wakeFailures) {
		m.woke = time.Now()
		m.again(offline)
		m.again(skewed) // what looked like a sleep may be a clock that was set
	}
	m.look(run)
}

// again ends the pauses of the sessions with such a problem.
func (m *Manager) again(such func(*auth.Error) bool) {
	for _, s := range m.sessions {
		if f := &s.facts; f.Problem != nil && such(f.Problem) {
			s.failures, f.RetryAt = 0, time.Time{}
		}
	}
}

// tick is what the timer does. Timers stand still while a machine sleeps, so
// one that comes late by the wall clock tells of a sleep. One that comes too
// early tells of a clock that was set back, and may be right now.
func (m *Manager) tick(run context.Context) {
	switch d := m.cfg.Now().Round(0).Sub(m.settled); {
	case d > 2*tick:
		m.wake(run)
		return
	case d < -clockSlack:
		m.again(skewed)
	}
	m.look(run)
}

// look judges all sessions anew, as of one moment.
func (m *Manager) look(run context.Context) {
	now := m.cfg.Now()
	m.spread(now.Round(0))
	for _, s := range m.sessions {
		m.touchAt(run, s, now)
	}
	m.settle(run)
}
