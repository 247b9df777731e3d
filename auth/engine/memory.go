package engine

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// Held is what only an engine's memory holds: a tool's tokens that no keychain
// could take.
type Held struct {
	Tool   string
	Tokens auth.Tokens
}

// unknownEnd is how long a session counts as going on whose end nobody knows.
const unknownEnd = 365 * 24 * time.Hour

// InMemory returns what would be lost with this process, in the order of the
// settings.
func (m *Manager) InMemory(ctx context.Context) ([]Held, error) {
	var all []Held
	err := m.do(ctx, func(_ context.Context, l *loop) {
		for _, id := range l.order {
			if f := l.sessions[id].facts; f.inMemory() {
				all = append(all, Held{Tool: id, Tokens: *f.Tokens})
			}
		}
	})
	return all, err
}

// MemoryUntil returns when the last session ends that only memory holds; zero
// where there is none. One whose end nobody knows counts as ending in a year.
// A service account's does not count: its next token comes without a person.
func (m *Manager) MemoryUntil(ctx context.Context) (time.Time, error) {
	var last time.Time
	err := m.do(ctx, func(_ context.Context, l *loop) {
		now := l.cfg.Now().Round(0)
		for _, s := range l.sessions {
			if f := s.facts; !f.inMemory() || f.Tool.Grant == auth.GrantService {
				continue
			}
			end := Derive(s.facts, now).EndsAt
			if end.IsZero() {
				end = now.Add(unknownEnd)
			}
			if end.After(now) {
				last = later(last, end)
			}
		}
	})
	return last, err
}

// inMemory reports whether only this process has the tokens.
func (f *Facts) inMemory() bool { return f.Tokens != nil && f.Store == session.StoreMemory }

// takeOver begins with what an earlier engine's memory held.
func (l *loop) takeOver(held []Held) {
	for _, h := range held {
		s, ok := l.sessions[h.Tool]
		if !ok || s.facts.BadSettings != nil || otherClient(s.facts.Tool, h.Tokens) != nil {
			continue
		}
		t := h.Tokens
		s.facts.Tokens, s.facts.Store = &t, session.StoreMemory
		s.snap = Derive(s.facts, l.cfg.Now())
	}
}
