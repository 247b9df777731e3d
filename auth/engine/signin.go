package engine

import (
	"context"
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// maxSteps is more than a sign-in can report, so that reporting never blocks.
const maxSteps = 16

// signIn is a sign-in under way with everybody who waits for it.
type signIn struct {
	operation     *operation
	steps         []session.Step
	waiters       map[chan session.Step]bool // and whether one opens the browser where it is told to
	first         chan session.Step          // who came first
	reopenAddress func() string              // makes an address to start a browser with; nil while there is none
	person        bool                       // a person wants it, who may be asked for the keychain's password
	givenUp       bool                       // it was cancelled, and has not ended yet
}

// join adds somebody who waits, and is told what was done so far as well.
func (s *signIn) join(opens bool) chan session.Step {
	steps := make(chan session.Step, 2*maxSteps)
	for _, step := range s.steps {
		steps <- step
	}
	if s.waiters[steps] = opens; s.first == nil {
		s.first = steps
	}
	return steps
}

// drop takes somebody out, and ends a sign-in that nobody waits for any more.
func (s *signIn) drop(steps chan session.Step) {
	if delete(s.waiters, steps); len(s.waiters) == 0 {
		s.giveUp()
	}
}

// giveUp cancels the sign-in, which nobody can join from now on.
func (s *signIn) giveUp() {
	s.givenUp = true
	s.operation.cancel()
}

// report tells everybody of a step, and one of them to open the browser.
func (s *signIn) report(step session.Step) {
	others := step
	others.Open = ""
	s.steps = append(s.steps, others)
	opener := s.opener()
	for w := range s.waiters {
		if w == opener {
			w <- step
		} else {
			w <- others
		}
	}
}

// opener is who opens the browser: who came first, or somebody else once that
// one has gone; nil for nobody.
func (s *signIn) opener() chan session.Step {
	if s.waiters[s.first] {
		return s.first
	}
	for w, opens := range s.waiters {
		if opens {
			return w
		}
	}
	return nil
}

// SignIn opens the browser for a person and waits until the tokens are
// verified and stored. A second call joins the first, unless that was given up
// and has not ended yet: it waits for its end and begins anew. A locked keychain
// asks for its password first; where that brings the session back, nothing opens.
// It ends with an error of KindCanceled after five minutes, when the person
// cancels, or when the last caller's ctx ends.
func (m *Manager) SignIn(ctx context.Context, tool string, o session.SignInOptions) error {
	// Better now than after the person has been in the browser.
	if restored, err := m.unlock(ctx, tool, o); restored || err != nil {
		return err
	}
	var (
		shared *signIn
		steps  chan session.Step
		ending <-chan struct{}
		err    error
	)
	if e := m.do(ctx, func(run context.Context, l *loop) {
		s, ok := l.sessions[tool]
		switch {
		case !ok:
			err = unknownTool(tool)
			return
		case s.facts.BadSettings != nil:
			err = s.facts.BadSettings
			return
		case s.signIn == nil:
			l.startSignIn(run, s, o)
		case s.signIn.givenUp:
			ending = s.signIn.operation.done
			return
		}
		shared, steps = s.signIn, s.signIn.join(o.CallerOpens)
		shared.person = true
	}); e != nil {
		return e
	}
	if err != nil {
		return err
	}
	if ending != nil {
		select {
		case <-ending:
			return m.SignIn(ctx, tool, o)
		case <-ctx.Done():
			return ctx.Err()
		}
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
		case <-shared.operation.done:
			for len(steps) > 0 {
				report(<-steps)
			}
			return shared.operation.err
		case <-ctx.Done():
			_ = m.do(context.WithoutCancel(ctx), func(context.Context, *loop) { shared.drop(steps) })
			return ctx.Err()
		}
	}
}

// CancelSignIn ends a sign-in that is under way, for everybody who waits.
func (m *Manager) CancelSignIn(ctx context.Context, tool string) error {
	return m.do(ctx, func(_ context.Context, l *loop) {
		if s := l.sessions[tool]; s != nil && s.signIn != nil {
			s.signIn.giveUp()
		}
	})
}

// Reopen opens the browser once more for the sign-in under way.
func (m *Manager) Reopen(ctx context.Context, tool string) error {
	err := error(&auth.Error{
		Kind: auth.KindUsage, Code: auth.CodeNoSignIn, Who: auth.WhoYou,
		What: "no sign-in is under way", Do: "sign in",
	})
	address := ""
	if e := m.do(ctx, func(_ context.Context, l *loop) {
		switch s := l.sessions[tool]; {
		case s == nil:
			err = unknownTool(tool)
		case s.signIn != nil && s.signIn.reopenAddress != nil:
			address = s.signIn.reopenAddress()
		}
	}); e != nil {
		return e
	}
	if address == "" {
		return err
	}
	return m.cfg.OpenBrowser(ctx, address)
}

// startSignIn begins a sign-in. The caller has checked that none is under way.
func (l *loop) startSignIn(run context.Context, s *toolSession, o session.SignInOptions) *signIn {
	shared := &signIn{waiters: make(map[chan session.Step]bool)}
	s.signIn = shared
	flow := newSignInFlow(l.work, s.facts, o)
	flow.report = func(step session.Step, problem *auth.Error) {
		l.calls <- func(run context.Context) {
			shared.report(step)
			if step.Name == session.StepBrowser || step.Name == session.StepAddress {
				s.facts.SignInURL, s.facts.Problem = step.Detail, problem
			}
			l.update(run, s)
		}
	}
	flow.offerAddress = func(address func() string) { l.calls <- func(context.Context) { shared.reopenAddress = address } }
	s.facts.SigningIn, s.facts.SignInURL, s.facts.Problem = true, "", nil
	s.facts.SignInAt = l.cfg.Now().Round(0)
	shared.operation = start(run, l, flow.run, func(run context.Context, op *operation, r signInResult) {
		s.signIn = nil
		if r.err != nil {
			op.err = r.err
		}
		s.applySignIn(r)
		l.update(run, s)
		if r.err == nil {
			l.afterSignIn(run, s, shared.person)
		}
	})
	l.update(run, s)
	return shared
}

// applySignIn turns what a sign-in brought into facts.
func (s *toolSession) applySignIn(r signInResult) {
	f := &s.facts
	f.SigningIn, f.SignInURL = false, ""
	if r.err == nil {
		f.Tokens, f.OtherClient, f.Store, f.Keychain = &r.tokens, nil, r.store, r.keychain
		f.Problem, f.Halted, f.RetryAt, f.Loaded, s.failures = nil, nil, time.Time{}, true, 0
		return
	}
	if f.Problem = auth.AsError(r.err); f.Problem.Kind == auth.KindCanceled {
		f.Problem = nil // the person knows
	}
}
