package engine

import (
	"time"

	"keyfob/auth"
)

const (
	// clockSlack is how far a wall clock may be corrected unnoticed.
	clockSlack = 5 * time.Second
	// futureSlack is how far ahead of the clock a stored token may have been
	// issued: this much, clocks differ anyway.
	futureSlack = time.Minute
)

// tokenTimes are the times of a token set as they were stored, and how long this
// process has had it by the clock that nobody can set.
type tokenTimes struct {
	of                      *auth.Tokens // whose times these are
	issued, expiry, refresh time.Time    // as stored
	since                   time.Time    // when it was first seen here; only its monotonic part counts
	age                     time.Duration
	ageless                 bool          // it came from the future: the clock was set back before this process saw it
	shift                   time.Duration // how far of's times lie from the stored ones
}

// correctTimes makes the times of the session's tokens agree with how long ago
// they came. A provider says how many seconds a token lives; the end is
// written down by the wall clock, and when that is set back, a token would
// live as much longer. A clock that is set ahead looks like a sleep: what
// seems over is renewed, and is not over if the clock comes back.
//
// A token from the future, of which nobody here knows the age, counts as over.
func (s *toolSession) correctTimes(now time.Time) {
	now = now.Round(0)
	f := &s.facts
	if f.RetryAt.Sub(now) > longestPause {
		f.RetryAt = time.Time{}
	}
	if f.Tokens == nil {
		s.times = tokenTimes{}
		return
	}
	c := &s.times
	if c.of != f.Tokens {
		t := f.Tokens
		age := now.Sub(t.IssuedAt)
		*c = tokenTimes{
			of:      t,
			issued:  t.IssuedAt,
			expiry:  t.Expiry,
			refresh: t.RefreshExpiry,
			since:   time.Now(),
			age:     max(age, 0),
			ageless: age < -futureSlack,
		}
	}
	byWall, here := now.Sub(c.issued), time.Since(c.since)
	var shift time.Duration
	switch least := c.age + here; {
	case byWall >= least-clockSlack: // the wall clock may be right
	case c.ageless:
		shift = byWall - (c.expiry.Sub(c.issued) + here)
	default:
		shift = byWall - least
	}
	if d := shift - c.shift; d.Abs() > clockSlack || d != 0 && shift == 0 {
		c.move(shift)
		if !f.RetryAt.IsZero() {
			f.RetryAt = f.RetryAt.Add(d) // a pause is as long as it was
		}
	}
}

// move sets the times of the tokens to lie by shift from the stored ones.
func (c *tokenTimes) move(shift time.Duration) {
	c.shift = shift
	c.of.IssuedAt, c.of.Expiry = c.issued.Add(shift), c.expiry.Add(shift)
	if !c.refresh.IsZero() {
		c.of.RefreshExpiry = c.refresh.Add(shift)
	}
}
