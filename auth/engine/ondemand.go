package engine

import "context"

// SetOnDemand says whether the engine acts by itself: an engine that gets an
// icon does from then on, and looks at all sessions at once.
func (m *Manager) SetOnDemand(ctx context.Context, onDemand bool) error {
	return m.do(ctx, func(run context.Context, l *loop) {
		if l.onDemand == onDemand {
			return
		}
		if l.onDemand = onDemand; !onDemand {
			l.endPauses(offline)
			l.keychain.broken = false
			l.readAll(run, true)
		}
		l.updateAll(run)
	})
}

// RetryKeychain says that there may be another keychain now, as after a desktop
// has come: what could not be read or stored is tried again at once.
func (m *Manager) RetryKeychain(ctx context.Context) error {
	return m.do(ctx, func(run context.Context, l *loop) {
		l.keychain.stopUnless("")
		l.keychain.broken, l.keychain.inVain = false, 0
		l.retryKeychain(run)
		l.updateAll(run)
	})
}

// seen reports whether the sessions have to be as they are now for somebody who
// does not ask each time.
func (l *loop) seen() bool { return !l.onDemand || len(l.watchers.channels) > 0 }

// begin is what a session begins with: what an earlier engine left is stored,
// and else the keychain read, unless that waits until somebody wants it.
func (l *loop) begin(run context.Context, s *toolSession) {
	switch {
	case s.facts.BadSettings != nil:
	case s.deletePending:
		l.startDelete(run, s, l.work.quietKeychain(), nil)
	case s.facts.Tokens != nil:
		l.startStore(run, s)
	case !l.onDemand:
		l.startLoad(run, s)
	}
}

// readAll reads every session that nobody has tried to read yet, and if again
// those that could not be read.
func (l *loop) readAll(run context.Context, again bool) {
	for _, s := range l.sessions {
		if s.unread() && (again || s.facts.Keychain == nil) && s.loading == nil && s.facts.BadSettings == nil {
			l.startLoad(run, s)
		}
	}
}
