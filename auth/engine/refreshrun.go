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

// refresh is one refresh in the hands of a worker: what is renewed and, when it
// has run, what came of it.
type refresh struct {
	w       *worker
	client  *oidc.Client
	tool    auth.Tool
	atLeast time.Duration // somebody wants an access token for that long

	onDemand bool // nothing tries again by itself

	tokens   auth.Tokens // the newest that may be used
	asStored auth.Tokens // the set before it with the times that are in the keychain
	store    string      // where tokens are
	keychain *auth.Error // why they are not in the keychain, if they were to be
	err      *auth.Error // nil when tokens are usable

	gone        bool        // the keychain's entry is no longer there: signed out elsewhere
	otherClient *auth.Error // with gone: why the entry in its place is not this session's
	retried     bool        // the second try, with a refresh token that came from elsewhere
}

func newRefresh(w *worker, f Facts, atLeast time.Duration) *refresh {
	r := &refresh{w: w, tool: f.Tool, atLeast: atLeast, tokens: *f.Tokens, asStored: *f.Tokens, store: session.StoreMemory}
	if f.Store == session.StoreKeychain {
		r.store = f.Store
	}
	return r
}

// run renews the tokens at the provider, under the lock that all processes of
// the user share. What the keychain holds by then counts more than what this
// process has: if another one renewed it, nothing is sent. The package's
// documentation names each point at which the process may be killed, and what
// then holds.
func (r *refresh) run(ctx context.Context) {
	release, err := r.w.cfg.Lock(ctx, r.tool.ID)
	if err != nil {
		r.fail(err)
		return
	}
	defer release()
	if r.store == session.StoreKeychain && r.doneElsewhere(ctx) {
		return
	}
	if r.client, err = r.w.cfg.Client(r.tool); err != nil {
		r.fail(err)
		return
	}
	if err := ctx.Err(); err != nil {
		r.fail(&auth.Error{Kind: auth.KindCanceled, Code: auth.CodeCanceled, What: "the renewal was cancelled", Who: auth.WhoYou, Err: err})
		return
	}
	ctx, cancel := finishing(ctx)
	defer cancel()
	r.send(ctx)
}

// fail ends a refresh that changed nothing.
func (r *refresh) fail(err error) { r.err = auth.AsError(err) }

// now is the time by the wall clock.
func (r *refresh) now() time.Time { return r.w.cfg.Now().Round(0) }

// doneElsewhere reads the keychain again, and reports whether another process
// has ended this refresh before it began.
func (r *refresh) doneElsewhere(ctx context.Context) bool {
	stored, err := r.w.store.Load(ctx, r.tool.ID)
	if r.goneElsewhere(stored, err) {
		return true
	}
	if err != nil {
		return false
	}
	r.asStored = stored
	if !replaced(stored, r.tokens) {
		return false
	}
	before := r.tokens
	r.tokens = stored
	switch {
	case enough(r.tool, stored, r.now(), r.atLeast):
		return true
	case stored.Refusal != nil && before.Refusal == nil:
		r.fail(stored.Refusal) // that process asked for this one as well
		return true
	}
	return false
}

// goneElsewhere reports whether the keychain no longer holds the session.
func (r *refresh) goneElsewhere(stored auth.Tokens, err error) bool {
	switch {
	case errors.Is(err, keychain.ErrNotFound):
		r.gone = true
	case err == nil:
		r.otherClient = otherClient(r.tool, stored)
		r.gone = r.otherClient != nil
	}
	return r.gone
}

// send uses the refresh token, verifies what comes back against the set before
// it, and stores it.
func (r *refresh) send(ctx context.Context) {
	note := refreshNote{r.w.cfg.RefreshNotes, r.tool.ID}
	lost := note.of(r.asStored)
	note.write(r.asStored)
	before := r.tokens
	fresh, err := r.client.Refresh(ctx, r.tool, before)
	if r.onDemand && errors.Is(err, oidc.ErrNoAnswer) && auth.AsError(err).Code != auth.CodeTimeout {
		// Some providers take the old token once more within seconds, and
		// nothing tries again by itself.
		lost = true
		fresh, err = r.client.Refresh(ctx, r.tool, before)
	}
	if err != nil {
		r.failed(ctx, note, lost, fresh, auth.AsError(err))
		return
	}
	fresh.RefreshEndFixed = endFixed(before, fresh)

	// The provider may have ended the old refresh token by now. The new one is
	// stored before its answer is checked, and whatever becomes of ctx. Nothing
	// else of the answer is, so that no process can hand it out unchecked.
	if fresh.Unverified {
		r.saveRefreshToken(ctx, note, oidc.OnlyRefresh(before, fresh))
	}
	checked, err := r.client.VerifyRefreshed(ctx, r.tool, before, fresh)
	if err != nil {
		e := auth.AsError(err)
		// A refresh token that stayed the same has to prove whose it is, too.
		r.tokens.RefreshUnproven = r.tokens.RefreshUnproven || !passes(e)
		r.refused(ctx, note, e)
		return
	}
	r.save(ctx, checked)
	r.clearIfStored(note)
}

