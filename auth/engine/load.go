package engine

import (
	"context"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// loadsAtOnce bounds how many keychain readers run that nobody waits for.
const loadsAtOnce = 4

// Loaded waits until the keychain has answered for every tool, or failed to.
func (m *Manager) Loaded(ctx context.Context) error {
	for {
		var wait *operation
		if err := m.do(ctx, func(run context.Context, l *loop) {
			l.readAll(run, l.tryKeychain(run))
			for _, s := range l.sessions {
				if s.loading != nil {
					wait = s.loading
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

// startLoad reads the session's tokens from the keychain, and asks nobody.
func (l *loop) startLoad(run context.Context, s *toolSession) *operation {
	return l.startLoadFrom(run, s, l.work.quietKeychain())
}

// startLoadFrom reads the session's tokens. Whatever takes long is told as
// such, and the reader goes on: a person may be typing a password.
func (l *loop) startLoadFrom(run context.Context, s *toolSession, from keychain.Careful) *operation {
	id := s.facts.Tool.ID
	hurry := make(chan struct{})
	op := start(run, l, func(ctx context.Context) keychainResult {
		return l.work.load(ctx, id, from, hurry)
	}, func(run context.Context, op *operation, r keychainResult) { l.applyLoad(run, s, op, r) })
	op.hurry = hurry
	if op.mayAsk = from.Ask != nil; op.mayAsk {
		op.hurryUp()
	}
	s.loading = op
	l.noticeSlowness(run, op, func(run context.Context, why *auth.Error) {
		if s.loading == op {
			s.facts.Keychain = why
			l.update(run, s)
		}
	})
	return op
}

// hurryUp says that somebody waits for the reader. The loop calls it.
func (op *operation) hurryUp() {
	select {
	case <-op.hurry:
	default:
		close(op.hurry)
	}
}

func (w *worker) load(ctx context.Context, tool string, from keychain.Careful, hurry <-chan struct{}) keychainResult {
	select {
	case <-hurry:
	case w.loadSlot <- struct{}{}:
		defer func() { <-w.loadSlot }()
	}
	t, err := from.Load(ctx, tool)
	holds, err := w.keychainHolds(tool, err)
	return keychainResult{t, holds, err}
}

// applyLoad turns a reader's result into facts, and sees to what follows from
// it for the other sessions.
func (l *loop) applyLoad(run context.Context, s *toolSession, op *operation, r keychainResult) {
	if s.loading != op {
		return // signed out meanwhile
	}
	s.loading, op.err = nil, r.err
	s.applyLoad(op, r)
	l.update(run, s)
	switch {
	case run.Err() != nil:
	case r.answered() && op.mayAsk:
		l.retryKeychain(run) // for the others
	case r.canceled() && op.mayAsk && s.loading == nil:
		l.startLoad(run, s)
	}
}

func (s *toolSession) applyLoad(op *operation, r keychainResult) {
	f := &s.facts
	f.KeychainHolds, f.OtherClient = r.holds, nil
	e := op.keychainFault(r.err)
	switch {
	case f.Tokens != nil: // signed in meanwhile: what is in memory is newer
		if !r.answered() && !r.canceled() && f.Store == session.StoreMemory {
			f.Keychain = e
		}
	case r.err == nil && otherClient(f.Tool, r.tokens) != nil:
		f.Loaded, f.Keychain, f.OtherClient = true, nil, otherClient(f.Tool, r.tokens)
	case r.err == nil:
		f.Tokens, f.Store, f.Loaded, f.Keychain = &r.tokens, session.StoreKeychain, true, nil
	case r.answered():
		f.Loaded, f.Keychain = true, nil
	case r.canceled() && op.cutOff() == nil:
	default:
		f.Keychain = e
	}
}
