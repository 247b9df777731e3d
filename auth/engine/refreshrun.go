package engine

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/oidc"
	"keyfob/auth/session"
)

// refresh renews base at the provider, under the lock that all processes of
// the user share. What the keychain holds by then counts more than base: if
// another process renewed it, nothing is sent. The package's documentation
// names each point at which the process may be killed, and what then holds.
func (m *Manager) refresh(ctx context.Context, tool auth.Tool, base auth.Tokens, atLeast time.Duration, inKeychain bool) refreshed {
	r := renewal{m: m, tool: tool, base: base, asStored: base, inKeychain: inKeychain}
	release, err := m.cfg.Lock(ctx, tool.ID)
	if err != nil {
		return r.keepOld(err)
	}
	defer release()

	if inKeychain {
		stored, err := m.cfg.Store.Load(ctx, tool.ID)
		switch {
		case errors.Is(err, keychain.ErrNotFound):
			return refreshed{gone: true}
		case err == nil && otherClient(tool, stored) != nil:
			return refreshed{gone: true, other: otherClient(tool, stored)}
		case err == nil:
			r.asStored = stored
			if replaced(stored, base) {
				r.base = stored
				if m.enough(tool, stored, atLeast) {
					return refreshed{tokens: stored, store: session.StoreKeychain}
				}
				if stored.Refusal != nil && base.Refusal == nil {
					return r.keepOld(stored.Refusal) // that process asked for this one as well
				}
			}
		case m.cfg.MustStore && auth.KindOf(err) != auth.KindDamaged:
			return r.keepOld(err) // what the provider would answer could not be kept
		}
	}
	if r.client, err = m.cfg.Client(tool); err != nil {
		return r.keepOld(err)
	}
	if err := ctx.Err(); err != nil {
		return r.keepOld(
			&auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "the renewal was cancelled", Who: auth.WhoYou, Err: err},
		)
	}
	ctx, cancel := finishing(ctx)
	defer cancel()
	return r.send(ctx)
}

// renewal is one refresh, while its process holds the session's lock.
type renewal struct {
	m          *Manager
	client     *oidc.Client
	tool       auth.Tool
	base       auth.Tokens // what is renewed
	asStored   auth.Tokens // base with the times that are in the keychain
	inKeychain bool
	fault      *auth.Error // why base is not in the keychain, if it was to be
	again      bool        // the second try, with a refresh token that came from elsewhere
}

// keepOld ends a refresh that changed nothing.
func (r renewal) keepOld(err error) refreshed {
	done := refreshed{tokens: r.base, store: session.StoreMemory, keychain: r.fault, err: auth.AsError(err)}
	if r.inKeychain {
		done.store = session.StoreKeychain
	}
	return done
}

// send uses the refresh token, verifies what comes back against the set before
// it, and stores it.
func (r renewal) send(ctx context.Context) refreshed {
	note := intent{r.m.cfg.RefreshNotes, r.tool.ID}
	lost := note.of(r.asStored)
	note.write(r.asStored)
	before := r.base
	fresh, err := r.client.Refresh(ctx, r.tool, before)
	if r.m.cfg.MustStore && errors.Is(err, oidc.ErrNoAnswer) && auth.AsError(err).Code != auth.CodeTimeout {
		// Some providers take the old token once more within seconds, and
		// this process will not be here later.
		lost = true
		fresh, err = r.client.Refresh(ctx, r.tool, before)
	}
	if err != nil {
		return r.failed(ctx, note, lost, fresh, auth.AsError(err))
	}
	fresh.RefreshEndFixed = endFixed(before, fresh)

	// The provider may have ended the old refresh token by now. The new one is
	// stored before its answer is checked, and whatever becomes of ctx. Nothing
	// else of the answer is, so that no process can hand it out unchecked.
	if fresh.Unverified {
		r.keepRefresh(ctx, note, oidc.OnlyRefresh(before, fresh))
	}
	checked, err := r.client.VerifyRefreshed(ctx, r.tool, before, fresh)
	if err != nil {
		e := auth.AsError(err)
		// A refresh token that stayed the same has to prove whose it is, too.
		r.base.RefreshUnproven = r.base.RefreshUnproven || !passes(e)
		return r.refused(ctx, note, e)
	}
	done := r.stored(ctx, checked, nil)
	if done.store == session.StoreKeychain {
		note.clear()
	}
	return done
}

