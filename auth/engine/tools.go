package engine

import (
	"context"

	"keyfob/auth"
)

// SetTools replaces the tools by those of newly read settings. A session goes
// on where its tool is still the same client of the same provider; otherwise
// it starts from what the keychain has. Nothing is deleted from the keychain.
func (m *Manager) SetTools(ctx context.Context, tools []auth.Tool, broken []Broken) error {
	return m.do(ctx, func(run context.Context) {
		old := m.sessions
		m.order, m.sessions = nil, make(map[string]*live, len(tools)+len(broken))
		for _, t := range tools {
			s, ok := old[t.ID]
			if ok && s.facts.Settings == nil && sameClient(s.facts.Tool, t) &&
				(s.facts.Tokens == nil || otherClient(t, *s.facts.Tokens) == nil) {
				delete(old, t.ID)
				s.facts.Tool, s.facts.Halted = t, nil
				m.add(t.ID, s)
				m.touch(run, s)
				continue
			}
			s = m.newLive(Facts{Tool: t})
			m.add(t.ID, s)
			m.startLoad(run, s)
		}
		for _, b := range broken {
			m.add(b.ID, m.newLive(b.facts()))
		}
		for _, s := range old {
			s.stop()
		}
		m.changed = true
		m.settle(run)
	})
}

// sameClient reports whether tokens of a are tokens of b. It compares what the
// tokens are bound to; names, reminders and scopes may change under them.
func sameClient(a, b auth.Tool) bool { return a.Issuer == b.Issuer && a.ClientID == b.ClientID }

func (b Broken) facts() Facts {
	return Facts{Tool: auth.Tool{ID: b.ID, Name: b.Name}, Settings: b.Err}
}

func (m *Manager) newLive(f Facts) *live { return &live{facts: f, snap: Derive(f, m.cfg.Now())} }

func (m *Manager) add(id string, s *live) {
	m.order = append(m.order, id)
	m.sessions[id] = s
}

// stop ends the session's operations; what they bring back is applied to a
// session that nobody sees any more.
func (s *live) stop() {
	if s.load != nil {
		s.load.cancel()
	}
	if s.refresh != nil {
		s.refresh.cancel()
	}
	if s.signIn != nil {
		s.signIn.operation.cancel()
	}
}

// Loaded waits until the keychain has answered for every tool, or failed to.
func (m *Manager) Loaded(ctx context.Context) error {
	for {
		var wait *operation
		if err := m.do(ctx, func(run context.Context) {
			m.asked(run)
			for _, s := range m.sessions {
				if s.load != nil {
					wait = s.load
				}
			}
		}); err != nil || wait == nil {
			return err
		}
		select {
		case <-wait.done:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
