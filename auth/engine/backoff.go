package engine

import (
	"math/rand/v2"
	"time"

	"keyfob/auth"
)

// Pauses between refreshes that failed for a reason that may pass.
const (
	firstPause = time.Second
	maxPause   = 5 * time.Minute
	// longestPause is more than any wait that is ever set, a provider's
	// Retry-After included. A longer one tells of a clock that was set back.
	longestPause = 30 * time.Minute
)

// Only somebody who sets this computer's clock fixes what a wrong clock broke,
// so the pauses begin as after some more failures.
const skewedFailures = 6

// skewed reports whether a refresh failed since this computer's clock is wrong.
func skewed(e *auth.Error) bool { return e.Code == auth.CodeClock }

const (
	// each is how far apart many sessions are put that fall due together.
	each = 200 * time.Millisecond
	// While the network may still be coming up after waking, which is for as
	// long as settleIn, the pauses stay as after wakeFailures.
	settleIn     = 3 * time.Minute
	wakeFailures = 2
)

// passes reports whether a refresh that failed with e is tried again by
// itself. A wrong clock is among that: it ends no session.
func passes(e *auth.Error) bool {
	switch e.Kind {
	case auth.KindTransient, auth.KindKeychain, auth.KindCanceled:
		return true
	}
	return skewed(e)
}

// offline reports whether e says that the provider was not reached at all.
func offline(e *auth.Error) bool {
	if e == nil || e.Kind != auth.KindTransient || e.RetryAfter > 0 {
		return false
	}
	switch e.Code {
	case "unreachable", "dns", "network", "timeout", "proxy":
		return true
	}
	return false
}

// wait is how long s waits after a refresh that failed with e: what the
// provider asked for at least, and never the same for many sessions. Where
// many wait, the first pauses are as long as it takes to spread them all.
func (m *Manager) wait(s *live, e *auth.Error) time.Duration {
	now, waiting := m.cfg.Now().Round(0), 1
	for _, other := range m.sessions {
		if other != s && other.facts.RetryAt.After(now) {
			waiting++
		}
	}
	over := time.Duration(waiting) * each
	if offline(e) && !m.woke.IsZero() && time.Since(m.woke) < settleIn {
		s.failures = min(s.failures, wakeFailures)
	}
	n := s.failures
	if skewed(e) {
		n += skewedFailures
	}
	wait := firstPause/2 + rand.N(max(over, bound(n)))
	if e.RetryAfter > 0 {
		wait = max(wait, e.RetryAfter+rand.N(over))
	}
	return wait
}

// bound is the most to wait after the n-th failure in a row. It doubles.
func bound(n int) time.Duration {
	if n > 9 {
		return maxPause
	}
	return min(maxPause, firstPause<<n)
}

// spread puts off refreshes that fall due together, as all do when a laptop
// wakes: one starts now and the others follow, a few each second. Somebody who
// asks for a token does not wait for that.
func (m *Manager) spread(now time.Time) {
	var due []*live
	for _, s := range m.sessions {
		s.keepTime(now)
		if at := Derive(s.facts, now).RefreshAt; !at.IsZero() && !now.Before(at) && s.refresh == nil && s.signIn == nil {
			due = append(due, s)
		}
	}
	for i, s := range due {
		if i > 0 {
			s.facts.RetryAt = now.Add(rand.N(time.Duration(len(due)) * each))
		}
	}
}