// keepRefresh stores only, which is the base with a newer refresh token, and
// goes on with it.
func (r *renewal) keepRefresh(ctx context.Context, note intent, only auth.Tokens) {
	if only.Refresh == r.base.Refresh {
		return
	}
	done := r.stored(ctx, only, nil)
	r.base, r.inKeychain, r.fault = only, done.store == session.StoreKeychain, done.keychain
	if r.inKeychain {
		note.clear()
	}
}

// refused ends a refresh that changed nothing but the refresh token, if that.
// Unless it may pass, the reason is stored as well: it outlives the process.
func (r renewal) refused(ctx context.Context, note intent, e *auth.Error) refreshed {
	known := r.base.Refusal != nil && r.base.Refusal.Code == e.Code && r.base.Refusal.What == e.What && e.Kind != auth.KindGrant
	if passes(e) || known {
		note.clear()
		return r.keepOld(e)
	}
	why := *e
	why.Err = nil
	r.base.Refusal = &why
	done := r.stored(ctx, r.base, e)
	note.clear()
	return done
}

// failed ends a refresh that brought no tokens to use. lost says that the
// answer to an earlier one with the same refresh token never arrived.
func (r renewal) failed(ctx context.Context, note intent, lost bool, fresh auth.Tokens, e *auth.Error) refreshed {
	switch {
	case errors.Is(e, oidc.ErrNoAnswer):
		return r.keepOld(e) // and the note stays
	case e.Kind == auth.KindGrant:
		if done, ok := r.elsewhere(ctx); ok {
			return done
		}
		r.base.Refresh, r.base.RefreshRefused, r.base.AnswerLost = "", true, lost
	case fresh.Refresh != "": // the answer was refused, but it ended the old refresh token
		r.base.RefreshUnproven = fresh.RefreshUnproven
		r.keepRefresh(ctx, note, fresh)
	}
	return r.refused(ctx, note, e)
}

// elsewhere looks once more into the keychain when the provider has refused
// the refresh token: a program that does not take the lock, such as one with
// another runtime folder, may have renewed the session meanwhile. It reports
// what to go on with, if anything. Nothing ends while the keychain cannot say.
func (r renewal) elsewhere(ctx context.Context) (done refreshed, ok bool) {
	if !r.inKeychain || r.again {
		return done, false
	}
	stored, err := r.m.cfg.Store.Load(ctx, r.tool.ID)
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		return refreshed{gone: true}, true
	case err == nil && otherClient(r.tool, stored) != nil:
		return refreshed{gone: true, other: otherClient(r.tool, stored)}, true
	case auth.KindOf(err) == auth.KindKeychain:
		return r.keepOld(err), true
	case err != nil || stored.Refresh == "" || stored.Refresh == r.base.Refresh:
		return done, false
	}
	r.base, r.asStored, r.again = stored, stored, true
	if r.m.enough(r.tool, stored, 0) {
		return r.keepOld(nil), true
	}
	return r.send(ctx), true
}

// stored keeps t, whatever becomes of ctx, and ends the refresh with it, and
// with why it failed, if so. A process that ends soon and would lose t gives a
// keychain that broke off, or is being started anew, a little time.
func (r renewal) stored(ctx context.Context, t auth.Tokens, why *auth.Error) refreshed {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepWithin)
	defer cancel()
	store, kept := r.m.keep(ctx, r.tool.ID, t)
	for try := 1; try < keepTries && r.m.cfg.MustStore && kept != nil && (kept.Code == auth.CodeKeychainFailed || kept.Code == auth.CodeKeychainAbsent); try++ {
		time.Sleep(keepPause)
		store, kept = r.m.keep(ctx, r.tool.ID, t)
	}
	return refreshed{tokens: t, store: store, keychain: kept, err: why}
}

const (
	// keepWithin bounds storing. A person may be typing the keychain's
	// password meanwhile, so it is no shorter.
	keepWithin = 30 * time.Second
	keepTries  = 3
	keepPause  = 300 * time.Millisecond
)

// lastWord is how long a request that is under way may still take when the
// process is asked to end. Cut off, its answer would be lost, and with it the
// session.
const lastWord = 5 * time.Second

// finishing is ctx for what should rather be finished than cut off: it ends
// some seconds after ctx does.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(lastWord):
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { stop(); cancel() }
}
