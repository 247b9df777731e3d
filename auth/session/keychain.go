package session

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

const (
	// noticeAfter is how long the keychain may take before it is said what it
	// waits for. With the look that this needs it is said within three seconds.
	noticeAfter = 2 * time.Second
	// grace is how long a keychain that changed has to answer what it was asked
	// before.
	grace = time.Second
	// triedEvery bounds how often questions of people and programs make an
	// ailing keychain be tried.
	triedEvery = 2 * time.Second
	// atOnce is how soon a wait for the keychain ends that was for nothing.
	atOnce = time.Second
)

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
		if m.cfg.Ask == nil {
			return func(bool) {}, nil
		}
		return m.cfg.Ask(ctx, insist)
	}}
}

// loaded is what a reader brings back.
type loaded struct {
	tokens auth.Tokens
	err    error
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
		return loaded{t, err}
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
	answered := r.err == nil || errors.Is(r.err, keychain.ErrNotFound)
	cutOff := errors.Is(r.err, context.Canceled)
	e := op.fault(r.err)
	switch {
	case f.Tokens != nil: // signed in meanwhile: what is in memory is newer
		if !answered && !cutOff && f.Store == StoreMemory {
			f.Keychain = e
		}
	case r.err == nil:
		f.Tokens, f.Store, f.Loaded, f.Keychain = &r.tokens, StoreKeychain, true, nil
	case answered:
		f.Loaded, f.Keychain = true, nil
	case cutOff && op.late == nil:
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
	case errors.Is(err, context.Canceled) && op.late != nil:
		return op.late
	case e != nil && e.Code == keychain.CodeTimeout && keychain.IsLocked(op.late):
		return keychain.Dismissed(err)
	default:
		return e
	}
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
	if m.cfg.Waits == nil || op.late.Code != keychain.CodeWaiting {
		return true, nil
	}
	m.cfg.Waits(op.late)
	select {
	case <-op.done:
		return false, nil
	case <-ctx.Done():
		return false, ctx.Err()
	}
}

// ails returns the keychain's fault that keeps the session from being read or
// stored, if it may pass by itself.
func (s *live) ails() *auth.Error {
	f, e := &s.facts, s.facts.Keychain
	switch {
	case s.forget:
		e = firstOf(f.Problem, f.Keychain)
	case f.Tokens != nil && f.Store != StoreMemory:
		return nil
	}
	if e == nil || e.Kind != auth.KindKeychain || e.Code == keychain.CodeNewer {
		return nil
	}
	return e
}

// unread reports whether the keychain may hold tokens that nobody has read.
func (s *live) unread() bool {
	return s.facts.Tokens == nil && !s.forget && (!s.facts.Loaded || s.facts.Keychain != nil)
}

// retry reads, writes and deletes what the keychain could not when it was
// tried last. It asks nobody.
func (m *Manager) retry(run context.Context) {
	for _, s := range m.sessions {
		switch {
		case s.ails() == nil:
		case s.forget:
			if s.forgetting == nil && s.signIn == nil {
				m.startForget(run, s, m.quiet(), nil)
			}
		case s.facts.Tokens == nil:
			if s.load == nil {
				m.startLoad(run, s)
			}
		case s.store == nil && s.refresh == nil && s.load == nil:
			m.startStore(run, s)
		}
	}
}

// asked notes that somebody wants something of the sessions: a reason to look
// whether the keychain is back.
func (m *Manager) asked(run context.Context) {
	m.keys.deaf = false
	if time.Since(m.keys.tried) >= triedEvery {
		m.keys.tried = time.Now()
		m.retry(run)
		m.settle(run)
	}
}

// tend sees to it that the keychain's return is noticed while something is
// amiss, and that nothing is waited for while nothing is.
func (m *Manager) tend(run context.Context) {
	k := &m.keys
	code, busy := "", false
	for _, id := range m.order {
		s := m.sessions[id]
		busy = busy || s.load != nil && !s.load.asks || s.store != nil || s.forgetting != nil
		if e := s.ails(); e != nil && (code == "" || code == keychain.CodeFailed) {
			code = e.Code
			if keychain.IsLocked(e) {
				code = keychain.CodeLocked
			}
		}
	}
	if k.await != nil && (code == "" || code != k.from) {
		k.await.cancel()
		k.await = nil
	}
	switch {
	case code == "":
		k.futile, k.deaf = 0, false
	case k.await == nil && !busy && !k.deaf && m.cfg.Await != nil && run.Err() == nil:
		m.startAwait(run, code)
	}
}

