package oidc

import (
	"net/http"
	"strconv"
	"time"

	"keyfob/auth"
	"keyfob/auth/wording"
)

// clockReading is how far this computer's clock is ahead of a provider's, as
// one of its answers shows; less than nothing when it is behind.
type clockReading struct {
	ahead time.Duration
	known bool
}

// readClock compares the Date header (RFC 9110 section 6.6.1) of an answer with
// when it was asked for and came.
func readClock(h http.Header, asked, answered time.Time) clockReading {
	date, err := http.ParseTime(h.Get("Date"))
	if err != nil {
		return clockReading{}
	}
	if age, err := strconv.ParseUint(h.Get("Age"), 10, 31); err == nil {
		date = date.Add(time.Duration(age) * time.Second) // a cache kept it for so long
	}
	// The header is cut to whole seconds, and ours was half way between.
	return clockReading{asked.Add(answered.Sub(asked) / 2).Sub(date.Add(time.Second / 2)), true}
}

// noteClock keeps what the last answer showed. One that does not say changes
// nothing.
func (i *issuer) noteClock(r clockReading) {
	if !r.known {
		return
	}
	i.clockMu.Lock()
	defer i.clockMu.Unlock()
	i.clock = r
}

func (i *issuer) lastClock() clockReading {
	i.clockMu.Lock()
	defer i.clockMu.Unlock()
	return i.clock
}

// clockError is the error for an ID token that this computer's clock makes look
// wrong.
func clockError(ahead time.Duration, why string) *auth.Error {
	return &auth.Error{
		Kind: auth.KindTransient, Code: auth.CodeClock, Who: auth.WhoYou,
		What: wording.ClockOff(ahead) + ", so " + why, Do: "set the clock, then try again",
	}
}

// moment is when an ID token came, between two readings of this computer's
// clock: a set that was stored is checked as of then and as of now, so that a
// clock which was put right meanwhile no longer counts.
type moment struct {
	first, last time.Time
	clock       clockReading
}

// earlyLeeway is how long before its nbf a token is taken, as other programs
// do that allow for clocks which differ.
const earlyLeeway = 5 * time.Minute

// checkTimes holds exp, iat and nbf (RFC 7519 section 4.1) against at. Where
// this computer's clock is to blame, the error says so: by the provider's own
// clock, or else by when it says that it issued the token, all is well.
func (c claims) checkTimes(at moment) error {
	exp, ok := c.time("exp")
	if !ok {
		return badToken(auth.CodeIDTokenExpiry, "does not say when it expires", nil)
	}
	iat, ok := c.time("iat")
	if !ok {
		return badToken(auth.CodeIDTokenIssuedAt, "does not say when it was issued", nil)
	}
	nbf, ok := c.time("nbf")
	if !ok && c["nbf"] != nil {
		return badToken(auth.CodeIDTokenNotBefore, "holds an nbf that is not a time", nil)
	}
	expired := func(now time.Time) bool { return now.Sub(exp) > Leeway }
	early := func(now time.Time) bool { return nbf.Sub(now) > earlyLeeway }
	switch {
	case expired(at.first):
		if ahead := at.ahead(at.first, iat); ahead > Leeway && !expired(at.first.Add(-ahead)) {
			return clockError(ahead, "the provider's ID token seems to have expired")
		}
		return badToken(auth.CodeIDTokenExpired, "had already expired when it came", nil)
	case ok && early(at.last):
		if ahead := at.ahead(at.last, iat); ahead < -Leeway && !early(at.last.Add(-ahead)) {
			return clockError(ahead, "the provider's ID token does not seem to be valid yet")
		}
		return badToken(auth.CodeIDTokenNotBefore, "is not valid yet", nil)
	}
	return nil
}

// ahead is how far this computer's clock, which shows now, is ahead. Where the
// provider's answers do not tell, the token's age does.
func (at moment) ahead(now, iat time.Time) time.Duration {
	if at.clock.known {
		return at.clock.ahead
	}
	return now.Sub(iat)
}
