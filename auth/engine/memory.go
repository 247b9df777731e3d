package engine

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// Held is what only an engine's memory holds of a tool: tokens that no keychain
// could take, or that a person signed out and the keychain has not yet deleted
// the tokens.
type Held struct {
	Tool      string
	Tokens    auth.Tokens // none with SignedOut
	SignedOut bool
}

// unknownEnd is how long a session counts as going on whose end nobody knows.
const unknownEnd = 365 * 24 * time.Hour

// InMemory returns what would be lost with this process, in the order of the
// settings.
func (m *Manager) InMemory(ctx context.Context) ([]Held, error) {
	var all []Held
	err := m.do(ctx, func(_ context.Context, l *loop) { all = l.inMemory() })
	return all, err
}

func (l *loop) inMemory() []Held {
	var all []Held
	for _, id := range l.order {
		switch s := l.sessions[id]; {
		case s.facts.inMemory():
			all = append(all, Held{Tool: id, Tokens: *s.facts.Tokens})
		case s.deletePending:
			all = append(all, Held{Tool: id, SignedOut: true})
		}
	}
	return all
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
		switch {
		case !ok || s.facts.BadSettings != nil:
			continue
		case h.SignedOut:
			s.deletePending, s.facts.Loaded = true, true
		case h.Tokens.Access != "" && otherClient(s.facts.Tool, h.Tokens) == nil:
			t := h.Tokens
			s.facts.Tokens, s.facts.Store = &t, session.StoreMemory
		}
		s.snap = Derive(s.facts, l.cfg.Now())
	}
}
