package engine

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// refreshed is what a refresh worker brings back.
type refreshed struct {
	tokens   auth.Tokens
	gone     bool        // the keychain's entry is no longer there: signed out elsewhere
	other    *auth.Error // with gone: why the entry in its place is not this session's
	store    string      // where tokens are
	keychain *auth.Error // why they are not in the keychain
	err      *auth.Error // nil when tokens are usable
}

// startRefresh renews the session's tokens, for somebody who wants an access
// token for atLeast. The caller has checked that no refresh is under way.
func (m *Manager) startRefresh(run context.Context, s *live, atLeast time.Duration) *operation {
	tool, base, inKeychain := s.facts.Tool, *s.facts.Tokens, s.facts.Store == session.StoreKeychain
	s.refresh = start(run, m, func(ctx context.Context) refreshed {
		return m.refresh(ctx, tool, base, atLeast, inKeychain)
	}, func(run context.Context, op *operation, r refreshed) {
		s.refresh = nil
		if r.err != nil {
			op.err = r.err
		}
		m.applyRefresh(s, base.Set, r)
		m.touch(run, s)
	})
	return s.refresh
}

// applyRefresh turns a refresh worker's result into facts. It is dropped when
// a sign-in or a sign-out has replaced the set that was being renewed.
func (m *Manager) applyRefresh(s *live, set string, r refreshed) {
	f := &s.facts
	if f.Tokens == nil || f.Tokens.Set != set {
		return
	}
	if r.gone {
		f.Tokens, f.Other, f.Problem = nil, r.other, nil
		return
	}
	if r.keychain != nil || r.store == session.StoreKeychain { // else nothing new is known of it
		f.Keychain = r.keychain
	}
	f.Tokens, f.Store, f.Problem = &r.tokens, r.store, r.err
	if r.err == nil {
		s.failures, f.RetryAt, f.Halted = 0, time.Time{}, nil
		return
	}
	switch {
	case r.err.Kind == auth.KindGrant: // tokens says so itself
	case passes(r.err):
		s.failures++
		f.RetryAt = m.cfg.Now().Round(0).Add(m.wait(s, r.err))
	default:
		f.Halted = r.err
	}
}

// replaced reports whether stored, read just now, counts more than base, which
// this process has had for a while: it is another set, or says another thing of
// the same. A set from before base is none that a process of today wrote; it
// came back with a backup.
func replaced(stored, base auth.Tokens) bool {
	same := stored.Access == base.Access && stored.Refresh == base.Refresh &&
		stored.RefreshRefused == base.RefreshRefused && stored.RefreshUnproven == base.RefreshUnproven &&
		(stored.Refusal == nil) == (base.Refusal == nil)
	return !same && !stored.IssuedAt.Before(base.IssuedAt.Add(-clockSlack))
}

// justIssued is how old a token may be of which another one, asked for at
// once, would not live longer.
const justIssued = time.Minute

// enough reports whether t needs no refresh for a caller who wants an access
// token for atLeast, or that a refresh would be of no use.
func (m *Manager) enough(tool auth.Tool, t auth.Tokens, atLeast time.Duration) bool {
	now, f := m.cfg.Now().Round(0), Facts{Tool: tool, Tokens: &t}
	if !renewable(f, now) || shortLived(t, now, atLeast) {
		return true
	}
	return t.Valid(now, atLeast) && now.Before(refreshAt(f))
}

// shortLived reports whether t came by a refresh just now, and for no longer
// than atLeast: the provider gives no longer ones.
func shortLived(t auth.Tokens, now time.Time, atLeast time.Duration) bool {
	return t.Valid(now, 0) && t.IssuedAt.After(t.SignedInAt) && now.Sub(t.IssuedAt) < justIssued && t.Expiry.Sub(t.IssuedAt) <= atLeast
}

// endFixed reports whether a refresh left the refresh token's end where it
// was: moved by less than half of the time that has passed.
func endFixed(before, after auth.Tokens) bool {
	if before.RefreshUnproven { // how long ago that one came is not known
		return before.RefreshEndFixed
	}
	if before.RefreshExpiry.IsZero() || after.RefreshExpiry.IsZero() {
		return false
	}
	moved := after.RefreshExpiry.Sub(before.RefreshExpiry)
	return moved < after.IssuedAt.Sub(before.IssuedAt)/2
}
