package engine

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// startRefresh renews the session's tokens, for somebody who wants an access
// token for atLeast. The caller has checked that no refresh is under way.
func (l *loop) startRefresh(run context.Context, s *toolSession, atLeast time.Duration) *operation {
	set := s.facts.Tokens.Set
	r := newRefresh(l.work, s.facts, atLeast)
	r.onDemand = l.onDemand
	l.renewals.begin(r.tool)
	s.spread = false
	s.refreshing = start(run, l, func(ctx context.Context) *refresh {
		r.run(ctx)
		return r
	}, func(run context.Context, op *operation, r *refresh) {
		s.refreshing = nil
		l.renewals.end(r.tool)
		if r.err != nil {
			op.err = r.err
		}
		l.applyRefresh(s, set, r)
		l.update(run, s)
		l.renewNext(run)
	})
	return s.refreshing
}

// applyRefresh turns what a refresh brought into facts. It is dropped when a
// sign-in or a sign-out has replaced the set that was being renewed.
func (l *loop) applyRefresh(s *toolSession, set string, r *refresh) {
	f := &s.facts
	if f.Tokens == nil || f.Tokens.Set != set {
		return
	}
	if r.gone {
		f.Tokens, f.OtherClient, f.Problem = nil, r.otherClient, nil
		return
	}
	if r.keychain != nil || r.store == session.StoreKeychain { // else nothing new is known of it
		f.Keychain = r.keychain
	}
	t := r.tokens // alone, so that the rest of r is not kept with it
	f.Tokens, f.Store, f.Problem = &t, r.store, r.err
	if r.err == nil {
		s.failures, f.RetryAt, f.Halted = 0, time.Time{}, nil
		return
	}
	switch {
	case r.err.Kind == auth.KindGrant: // tokens says so itself
	case passes(r.err):
		s.failures++
		f.RetryAt = l.cfg.Now().Round(0).Add(l.pauseAfter(s, r.err))
	default:
		f.Halted = r.err
	}
}
