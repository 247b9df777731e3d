package engine

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
	"keyfob/auth/session"
)

const (
	// grace is how long a keychain that changed has to answer what it was asked
	// before.
	grace = time.Second
	// triedEvery bounds how often questions of people and programs make an
	// ailing keychain be tried.
	triedEvery = 2 * time.Second
	// atOnce is how soon a wait for the keychain ends that was for nothing.
	atOnce = time.Second
)

// ails returns the keychain's fault that keeps the session from being read or
// stored, if it may pass by itself.
func (s *live) ails() *auth.Error {
	f, e := &s.facts, s.facts.Keychain
	switch {
	case s.forget:
		e = firstOf(f.Problem, f.Keychain)
	case f.Tokens != nil && f.Store != session.StoreMemory:
		return nil
	}
	if e == nil || e.Kind != auth.KindKeychain || e.Code == auth.CodeKeychainNewer {
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
		if e := s.ails(); e != nil && (code == "" || code == auth.CodeKeychainFailed) {
			code = e.Code
			switch {
			case e.Code == auth.CodeKeychainAsking:
				code = auth.CodeKeychainApprove
			case keychain.IsLocked(e) && e.Code != auth.CodeKeychainApprove:
				code = auth.CodeKeychainLocked
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
	case k.await == nil && !busy && !k.deaf && m.cfg.AwaitKeychain != nil && run.Err() == nil:
		m.startAwait(run, code)
	}
}

// startAwait tries again when the keychain stands differently. Should that
// change nothing, the next try comes later, so that a keychain which is broken
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
		err := m.cfg.AwaitKeychain(ctx, code)
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
						op.cut = keychain.BrokenOff(nil)
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
	of, base := s.facts.Tool, *s.facts.Tokens
	tool := of.ID
	s.store = start(run, m, func(ctx context.Context) loaded {
		release, err := m.cfg.Lock(ctx, tool)
		if err != nil {
			return loaded{err: err}
		}
		defer release()
		stored, err := m.cfg.Store.Load(ctx, tool)
		switch {
		case err == nil && stored.IssuedAt.After(base.IssuedAt) && otherClient(of, stored) == nil:
			return loaded{tokens: stored}
		case err == nil, errors.Is(err, keychain.ErrNotFound), auth.KindOf(err) == auth.KindDamaged:
			return loaded{tokens: base, err: m.cfg.Store.Save(context.WithoutCancel(ctx), tool, base)}
		}
		return loaded{err: err}
	}, func(run context.Context, _ *operation, r loaded) {
		s.store = nil
		f := &s.facts
		switch {
		case f.Tokens == nil || f.Store != session.StoreMemory || f.Tokens.Access != base.Access:
			return // overtaken
		case auth.KindOf(r.err) == auth.KindKeychain:
			f.Keychain = auth.AsError(r.err)
		case r.err == nil:
			if f.Store, f.Keychain = session.StoreKeychain, nil; r.tokens.Access != base.Access {
				f.Tokens = &r.tokens
			}
		}
		m.touch(run, s)
	})
}
