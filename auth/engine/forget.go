package engine

import (
	"context"
	"errors"
	"strings"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// Forget deletes the tool's tokens, in memory at once and then in the
// keychain. An error says that the keychain may still hold them; as long as
// this process lives, it deletes them when the keychain lets it.
func (m *Manager) Forget(ctx context.Context, tool string) error {
	return m.signOut(ctx, tool, nil)
}

// signOut is Forget, and leaves what was signed out of in last, if that is
// not nil.
func (m *Manager) signOut(ctx context.Context, tool string, last *lastTokens) error {
	var op *operation
	var err error
	if e := m.do(ctx, func(run context.Context) {
		s, ok := m.sessions[tool]
		if !ok {
			err = unknownTool(tool)
			return
		}
		if s.signIn != nil {
			s.signIn.operation.cancel()
		}
		if s.load != nil {
			s.load.cancel()
		}
		s.load = nil
		f := &s.facts
		last.begin(*f)
		f.Tokens, f.Other, f.Problem, f.Halted, f.Store = nil, nil, nil, nil, ""
		op = m.startForget(run, s, m.asking(true), last)
		m.touch(run, s)
		m.settle(run)
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	switch late, err := m.linger(ctx, op); {
	case err != nil:
		return err
	case late:
		return still(op.late)
	}
	return op.err
}

// startForget deletes the session's tokens from the keychain. Until that has
// worked, what the keychain holds counts as nothing.
func (m *Manager) startForget(run context.Context, s *live, from keychain.Careful, last *lastTokens) *operation {
	tool := s.facts.Tool.ID
	s.forget = true
	op := start(run, m, func(ctx context.Context) (r loaded) {
		release, err := m.cfg.Lock(ctx, tool)
		if err != nil {
			return loaded{err: err}
		}
		defer release()
		if err = last.read(ctx, from); err == nil {
			err = from.Delete(ctx, tool)
		}
		r.held, r.err = m.beyond(tool, err)
		return r
	}, func(run context.Context, op *operation, r loaded) {
		if s.forgetting == op {
			s.forgetting = nil
		}
		s.facts.Held = r.held
		op.err = m.applyForget(s, op.fault(r.err))
		m.touch(run, s)
	})
	s.forgetting = op
	m.notice(run, op, func(run context.Context, why *auth.Error) {
		if s.forgetting == op {
			s.facts.Problem = still(why)
			m.touch(run, s)
		}
	})
	return op
}

// applyForget turns what became of a deletion into facts, and returns what to
// tell whoever signed out.
func (m *Manager) applyForget(s *live, e *auth.Error) error {
	f := &s.facts
	if f.Tokens != nil || !s.forget {
		return orNil(e) // signed in again meanwhile
	}
	switch {
	case e == nil:
		s.forget = false
		f.Loaded, f.Keychain, f.Problem = true, nil, nil
	case e.Code == auth.CodeKeychainAbsent && !f.Held:
		f.Loaded, f.Keychain, f.Problem = true, e, nil // as far as anybody can see, nothing is stored
		return nil
	case e.Code == auth.CodeKeychainNewer:
		s.forget = false
		f.Keychain, f.Problem = e, nil
	case e.Kind == auth.KindKeychain:
		e = still(e)
		f.Loaded, f.Keychain, f.Problem = true, nil, e
	case errors.Is(e, context.Canceled):
	default:
		f.Problem = e
	}
	return orNil(e)
}

// still says that the keychain, for the reason e, holds tokens that a person
// signed out of.
func still(e *auth.Error) *auth.Error {
	held := *e
	if strings.HasPrefix(held.What, unreached) {
		return &held
	}
	held.What += ", so it still holds the tokens"
	return &held
}

func orNil(e *auth.Error) error {
	if e == nil {
		return nil
	}
	return e
}
