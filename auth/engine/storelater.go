package engine

import (
	"context"
	"errors"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// startStore puts tokens into the keychain that are in memory only. Should the
// keychain hold newer ones, those are taken instead.
func (l *loop) startStore(run context.Context, s *toolSession) {
	tool, tokens := s.facts.Tool, *s.facts.Tokens
	s.storing = start(run, l, func(ctx context.Context) keychainResult {
		return l.work.storeLater(ctx, tool, tokens)
	}, func(run context.Context, _ *operation, r keychainResult) {
		s.storing = nil
		f := &s.facts
		switch {
		case f.Tokens == nil || f.Store != session.StoreMemory || f.Tokens.Access != tokens.Access:
			return // overtaken
		case auth.KindOf(r.err) == auth.KindKeychain:
			f.Keychain = auth.AsError(r.err)
		case r.err == nil:
			if f.Store, f.Keychain = session.StoreKeychain, nil; r.tokens.Access != tokens.Access {
				f.Tokens = &r.tokens
			}
		}
		l.update(run, s)
	})
}

func (w *worker) storeLater(ctx context.Context, tool auth.Tool, tokens auth.Tokens) keychainResult {
	release, err := w.cfg.Lock(ctx, tool.ID)
	if err != nil {
		return keychainResult{err: err}
	}
	defer release()
	stored, err := w.store.Load(ctx, tool.ID)
	switch {
	case err == nil && stored.IssuedAt.After(tokens.IssuedAt) && otherClient(tool, stored) == nil:
		return keychainResult{tokens: stored}
	case err == nil, errors.Is(err, keychain.ErrNotFound), auth.KindOf(err) == auth.KindDamaged:
		return keychainResult{tokens: tokens, err: w.store.Save(context.WithoutCancel(ctx), tool.ID, tokens)}
	}
	return keychainResult{err: err}
}
