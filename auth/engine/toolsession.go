package engine

import (
	"time"

	"keyfob/auth"
	"keyfob/auth/session"
)

// toolSession is one tool's session in the loop: its facts, what was last said
// of it, and the operations under way, at most one of a kind.
type toolSession struct {
	facts    Facts
	snap     session.Snapshot
	failures int  // refreshes that failed in a row
	spread   bool // its refresh is due and was put off, so that not all begin together
	times    tokenTimes

	loading, refreshing, storing, deleting *operation
	signIn                                 *signIn
	// deletePending says that the keychain may hold tokens that a person signed
	// out of. Until they are deleted, what it holds counts as nothing.
	deletePending bool
}

func newToolSession(f Facts, now time.Time) *toolSession {
	return &toolSession{facts: f, snap: Derive(f, now)}
}

// stop ends the session's operations; what they bring back is applied to a
// session that nobody sees any more.
func (s *toolSession) stop() {
	if s.loading != nil {
		s.loading.cancel()
	}
	if s.refreshing != nil {
		s.refreshing.cancel()
	}
	if s.signIn != nil {
		s.signIn.operation.cancel()
	}
}

// keychainFault returns the keychain's fault that keeps the session from being
// read, stored or deleted, if it may pass by itself.
func (s *toolSession) keychainFault() *auth.Error {
	f, e := &s.facts, s.facts.Keychain
	switch {
	case s.deletePending:
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
func (s *toolSession) unread() bool {
	return s.facts.Tokens == nil && !s.deletePending && (!s.facts.Loaded || s.facts.Keychain != nil)
}
