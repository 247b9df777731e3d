package engine

import (
	"context"
	"errors"
	"sync/atomic"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// forget deletes the tool's tokens, in memory at once and then in the keychain,
// and leaves them in last, if that is not nil. An error says that the keychain
// may still hold them; as long as this process lives, it deletes them when the
// keychain lets it.
func (m *Manager) forget(ctx context.Context, tool string, o session.SignOutOptions, last *lastTokens) error {
	var op *operation
	var err error
	if e := m.do(ctx, func(run context.Context, l *loop) {
		s, ok := l.sessions[tool]
		if !ok {
			err = unknownTool(tool)
			return
		}
		if s.signIn != nil {
			s.signIn.operation.cancel()
		}
		if s.loading != nil {
			s.loading.cancel()
		}
		s.loading = nil
		f := &s.facts
		last.take(*f)
		f.Tokens, f.OtherClient, f.Problem, f.Halted, f.Store = nil, nil, nil, nil, ""
		op = l.startDelete(run, s, l.work.keychainFor(o.MayUnlock), last)
		l.update(run, s)
		l.schedule(run)
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	c := caller{mayUnlock: o.MayUnlock, waits: o.Waits}
	switch late, err := c.wait(ctx, op); {
	case err != nil:
		return err
	case late:
		return notDeleted(op.waitsFor)
	}
	return op.err
}

// startDelete deletes the session's tokens from the keychain. Until that has
// worked, what the keychain holds counts as nothing.
func (l *loop) startDelete(run context.Context, s *toolSession, from keychain.Careful, last *lastTokens) *operation {
	tool := s.facts.Tool.ID
	s.deletePending = true
	op := start(run, l, func(ctx context.Context) keychainResult {
		return l.work.delete(ctx, tool, from, last)
	}, func(run context.Context, op *operation, r keychainResult) {
		if s.deleting == op {
			s.deleting = nil
		}
		s.facts.KeychainHolds = r.holds
		if e := s.applyDelete(op.keychainFault(r.err)); e != nil {
			op.err = e
		}
		l.update(run, s)
	})
	s.deleting = op
	l.noticeSlowness(run, op, func(run context.Context, why *auth.Error) {
		if s.deleting == op {
			s.facts.Problem = notDeleted(why)
			l.update(run, s)
		}
	})
	return op
}

func (w *worker) delete(ctx context.Context, tool string, from keychain.Careful, last *lastTokens) (r keychainResult) {
	release, err := w.cfg.Lock(ctx, tool)
	if err != nil {
		return keychainResult{err: err}
	}
	defer release()
	if err = last.read(ctx, from); err == nil {
		err = from.Delete(ctx, tool)
	}
	r.holds, r.err = w.keychainHolds(tool, err)
	return r
}

// applyDelete turns what became of a deletion into facts, and returns what to
// tell whoever signed out.
func (s *toolSession) applyDelete(e *auth.Error) *auth.Error {
	f := &s.facts
	if f.Tokens != nil || !s.deletePending {
		return e // signed in again meanwhile
	}
	switch {
	case e == nil:
		s.deletePending = false
		f.Loaded, f.Keychain, f.Problem = true, nil, nil
	case e.Code == auth.CodeKeychainAbsent && !f.KeychainHolds:
		f.Loaded, f.Keychain, f.Problem = true, e, nil // as far as anybody can see, nothing is stored
		return nil
	case e.Code == auth.CodeKeychainNewer:
		s.deletePending = false
		f.Keychain, f.Problem = e, nil
	case e.Kind == auth.KindKeychain:
		if !f.KeychainHolds { // else it says so already
			e = notDeleted(e)
		}
		f.Loaded, f.Keychain, f.Problem = true, nil, e
	case errors.Is(e, context.Canceled):
	default:
		f.Problem = e
	}
	return e
}

// notDeleted says that the keychain, for the reason e, holds tokens that a
// person signed out of.
func notDeleted(e *auth.Error) *auth.Error {
	out := *e
	out.What += ", so it still holds the tokens"
	return &out
}

// lastTokens holds the tokens that a sign-out deletes, for the one use that is
// left for them. A nil one keeps nothing.
type lastTokens struct {
	tool   auth.Tool
	tokens atomic.Pointer[auth.Tokens]
}

// take takes what is in memory.
func (p *lastTokens) take(f Facts) {
	if p == nil {
		return
	}
	p.tool = f.Tool
	if f.Tokens != nil {
		t := *f.Tokens
		p.tokens.Store(&t)
	}
}

// read takes what the keychain holds, where that is newer: another process may
// have renewed it, and this one may never have read it. The error is one of the
// keychain that a deletion would have as well.
func (p *lastTokens) read(ctx context.Context, from keychain.Store) error {
	if p == nil {
		return nil
	}
	stored, err := from.Load(ctx, p.tool.ID)
	if err == nil {
		if have := p.tokens.Load(); have == nil || replaced(stored, *have) {
			p.tokens.Store(&stored)
		}
	}
	if auth.KindOf(err) == auth.KindKeychain {
		return err
	}
	return nil
}