// startAwait tries again when the keychain stands differently. Should that
// mend nothing, the next try comes later, so that a keychain which is broken
// in a way that no look shows is not tried without end.
func (m *Manager) startAwait(run context.Context, code string) {
	type change struct {
		err  error
		soon bool
	}
	k := &m.keys
	wait := time.Duration(0)
	if k.futile > 0 {
		wait = pauseKeychain(k.futile)
	}
	k.from = code
	k.await = start(run, m, func(ctx context.Context) change {
		if sleep(ctx, wait) != nil {
			return change{err: ctx.Err()}
		}
		since := time.Now()
		err := m.cfg.Await(ctx, code)
		return change{err, time.Since(since) < atOnce}
	}, func(run context.Context, op *operation, c change) {
		if k.await != op || run.Err() != nil {
			return
		}
		k.await = nil
		if c.err != nil {
			k.deaf = true
			return
		}
		if k.futile++; !c.soon {
			k.futile = 0
		}
		m.interrupt(run)
		m.retry(run)
	})
}

// interrupt gives up readers that wait for an answer of a keychain which has
// changed since, for it may be another one.
func (m *Manager) interrupt(run context.Context) {
	for _, s := range m.sessions {
		if op := s.load; op != nil && op.asks {
			m.workers.Go(func() {
				if sleep(run, grace) != nil {
					return
				}
				m.calls <- func(context.Context) {
					if s.load == op {
						op.late = keychain.BrokenOff(nil)
						op.cancel()
					}
				}
			})
		}
	}
}

// pauseKeychain is how long to wait after the n-th wait that was for nothing.
func pauseKeychain(n int) time.Duration {
	ceiling := min(5*time.Minute, time.Second<<min(n, 10))
	return ceiling/2 + rand.N(ceiling/2)
}

func sleep(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return ctx.Err()
	case <-ctx.Done():
		return ctx.Err()
	}
}

// startStore puts tokens into the keychain that are in memory only. Should the
// keychain hold newer ones, those are taken instead.
func (m *Manager) startStore(run context.Context, s *live) {
	tool, base := s.facts.Tool.ID, *s.facts.Tokens
	s.store = start(run, m, func(ctx context.Context) loaded {
		release, err := m.cfg.Lock(ctx, tool)
		if err != nil {
			return loaded{err: err}
		}
		defer release()
		stored, err := m.cfg.Store.Load(ctx, tool)
		switch {
		case err == nil && stored.IssuedAt.After(base.IssuedAt):
			return loaded{tokens: stored}
		case err == nil, errors.Is(err, keychain.ErrNotFound), auth.KindOf(err) == auth.KindDamaged:
			return loaded{tokens: base, err: m.cfg.Store.Save(context.WithoutCancel(ctx), tool, base)}
		}
		return loaded{err: err}
	}, func(run context.Context, _ *operation, r loaded) {
		s.store = nil
		f := &s.facts
		switch {
		case f.Tokens == nil || f.Store != StoreMemory || f.Tokens.Access != base.Access:
			return // overtaken
		case auth.KindOf(r.err) == auth.KindKeychain:
			f.Keychain = auth.AsError(r.err)
		case r.err == nil:
			if f.Store, f.Keychain = StoreKeychain, nil; r.tokens.Access != base.Access {
				f.Tokens = &r.tokens
			}
		}
		m.touch(run, s)
	})
}

// keep stores tokens, in the keychain where that works and else in memory. The
// error says why it was memory; the tokens are not lost then.
func (m *Manager) keep(ctx context.Context, tool string, t auth.Tokens) (store string, kept *auth.Error) {
	if err := m.cfg.Store.Save(ctx, tool, t); err != nil {
		return StoreMemory, auth.AsError(err)
	}
	return StoreKeychain, nil
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
func (m *Manager) open(ctx context.Context, tool string, o SignInOptions) (back bool, err error) {
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
			case s.unread() && f.Keychain != nil && (m.cfg.MustStore && f.Keychain.Kind == auth.KindKeychain || f.Keychain.Code == keychain.CodeNewer):
				err = f.Keychain
			default:
				back = asked && o.Prompt == "" && !o.Offline && !o.SwitchAccount && (s.snap.State == Active || s.snap.State == Expiring)
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
				o.Progress(Step{StepKeychain, err.Error()})
			}
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
}
