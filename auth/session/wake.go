package session

import (
	"context"
	"time"
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
		for _, s := range m.sessions {
			if f := &s.facts; offline(f.Problem) {
				s.failures, f.RetryAt = 0, time.Time{}
			}
		}
	}
	m.look(run)
}

// tick is what the timer does. Timers stand still while a machine sleeps, so
// one that comes late by the wall clock tells of a sleep.
func (m *Manager) tick(run context.Context) {
	if m.cfg.Now().Round(0).Sub(m.settled) > 2*tick {
		m.wake(run)
		return
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
