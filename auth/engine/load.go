package engine

import (
	"context"
	"errors"
	"strings"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

// noticeAfter is how long the keychain may take before it is said what it waits
// for. With the look that this needs it is said within three seconds.
const noticeAfter = 2 * time.Second

// keys is what the manager knows of the keychain as a whole.
type keys struct {
	store  keychain.Store // as it is: used through quiet and asking only
	await  *operation     // waits for it to change, while something is amiss
	from   string         // the code that await waits to be another
	futile int            // waits in a row that were for nothing
	deaf   bool           // it cannot be waited for
	tried  time.Time      // when a question last made us try; only its monotonic part counts
}

// quiet is the keychain for what happens by itself.
func (m *Manager) quiet() keychain.Careful { return keychain.Careful{Store: m.keys.store} }

// asking is the keychain for what a person wants. Somebody who insists is
// asked again, however lately they gave no password.
func (m *Manager) asking(insist bool) keychain.Careful {
	return keychain.Careful{Store: m.keys.store, Ask: func(ctx context.Context) (func(bool), error) {
		if m.cfg.MayAsk == nil {
			return func(bool) {}, nil
		}
		return m.cfg.MayAsk(ctx, insist)
	}}
}

// loaded is what a reader brings back.
type loaded struct {
	tokens auth.Tokens
	held   bool // see [Facts]
	err    error
}

// unreached begins what is told of such a keychain.
const unreached = "the keychain that holds the tokens cannot be reached: "

// beyond reports whether err is of a keychain that is absent here, as in a
// session without a desktop, although it holds the tool's tokens. The error is
// then one that says so.
func (m *Manager) beyond(tool string, err error) (bool, error) {
	e := auth.AsError(err)
	if e == nil || e.Code != auth.CodeKeychainAbsent || m.cfg.KeychainHolds == nil || !m.cfg.KeychainHolds(tool) {
		return false, err
	}
	out := *e
	out.What = unreached + strings.TrimPrefix(e.What, "there is no keychain: ")
	out.Err = err
	return true, &out
}

// startLoad reads the session's tokens from the keychain, and asks nobody.
func (m *Manager) startLoad(run context.Context, s *live) *operation {
	return m.read(run, s, m.quiet())
}

// read reads the session's tokens. Whatever takes long is told as such, and
// the reader goes on: a person may be typing a password.
func (m *Manager) read(run context.Context, s *live, from keychain.Careful) *operation {
	id := s.facts.Tool.ID
	op := start(run, m, func(ctx context.Context) loaded {
		if from.Ask == nil { // a person is not kept waiting by other readers
			m.loadSlot <- struct{}{}
			defer func() { <-m.loadSlot }()
		}
		t, err := from.Load(ctx, id)
		held, err := m.beyond(id, err)
		return loaded{t, held, err}
	}, func(run context.Context, op *operation, r loaded) { m.applyLoad(run, s, op, r) })
	op.asks = from.Ask != nil
	s.load = op
	m.notice(run, op, func(run context.Context, why *auth.Error) {
		if s.load == op {
			s.facts.Keychain = why
			m.touch(run, s)
		}
	})
	return op
}

// applyLoad turns a reader's result into facts.
func (m *Manager) applyLoad(run context.Context, s *live, op *operation, r loaded) {
	if s.load != op {
		return // signed out meanwhile
	}
	s.load, op.err = nil, r.err
	f := &s.facts
	f.Held, f.Other = r.held, nil
	answered := r.err == nil || errors.Is(r.err, keychain.ErrNotFound)
	cutOff := errors.Is(r.err, context.Canceled)
	e := op.fault(r.err)
	switch {
	case f.Tokens != nil: // signed in meanwhile: what is in memory is newer
		if !answered && !cutOff && f.Store == session.StoreMemory {
			f.Keychain = e
		}
	case r.err == nil && otherClient(f.Tool, r.tokens) != nil:
		f.Loaded, f.Keychain, f.Other = true, nil, otherClient(f.Tool, r.tokens)
	case r.err == nil:
		f.Tokens, f.Store, f.Loaded, f.Keychain = &r.tokens, session.StoreKeychain, true, nil
	case answered:
		f.Loaded, f.Keychain = true, nil
	case cutOff && op.cutOff() == nil:
	default:
		f.Keychain = e
	}
	m.touch(run, s)
	switch {
	case run.Err() != nil:
	case answered && op.asks:
		m.retry(run) // for the others
	case cutOff && op.asks && s.load == nil:
		m.startLoad(run, s)
	}
}

// fault is what an operation's error says of the keychain.
func (op *operation) fault(err error) *auth.Error {
	switch e := auth.AsError(err); {
	case errors.Is(err, context.Canceled) && op.cutOff() != nil:
		return op.cutOff()
	case e != nil && e.Code == auth.CodeKeychainTimeout && keychain.IsLocked(op.late):
		return keychain.Dismissed(err)
	default:
		return e
	}
}

// cutOff is why an operation was cancelled before the keychain answered it, if
// that was the keychain's fault. Read it after done.
func (op *operation) cutOff() *auth.Error {
	if op.cut != nil {
		return op.cut
	}
	return op.late
}

// notice has say told what op waits for, if it takes long, and closes op.slow.
// An operation whose answer cannot come any more is cancelled.
func (m *Manager) notice(run context.Context, op *operation, say func(run context.Context, why *auth.Error)) {
	op.slow = make(chan struct{})
	m.workers.Go(func() {
		timer := time.NewTimer(noticeAfter)
		defer timer.Stop()
		select {
		case <-timer.C:
		case <-op.done:
			return
		}
		why, over := keychain.Pending(m.keys.store.Peek(run))
		m.calls <- func(run context.Context) {
			select {
			case <-op.done:
				return
			default:
			}
			op.late = why
			if over {
				op.cancel()
			}
			say(run, why)
			m.settle(run)
			close(op.slow)
		}
	})
}

// linger waits for op. It reports late for one that takes longer than its
// caller is to wait.
func (m *Manager) linger(ctx context.Context, op *operation) (late bool, err error) {
	select {
	case <-op.done:
		return false, nil
	case <-op.slow:
	case <-ctx.Done():
		return false, ctx.Err()
	}
	if m.cfg.ReportWait == nil {
		return true, nil
	}
	switch op.late.Code {
	case auth.CodeKeychainWaiting, auth.CodeKeychainAsking, auth.CodeKeychainSlow: // it goes on
	default:
		return true, nil
	}
	m.cfg.ReportWait(op.late)
	select {
	case <-op.done:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// keep stores tokens, in the keychain where that works and else in memory. The
// error says why it was memory; the tokens are not lost then.
func (m *Manager) keep(ctx context.Context, tool string, t auth.Tokens) (store string, kept *auth.Error) {
	if err := m.cfg.Store.Save(ctx, tool, t); err != nil {
		return session.StoreMemory, auth.AsError(err)
	}
	return session.StoreKeychain, nil
}

// signedIn sees to what a sign-in has left to do: a keychain that was locked
// meanwhile asks the person for its password.
func (m *Manager) signedIn(run context.Context, s *live) {
	s.forget = false
	if keychain.IsLocked(s.facts.Keychain) && s.load == nil && run.Err() == nil {
		m.read(run, s, m.asking(false))
	}
}

// open makes a session readable that a person wants to sign in to: a locked
// keychain asks for its password. It reports whether that brought a session
// which needs no sign-in. An error says that a sign-in would be for nothing;
// where a person gave no password, it is not, and the tokens stay in memory.
func (m *Manager) open(ctx context.Context, tool string, o session.SignInOptions) (back bool, err error) {
	var read, asked, told bool
	for {
		var wait *operation
		err = nil
		if e := m.do(ctx, func(run context.Context) {
			s, ok := m.sessions[tool]
			if !ok || s.facts.Settings != nil || s.signIn != nil {
				return // SignIn says what of it
			}
			f := &s.facts
			switch {
			case s.forgetting != nil:
				wait = s.forgetting
			case s.load != nil:
				wait = s.load
			case s.forget:
			case s.unread() && !read:
				read, wait = true, m.startLoad(run, s)
			case s.unread() && keychain.IsLocked(f.Keychain) && !asked:
				asked, wait = true, m.read(run, s, m.asking(true))
			case s.unread() && f.Keychain != nil && (m.cfg.MustStore && f.Keychain.Kind == auth.KindKeychain || f.Keychain.Code == auth.CodeKeychainNewer):
				err = f.Keychain
			default:
				back = asked && o.Prompt == "" && !o.Offline && !o.SwitchAccount && (s.snap.State == session.Active || s.snap.State == session.Expiring)
			}
			m.settle(run)
		}); e != nil {
			return false, e
		}
		if wait == nil {
			return back, err
		}
		slow := wait.slow
		if told {
			slow = nil
		}
		select {
		case <-wait.done:
		case <-slow:
			told = true
			_ = m.do(ctx, func(context.Context) { err = wait.late })
			if o.Progress != nil && err != nil {
				o.Progress(session.Step{Name: session.StepKeychain, Detail: err.Error()})
			}
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
