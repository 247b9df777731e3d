package engine

import (
	"context"
	"errors"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
	"keyfob/auth/wording"
)

// Token returns tokens whose access token is valid for more than o.MinValid, and
// renews them first where that is needed and possible. It never opens a
// browser. Its errors have these kinds: KindUsage (no such tool, or o.MinValid
// beyond what the provider issues), KindSignIn (a person has to sign in),
// KindTransient, KindKeychain, KindDamaged and KindSetup.
func (m *Manager) Token(ctx context.Context, tool string, o session.TokenOptions) (auth.Tokens, error) {
	return m.tokens(ctx, &tokenRequest{tool: tool, options: o})
}

// CurrentTokens returns the tokens that are there, whether they are still valid
// or not, and the tool that they are of. It renews nothing and opens no browser;
// o.MinValid does not count. The errors are those of [Manager.Token] for no
// tokens.
func (m *Manager) CurrentTokens(ctx context.Context, tool string, o session.TokenOptions) (auth.Tokens, auth.Tool, error) {
	r := tokenRequest{tool: tool, options: o, current: true}
	t, err := m.tokens(ctx, &r)
	return t, r.of, err
}

// tokens waits for one operation after the other until r has its answer.
func (m *Manager) tokens(ctx context.Context, r *tokenRequest) (auth.Tokens, error) {
	c := caller{mayUnlock: r.options.MayUnlock, waits: r.options.Waits}
	for {
		var (
			got auth.Tokens
			op  *operation
			err error
		)
		if e := m.do(ctx, func(run context.Context, l *loop) { got, op, err = r.next(run, l) }); e != nil {
			return auth.Tokens{}, e
		}
		if op == nil {
			return got, err
		}
		late, err := c.wait(ctx, op)
		if err != nil {
			return auth.Tokens{}, err
		}
		r.ended(op, late)
	}
}

// tokenRequest is what a caller wants, and what was tried for that, each once.
type tokenRequest struct {
	tool    string
	options session.TokenOptions
	current bool      // as they are: nothing is renewed
	of      auth.Tool // whose tokens they are

	loaded, asked, renewing bool
	// locked says that a renewal needed the keychain, which holds the client's
	// secret, and found it locked: this one, or one just before.
	locked   bool
	unlocked bool        // it was asked for that
	keychain *auth.Error // what the keychain keeps the caller waiting for, once that took long, or why it gives nothing
}

// ended notes how the operation ended that the request waited for, or that it
// takes longer than the caller waits.
func (r *tokenRequest) ended(op *operation, late bool) {
	switch {
	case late:
		r.keychain = op.waitsFor
	case errors.Is(op.err, context.Canceled):
		r.keychain = op.cutOff()
	case op.mayAsk && auth.KindOf(op.err) == auth.KindKeychain:
		r.keychain = op.keychainFault(op.err) // whatever a later reader, who asks nobody, has to say
	default:
		r.locked = r.renewing && keychain.IsLocked(auth.AsError(op.err))
	}
}

// next returns the tokens, or an operation to wait for before the next call, or
// why there are none.
func (r *tokenRequest) next(run context.Context, l *loop) (auth.Tokens, *operation, error) {
	s, ok := l.sessions[r.tool]
	if !ok {
		return auth.Tokens{}, nil, unknownTool(r.tool)
	}
	l.tryKeychain(run)
	now, f := l.cfg.Now(), &s.facts
	r.of = f.Tool
	s.correctTimes(now)
	r.locked = r.locked || f.Tokens != nil && keychain.IsLocked(f.Problem) && now.Before(f.RetryAt)
	switch {
	case f.BadSettings != nil:
		return auth.Tokens{}, nil, f.BadSettings
	case f.Tokens.Valid(now, r.options.MinValid), r.current && f.Tokens != nil:
		if r.renewing && r.options.MayUnlock && l.onDemand && f.inMemory() && keychain.IsLocked(f.Keychain) && s.loading == nil {
			// An engine that nobody sees may end before somebody unlocks it.
			l.startLoadFrom(run, s, l.work.askingKeychain(false))
		}
		return *f.Tokens, nil, nil
	case r.keychain != nil && (r.unlocked || f.Tokens == nil && f.Keychain != nil):
		return auth.Tokens{}, nil, r.keychain // a person takes as long as a person takes
	case s.loading != nil:
		s.loading.hurryUp()
		return auth.Tokens{}, s.loading, nil
	case !r.loaded && (s.unread() || f.Tokens == nil && !s.deletePending):
		// Another process may have signed in since.
		r.loaded = true
		op := l.startLoad(run, s)
		op.hurryUp()
		return auth.Tokens{}, op, nil
	case (r.locked || s.unread() && keychain.IsLocked(f.Keychain)) && r.options.MayUnlock && !r.asked:
		r.asked, r.unlocked, r.renewing = true, r.locked, false
		return auth.Tokens{}, l.startLoadFrom(run, s, l.work.askingKeychain(false)), nil
	case r.current:
		return auth.Tokens{}, nil, l.whyNoToken(*f, now)
	}
	if op := r.renew(run, l, s, now); op != nil {
		r.renewing = true
		return auth.Tokens{}, op, nil
	}
	return auth.Tokens{}, nil, l.whyNoToken(*f, now)
}

