package engine

import (
	"context"
	"crypto/rand"
	"errors"
	"slices"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/loopback"
	"keyfob/auth/oidc"
	"keyfob/auth/provider"
	"keyfob/auth/session"
)

// maxSteps is more than a sign-in can report, so that reporting never blocks.
const maxSteps = 16

// signInOp is a sign-in under way with everybody who waits for it.
type signInOp struct {
	operation *operation
	steps     []session.Step
	waiters   map[chan session.Step]struct{}
	hand      func() string // makes an address to start a browser with; nil while there is none
}

// signedIn is what a sign-in worker brings back.
type signedIn struct {
	tokens   auth.Tokens
	store    string
	keychain *auth.Error
	err      error
}

// SignIn opens the browser for a person and waits until the tokens are
// verified and stored. A second call joins the first. A locked keychain asks
// for its password first; where that brings the session back, nothing opens.
// It ends with an error of KindCanceled after five minutes, when the person
// cancels, or when the last caller's ctx ends.
func (m *Manager) SignIn(ctx context.Context, tool string, o session.SignInOptions) error {
	var (
		op    *signInOp
		err   error
		steps = make(chan session.Step, 2*maxSteps)
	)
	// Better now than after the person has been in the browser.
	if back, err := m.open(ctx, tool, o); back || err != nil {
		return err
	}
	if e := m.do(ctx, func(run context.Context) {
		s, ok := m.sessions[tool]
		switch {
		case !ok:
			err = unknownTool(tool)
			return
		case s.facts.Settings != nil:
			err = s.facts.Settings
			return
		case s.signIn == nil:
			m.startSignIn(run, s, o)
		}
		op = s.signIn
		for _, step := range op.steps {
			steps <- step
		}
		op.waiters[steps] = struct{}{}
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	report := func(step session.Step) {
		if o.Progress != nil {
			o.Progress(step)
		}
	}
	for {
		select {
		case step := <-steps:
			report(step)
		case <-op.operation.done:
			for len(steps) > 0 {
				report(<-steps)
			}
			return op.operation.err
		case <-ctx.Done():
			_ = m.do(context.WithoutCancel(ctx), func(context.Context) {
				if delete(op.waiters, steps); len(op.waiters) == 0 {
					op.operation.cancel()
				}
			})
			return ctx.Err()
		}
	}
}

// CancelSignIn ends a sign-in that is under way, for everybody who waits.
func (m *Manager) CancelSignIn(ctx context.Context, tool string) error {
	return m.do(ctx, func(context.Context) {
		if s := m.sessions[tool]; s != nil && s.signIn != nil {
			s.signIn.operation.cancel()
		}
	})
}

// startSignIn begins a sign-in. The caller has checked that none is under way.
func (m *Manager) startSignIn(run context.Context, s *live, o session.SignInOptions) {
	op := &signInOp{waiters: make(map[chan session.Step]struct{})}
	s.signIn = op
	report := func(step session.Step, problem *auth.Error) {
		m.calls <- func(run context.Context) {
			op.steps = append(op.steps, step)
			for w := range op.waiters {
				w <- step
			}
			if step.Name == session.StepBrowser || step.Name == session.StepAddress {
				s.facts.SignInURL, s.facts.Problem = step.Detail, problem
			}
			m.touch(run, s)
		}
	}
	hand := func(f func() string) { m.calls <- func(context.Context) { op.hand = f } }
	from := begin(s.facts, &o)
	s.facts.SigningIn, s.facts.SignInURL, s.facts.Problem = true, "", nil
	s.facts.SignInAt = m.cfg.Now().Round(0)
	tool := from.tool
	op.operation = start(run, m, func(ctx context.Context) signedIn {
		ctx, cancel := context.WithTimeoutCause(ctx, m.cfg.SignInTimeout, errTooLate)
		defer cancel()
		r := m.signIn(ctx, tool, from, o, report, hand)
		if less, ok := provider.WithoutOffline(tool, r.err); ok {
			// The person has just signed in there and need not do it again.
			o.Prompt = ""
			r = m.signIn(ctx, less, from, o, report, hand)
		}
		if r.err != nil && ctx.Err() != nil {
			r.err = whyCanceled(ctx, tool)
		}
		return r
	}, func(run context.Context, done *operation, r signedIn) {
		s.signIn = nil
		f := &s.facts
		f.SigningIn, f.SignInURL = false, ""
		if r.err != nil {
			done.err, f.Problem = r.err, auth.AsError(r.err)
			if f.Problem.Kind == auth.KindCanceled {
				f.Problem = nil // the person knows
			}
		} else {
			f.Tokens, f.Other, f.Store, f.Keychain = &r.tokens, nil, r.store, r.keychain
			f.Problem, f.Halted, f.RetryAt, f.Loaded, s.failures = nil, nil, time.Time{}, true, 0
		}
		m.touch(run, s)
		if r.err == nil {
			m.signedIn(run, s)
		}
	})
	m.touch(run, s)
}

var errTooLate = errors.New("nobody answered in the browser")

// whyCanceled tells a sign-in that took too long from one that was cancelled.
func whyCanceled(ctx context.Context, tool auth.Tool) *auth.Error {
	e := &auth.Error{
		Kind: auth.KindCanceled,
		Code: auth.CodeCanceled,
		What: "the sign-in was cancelled",
		Who:  auth.WhoYou,
		Err:  context.Cause(ctx),
	}
	if errors.Is(e.Err, errTooLate) {
		e.Code, e.What, e.Do = auth.CodeTimeout, "the browser sent no answer in time", "sign in again, and look at what the browser says"
		if uris := provider.RedirectURIs(tool); uris[0] != "" {
			// A provider that does not know the redirect URI says so on a page of its own.
			e.Do += "; if that is about a redirect URI, register " + strings.Join(uris, " and ")
		}
	}
	return e
}

// signIn is the authorization code flow with PKCE on a loopback redirect
// (RFC 8252). The browser's page says "signed in" only when the tokens are
// verified and stored.
//
// The browser is started with an address of the listener's that sends it on: the
// request holds state and nonce, and every user may read a command line.
func (m *Manager) signIn(
	ctx context.Context,
	tool auth.Tool,
	from before,
	o session.SignInOptions,
	report func(session.Step, *auth.Error),
	hand func(func() string),
) signedIn {
	fail := func(err error) signedIn { return signedIn{err: err} }
	client, err := m.cfg.Client(tool)
	if err != nil {
		return fail(err)
	}
	if tool.Grant == auth.GrantService {
		return m.signInService(ctx, client, tool, report)
	}
	if _, err := client.Discover(ctx, tool); err != nil {
		return fail(err)
	}
	report(session.Step{Name: session.StepDiscovered, Detail: tool.Issuer}, nil)

	listener, err := loopback.Listen(ctx, loopback.Options{Redirect: tool.Redirect, Ports: tool.Ports, Who: m.cfg.Who})
	if err != nil {
		return fail(err)
	}
	defer listener.Close()
	report(session.Step{Name: session.StepListening, Detail: listener.RedirectURI()}, nil)

	req, err := client.Begin(ctx, tool, listener.RedirectURI(), oidc.BeginOptions{Prompt: o.Prompt, LoginHint: from.hint})
	if err != nil {
		return fail(err)
	}
	address := func() string { return listener.Hand(auth.Secret(req.URL)).URL() }
	hand(address)
	defer hand(nil)
	if o.NoBrowser {
		report(session.Step{Name: session.StepAddress, Detail: req.URL}, nil)
	} else if err := m.cfg.OpenBrowser(ctx, address()); err != nil {
		// A person can still open the address, so the wait goes on.
		report(session.Step{Name: session.StepAddress, Detail: req.URL}, auth.AsError(err))
	} else {
		report(session.Step{Name: session.StepBrowser, Detail: req.URL}, nil)
	}

	go func() { _ = client.Warm(ctx, tool) }() // the keys, while the person types

	callback, err := listener.Wait(ctx, req.State)
	if err != nil {
		return fail(err)
	}
	r := m.redeem(ctx, client, from, req, callback, report)
	if _, again := provider.WithoutOffline(tool, r.err); again {
		callback.Again()
	} else {
		callback.Finish(r.err == nil)
	}
	return r
}

// redeem turns the provider's answer in the browser into stored tokens.
func (m *Manager) redeem(
	ctx context.Context,
	client *oidc.Client,
	from before,
	req *oidc.Request,
	callback *loopback.Callback,
	report func(session.Step, *auth.Error),
) signedIn {
	code, err := client.CheckCallback(req, callback.Values)
	if err != nil {
		return signedIn{err: err}
	}
	report(session.Step{Name: session.StepAuthorized, Detail: ""}, nil)
	tokens, err := client.Exchange(ctx, req, code)
	if err != nil {
		return signedIn{err: err}
	}
	tokens.Set, tokens.SignedInAt = rand.Text(), tokens.IssuedAt
	if oidc.Nameless(from.tool, tokens) {
		// A name is for the eye alone, so that none is no failure.
		if account, err := client.UserInfo(ctx, from.tool, tokens); err == nil {
			tokens.Account = account
		}
	}
	if e := from.check(tokens.Account); e != nil {
		m.discard(ctx, client, from.tool, tokens)
		return signedIn{err: e}
	}
	tokens.Asked = slices.Clone(from.tool.Scopes)
	report(session.Step{Name: session.StepVerified, Detail: tokens.Account.Label()}, nil)

	return m.storeSignIn(ctx, from.tool.ID, tokens, report)
}
