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
	// longestPause is more than any pause that is ever made, a provider's
	// Retry-After included. A longer one tells of a clock that was set back.
	longestPause = 30 * time.Minute
	// Only somebody who sets this computer's clock fixes what a wrong clock
	// broke, so the pauses begin as after some more failures.
	wrongClockFailures = 6
	// While the network may still be coming up after waking, which is for as
	// long as wakingTime, the pauses stay as after wakeFailures.
	wakingTime   = 3 * time.Minute
	wakeFailures = 2
	// demandFailures bounds the pauses of an engine on demand, in which nothing
	// tells that the network or the provider is back.
	demandFailures = 4
	// spreadBy is how far apart many sessions are put that fall due together.
	spreadBy = 200 * time.Millisecond
)

// ofWrongClock reports whether a refresh failed since this computer's clock is
// wrong.
func ofWrongClock(e *auth.Error) bool { return e.Code == auth.CodeClock }

// passes reports whether a refresh that failed with e is tried again by
// itself. A wrong clock is among that: it ends no session.
func passes(e *auth.Error) bool {
	switch e.Kind {
	case auth.KindTransient, auth.KindKeychain, auth.KindCanceled:
		return true
	}
	return ofWrongClock(e)
}

// offline reports whether e says that the provider was not reached at all.
func offline(e *auth.Error) bool {
	if e == nil || e.Kind != auth.KindTransient || e.RetryAfter > 0 {
		return false
	}
	switch e.Code {
	case auth.CodeUnreachable, auth.CodeDNS, auth.CodeNetwork, auth.CodeTimeout, auth.CodeProxy:
		return true
	}
	return false
}

// pauseAfter is how long s pauses after a refresh that failed with e: what the
// provider asked for at least, and never the same for many sessions. Where
// many pause, the first pauses are as long as it takes to spread them all.
func (l *loop) pauseAfter(s *toolSession, e *auth.Error) time.Duration {
	now, pausing := l.cfg.Now().Round(0), 1
	for _, other := range l.sessions {
		if other != s && other.facts.RetryAt.After(now) {
			pausing++
		}
	}
	spread := time.Duration(pausing) * spreadBy
	if offline(e) && l.wakeup.awake() < wakingTime {
		s.failures = min(s.failures, wakeFailures)
	}
	if l.onDemand {
		s.failures = min(s.failures, demandFailures)
	}
	n := s.failures
	if ofWrongClock(e) {
		n += wrongClockFailures
	}
	pause := firstPause/2 + rand.N(max(spread, maxPauseAfter(n)))
	if e.RetryAfter > 0 {
		pause = max(pause, e.RetryAfter+rand.N(spread))
	}
	return pause
}

// maxPauseAfter is the longest pause after the n-th failure in a row. It
// doubles.
func maxPauseAfter(n int) time.Duration {
	if n > 9 {
		return maxPause
	}
	return min(maxPause, firstPause<<n)
}

// spreadRefreshes puts off refreshes that fall due together, as all do when a
// laptop wakes: one starts now and the others follow, a few each second.
// Somebody who asks for a token does not wait for that.
func (l *loop) spreadRefreshes(now time.Time) {
	var due []*toolSession
	for _, s := range l.sessions {
		s.correctTimes(now)
		if s.spread { // it has its turn, or waits for room
			continue
		}
		if at := Derive(s.facts, now).RefreshAt; !at.IsZero() && !now.Before(at) && s.refreshing == nil && s.signIn == nil {
			due = append(due, s)
		}
	}
	for i, s := range due {
		if s.spread = true; i > 0 {
			s.facts.RetryAt = now.Add(rand.N(time.Duration(len(due)) * spreadBy))
		}
	}
}