// renew returns the refresh, or the sign-in of a service account, that is to
// bring the token, or nil where nothing will.
func (r *tokenRequest) renew(run context.Context, l *loop, s *toolSession, now time.Time) *operation {
	f := &s.facts
	switch {
	case f.Tokens != nil && renewable(*f, now) && s.refreshing != nil:
		return s.refreshing
	case f.Tokens != nil && shortLived(*f.Tokens, now, r.options.MinValid):
		return nil
	case f.Tokens != nil && renewable(*f, now) && (f.Problem == nil || !now.Before(f.RetryAt) || r.unlocked) && !r.renewing:
		return l.startRefresh(run, s, r.options.MinValid)
	case fetches(*f) && s.signIn == nil && !r.renewing:
		l.startSignIn(run, s, session.SignInOptions{NoBrowser: true}).person = r.options.MayUnlock
	}
	if fetches(*f) && s.signIn != nil {
		return s.signIn.operation
	}
	return nil
}

// whyNoToken says why there is no token that is valid for as long as was asked
// for.
func (l *loop) whyNoToken(f Facts, now time.Time) error {
	again := "run `keyfob login " + f.Tool.ID + "` or sign in from the tray"
	switch t := f.Tokens; {
	case t == nil && f.Keychain != nil && (f.KeychainHolds || f.Keychain.Code != auth.CodeKeychainAbsent):
		return f.Keychain
	case f.Tool.Grant == auth.GrantService && f.Problem != nil:
		return f.Problem
	case t == nil && f.OtherClient != nil:
		return f.OtherClient
	case t == nil:
		what := "nobody is signed in to " + f.Tool.Name
		if f.Keychain != nil {
			what += ", and " + f.Keychain.What
		}
		return &auth.Error{Kind: auth.KindSignIn, Code: auth.CodeSignedOut, What: what, Do: again, Who: auth.WhoYou}
	case renewable(f, now) && f.Problem != nil:
		return f.Problem
	case t.Valid(now, 0) && refusal(f) == nil:
		return &auth.Error{
			Kind: auth.KindUsage,
			Code: auth.CodeMinValid,
			Who:  auth.WhoYou,
			What: tooShort(f, now),
			Do:   "ask for less, or " + again,
		}
	default:
		e := &auth.Error{
			Kind: auth.KindSignIn,
			Code: auth.CodeExpired,
			What: "the session of " + f.Tool.Name + " has ended",
			Do:   again,
			Who:  auth.WhoYou,
		}
		if t.Valid(now, 0) {
			e.What = tooShort(f, now)
		}
		e.What += ": " + whyManual(f, now)
		if r := refusal(f); r != nil {
			e.Detail, e.Ref, e.Link = r.Detail, r.Ref, r.Link
			if r.Kind == auth.KindSetup && r.Do != "" { // until then a sign-in may fail the same way
				e.Do, e.Who = r.Do+", then "+again, r.Who
			}
		}
		return e
	}
}

// tooShort says that the token ends before a caller wants it to.
func tooShort(f Facts, now time.Time) string {
	rest := f.Tokens.Expiry.Sub(now.Round(0)).Round(time.Second)
	return "the token of " + f.Tool.Name + " is valid for " + wording.Span(rest) + ", less than was asked for"
}

func unknownTool(tool string) error {
	return &auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeUnknownTool, Who: auth.WhoYou,
		What: "there is no tool " + auth.Quote(tool) + " in the settings", Do: "run `keyfob status` to see the tools",
	}
}
