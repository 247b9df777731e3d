package engine

import (
	"context"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// unlock makes a session readable that a person wants to sign in to: a locked
// keychain asks for its password. It reports whether that brought a session
// back which needs no sign-in. An error says that a sign-in would be for
// nothing; where a person gave no password, it is not, and the tokens stay in
// memory.
func (m *Manager) unlock(ctx context.Context, tool string, o session.SignInOptions) (restored bool, err error) {
	r, told := unlockRequest{tool: tool, options: o}, false
	for {
		var op *operation
		if e := m.do(ctx, func(run context.Context, l *loop) {
			op, err = r.next(run, l)
			l.schedule(run)
		}); e != nil {
			return false, e
		}
		if op == nil {
			return r.restored, err
		}
		tookLong := op.tookLong
		if told {
			tookLong = nil
		}
		select {
		case <-op.done:
		case <-tookLong:
			told = true
			var why error
			_ = m.do(ctx, func(context.Context, *loop) { why = op.waitsFor })
			if o.Progress != nil && why != nil {
				o.Progress(session.Step{Name: session.StepKeychain, Detail: why.Error()})
			}
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}

// unlockRequest is what a person wants to sign in to, and what was tried to
// read it, each once.
type unlockRequest struct {
	tool        string
	options     session.SignInOptions
	read, asked bool
	restored    bool // the session is back
}

// next returns an operation to wait for before the next call, or an error if a
// sign-in would be for nothing.
func (r *unlockRequest) next(run context.Context, l *loop) (*operation, error) {
	s, ok := l.sessions[r.tool]
	if !ok || s.facts.BadSettings != nil || s.signIn != nil {
		return nil, nil // SignIn says what of it
	}
	e := s.facts.Keychain
	switch {
	case s.deleting != nil:
		return s.deleting, nil
	case s.loading != nil:
		s.loading.hurryUp()
		return s.loading, nil
	case s.deletePending:
		return nil, nil
	case s.unread() && !r.read:
		r.read = true
		op := l.startLoad(run, s)
		op.hurryUp()
		return op, nil
	case s.unread() && keychain.IsLocked(e) && !r.asked:
		r.asked = true
		return l.startLoadFrom(run, s, l.work.askingKeychain(true)), nil
	case s.unread() && e != nil && e.Code == auth.CodeKeychainNewer:
		return nil, e
	}
	o := r.options
	r.restored = r.asked && o.Prompt == "" && !o.Offline && !o.SwitchAccount &&
		(s.snap.State == session.Active || s.snap.State == session.Expiring)
	return nil, nil
}

// afterSignIn sees to what a sign-in has left to do: a keychain that was locked
// meanwhile asks for its password, if a person is there.
func (l *loop) afterSignIn(run context.Context, s *toolSession, person bool) {
	s.deletePending = false
	if person && keychain.IsLocked(s.facts.Keychain) && s.loading == nil && run.Err() == nil {
		l.startLoadFrom(run, s, l.work.askingKeychain(false))
	}
}
