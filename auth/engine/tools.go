package engine

import (
	"context"

	"keyfob/auth"
)

// SetTools replaces the tools by those of newly read settings. A session goes
// on where its tool is still the same client of the same provider; otherwise
// it starts from what the keychain has. Nothing is deleted from the keychain.
func (m *Manager) SetTools(ctx context.Context, tools []auth.Tool, broken []Broken) error {
	return m.do(ctx, func(run context.Context, l *loop) {
		old := l.sessions
		l.order, l.sessions = nil, make(map[string]*toolSession, len(tools)+len(broken))
		for _, t := range tools {
			if s, ok := old[t.ID]; ok && s.fits(t) {
				delete(old, t.ID)
				s.facts.Tool, s.facts.Halted = t, nil
				l.add(s)
				l.update(run, s)
				continue
			}
			s := newToolSession(Facts{Tool: t}, l.cfg.Now())
			l.add(s)
			l.begin(run, s)
		}
		for _, b := range broken {
			l.add(newToolSession(b.facts(), l.cfg.Now()))
		}
		for _, s := range old {
			s.stop()
		}
		l.watchers.changed = true
		l.schedule(run)
	})
}

// fits reports whether the session goes on under the tool as it is now. It
// compares what tokens are bound to; names, reminders and scopes may change
// under them.
func (s *toolSession) fits(t auth.Tool) bool {
	f := s.facts
	return f.BadSettings == nil && f.Tool.Issuer == t.Issuer && f.Tool.ClientID == t.ClientID &&
		(f.Tokens == nil || otherClient(t, *f.Tokens) == nil)
}
