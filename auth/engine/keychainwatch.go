package engine

import (
	"context"
	"math/rand/v2"
	"time"

	"keyfob/auth"
	"keyfob/auth/keychain"
)

const (
	// changeGrace is how long a keychain that changed has to answer what it was
	// asked before.
	changeGrace = time.Second
	// triedEvery bounds how often callers make an ailing keychain be tried.
	triedEvery = 2 * time.Second
	// tooSoon is how soon a wait for the keychain ends that was in vain.
	tooSoon = time.Second
)

// keychainWatch waits for the keychain's return while something is amiss.
type keychainWatch struct {
	waiting *operation // until the keychain is no longer as code says
	code    string
	inVain  int       // waits in a row that ended at once
	broken  bool      // it cannot be waited for, until somebody wants something
	tried   time.Time // when a caller last made us try; only its monotonic part counts
}

// stopUnless ends the wait unless it is the one for code.
func (k *keychainWatch) stopUnless(code string) {
	if k.waiting != nil && code != k.code {
		k.waiting.cancel()
		k.waiting = nil
	}
}

// pause is how long to wait before the next wait, which gets longer with each
// that was in vain.
func (k *keychainWatch) pause() time.Duration {
	if k.inVain == 0 {
		return 0
	}
	ceiling := min(5*time.Minute, time.Second<<min(k.inVain, 10))
	return ceiling/2 + rand.N(ceiling/2)
}

// ended notes how a wait ended, and reports whether to try again.
func (k *keychainWatch) ended(r awaited) bool {
	k.waiting = nil
	if r.err != nil {
		k.broken = true
		return false
	}
	if k.inVain++; r.took >= tooSoon {
		k.inVain = 0
	}
	return true
}

// awaited is how a wait for the keychain ended.
type awaited struct {
	took time.Duration
	err  error
}

// retryKeychain reads, writes and deletes what the keychain could not when it
// was tried last. It asks nobody.
func (l *loop) retryKeychain(run context.Context) {
	for _, s := range l.sessions {
		switch {
		case s.keychainFault() == nil:
		case s.deletePending:
			if s.deleting == nil && s.signIn == nil {
				l.startDelete(run, s, l.work.quietKeychain(), nil)
			}
		case s.facts.Tokens == nil:
			if s.loading == nil && l.seen() { // else it is read again when somebody wants it
				l.startLoad(run, s)
			}
		case s.storing == nil && s.refreshing == nil && s.loading == nil:
			l.startStore(run, s)
		}
	}
}

// tryKeychain notes that somebody wants something of the sessions: a reason to
// look whether the keychain is back. It reports whether the last time is long
// enough ago for another try.
func (l *loop) tryKeychain(run context.Context) bool {
	k := &l.keychain
	k.broken = false
	if time.Since(k.tried) < triedEvery {
		return false
	}
	k.tried = time.Now()
	l.retryKeychain(run)
	l.schedule(run)
	return true
}

// watchKeychain sees to it that the keychain's return is noticed while
// something is amiss, and that nothing is waited for while nothing is.
func (l *loop) watchKeychain(run context.Context) {
	k, code := &l.keychain, l.keychainCode()
	k.stopUnless(code)
	switch {
	case code == "":
		k.inVain, k.broken = 0, false
	case k.waiting == nil && !l.keychainBusy() && !k.broken && l.cfg.AwaitKeychain != nil && run.Err() == nil:
		l.startAwait(run, code)
	}
}

// keychainCode is how the keychain stands that is to be waited for, as the
// sessions tell it; empty where none of them needs it. On demand, and where
// nobody watches, only those do that have something for it.
func (l *loop) keychainCode() (code string) {
	for _, id := range l.order {
		s := l.sessions[id]
		e := s.keychainFault()
		if !l.seen() && !s.deletePending && !s.facts.inMemory() {
			continue
		}
		if e == nil || code != "" && code != auth.CodeKeychainFailed {
			continue
		}
		switch {
		case e.Code == auth.CodeKeychainAsking:
			code = auth.CodeKeychainApprove
		case keychain.IsLocked(e) && e.Code != auth.CodeKeychainApprove:
			code = auth.CodeKeychainLocked
		default:
			code = e.Code
		}
	}
	return code
}

// keychainBusy reports whether an operation is going to tell how it stands.
func (l *loop) keychainBusy() bool {
	for _, s := range l.sessions {
		if s.loading != nil && !s.loading.mayAsk || s.storing != nil || s.deleting != nil {
			return true
		}
	}
	return false
}

// startAwait tries again when the keychain stands differently. Should that
// change nothing, the next try comes later, so that a keychain which is broken
// in a way that no look shows is not tried without end.
func (l *loop) startAwait(run context.Context, code string) {
	k := &l.keychain
	pause := k.pause()
	k.code = code
	k.waiting = startAside(run, l, func(ctx context.Context) awaited {
		if sleep(ctx, pause) != nil {
			return awaited{err: ctx.Err()}
		}
		since := time.Now()
		err := l.cfg.AwaitKeychain(ctx, code)
		return awaited{time.Since(since), err}
	}, func(run context.Context, op *operation, r awaited) {
		if k.waiting == op && run.Err() == nil && k.ended(r) {
			l.giveUpReaders(run)
			l.retryKeychain(run)
		}
	})
}

// giveUpReaders gives up readers that wait for an answer of a keychain which
// has changed since, for it may be another one.
func (l *loop) giveUpReaders(run context.Context) {
	for _, s := range l.sessions {
		if op := s.loading; op != nil && op.mayAsk {
			l.work.running.Go(func() {
				if sleep(run, changeGrace) != nil {
					return
				}
				l.calls <- func(context.Context) {
					if s.loading == op {
						op.givenUp = keychain.BrokenOff(nil)
						op.cancel()
					}
				}
			})
		}
	}
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
