package session

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

// refreshed is what a refresh worker brings back.
type refreshed struct {
	tokens   auth.Tokens
	gone     bool        // the keychain's entry is no longer there: signed out elsewhere
	store    string      // where tokens are
	keychain *auth.Error // why they are not in the keychain
	err      *auth.Error // nil when tokens are usable
}

// startRefresh renews the session's tokens. The caller has checked that no
// refresh is under way.
func (m *Manager) startRefresh(run context.Context, s *live) *operation {
	tool, base, inKeychain := s.facts.Tool, *s.facts.Tokens, s.facts.Store == StoreKeychain
	s.refresh = start(run, m, func(ctx context.Context) refreshed {
		return m.refresh(ctx, tool, base, inKeychain)
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
		f.Tokens, f.Problem = nil, nil
		return
	}
	f.Tokens, f.Store, f.Keychain, f.Problem = &r.tokens, r.store, r.keychain, r.err
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

// refresh renews base at the provider, under the lock that all processes of
// the user share. What the keychain holds by then counts more than base: if
// another process renewed it, nothing is sent.
func (m *Manager) refresh(ctx context.Context, tool auth.Tool, base auth.Tokens, inKeychain bool) refreshed {
	keepOld := func(err error) refreshed {
		r := refreshed{tokens: base, store: StoreMemory, err: auth.AsError(err)}
		if inKeychain {
			r.store = StoreKeychain
		}
		return r
	}
	release, err := m.cfg.Lock(ctx, tool.ID)
	if err != nil {
		return keepOld(err)
	}
	defer release()

	if inKeychain {
		stored, err := m.cfg.Store.Load(ctx, tool.ID)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			return refreshed{gone: true}
		case err == nil && newer(stored, base):
			stored.Set = base.Set // one session in memory goes on under one name
			base = stored
			if f := (Facts{Tool: tool, Tokens: &base}); m.cfg.Now().Before(refreshAt(f)) || !renews(f, m.cfg.Now()) {
				return refreshed{tokens: base, store: StoreKeychain}
			}
		}
	}

	client, err := m.cfg.Client(tool)
	if err != nil {
		return keepOld(err)
	}
	fresh, err := client.Refresh(ctx, tool, base)
	if e := auth.AsError(err); e != nil {
		switch {
		case e.Kind == auth.KindGrant:
			if r, ok := m.elsewhere(ctx, tool.ID, base, inKeychain); ok {
				return r
			}
			base.Refresh, base.RefreshRefused = "", true
		case fresh.Refresh != "" && fresh.Refresh != base.Refresh:
			base = fresh // the answer was refused, but it ended the old refresh token
		default:
			return keepOld(e)
		}
		store, kept := m.keep(context.WithoutCancel(ctx), tool.ID, base)
		return refreshed{tokens: base, store: store, keychain: kept, err: e}
	}
	fresh.RefreshEndFixed = endFixed(base, fresh)

	// The provider may have ended the old refresh token by now. The new one is
	// stored before its answer is checked, and whatever becomes of ctx.
	ctx = context.WithoutCancel(ctx)
	store, kept := m.keep(ctx, tool.ID, fresh)
	if !fresh.Unverified {
		return refreshed{tokens: fresh, store: store, keychain: kept}
	}
	checked, err := client.VerifyRefreshed(ctx, tool, base, fresh)
	if err != nil {
		return refreshed{tokens: fresh, store: store, keychain: kept, err: auth.AsError(err)}
	}
	store, kept = m.keep(ctx, tool.ID, checked)
	return refreshed{tokens: checked, store: store, keychain: kept}
}

// elsewhere looks once more into the keychain when the provider has refused
// base's refresh token: a program that does not take the lock may have renewed
// the session meanwhile. It reports what to go on with, if anything. Nothing
// ends while the keychain cannot say.
func (m *Manager) elsewhere(ctx context.Context, tool string, base auth.Tokens, inKeychain bool) (refreshed, bool) {
	if !inKeychain {
		return refreshed{}, false
	}
	stored, err := m.cfg.Store.Load(ctx, tool)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return refreshed{gone: true}, true
	case auth.KindOf(err) == auth.KindKeychain:
		return refreshed{tokens: base, store: StoreKeychain, err: auth.AsError(err)}, true
	case err == nil && stored.Refresh != "" && stored.Refresh != base.Refresh:
		stored.Set = base.Set
		return refreshed{tokens: stored, store: StoreKeychain}, true
	}
	return refreshed{}, false
}

// endFixed reports whether a refresh left the refresh token's end where it
// was: moved by less than half of the time that has passed.
func endFixed(before, after auth.Tokens) bool {
	if before.RefreshExpiry.IsZero() || after.RefreshExpiry.IsZero() {
		return false
	}
	moved := after.RefreshExpiry.Sub(before.RefreshExpiry)
	return moved < after.IssuedAt.Sub(before.IssuedAt)/2
}