// saveRefreshToken goes on with only, which is the set before with a newer
// refresh token, and stores it.
func (r *refresh) saveRefreshToken(ctx context.Context, note refreshNote, only auth.Tokens) {
	if only.Refresh == r.tokens.Refresh {
		return
	}
	r.save(ctx, only)
	r.clearIfStored(note)
}

// refused ends a refresh that changed nothing but the refresh token, if that.
// Unless it may pass, the reason is stored as well: it outlives the process.
func (r *refresh) refused(ctx context.Context, note refreshNote, e *auth.Error) {
	was := r.tokens.Refusal
	known := was != nil && was.Code == e.Code && was.What == e.What && e.Kind != auth.KindGrant
	r.err = e
	if !passes(e) && !known {
		why := *e
		why.Err = nil
		refused := r.tokens
		refused.Refusal = &why
		r.save(ctx, refused)
	}
	note.clear()
}

// failed ends a refresh that brought no tokens to use. lost says that the
// answer to an earlier one with the same refresh token never arrived.
func (r *refresh) failed(ctx context.Context, note refreshNote, lost bool, fresh auth.Tokens, e *auth.Error) {
	switch {
	case errors.Is(e, oidc.ErrNoAnswer):
		r.fail(e) // and the note stays
		return
	case e.Kind == auth.KindGrant:
		if r.renewedElsewhere(ctx) {
			return
		}
		r.tokens.Refresh, r.tokens.RefreshRefused, r.tokens.AnswerLost = "", true, lost
	case fresh.Refresh != "": // the answer was refused, but it ended the old refresh token
		r.tokens.RefreshUnproven = fresh.RefreshUnproven
		r.saveRefreshToken(ctx, note, fresh)
	}
	r.refused(ctx, note, e)
}

// renewedElsewhere looks once more into the keychain when the provider has
// refused the refresh token: a program that does not take the lock, such as one
// of an earlier version, may have renewed the session meanwhile. It
// reports whether that, or a keychain that cannot say, ends this refresh.
func (r *refresh) renewedElsewhere(ctx context.Context) bool {
	if r.store != session.StoreKeychain || r.retried {
		return false
	}
	stored, err := r.w.store.Load(ctx, r.tool.ID)
	switch {
	case r.goneElsewhere(stored, err):
		return true
	case auth.KindOf(err) == auth.KindKeychain:
		r.fail(err)
		return true
	case err != nil || stored.Refresh == "" || stored.Refresh == r.tokens.Refresh:
		return false
	}
	r.tokens, r.asStored, r.retried = stored, stored, true
	if !enough(r.tool, stored, r.now(), 0) {
		r.send(ctx)
	}
	return true
}

// save goes on with t, and stores it whatever becomes of ctx.
func (r *refresh) save(ctx context.Context, t auth.Tokens) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveWithin)
	defer cancel()
	store, fault := r.w.save(ctx, r.tool.ID, t)
	r.tokens, r.store, r.keychain = t, store, fault
}

func (r *refresh) clearIfStored(note refreshNote) {
	if r.store == session.StoreKeychain {
		note.clear()
	}
}

// saveWithin bounds storing. A person may be typing the keychain's password
// meanwhile, so it is no shorter.
const saveWithin = 30 * time.Second

// finishWithin is how long a request that is under way may still take when the
// process is asked to end. Cut off, its answer would be lost, and with it the
// session.
const finishWithin = 5 * time.Second

// finishing is ctx for what should rather be finished than cut off: it ends
// some seconds after ctx does.
func finishing(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	stop := context.AfterFunc(ctx, func() {
		select {
		case <-time.After(finishWithin):
			cancel()
		case <-out.Done():
		}
	})
	return out, func() { stop(); cancel() }
}
